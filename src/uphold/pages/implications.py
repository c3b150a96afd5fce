"""What follows from each archived finding, by the verdicts of our claims about it.

In: findings, each with its claims and with what to do where they hold or fail, as people wrote it.
Out: a table, and a sentence that counts. Promised: nothing is advised that the verdicts do not
allow, nor what may not be acted upon by `uphold.pages.advice`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from great_tables import GT

from uphold.format import count, counted
from uphold.pages import advice, replicated, say
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
    does : (str, str, level), optional
        What is done where it holds: a sweep, a factor and its level. The scores that this makes
        worse stand beside the advice.
    """

    says: str
    claims: Mapping[str, frozenset[str]]
    holds: str
    fails: str
    when: str = ""
    does: tuple[str, str, object] | None = None


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
        ours = "; ".join(_told(page, name, effects) for name in finding.claims)
        rows.append((finding.says, ours, follows(page, finding, where)))
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
    found = Counter(stands(page, finding) for finding in findings)
    many = found.total()
    if found["open"] == many:
        return f"These runs leave all {counted(many, of)} open."
    held, failed = (count(found[key]) if found[key] else "none" for key in ("holds", "fails"))
    text = f"Of {counted(many, of)} these runs support {held} and speak against {failed}"
    return f"{text}; {count(found['open'])} stay open." if found["open"] else f"{text}."


def follows(page: Page, finding: Finding, where: str = "in these runs") -> str:
    """Return what a finding's claims allow to be advised.

    Parameters
    ----------
    page : Page
    finding : Finding
    where : str
        What a finding that is decided holds in, or not.
    """
    found, claims = stands(page, finding), resting(page, finding)
    if found == "holds":
        given = advice.given(page, claims, finding.holds)
        harm = "" if advice.why_not(page, claims) else cost(page, finding)
        return f"Holds {where}. {given} {harm}".rstrip()
    if found == "fails":
        return f"Does not hold {where}. {advice.given(page, claims, finding.fails)}"
    of = [page.claim(name) for name in finding.claims]
    why = {claim.outcome.reason for claim in of}
    if len(why) == 1 and (reason := why.pop()):
        return f"Open: {reason}."
    decided = sum(claim.verdict != "inconclusive" for claim in of)
    if not decided:
        return "Open: these runs cannot decide it."
    return f"Open: {decided} of {len(of)} claims for it, the rest undecided."


def cost(page: Page, finding: Finding) -> str:
    """Say which scores become worse by what a finding advises; nothing where none is shown to."""
    if finding.does is None:
        return ""
    sweep, factor, level = finding.does
    return say.cost(page.sweep(sweep), factor, level)


def stands(page: Page, finding: Finding) -> Literal["holds", "fails", "open"]:
    """Return whether all claims speak for a finding, or one speaks against it, or neither."""
    if _against(page, finding):
        return "fails"
    return "holds" if len(_decided(page, finding)) == len(finding.claims) else "open"


def resting(page: Page, finding: Finding) -> list[str]:
    """Return the claims that what is decided about a finding rests on; none where it is open.

    One firm verdict against a finding is enough, whatever the others are.
    """
    if against := _against(page, finding):
        return [name for name in against if advice.sure(page, name)] or against
    return list(finding.claims) if stands(page, finding) == "holds" else []


def _against(page: Page, finding: Finding) -> list[str]:
    return [
        name
        for name in _decided(page, finding)
        if page.claim(name).verdict not in finding.claims[name]
    ]


def _decided(page: Page, finding: Finding) -> list[str]:
    return [name for name in finding.claims if page.claim(name).verdict != "inconclusive"]


def _told(page: Page, name: str, effects: bool) -> str:
    """Return a claim with its verdict, and what fresh seeds found where they found another one."""
    claim = page.claim(name)
    shown = f", {page.shown(claim)}" if effects and claim.shown else ""
    fresh = f" ({replicated.word(page, name)} on fresh seeds)" * replicated.shaken(page, name)
    return f"{verdict(claim)}: {claim.says.rstrip('.')}{shown}{fresh}"
