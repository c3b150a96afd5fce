"""What follows from each archived finding, by the verdicts of our claims about it.

In: findings, each with its claims and with what to do where they hold or fail, as people wrote it.
Out: a table, and a sentence that counts. Promised: nothing is advised that the verdicts do not
allow, nor what turns round at a larger scale.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from great_tables import GT

from uphold.analysis.model.writeup import Claim
from uphold.format import count, counted
from uphold.pages import larger, replicated
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
    when : str
        What it is a remedy for. Those for one trouble stand together.
    """

    says: str
    claims: Mapping[str, frozenset[str]]
    holds: str
    fails: str
    when: str = ""


def table(
    page: Page,
    findings: Iterable[Finding],
    of: str = "archived finding",
    *,
    effects: bool = False,
) -> GT:
    """Each finding, our claims about it with their verdicts, and what follows.

    Parameters
    ----------
    page : Page
    findings : iterable of Finding
    of : str
        What the findings are, where no archived write-up made them, or not as findings.
    effects : bool
        Whether the estimate behind each verdict is shown too.
    """
    where = "at this length of training" if page.writeup.shorter else "in these runs"
    rows, groups = [], []
    for finding in findings:
        claims = {name: page.claim(name) for name in finding.claims}
        ours = "; ".join(_told(page, claim, effects) for claim in claims.values())
        text = f"{follows(finding, claims, where)} {replicated.not_borne_out(page, claims)}".strip()
        so = larger.advised(page, claims, text)
        rows.append((finding.says, ours, so))
        groups.append(finding.when)
    widths = {of: "24%", "our claims": "44%", "what follows": "32%"}
    return plain(rows, list(widths), groups).cols_width(widths)


def tally(page: Page, findings: Iterable[Finding], of: str) -> str:
    """Say how many findings hold in these runs, how many do not, and how many are open.

    Parameters
    ----------
    page : Page
    findings : iterable of Finding
    of : str
        What one of them is, such as ``"archived tip"``.
    """
    found = Counter(stands(f, {name: page.claim(name) for name in f.claims}) for f in findings)
    many = found.total()
    if found["open"] == many:
        return f"These runs leave all {counted(many, of)} open."
    held, failed = (count(found[key]) if found[key] else "none" for key in ("holds", "fails"))
    text = f"Of {counted(many, of)} these runs support {held} and speak against {failed}"
    return f"{text}; {count(found['open'])} stay open." if found["open"] else f"{text}."


def follows(finding: Finding, claims: Mapping[str, Claim], where: str = "in these runs") -> str:
    """Return what a finding's claims allow to be advised.

    Parameters
    ----------
    finding : Finding
    claims : mapping of str to Claim
        Its claims.
    where : str
        What a finding that is decided holds in, or not.
    """
    found = stands(finding, claims)
    if found != "open":
        text = f"Holds {where}. {finding.holds}"
        text = text if found == "holds" else f"Does not hold {where}. {finding.fails}"
        return text if firm(finding, claims) else f"{text} Fragile, so repeat it first."
    why = {c.outcome.reason for c in claims.values()}
    if len(why) == 1 and (reason := why.pop()):
        return f"Open: {reason}."
    decided = _decided(claims)
    if not decided:
        return "Open: these runs cannot decide it."
    return f"Open: {len(decided)} of {len(claims)} claims for it, the rest undecided."


def stands(finding: Finding, claims: Mapping[str, Claim]) -> Literal["holds", "fails", "open"]:
    """Return whether all claims speak for a finding, or one speaks against it, or neither."""
    if _against(finding, claims):
        return "fails"
    return "holds" if len(_decided(claims)) == len(claims) else "open"


def firm(finding: Finding, claims: Mapping[str, Claim]) -> bool:
    """Whether what is decided about a finding would stand without any one unit."""
    if against := _against(finding, claims):
        return any(not c.fragile for c in against)
    return not any(c.fragile for c in claims.values())


def _against(finding: Finding, claims: Mapping[str, Claim]) -> list[Claim]:
    decided = _decided(claims)
    return [c for name, c in decided.items() if c.verdict not in finding.claims[name]]


def _decided(claims: Mapping[str, Claim]) -> dict[str, Claim]:
    return {name: c for name, c in claims.items() if c.verdict != "inconclusive"}


def _told(page: Page, claim: Claim, effects: bool) -> str:
    shown = f", {page.shown(claim)}" if effects and claim.shown else ""
    return f"{verdict(claim)}: {claim.says.rstrip('.')}{shown}"
