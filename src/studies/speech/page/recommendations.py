"""What to do about each remedy, by the verdicts."""

from collections.abc import Mapping

from great_tables import GT

from uphold.analysis.model.writeup import Claim
from uphold.format import counted
from uphold.pages import larger
from uphold.pages.implications import SHOWN, Finding
from uphold.pages.table import coloured, plain
from uphold.pages.verdicts import CELLS, verdict
from uphold.pages.writeup import Page

ADVICE = {
    "supported": {True: "do it", False: "leave it out"},
    "refuted": {True: "leave it out", False: "do it"},
}
FIRST = (
    Finding(
        "Class weights help.",
        {"class-weights-help": SHOWN},
        "Weigh rare classes.",
        "Leave class weights out.",
    ),
    Finding(
        "SpecAugment helps.",
        {"specaugment-helps": SHOWN},
        "Use SpecAugment.",
        "Leave SpecAugment out.",
    ),
    Finding("Training longer helps.", {"longer-helps": SHOWN}, "Train longer.", "Stop sooner."),
    Finding(
        "A balanced sampler does not help beside class weights.",
        {"sampler-does-not-help": SHOWN},
        "Draw clips as they come: class weights do not ask for a balanced sampler.",
        "Draw the classes evenly.",
    ),
)
"""What the first screen advises by."""
EITHER = "either will do: the difference is smaller than one that matters"


def table(page: Page, advice: Mapping[str, tuple[str, bool | None]]) -> GT:
    """What to do, by the verdicts.

    Parameters
    ----------
    page : Page
    advice : mapping of str to (str, bool or None)
        What could be done to the claim that decides it, and whether the claim speaks for it; None
        where it says that it makes no difference.
    """
    rows = []
    for what, (name, pro) in advice.items():
        claim = page.found.claims[name]
        so = larger.advised(page, [name], _advice(page, claim, pro))
        rows.append((what, claim.says, verdict(claim), so))
    widths = {"what": "20%", "claim": "32%", "verdict": "16%", "recommendation": "32%"}
    return coloured(plain(rows, list(widths)), CELLS).cols_width(widths)


def _advice(page: Page, claim: Claim, pro: bool | None) -> str:
    if claim.verdict == "inconclusive":
        needed = claim.seeds_needed
        unit = page.sweep(claim.sweep).unit
        more = f" ({counted(needed.low, unit)} or more could)" if needed and needed.low else ""
        return f"open: these runs cannot decide it{more}"
    if claim.verdict == "equivalent" or (claim.verdict == "supported" and pro is None):
        text = EITHER
    elif pro is None:
        # There is a difference after all: its sign tells which way.
        assert claim.outcome.value is not None
        text = ADVICE["supported"][claim.outcome.value > 0]
    else:
        text = ADVICE[claim.verdict][pro]
    return f"{text}; fragile, so repeat it first" if claim.fragile else text
