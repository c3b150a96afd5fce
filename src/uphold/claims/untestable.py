"""Why a claim has no test, and what would give it one.

In: what its test ran into. Out: an `Untestable`: the reason, and what it would take instead
of a number of seeds. Promised: one rule for noise. Without any there is no test, whatever the
differences are: none at all, some within the margin, or many margins. Runs that agree to the last
digit were hardly trained apart, and a spread of 0 from a few runs is no proof of none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from uphold import format
from uphold.error_rates import FEWEST_GROUPS
from uphold.format import name, several


@dataclass(frozen=True)
class Untestable:
    """A reason why there is no test.

    Attributes
    ----------
    why : str
        Part of a sentence.
    takes : str
        A sentence: why no number of seeds can be given.
    seeds_help : bool
        Whether more seeds could ever decide the claim.
    least : int
        The fewest units that have a test, where that is the reason; else 0.
    """

    why: str
    takes: str
    seeds_help: bool = True
    least: int = 0


def no_runs(what: str, replicate: str) -> Untestable:
    """Nothing that the claim is about, or one side of what it compares, has a score."""
    return Untestable(
        f"none of the {what} has a score",
        f"How many {_several(replicate)} it would take cannot be said before there are such runs.",
    )


def no_data(why: str, replicate: str) -> Untestable:
    """No run can have a score, since the data lack what it is of."""
    return _undecidable(why, replicate)


def takes_scores(replicate: str) -> str:
    """Say what a claim about all takes where one of them has no score."""
    return (
        f"No number of {_several(replicate)} shows it of all before each has a score: run what has"
        " none again, or narrow the claim with `where`."
    )


def one_seed(what: str, replicate: str) -> Untestable:
    """One seed does not tell how much a retrained run would differ."""
    return Untestable(
        f"all {what} share one {name(replicate)}, and the spread between {_several(replicate)} is"
        " unknown",
        f"How many {_several(replicate)} it would take cannot be said from one; two are the least.",
    )


def too_few(replicate: str) -> Untestable:
    """There are as many means to be known as runs."""
    return Untestable(
        "there are too few runs to know their spread",
        f"How many {_several(replicate)} it would take cannot be said without a spread.",
    )


def too_few_to_exchange(units: int, least: int, replicate: str, planned: str) -> Untestable:
    """No exchange of so few units is rare enough; ``planned`` says how many do for what."""
    return Untestable(
        f"{format.counted(units, name(replicate))} are too few to tell how far scores spread",
        f"It would take {least} {_several(replicate)} at least{planned}.",
        least=least,
    )


def never_together(replicate: str) -> Untestable:
    """No setting of the other factors has two units of either arm."""
    return Untestable(
        f"no setting was run with two {_several(replicate)} on either side",
        f"How many {_several(replicate)} it would take cannot be said before there are such runs.",
    )


def no_noise(what: str, replicate: str) -> Untestable:
    """Nothing varies by chance."""
    return Untestable(
        f"{what}, which leaves no noise to judge by",
        f"How many {_several(replicate)} it would take cannot be said without noise.",
    )


def one_level(what: str, replicate: str) -> Untestable:
    """A factor has one level, where several are compared."""
    return _undecidable(what, replicate, ": run another level")


def never_run(what: str, replicate: str) -> Untestable:
    """The claim names a level that no run has."""
    return _undecidable(what, replicate, ": run that level, or name another")


def confounded(factors: Sequence[str], replicate: str) -> Untestable:
    """Arms also differ in other factors, in every run."""
    names = format.named(factors)
    return _undecidable(
        f"what is compared is confounded with {names} in every run",
        replicate,
        f": run one side with the other's {names}",
    )


def confounded_together(factors: Sequence[str], replicate: str) -> Untestable:
    """Other factors tell the arms apart together, so that adjusting rests on how they add up."""
    names = format.named(factors)
    return _undecidable(
        f"what is compared goes with {names} together: they cannot be told apart if those interact",
        replicate,
        f": run each combination of {names} with both sides",
    )


def too_few_groups(count: int, group: str) -> Untestable:
    """The test items come from too few groups to speak of others."""
    return Untestable(
        f"{count} {group}s cannot speak for others like them",
        f"It takes at least {FEWEST_GROUPS} {group}s, and no number of seeds.",
        seeds_help=False,
    )


def several_points(points: int, units: int, replicate: str) -> Untestable:
    """Trials share a unit, so that a slope would take one unit for several."""
    return Untestable(
        f"{points} trials share {format.counted(units, name(replicate))}, and of a slope each trial"
        " is a unit",
        f"No number of {_several(replicate)} decides it: name under `replicate` the column that"
        " numbers the trials, if each has noise of its own.",
        seeds_help=False,
    )


def bent(label: str, setting: str, at: str, valley: bool, p: float) -> Untestable:
    """A metric turns within the values of a setting, so that it has no one slope."""
    end = "lowest" if valley else "highest"
    return Untestable(
        f"{label} follows no line in {name(setting)}, but is {end} near {at} ({format.p_text(p)}),"
        " so that no one slope says what it does",
        "No number of trials gives it one: claim it over values on one side of that (`within`).",
        seeds_help=False,
    )


def no_units(part: str, unit: str, way_out: str) -> Untestable:
    """The replicate is a part of a unit, such as the episodes of a seed."""
    return Untestable(
        f"the replicate is {part}, and of one {unit} {several(part)} are no units",
        f"{way_out}: no number of {several(part)} decides it.",
        seeds_help=False,
    )


def same_arms(known: bool, replicate: str) -> Untestable:
    """The claim compares an arm with itself; ``known`` by training sets, or by its runs."""
    how = "the arms trained on the same sets" if known else "the same runs stand on both sides"
    return _undecidable(f"nothing was compared, since {how}", replicate)


def _undecidable(why: str, replicate: str, instead: str = "") -> Untestable:
    return Untestable(
        why, f"No number of {_several(replicate)} decides it{instead}.", seeds_help=False
    )


def _several(replicate: str) -> str:
    return several(name(replicate))
