"""What a write-up's sweeps say at a larger scale: kept beside what they say here."""

from typing import Any, Literal

from pydantic import Field

from uphold.analysis.model.estimates import Move
from uphold.analysis.model.found import Count, Found, Number
from uphold.claims.again import Verdict

Signs = Literal["same sign", "both near zero", "sign differs", "turns round", "not tried"]


class LargerEffect(Move):
    """The effect of a step on the metric that leads."""

    estimate: Number
    ci_low: Number
    ci_high: Number
    p: Number
    n: Count


class LargerSweep(Found):
    """A sweep at the larger scale.

    ``design`` is a digest of its factors, levels and arms, ``keys`` one of the keys of its runs,
    which stand for data, code, settings and seeds. ``seeds`` is the number of them in the
    configuration that has most.
    """

    design: str
    keys: str
    runs: Count
    failed: Count
    seeds: Count
    effects: dict[str, LargerEffect]


class LargerClaim(Found):
    """A claim, judged at the larger scale; see `uphold.analysis.model.writeup.Claim`."""

    test: str
    verdict: Verdict
    direction: Literal[-1, 0, 1]
    beyond: bool
    estimate: Number
    ci_low: Number
    ci_high: Number
    p_adjusted: Number
    units: Count


class Step(Found):
    """A setting at the scale of the page and at the larger one."""

    from_: Any = Field(alias="from")
    to: Any


class Larger(Found):
    """A write-up at a larger scale; nothing of it is there where it was not tried.

    Attributes
    ----------
    scale, primary : str
        The scale, and the metric that led.
    commit, data : str
        The commit that was run, and DVC's digest of the prepared data.
    sizes : mapping of str to float
        How large data, networks and training were; see `Writeup.sizes`.
    settings : mapping of str to Step
        What the scales set otherwise.
    sweeps : mapping of str to LargerSweep
    claims : mapping of str to LargerClaim
    """

    scale: str = ""
    primary: str = ""
    commit: str = ""
    data: str = ""
    sizes: dict[str, float] = {}
    settings: dict[str, Step] = {}
    sweeps: dict[str, LargerSweep] = {}
    claims: dict[str, LargerClaim] = {}
