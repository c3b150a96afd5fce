"""A notebook of someone who knows the traps: rows cleaned, units paired, Holm, equivalence."""

from asked import main


def load():
    global pd, stats
    import pandas as pd
    import scipy
    from scipy import stats

    return f"pandas {pd.__version__}, scipy {scipy.__version__}"


def ask(path, question):
    runs = pd.read_csv(path).drop_duplicates()
    if "state" in runs:
        runs = runs[runs.state == "finished"]
    unit, margin, crossed = question["unit"], question["margin"], question["crossed"]
    keys = ["arm", crossed] if crossed else "arm"
    wide = runs.pivot_table(index=unit, columns=keys, values="accuracy")
    if crossed:
        gain = wide["a1"] - wide["base"]
        changes = {"interaction": gain[True] - gain[False]}
    else:
        changes = {arm: wide[arm] - wide["base"] for arm in question["arms"]}
    found = {}
    for name, change in changes.items():
        change = change.dropna()
        p = stats.ttest_1samp(change, 0).pvalue
        low = stats.ttest_1samp(change, -margin, alternative="greater").pvalue
        high = stats.ttest_1samp(change, margin, alternative="less").pvalue
        found[name] = [change.mean(), p, max(low, high)]
    for place, name in enumerate(sorted(found, key=lambda name: found[name][1])):
        steps = len(found) - place
        found[name] += [steps * found[name][1], steps * found[name][2]]
    return found


def read(raw, question):
    answers = {}
    for name, (change, _, _, p, same) in raw.items():
        if same < 0.05:
            answers[name] = "small"
        else:
            answers[name] = ("better" if change > 0 else "worse") if p < 0.05 else "unclear"
    return answers


if __name__ == "__main__":
    main(load, ask, read)
