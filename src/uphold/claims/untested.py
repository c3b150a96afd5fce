"""Why a claim has no test, and what would give it one.

In: a claim and the log that it is about, or what its test ran into. Out: an `Untested`: the reason
in words, and what it would take instead of a number of seeds. Promised: one rule for noise. Without
any there is no test, whatever the differences are: none at all, some within the margin, or many
margins. Runs that agree to the last digit were hardly trained apart, and a spread of 0 from a few
runs is no proof of none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from uphold.claims.claim import Claim
from uphold.statistics import Scores
from uphold.statistics.scores import at_level, level_text

MOST_LEVELS = 8


@dataclass(frozen=True)
class Untested:
    """A reason why there is no test.

    Attributes
    ----------
    why : str
        Part of a sentence.
    takes : str
        A sentence: why no number of seeds can be given.
    seeds_help : bool
        Whether more seeds could ever decide the claim.
    """

    why: str
    takes: str
    seeds_help: bool = True


def no_runs(what: str, replicate: str) -> Untested:
    """Nothing that the claim is about, or one side of what it compares, has a score."""
    return Untested(
        f"none of the {what} has a score",
        f"How many {replicate}s it would take cannot be said before there are such runs.",
    )


def one_seed(what: str, replicate: str) -> Untested:
    """One seed does not tell how much a retrained run would differ."""
    return Untested(
        f"all {what} share one {replicate}, and the spread between {replicate}s is unknown",
        f"How many {replicate}s it would take cannot be said from one; two are the least.",
    )


def too_few(replicate: str) -> Untested:
    """There are as many means to be known as runs."""
    return Untested(
        "there are too few runs to know their spread",
        f"How many {replicate}s it would take cannot be said without a spread.",
    )


def no_noise(what: str, replicate: str) -> Untested:
    """Nothing varies by chance."""
    return Untested(
        f"{what}, which leaves no noise to judge by",
        f"How many {replicate}s it would take cannot be said without noise.",
    )


def one_level(what: str, replicate: str) -> Untested:
    """A factor has one level, where several are compared."""
    return _undecidable(what, replicate, ": run another level")


def never_run(what: str, replicate: str) -> Untested:
    """The claim names a level that no run has."""
    return _undecidable(what, replicate, ": run that level, or name another")


def same_arms(known: bool, replicate: str) -> Untested:
    """The claim compares an arm with itself; ``known`` by training sets, or by its runs."""
    how = "the arms trained on the same sets" if known else "the same runs stand on both sides"
    return _undecidable(f"nothing was compared, since {how}", replicate)


def _undecidable(why: str, replicate: str, instead: str = "") -> Untested:
    return Untested(why, f"No number of {replicate}s decides it{instead}.", seeds_help=False)


def without_arms(claim: Claim, scores: Scores) -> Untested | None:
    """Return why what a claim compares was not run, None where it was."""
    for factor in constant_factors(claim, scores):
        return one_level(constant_text(scores, factor), scores.replicate)
    for _, factor, level in missing_levels(claim, scores):
        return never_run(missing_text(scores, factor, level), scores.replicate)
    return None


def constant_factors(claim: Claim, scores: Scores) -> list[str]:
    """Return the factors of which a claim compares levels, and that have fewer than two."""
    return [name for name in claim.compared() if len(scores.levels(name)) < 2]


def constant_text(scores: Scores, factor: str) -> str:
    """Return such as ``"mixup has only true"``."""
    levels = scores.levels(factor)
    return f"{factor} has {f'only {level_text(levels[0])}' if levels else 'no level at all'}"


def missing_levels(claim: Claim, scores: Scores) -> Iterator[tuple[str, str, Any]]:
    """Yield each level that a claim names and no run has, as (place in it, factor, level).

    A factor without effect in all runs lacks none: such runs stand for every level.
    """
    for place, factor, level in claim.levels():
        column = scores.column(factor)
        if column.notna().any() and not at_level(column, level).any():
            yield place, factor, level


def missing_text(scores: Scores, factor: str, level: Any) -> str:
    """Return such as ``"no run has mixup = ture (levels: false, true)"``."""
    levels = list(map(level_text, scores.levels(factor)))
    more = f" and {len(levels) - MOST_LEVELS} more" if len(levels) > MOST_LEVELS else ""
    return (
        f"no run has {factor} = {level_text(level)}"
        f" (levels: {', '.join(levels[:MOST_LEVELS])}{more})"
    )
