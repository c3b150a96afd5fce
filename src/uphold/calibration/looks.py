"""Looking again as seeds are added: how often a verdict is false at any of several looks.

In: a generator and a log of the last look's size. Promised: each look judges the runs of the first
seeds of one and the same log, as one who adds seeds does: by a spec that declares the looks, and by
one that does not.
"""

import numpy as np

from uphold.analysis.model.calibration import Looking
from uphold.calibration import tables
from uphold.calibration.case import Case, judged
from uphold.calibration.scenario import MARGIN, STEP, TIGHT, family, one
from uphold.claims.again import Verdict

LOOKS = (3, 5, 8, 12, 20)
"""Numbers of seeds."""
CLAIMS = 10
"""Claims of a family that is looked at again and again."""


def _case(expect: str, effect: float, margin: float) -> Case:
    draw = tables.arms(1, LOOKS[-1], effect=effect)
    return one("", draw, effect, margin=margin, contrast=STEP, expect=expect)


def _family() -> Case:
    none = np.zeros(CLAIMS)
    return family("", tables.tasks(none, LOOKS[-1], missing=0.1), none, "task")


CASES: dict[Looking, tuple[Verdict, Case]] = {
    "supported": ("supported", _case("difference", 0.0, TIGHT)),
    "refuted": ("refuted", _case("no-increase", MARGIN, MARGIN)),
    "equivalent": ("equivalent", _case("difference", MARGIN, MARGIN)),
    "family": ("supported", _family()),
}
"""Verdicts, each with a kind of log in which it is false: of one claim, and of ten with runs
missing."""


def given_at_any_look(
    case: Case, verdict: Verdict, rng: np.random.Generator, naively: bool = True
) -> tuple[bool, bool]:
    """Return whether a verdict is given at any look, undeclared (if that is asked) and declared."""
    table = case.draw(rng)
    declared = case.spec.model_copy(update={"looks": list(LOOKS)})
    given = [False, False]
    for seeds in LOOKS:
        runs = table[table["seed"] < seeds].reset_index(drop=True)
        for i, spec in enumerate((case.spec, declared)):
            # Once it was given, no later look makes it more so.
            if (i or naively) and not given[i]:
                given[i] = any(j.verdict == verdict for j in judged(runs, spec).values())
    return given[0], given[1]
