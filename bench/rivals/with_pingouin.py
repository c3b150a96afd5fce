"""pingouin: pairwise tests within the unit, Holm; for an interaction a repeated-measures ANOVA."""

from asked import main


def load():
    global pd, pg
    import pandas as pd
    import pingouin as pg

    return f"pingouin {pg.__version__}"


def ask(path, question):
    runs = pd.read_csv(path)
    unit = question["unit"]
    if question["crossed"]:
        within = ["arm", question["crossed"]]
        found = pg.rm_anova(data=runs, dv="accuracy", within=within, subject=unit)
        sides = runs.pivot_table(index="arm", columns=question["crossed"], values="accuracy")
        gains = sides.loc["a1"] - sides.loc["base"]
        p = found.loc[found.Source.str.contains(r"\*"), "p_unc"].item()
        return {"interaction": [float(gains[True] - gains[False]), float(p)]}
    found = pg.pairwise_tests(
        data=runs, dv="accuracy", within="arm", subject=unit, padjust="holm", return_desc=True
    )
    return found.to_dict("records")


def read(raw, question):
    if isinstance(raw, dict):
        change, p = raw["interaction"]
        return {"interaction": said(change, p)}
    answers = {}
    for row in raw:
        if "base" in (row["A"], row["B"]):
            change = row["mean_A"] - row["mean_B"]
            arm = row["A"] if row["B"] == "base" else row["B"]
            p = row.get("p_corr", row["p_unc"])
            answers[arm] = said(change if arm == row["A"] else -change, p)
    return answers


def said(change, p):
    return ("better" if change > 0 else "worse") if p < 0.05 else "unclear"


if __name__ == "__main__":
    main(load, ask, read)
