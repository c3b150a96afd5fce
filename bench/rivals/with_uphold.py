"""uphold: what ``propose`` proposes, a claim for each arm below it, ``audit``, the verdicts.

The verdicts are those of ``uphold report``, by the same steps without the page and without the
search for what a verdict hangs on; ``run.py`` holds some against a true ``uphold report``.
"""

import re

from asked import main

ANSWERS = {
    "supported": "better",
    "refuted": "worse",
    "equivalent": "small",
    "inconclusive": "unclear",
}


def load():
    global Path, yaml, propose_spec, audit_log, read_log, analyze, effects, judge, RUNS, tempfile
    import tempfile
    from pathlib import Path

    import yaml

    from uphold.analysis.analyze import RUNS, analyze
    from uphold.analysis.moderated import effects
    from uphold.claims.judge import judge
    from uphold.runlog.audit import audit_log
    from uphold.runlog.propose import propose_spec
    from uphold.runlog.read import read as read_log

    return "uphold, this checkout"


def claims_of(question):
    """Return what a user adds below the claims that are proposed, as YAML."""
    step = "factor: arm, from: base, to: {arm}"
    if question["crossed"]:
        with_ = f"with: {{factor: {question['crossed']}, from: false, to: true}}"
        of = step.format(arm="a1")
        kinds = {"interaction": f"interaction: {{of: {{{of}}}, {with_}}}"}
    else:
        kinds = {a: f"contrast: {{{step.format(arm=a)}}}" for a in question["arms"]}
    return "".join(
        f"  ask-{name}:\n    says: {name} helps.\n    metric: accuracy\n    {kind}\n"
        "    expect: increase\n"
        for name, kind in kinds.items()
    )


def ask(path, question):
    proposed = propose_spec(path)
    added = claims_of(question)
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "spec.yaml"
        spec.write_text(proposed + added)
        said, _ = audit_log(path, spec)
        it = read_log(path, spec)
        beside = list(effects(RUNS, analyze(it.log, it.spec.primary), it.spec.primary))
        judged = judge({RUNS: it.log}, it.spec.claims, "spec", beside, fragility=False)
    flags = [" ".join(part.split()) for part in said.split("\n\n")[1:]]
    notes = " ".join(re.findall(r"(?m)^# (.*)", proposed))
    return {
        "verdicts": {
            name.removeprefix("ask-"): [j.verdict, j.outcome.value]
            for name, j in judged.items()
            if name.startswith("ask-")
        },
        "said": [f"proposal: {notes}", *(flag for flag in flags if "found nothing" not in flag)],
        "lines": 3 + added.count("\n"),
    }


def read(raw, question):
    return {name: ANSWERS[verdict] for name, (verdict, _) in raw["verdicts"].items()}


if __name__ == "__main__":
    main(load, ask, read)
