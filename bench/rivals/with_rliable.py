"""rliable: stratified bootstrap interval of the gain in the interquartile mean, a column a task."""

from importlib.metadata import version

from asked import NoQuestionError, main

RESAMPLES = 500


def load():
    global pd, np, rly, metrics
    import numpy as np
    import pandas as pd
    from rliable import library as rly
    from rliable import metrics

    return f"rliable {version('rliable')}"


def ask(path, question):
    if question["crossed"]:
        raise NoQuestionError
    runs = pd.read_csv(path)
    if question["within"]:
        task, run = question["unit"], question["within"]
    else:
        runs, task, run = runs.assign(task="all"), "task", question["unit"]
    scores = {}
    for arm, part in runs.groupby("arm"):
        table = part.pivot(index=run, columns=task, values="accuracy")  # noqa: PD010 - refuses a run that is there twice
        scores[arm] = table.dropna().to_numpy()

    def gain(treated, base):
        return np.array([metrics.aggregate_iqm(treated) - metrics.aggregate_iqm(base)])

    pairs = {arm: (scores[arm], scores["base"]) for arm in question["arms"]}
    _, intervals = rly.get_interval_estimates(pairs, gain, reps=RESAMPLES)
    return {arm: ends.ravel().tolist() for arm, ends in intervals.items()}


def read(raw, question):
    return {
        arm: "better" if low > 0 else "worse" if high < 0 else "unclear"
        for arm, (low, high) in raw.items()
    }


if __name__ == "__main__":
    main(load, ask, read)
