"""The same comparison on the archived anchors and on the settings that Stage 2 promoted."""

from collections.abc import Mapping

from great_tables import GT

from uphold.analysis.model.writeup import Claim
from uphold.format import counted, named, settings
from uphold.pages.table import plain
from uphold.pages.verdicts import verdict
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
        f"The archived anchors have {settings({name: ours[name] for name in apart})}; what Stage 2"
        f" promoted here has {settings({name: theirs[name] for name in apart})}."
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
    parts = [
        f"{found.count(kind)} {_is(found.count(kind))} {kind}" for kind in dict.fromkeys(found)
    ]
    return f"Of {counted(len(found), 'key comparison')}, {named(parts)}."


def _is(many: int) -> str:
    return "is" if many == 1 else "are"


def table(page: Page, pairs: Mapping[str, str]) -> GT:
    """Each comparison with its verdict and estimate on either side, and whether they agree."""
    claims = page.found.claims
    rows = [
        (
            claims[archived].says,
            *(_found(claims[key]) for key in (archived, promoted)),
            _stands(page, archived, promoted),
        )
        for archived, promoted in pairs.items()
    ]
    widths = {"claim": "34%", "archived anchors": "23%", "promoted settings": "23%"}
    widths |= {"verdicts": "20%"}
    return plain(rows, list(widths)).cols_width(widths)


def _found(claim: Claim) -> str:
    return f"{verdict(claim)}: {claim.shown}" if claim.shown else verdict(claim)


def _stands(page: Page, archived: str, promoted: str) -> str:
    """Return whether a verdict holds on both sides; that a side is open is no disagreement."""
    ours, theirs = (page.found.claims[name].verdict for name in (archived, promoted))
    if ours == theirs:
        return "undecided on both" if ours == "inconclusive" else "the same on both"
    if theirs == "inconclusive":
        return "decided on the archived anchors alone"
    if ours == "inconclusive":
        return "decided on the promoted settings alone"
    return "not the same on both"
