"""A plain notebook: a t test of each arm against the base over all rows, p < .05."""

from asked import NoQuestionError, main


def load():
    global pd, stats
    import pandas as pd
    import scipy
    from scipy import stats

    return f"pandas {pd.__version__}, scipy {scipy.__version__}"


def ask(path, question):
    if question["crossed"]:
        raise NoQuestionError
    runs = pd.read_csv(path)
    base = runs[runs.arm == "base"].accuracy.dropna()
    found = {}
    for arm in question["arms"]:
        scores = runs[runs.arm == arm].accuracy.dropna()
        found[arm] = [scores.mean() - base.mean(), stats.ttest_ind(scores, base).pvalue]
    return found


def read(raw, question):
    return {
        arm: ("better" if change > 0 else "worse") if p < 0.05 else "unclear"
        for arm, (change, p) in raw.items()
    }


if __name__ == "__main__":
    main(load, ask, read)
