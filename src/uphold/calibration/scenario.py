"""Kinds of logs that are counted together, and what they are made of: a spec, one claim, a family.

In: factors, claims, how a log is drawn. Out: a `Scenario` of cases. Promised: a case says what is
true of each claim, and nothing of what a verdict should be: which verdicts are false follows from
what is true (`uphold.calibration.truth`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from uphold.calibration.case import Case, Draw
from uphold.calibration.tables import NOISE
from uphold.claims.spec import Spec
from uphold.validation import validated

LIMIT = 0.06
"""The most that a verdict may be wrong where it is false; the tests aim at .05."""
COVERAGE = (0.935, 0.965)
"""What intervals of balanced designs should cover."""
LEAST_COVERAGE = 0.93
"""What intervals of any design should cover."""
MARGIN = 3 * NOISE
"""For claims about a margin."""
TIGHT = NOISE / 100
"""For claims that something differs."""
STEP = {"factor": "arm", "from": 0, "to": 1}
FAMILY = 30
"""Claims of a large family."""


@dataclass(frozen=True)
class Scenario:
    """Kinds of logs that are counted together.

    Attributes
    ----------
    title : str
        In words that follow "logs with".
    cases : tuple of Case
    balanced : bool
        Whether every arm has the same units, none missing, and runs that spread alike.
    beyond : bool
        Whether they break what the tests assume, so that a broken limit is no surprise.
    """

    title: str
    cases: tuple[Case, ...]
    balanced: bool = False
    beyond: bool = False


def spec(
    factors: list[str],
    claims: Mapping[str, Mapping[str, Any]],
    replicate: tuple[str, ...] = ("seed",),
    margin: float = TIGHT,
    numeric: Mapping[str, str] | None = None,
) -> Spec:
    """Return how logs that are made up are read."""
    values = {
        "replicate": replicate,
        "factors": factors,
        "numeric": numeric or {},
        "metrics": {"score": {"label": "score", "better": "higher", "margin": margin}},
        "primary": "score",
        "claims": {name: {"metric": "score", **claim} for name, claim in claims.items()},
    }
    return validated(Spec, values, "a spec that is made up")


def one(
    design: str,
    draw: Draw,
    effect: float = 0.0,
    factors: tuple[str, ...] = ("arm", "context"),
    replicate: tuple[str, ...] = ("seed",),
    covered: bool = True,
    margin: float = TIGHT,
    numeric: Mapping[str, str] | None = None,
    **claim: Any,
) -> Case:
    """Return a case with one claim: that the arms differ, unless another is given."""
    made = claim or {"contrast": STEP, "expect": "difference"}
    return Case(
        design,
        spec([*factors], {"claim": made}, replicate, margin, numeric),
        draw,
        {"claim": effect},
        covered,
    )


def family(
    design: str, draw: Draw, effects: np.ndarray, against: str, primary: int = FAMILY
) -> Case:
    """Return a case of many claims: a variant each against one control, or a task each.

    The first ``primary`` of them are primary, the others secondary.
    """
    factors = ["arm", "task"] if against == "task" else ["arm"]
    claims, truth = {}, {}
    for i, effect in enumerate(effects.tolist()):
        to = {"contrast": STEP, "where": {"task": i}}
        step = to if against == "task" else {"contrast": {"factor": "arm", "from": 0, "to": i + 1}}
        role = "primary" if i < primary else "secondary"
        claims[f"claim {i}"] = {**step, "expect": "difference", "role": role}
        truth[f"claim {i}"] = effect
    return Case(design, spec(factors, claims), draw, truth)
