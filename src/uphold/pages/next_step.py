"""The line of a first screen that says what to do next, and what it would cost.

In: findings with what follows from them, and the page's primary claims. Out: a paragraph. Promised:
it advises what firm verdicts allow and nothing else; of what is open it names the claim that is
cheapest to settle, with how many seeds that takes, and says what no number of runs on these data
settles.
"""

from collections.abc import Sequence

from IPython.display import Markdown

from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Claim, Writeup
from uphold.format import count, counted, duration, several
from uphold.pages import advice, larger
from uphold.pages.first_screen import escaped
from uphold.pages.implications import Finding, cost, resting, stands
from uphold.pages.replicated import on_fresh_seeds
from uphold.pages.writeup import Page

MOST = 3
"""So much advice stands on a first screen; the rest is in its table."""


def line(page: Page, findings: Sequence[Finding] = ()) -> Markdown:
    """Return what to do next.

    Parameters
    ----------
    page : Page
    findings : sequence of Finding
        The first that are firmly decided are followed by what they advise.
    """
    firm = [text for finding in findings if (text := _advice(page, finding))]
    if findings and not firm:
        firm = ["Nothing here is firm enough to act on."]
    said = [*firm[:MOST], *_open(page), *_beyond(page)]
    said = said or [_nothing_open(page)]
    return Markdown(f"**Next.** {' '.join(map(escaped, said))}")


def _nothing_open(page: Page) -> str:
    """Say what is left where there is nothing to advise, and nothing that seeds would settle."""
    if any(claim.verdict == "inconclusive" for claim in page.primary_claims.values()):
        return "More seeds are not known to settle what is open."
    tried = on_fresh_seeds(page).values()
    if tried and all(one.outcome == "not tried" for one in tried):
        tries = f"uphold replicate {page.name} tries them on fresh seeds"
        return f"Every primary claim is decided: {tries}."
    return "Every primary claim is decided."


def _advice(page: Page, finding: Finding) -> str:
    """Return what verdicts advise that may be acted upon."""
    claims = resting(page, finding)
    if not claims or advice.why_not(page, claims):
        return ""
    holds = stands(page, finding) == "holds"
    says, harm = (finding.holds, cost(page, finding)) if holds else (finding.fails, "")
    beside = " (not confirmed at a larger scale)" * larger.unconfirmed(page, claims)
    return f"{says.removesuffix('.')}{beside}. {harm}".rstrip()


def _open(page: Page) -> list[str]:
    """Name the open primary claim that is cheapest to settle; nothing where none can be."""
    takes = [(c, _takes(c)) for c in page.primary_claims.values() if c.verdict == "inconclusive"]
    known = [(many / c.outcome.seeds, many, c) for c, many in takes if many]
    if not known:
        return []
    _, many, claim = min(known, key=lambda one: one[0])
    which = "open claim that is cheapest to settle" if len(takes) > 1 else "one open claim"
    unit, there = page.unit(claim), count(claim.outcome.seeds)
    return [
        f"The {which} is “{claim.says.rstrip('.')}”: {counted(many, unit)} instead of {there}"
        f" should settle it{_training(page, claim, many)}."
    ]


def _beyond(page: Page) -> list[str]:
    """Say which open primary claims would take more units than the data have."""
    still = [c for c in page.primary_claims.values() if c.verdict == "inconclusive"]
    beyond = [c for c in still if c.most_units]
    if not beyond:
        return []
    most = max(c.most_units or 0 for c in beyond)
    unit = several(page.sweep(beyond[0].sweep).unit)
    group = page.found.item_group if isinstance(page.found, Writeup) else ""
    one, every = len(beyond) == 1, len(beyond) == len(still)
    which = "All {} open claims" if every else "{} other open claims"
    if one:
        which = "The one open claim" if every else "One other open claim"
    return [
        f"{which.format(count(len(beyond)))} would take more {unit} than the {count(most)} of these"
        f" data: more {several(group) if group else 'data'} could settle {'it' if one else 'them'}."
    ]


def _takes(claim: Claim) -> int | None:
    """Return the units that should settle a claim, by one margin and by what was seen.

    None where that is not known, or so many are there.
    """
    plans = [plan.high for plan in (claim.seeds_needed, claim.seeds_as_seen) if plan]
    if claim.outcome.reason or not plans or None in plans:
        return None
    high = max(plan for plan in plans if plan is not None)
    return high if 0 < claim.outcome.seeds < high else None


def _training(page: Page, claim: Claim, takes: int) -> str:
    """Say how long the further units train, where the sweep's own runs tell."""
    sweep = page.sweep(claim.sweep)
    if not isinstance(sweep.found, SweepFound):
        return ""
    seconds = sum(run["seconds"] for run in sweep.training.values())
    more = duration(seconds * (takes / claim.outcome.seeds - 1))
    return f" (about {more} of further training)"
