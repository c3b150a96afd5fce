"""What follows from each archived finding, by the verdicts of our claims about it.

In: findings, each with its claims and with what to do where they hold or fail, as people wrote it.
Out: a table. Promised: nothing is advised that the verdicts do not allow, nor what turns round at a
larger scale.
"""

from collections.abc import Iterable, Mapping
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


def table(page: Page, findings: Iterable[Finding], of: str = "archived finding") -> GT:
    """Each finding, our claims about it with their verdicts, and what follows.

    Parameters
    ----------
    page : Page
    findings : iterable of Finding
    of : str
        What the findings are, where no archived write-up made them.
    """
    rows = []
    for finding in findings:
        claims = {name: page.claim(name) for name in finding.claims}
        ours = "; ".join(f"{verdict(c)}: {c.says.rstrip('.')}" for c in claims.values())
        so = larger.advised(page, claims, follows(finding, claims))
        rows.append((finding.says, ours, so))
    widths = {of: "24%", "our claims": "44%", "what follows": "32%"}
    return plain(rows, list(widths)).cols_width(widths)


def follows(finding: Finding, claims: Mapping[str, Claim]) -> str:
    """Return what a finding's claims allow to be advised."""
    decided = {name: c for name, c in claims.items() if c.verdict != "inconclusive"}
    held = holds(finding, claims)
    if held is not None:
        text = f"Holds in these runs. {finding.holds}"
        text = text if held else f"Does not hold in these runs. {finding.fails}"
        return text if firm(finding, claims) else f"{text} Fragile, so repeat it first."
    why = {c.outcome.reason for c in claims.values()}
    if len(why) == 1 and (reason := why.pop()):
        return f"Open: {reason}."
    if not decided:
        return "Open: these runs cannot decide it."
    return f"Open: {len(decided)} of {len(claims)} claims for it, the rest undecided."


def holds(finding: Finding, claims: Mapping[str, Claim]) -> bool | None:
    """Whether all claims speak for a finding, False where one speaks against it, else None."""
    if _against(finding, claims):
        return False
    return None if any(c.verdict == "inconclusive" for c in claims.values()) else True


def firm(finding: Finding, claims: Mapping[str, Claim]) -> bool:
    """Whether what is decided about a finding would stand without any one unit."""
    if against := _against(finding, claims):
        return any(not c.fragile for c in against)
    return not any(c.fragile for c in claims.values())


def _against(finding: Finding, claims: Mapping[str, Claim]) -> list[Claim]:
    decided = {name: c for name, c in claims.items() if c.verdict != "inconclusive"}
    return [c for name, c in decided.items() if c.verdict not in finding.claims[name]]
