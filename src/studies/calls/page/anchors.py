"""The same comparison on the archived anchors and on the settings that Stage 2 promoted."""

from collections.abc import Mapping

from great_tables import GT

from uphold.format import counted, settings
from uphold.pages.archived import in_few_words
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep


def sentence(archived: Sweep, promoted: Sweep) -> str:
    """Say in which settings that neither sweep varies the two differ."""
    ours, theirs = archived.designed.design.fixed, promoted.designed.design.fixed
    apart = [name for name in ours if name in theirs and ours[name] != theirs[name]]
    if not apart:
        return (
            f"{promoted.title}: what was promoted is what the archived anchors say, so that both"
            " sweeps have the same runs."
        )
    return (
        f"{archived.title}: {settings({name: ours[name] for name in apart})}."
        f" {promoted.title}: {settings({name: theirs[name] for name in apart})}."
    )


def conclusion(page: Page, pairs: Mapping[str, str]) -> str:
    """Say of how many comparisons the verdict is another one on the promoted settings.

    Parameters
    ----------
    page : Page
    pairs : mapping of str to str
        A claim about the archived anchors → the one about the promoted settings.
    """
    found = [_stands(page, *pair) for pair in pairs.items()]
    parts = [f"{found.count(kind)} {kind}" for kind in dict.fromkeys(found)]
    return f"Verdicts of {counted(len(found), 'comparison')}: {', '.join(parts)}."


def table(page: Page, pairs: Mapping[str, str]) -> GT:
    """Each comparison with its verdict and estimate on either side, and whether they agree."""
    claims = page.found.claims
    rows = [
        (
            claims[archived].says,
            *(in_few_words(claims[c], page.digits(claims[c].metric)) for c in (archived, promoted)),
            _stands(page, archived, promoted),
        )
        for archived, promoted in pairs.items()
    ]
    widths = {"claim": "34%", "archived anchors": "23%", "promoted settings": "23%"}
    widths |= {"verdicts": "20%"}
    return plain(rows, list(widths)).cols_width(widths)


def _stands(page: Page, archived: str, promoted: str) -> str:
    """Return whether a verdict holds on both sides; that a side is open is no disagreement."""
    ours, theirs = (page.found.claims[name].verdict for name in (archived, promoted))
    if ours == theirs:
        return "open on both" if ours == "inconclusive" else "the same on both"
    if theirs == "inconclusive":
        return "decided on the archived anchors alone"
    if ours == "inconclusive":
        return "decided on the promoted settings alone"
    return "not the same on both"
