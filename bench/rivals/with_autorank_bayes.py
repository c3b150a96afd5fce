"""autorank's Bayesian mode with a region of practical equivalence as wide as the margin."""

from importlib.metadata import version

from asked import NoQuestionError, main


def load():
    global pd, autorank
    import pandas as pd
    from autorank import autorank

    return f"autorank {version('autorank')}"


def ask(path, question):
    if question["crossed"]:
        raise NoQuestionError
    runs = pd.read_csv(path)
    unit = question["unit"]
    if question["within"]:
        runs = runs.groupby(["arm", unit], as_index=False).accuracy.mean()
    table = runs.pivot(index=unit, columns="arm", values="accuracy")  # noqa: PD010 - refuses a run that is there twice
    wide = table.dropna().reset_index(drop=True)
    result = autorank(
        wide, approach="bayesian", rope=question["margin"], rope_mode="absolute", verbose=False
    )
    decisions = result.decision_matrix
    return {arm: str(decisions.loc["base", arm]) for arm in question["arms"]}


def read(raw, question):
    answers = {"larger": "better", "smaller": "worse", "equal": "small", "inconclusive": "unclear"}
    return {arm: answers[decision] for arm, decision in raw.items()}


if __name__ == "__main__":
    main(load, ask, read)
