"""What fresh seeds alone say of the verdicts of a page.

In: the decisive verdicts and how each stands, as `uphold.pipeline.replicated` found. Out: a
sentence, a table, and a word for the table of claims. Promised: of what was tried in an earlier
state nothing is shown but that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from great_tables import GT

from uphold.analysis.model.replication import Replicated, Side, Tried
from uphold.analysis.model.writeup import Writeup
from uphold.format import MISSING, Ends, count, difference, interval, named, number
from uphold.pages.table import SHARES, coloured, nothing, plain
from uphold.pages.verdicts import LOOKS
from uphold.pages.writeup import Page
from uphold.palette import colour

WORDS = {
    "held": "held",
    "not decided again": "not confirmed",
    "contradicted": "decided otherwise",
    "of an earlier state": "tried in an earlier state",
    "not tried": "not tried",
}
COLOURS = {
    WORDS["held"]: colour("holds"),
    WORDS["contradicted"]: colour("fails"),
    WORDS["not decided again"]: colour("open"),
}

ALONE = {
    "held": "held",
    "not decided again": "was not confirmed",
    "contradicted": "was decided otherwise",
}
"""What came of a page's only decisive verdict."""

SHAKEN = {
    "not decided again": "Fresh seeds did not confirm it.",
    "contradicted": "Fresh seeds say the opposite.",
}
"""What takes the firmness from a verdict, the worse last."""

UNITS = {"anova": ("partial ω² ", ""), "stability": ("", " ×")}
"""What stands around the value of a form whose value is none of the metric."""


def on_fresh_seeds(page: Page) -> Mapping[str, Tried]:
    """Return how the decisive verdicts stand; a report of a log has none that could be tried."""
    return page.found.replication if isinstance(page.found, Writeup) else {}


def not_borne_out(page: Page, claims: Iterable[str]) -> str:
    """Say that fresh seeds did not bear out one of some claims, at worst; else nothing."""
    tried = on_fresh_seeds(page)
    outcomes = {tried[name].outcome for name in claims if name in tried}
    return next((SHAKEN[one] for one in reversed(SHAKEN) if one in outcomes), "")


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
    if len(outcomes) == 1 and outcomes[0] in ALONE:
        return (
            f"The one {verdict} {ALONE[outcomes[0]]} when all runs behind it were"
            f" {again}.{_seen(page)}"
        )
    of = f"{count(number_of['held'])} of {count(len(outcomes))}"
    if number_of["held"] == len(outcomes):
        of = "Both" if len(outcomes) == 2 else f"All {count(len(outcomes))}"
    parts = [f"{of} {verdicts} held"]
    for outcome, says in (
        ("not decided again", "not confirmed"),
        ("contradicted", "decided otherwise"),
    ):
        if many := number_of[outcome]:
            parts.append(f"{count(many)} {'was' if many == 1 else 'were'} {says}")
    left = number_of["not tried"]
    untried = f" {count(left)} {'was' if left == 1 else 'were'} not tried yet." * bool(left)
    return (
        f"{named(parts)} when all runs behind them were {again}."
        f"{untried}{_seen(page)}{_earlier(page, earlier)}"
    )


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
            _side(found.first, claim.form, digits),
            _side(found.fresh, claim.form, digits),
            _change(found, digits),
            WORDS[one.outcome],
        )
        for name, one in on_fresh_seeds(page).items()
        if (found := one.found)
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
    return WORDS[one.outcome] if one else MISSING


def any_tried(page: Page) -> bool:
    """Whether any verdict was ever tried on fresh seeds."""
    return any(one.outcome != "not tried" for one in on_fresh_seeds(page).values())


def _side(side: Side, form: str, digits: int) -> str:
    """Return a verdict with its value, which is named where it is none of the metric."""
    verdict = LOOKS[side.verdict].word
    if side.value is None:
        return verdict
    before, after = UNITS.get(form, ("", ""))
    digits = SHARES if form in UNITS else digits
    within = f" ({interval(side, digits)})" if side.ci_low is not None else ""
    return f"{verdict}, {before}{number(side.value, digits)}{after}{within}"


def _change(found: Replicated, digits: int) -> str:
    one = found.change
    if one is None or one.value is None:
        return MISSING
    return difference(Ends(one.ci_low, one.ci_high, one.value), digits)
