"""What fresh seeds alone say of the verdicts of a page.

In: the decisive verdicts and how each stands, as `uphold.pipeline.replicated` found. Out: a
sentence, a table, and a word for the table of claims. Promised: where a
verdict was not borne out, what was found instead is said; of what was tried in an earlier state
nothing is shown but that.
"""

from collections import Counter
from collections.abc import Mapping
from math import log

from great_tables import GT

from uphold.analysis.model.replication import Replicated, Side, Tried
from uphold.analysis.model.writeup import Claim, Writeup
from uphold.format import MISSING, Ends, count, difference, digits_of, interval, named, number
from uphold.pages.table import SHARES, coloured, nothing, plain
from uphold.pages.verdicts import LOOKS
from uphold.pages.writeup import Page
from uphold.palette import colour

HELD, TURNED, UNTRIED = "held", "turned round", "not tried"
SAME_WAY, OTHER_WAY = "same direction, undecided", "other direction, undecided"
UNDECIDED, EFFECT = "undecided", "an effect"
NOTHING = "no difference that matters"
WORDS = {
    "held": HELD,
    "contradicted": TURNED,
    "of an earlier state": "tried in an earlier state",
    "not tried": UNTRIED,
}
COLOURS = {
    HELD: colour("holds"),
    TURNED: colour("fails"),
    **dict.fromkeys((SAME_WAY, OTHER_WAY, UNDECIDED, EFFECT, NOTHING), colour("open")),
}

SAID = {
    SAME_WAY: "point the same way{less}, and are too few to decide",
    OTHER_WAY: "point the other way, and are too few to decide",
    UNDECIDED: "leave it undecided",
    EFFECT: "show an effect",
    NOTHING: "show no difference that matters",
    TURNED: "decide against it",
}
"""What fresh seeds alone do where they do not bear a verdict out."""

COUNTED = {
    (SAME_WAY, OTHER_WAY, UNDECIDED): "left undecided",
    (EFFECT, NOTHING): "came to another verdict that need not contradict the first",
    (TURNED,): TURNED,
}

UNITS = {"share": ("partial ω² ", ""), "ratio": ("", " ×")}
"""What stands around a value that is none of the metric."""


def on_fresh_seeds(page: Page) -> Mapping[str, Tried]:
    """Return how the decisive verdicts stand; a report of a log has none that could be tried."""
    return page.found.replication if isinstance(page.found, Writeup) else {}


def beside(page: Page, claim: str) -> str:
    """Say what fresh seeds alone found where they do not bear a verdict out; else nothing."""
    one = on_fresh_seeds(page).get(claim)
    shown = page.claim(claim)
    return beside_claim(shown, one, page.margin(shown.metric)) if one else ""


def beside_claim(claim: Claim, one: Tried, margin: float) -> str:
    """Return the same for a claim on a metric with this margin, of whichever page."""
    what = found(claim, one)
    if what not in SAID or one.found is None:
        return ""
    fresh, ratio = one.found.fresh, claim.outcome.ratio
    less = _size(fresh.value, ratio) < _size(one.found.first.value, ratio)
    says = SAID[what].format(less=", by less" * less)
    value = _value(fresh, claim, digits_of(margin))
    return f"Fresh seeds alone {says}{f': {value}' * bool(value)}."


def _size(value: float | None, ratio: bool) -> float:
    """Return how far a value is from no effect; of a ratio, on the scale of its logarithm."""
    if value is None:
        return 0.0
    return abs(log(value)) if ratio and value > 0 else abs(value)


def shaken(page: Page, claim: str) -> bool:
    """Whether fresh seeds alone did not bear a verdict out."""
    one = on_fresh_seeds(page).get(claim)
    return one is not None and one.outcome in ("not decided again", "contradicted")


def found(claim: Claim, one: Tried) -> str:
    """Return in a word or two what fresh seeds alone found of a claim."""
    if one.outcome in WORDS:
        return WORDS[one.outcome]
    assert one.found is not None
    fresh = one.found.fresh
    if fresh.verdict == "equivalent":
        return NOTHING
    if fresh.verdict != "inconclusive":
        return EFFECT
    way, none = _direction(claim), 1.0 if claim.outcome.ratio else 0.0
    if not way or fresh.value is None:
        return UNDECIDED
    return SAME_WAY if way * (fresh.value - none) > 0 else OTHER_WAY


def _direction(claim: Claim) -> int:
    """Return 1 or −1 where a verdict is that there is an effect to that side; else 0.

    A gain that was claimed, or several means, have no side. What is within the margin may have been
    judged for being so, and not for its side.
    """
    place = claim.in_margins
    if claim.verdict == "equivalent" or place is None or place.claimed or claim.estimates == "mean":
        return 0
    low, high = place.ci_low, place.ci_high
    if low is not None and high is not None and -1 < low <= high < 1:
        return 0
    if low is not None and low > 0:
        return 1
    return -1 if high is not None and high < 0 else 0


def sentence(page: Page) -> str:
    """Say how many of the decisive verdicts held on fresh seeds."""
    outcomes = [one.outcome for one in on_fresh_seeds(page).values()]
    if not outcomes:
        return "No verdict is decisive, so that none was tried on fresh seeds."
    explored = all(page.found.claims[name].role == "secondary" for name in on_fresh_seeds(page))
    verdict = f"decisive {'exploratory ' * explored}verdict"
    verdicts = verdict if len(outcomes) == 1 else f"{verdict}s"
    number_of = Counter[str](outcomes)
    earlier = number_of["of an earlier state"]
    if number_of["not tried"] + earlier == len(outcomes):
        which = "The one" if len(outcomes) == 1 else f"None of the {count(len(outcomes))}"
        was = "was not" if len(outcomes) == 1 else "was"
        now = " as it stands" if earlier else ""
        return f"{which} {verdicts} {was} tried on fresh seeds{now}.{_earlier(page, earlier)}"
    again = "trained again on fresh seeds and judged alone"
    words = Counter(word(page, claim) for claim in on_fresh_seeds(page))
    others = [
        (many, says)
        for which, says in COUNTED.items()
        if (many := sum(words[each] for each in which))
    ]
    if len(outcomes) == 1:
        ((_, says),) = others or [(1, HELD)]
        return (
            f"The one {verdict} {_was(1, says)} when all runs behind it were {again}.{_seen(page)}"
        )
    of = f"{count(number_of['held'])} of {count(len(outcomes))}"
    if number_of["held"] == len(outcomes):
        of = "Both" if len(outcomes) == 2 else f"All {count(len(outcomes))}"
    parts = [f"{of} {verdicts} held"]
    parts += [f"{count(many)} {_was(many, says)}" for many, says in others]
    left = number_of["not tried"]
    untried = f" {count(left)} {'was' if left == 1 else 'were'} not tried yet." * bool(left)
    return (
        f"{named(parts)} when all runs behind them were {again}."
        f"{untried}{_seen(page)}{_earlier(page, earlier)}"
    )


def _was(many: int, says: str) -> str:
    return f"{'was' if many == 1 else 'were'} {says}" if says.startswith("left") else says


def _earlier(page: Page, many: int) -> str:
    """Say of how many an earlier state was tried."""
    was = "verdict was" if many == 1 else "verdicts were"
    return (
        f" {count(many)} {was} tried in an earlier state of claim, data or runs: uphold replicate"
        f" {page.name} tries again."
    ) * bool(many)


def _seen(page: Page) -> str:
    """Say of how many the fresh seeds were known already when they were judged."""
    tried = on_fresh_seeds(page).values()
    before = "looked at before, for an earlier state of verdicts."
    many = sum(one.found.seen for one in tried if one.found)
    if many and len(tried) == 1:
        return f" Its fresh seeds were {before}"
    was = "was" if many == 1 else "were"
    return f" {count(many)} {was} judged on fresh seeds that were {before}" * bool(many)


def table(page: Page) -> GT:
    """Each decisive verdict that was tried: by the first runs, and by fresh ones alone."""
    rows = [
        (
            claim.says,
            _side(both.first, claim, digits),
            _side(both.fresh, claim, digits),
            _change(both, digits),
            found(claim, one),
        )
        for name, one in on_fresh_seeds(page).items()
        if (both := one.found)
        for claim in [page.found.claims[name]]
        for digits in [page.digits(claim.metric)]
    ]
    if not rows:
        return nothing("verdict", "none was tried on fresh seeds as it stands")
    heads = ["claim", "first runs", "fresh seeds", "change", "outcome"]
    widths = dict(zip(heads, ("24%", "20%", "20%", "20%", "16%"), strict=True))
    return coloured(plain(rows, heads), COLOURS).cols_width(widths)


def word(page: Page, claim: str) -> str:
    """Say in a word or two what fresh seeds say of a claim's verdict."""
    one = on_fresh_seeds(page).get(claim)
    return found(page.claim(claim), one) if one else MISSING


def any_tried(page: Page) -> bool:
    """Whether any verdict was ever tried on fresh seeds."""
    return any(one.outcome != "not tried" for one in on_fresh_seeds(page).values())


def _side(side: Side, claim: Claim, digits: int) -> str:
    """Return a verdict with its value."""
    word, value = LOOKS[side.verdict].word, _value(side, claim, digits)
    return f"{word}, {value}" if value else word


def _value(side: Side, claim: Claim, digits: int) -> str:
    """Return a value with its interval: signed, and named where it is none of the metric."""
    if side.value is None:
        return ""
    if claim.estimates in UNITS:
        before, after = UNITS[claim.estimates]
        text = f"{before}{number(side.value, SHARES)}{after}"
        return f"{text} ({interval(side, SHARES)})" if side.ci_low is not None else text
    if claim.estimates == "mean":
        return f"{number(side.value, digits)} ({interval(side, digits)})"
    return difference(side, digits)


def _change(both: Replicated, digits: int) -> str:
    one = both.change
    if one is None or one.value is None:
        return MISSING
    return difference(Ends(one.ci_low, one.ci_high, one.value), digits)
