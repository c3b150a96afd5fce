"""What follows from each archived finding on data balancing, by the verdicts of our claims."""

from collections.abc import Mapping
from dataclasses import dataclass

from great_tables import GT

from uphold.analysis.model.writeup import Claim
from uphold.pages import larger
from uphold.pages.table import plain
from uphold.pages.verdicts import verdict
from uphold.pages.writeup import Page

SHOWN: frozenset[str] = frozenset({"supported"})
NO_GAIN: frozenset[str] = frozenset({"refuted", "equivalent"})
"""The verdicts on a claimed rise that speak for a finding of no gain."""
NO_EFFECT: frozenset[str] = frozenset({"equivalent"})


@dataclass(frozen=True)
class Finding:
    """A finding of the archived write-up, and what to do where it holds and where it does not.

    Attributes
    ----------
    says : str
    claims : mapping of str to set of verdicts
        Our claims about it, each with the verdicts that speak for it.
    holds, fails : str
        What follows where all claims speak for it, and where one of them speaks against it.
    """

    says: str
    claims: Mapping[str, frozenset[str]]
    holds: str
    fails: str


FINDINGS = (
    Finding(
        "Upsampling gains next to nothing on balanced data.",
        {"balanced-repeat": SHOWN, "balanced-linear": SHOWN},
        "Leave the ratio out of sweeps and searches over balanced data.",
        "Keep the ratio in sweeps over balanced data.",
    ),
    Finding(
        "Nor does it on the natural imbalance.",
        {"natural-repeat": NO_EFFECT, "natural-linear": NO_EFFECT, "upsampling-helps": NO_GAIN},
        "Leave global ratios out of sweeps and searches altogether.",
        "Keep the ratio in the search, which runs on the natural imbalance.",
    ),
    Finding(
        "Upsampling lifts recall.",
        {"upsampling-lifts-recall": SHOWN},
        "Fill up where a missed call costs more than a false alarm.",
        "Do not fill up for the sake of recall.",
    ),
    Finding(
        "Interpolation at high ratios lowers precision.",
        {"linear-lowers-precision": SHOWN, "precision-falls-with-ratio": SHOWN},
        "Repeat clips, or stay at the lowest of these ratios.",
        "Nothing here asks for a limit to the ratio.",
    ),
    Finding(
        "The balanced pipeline is enough.",
        {"upsampling-helps": NO_GAIN},
        "Train without upsampling. That the splits are sound does not follow from it.",
        "Fill up the smaller class.",
    ),
    Finding(
        "Smoothing and mixup dominate.",
        {
            "augmentation-pays": SHOWN,
            "smoothing-dominates": SHOWN,
            "mixup-dominates": SHOWN,
            "augmentation-outweighs-upsampling": SHOWN,
        },
        "Keep both on.",
        "Do not keep both on by habit: choose them anew on validation data.",
    ),
)


def table(page: Page) -> GT:
    """Each archived finding, our claims about it with their verdicts, and what follows."""
    rows = []
    for finding in FINDINGS:
        claims = {name: page.found.claims[name] for name in finding.claims}
        ours = "; ".join(f"{c.says.rstrip('.')}: {verdict(c)}" for c in claims.values())
        so = larger.advised(page, claims, follows(finding, claims))
        rows.append((finding.says, ours, so))
    widths = {"archived finding": "24%", "our claims": "44%", "what follows": "32%"}
    return plain(rows, list(widths)).cols_width(widths)


def follows(finding: Finding, claims: Mapping[str, Claim]) -> str:
    """Return what a finding's claims allow to be advised."""
    decided = {name: c for name, c in claims.items() if c.verdict != "inconclusive"}
    against = [c for name, c in decided.items() if c.verdict not in finding.claims[name]]
    if against:
        text = f"Does not hold in these runs. {finding.fails}"
        return _repeated(text, any(not c.fragile for c in against))
    if len(decided) == len(claims):
        text = f"Holds in these runs. {finding.holds}"
        return _repeated(text, not any(c.fragile for c in decided.values()))
    why = {c.outcome.reason for c in claims.values()}
    if len(why) == 1 and (reason := why.pop()):
        return f"Open: {reason}."
    if not decided:
        return "Open: these runs cannot decide it."
    return f"Open: {len(decided)} of {len(claims)} claims for it, the rest undecided."


def _repeated(text: str, firm: bool) -> str:
    return text if firm else f"{text} Fragile, so repeat it first."
