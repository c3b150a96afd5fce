"""claimeval: its claims "beats" and "equivalent within the margin", at its threshold of .9."""

from importlib.metadata import version

from asked import NoQuestionError, main


def load():
    global csv, claimeval
    import csv

    import claimeval

    return f"claimeval {version('claimeval')}"


def ask(path, question):
    if question["crossed"]:
        raise NoQuestionError
    unit, within = question["unit"], question["within"]
    with path.open() as file:
        rows = list(csv.DictReader(file))
    rollouts = []
    for row in rows:
        task, seed, group = row[unit], "0", ""
        if unit == "speaker":
            task, group = f"{row[unit]}-{row[within]}", row[unit]
        elif within:
            seed = row[within]
        score = float(row["accuracy"] or "nan")
        rollouts.append(
            claimeval.Rollout(row["arm"], task, seed=seed, success=score, cost=1.0, group=group)
        )
    claims = []
    for arm in question["arms"]:
        claims.append(claimeval.Claim("pairwise", arm, ["base"], id=arm))
        claims.append(
            claimeval.Claim("equivalent", arm, ["base"], margin=question["margin"], id=arm)
        )
    found = claimeval.evaluate_claims(claimeval.RolloutSet(rollouts), claims)
    return [{name: row[name] for name in ("id", "kind", "supported")} for row in found]


def read(raw, question):
    supported = {(row["id"], row["kind"]) for row in raw if row["supported"]}
    return {
        arm: "small"
        if (arm, "equivalent") in supported
        else "better"
        if (arm, "pairwise") in supported
        else "unclear"
        for arm in question["arms"]
    }


if __name__ == "__main__":
    main(load, ask, read)
