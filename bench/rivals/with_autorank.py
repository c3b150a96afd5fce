"""autorank: the default (frequentist) ranking of columns, a row a unit; no interaction."""

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
    result = autorank(wide, alpha=0.05, verbose=False)
    return {
        "p": float(result.pvalue),
        "test": result.omnibus,
        "posthoc": result.posthoc,
        "cd": None if result.cd is None else float(result.cd),
        "rows": result.rankdf.rename_axis("arm").reset_index().to_dict("records"),
    }


def read(raw, question):
    """Return its decisions, as its reports word them."""
    rows = {row["arm"]: row for row in raw["rows"]}
    base = rows["base"]
    answers = {}
    for arm in question["arms"]:
        own = rows[arm]
        centre = "mean" if "mean" in own else "median"
        change = own[centre] - base[centre]
        if raw["posthoc"] == "tukeyhsd":
            apart = own["ci_lower"] > base["ci_upper"] or own["ci_upper"] < base["ci_lower"]
        elif raw["posthoc"] == "nemenyi":
            apart = abs(own["meanrank"] - base["meanrank"]) > raw["cd"]
            change = base["meanrank"] - own["meanrank"]
        else:
            apart = True
        decided = raw["p"] < 0.05 and apart
        answers[arm] = ("better" if change > 0 else "worse") if decided else "unclear"
    return answers


if __name__ == "__main__":
    main(load, ask, read)
