"""The bytes of a ``findings.json`` → what is compared of it, checked.

What older versions left out (``units``, ``seeds``, ``sem``) is made up for by ``n``; what is not of
the form that `uphold.analysis.findings` writes is refused by the key that is missing or wrong.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from uphold.errors import InputError
from uphold.format import count

MEGA = 1_000_000
MOST_BYTES = 50 * MEGA
"""A hundred times the largest that pages of this repository have."""


class Judged(NamedTuple):
    """A claim with its verdict.

    Attributes
    ----------
    verdict : str
        ``void`` where it could not be tested.
    estimate, ci_low, ci_high : float or None
    p, p_adjusted : float or None
    units : int
    seeds_known : bool
        Whether the units were told; older versions tell the number of differences.
    """

    verdict: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    p_adjusted: float | None
    units: int
    seeds_known: bool = True


class Score(NamedTuple):
    """A metric of a configuration; ``seeds`` are the units that ``sem`` is over."""

    mean: float | None
    sd: float | None
    sem: float | None
    seeds: int


class Findings(NamedTuple):
    """What one page or report found.

    Attributes
    ----------
    claims : mapping of str to Judged
    configurations : mapping of str to mapping of str to Score
    promoted : mapping of str to str
        The configuration that each sweep promoted.
    """

    claims: Mapping[str, Judged]
    configurations: Mapping[str, Mapping[str, Score]]
    promoted: Mapping[str, str]


def read_findings(content: bytes, source: str) -> Findings:
    """Return what a ``findings.json`` holds.

    Raises
    ------
    InputError
        It is none, or of another version's form.
    """
    refuse_huge(len(content), source)
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is no findings.json: {_why(error)}.") from None
    return as_findings(value, source)


def refuse_huge(size: int, source: str) -> None:
    """Refuse what is too large for findings, before it is read."""
    if size > MOST_BYTES:
        raise InputError(
            f"{source} has {count(size / MEGA)} MB, which no findings.json has (at most"
            f" {count(MOST_BYTES / MEGA)}): name the one that `uphold report` wrote."
        )


def as_findings(value: Any, source: str) -> Findings:
    """Return findings out of nested mappings."""
    if not isinstance(value, dict) or not {"claims", "configurations"} <= set(value):
        raise InputError(
            f"{source} is no findings.json: it has no claims and configurations. uphold report"
            " and uphold analyze write one."
        )
    read = _Reader(source)
    claims = read.mapping(value, "claims")
    configurations = read.mapping(value, "configurations")
    return Findings(
        {name: read.judged(claims, name) for name in claims},
        {
            name: {metric: read.score(scores, metric, name) for metric in scores}
            for name in configurations
            for scores in [read.mapping(configurations, name, "configurations.")]
        },
        read.promoted(value.get("promoted", {})),
    )


class _Reader:
    """Reads parts, and names what is wrong with them by its place."""

    def __init__(self, source: str) -> None:
        self.source = source

    def mapping(self, value: Mapping[str, Any], key: str, above: str = "") -> dict[str, Any]:
        found = value[key]
        if not isinstance(found, dict):
            self._wrong(f"{above}{key} is no mapping")
        return found

    def judged(self, claims: Mapping[str, Any], name: str) -> Judged:
        claim, place = self.mapping(claims, name, "claims."), f"claims.{name}"
        verdict = claim.get("verdict")
        if not isinstance(verdict, str):
            self._wrong(f"{place} has no verdict")
        keys = ("estimate", "ci_low", "ci_high", "p")
        estimate, low, high, p = (self._number(claim, key, place) for key in keys)
        adjusted = self._number(claim, "p_adjusted", place, None)
        units = self._number(claim, "units", place, claim.get("n"))
        void = verdict == "inconclusive" and p is None
        shown = "void" if void else verdict
        return Judged(shown, estimate, low, high, p, adjusted, int(units or 0), "units" in claim)

    def score(self, scores: Mapping[str, Any], metric: str, configuration: str) -> Score:
        place = f"configurations.{configuration}.{metric}"
        score = self.mapping(scores, metric, f"configurations.{configuration}.")
        mean, sd, n = (self._number(score, key, place) for key in ("mean", "sd", "n"))
        seeds = self._number(score, "seeds", place, n)
        without = None if sd is None or not n else sd / math.sqrt(n)
        return Score(mean, sd, self._number(score, "sem", place, without), int(seeds or 0))

    def promoted(self, value: Any) -> dict[str, str]:
        found = value if isinstance(value, dict) else {}
        return {
            sweep: str(one["configuration"])
            for sweep, one in found.items()
            if isinstance(one, dict) and "configuration" in one
        }

    def _number(
        self, found: Mapping[str, Any], key: str, place: str, *otherwise: float | None
    ) -> float | None:
        if key not in found and not otherwise:
            self._wrong(f"{place} has no {key}")
        value = found.get(key, *otherwise)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(f"{place}.{key} is no number")
        if not abs(value) < math.inf or value != value:
            self._wrong(f"{place}.{key} is no finite number")
        return float(value)

    def _wrong(self, what: str) -> NoReturn:
        raise InputError(
            f"{self.source} is no findings.json of this version: {what}. Make it again with this"
            " version of uphold."
        )


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)
