"""At which of their declared looks a page's claims and effects stand, and what comes next.

In: the claims of a page. Out: sentences, nothing where no looks were declared. Promised: looks that
are the same for all of the page's claims are told once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from uphold.analysis.model.writeup import Claim
from uphold.format import counted, several
from uphold.pages.writeup import Page

Plan = tuple[tuple[int, ...], str]
"""The looks, and what their units are called."""


def sentence(page: Page) -> str:
    """Say at which look of which plan claims stand, and what comes next."""
    claims = list(page.found.claims.values())
    plans: dict[Plan, list[Claim]] = {}
    for claim in claims:
        if claim.looks:
            plan = tuple(claim.looks), page.sweep(claim.sweep).unit
            plans.setdefault(plan, []).append(claim)
    parts: list[str] = []
    for plan, of in plans.items():
        about = "" if len(of) == len(claims) else _about(page, of)
        parts += [_declared(plan, about), *_standing(plan, of)]
    return " ".join([*parts, runs_shown(page)]).strip()


def runs_shown(page: Page) -> str:
    """Say which runs tables of effects are over, nothing where no looks were declared."""
    if not any(claim.looks for claim in page.found.claims.values()):
        return ""
    return (
        "Tables of effects and of variance are over the runs of the look that all runs compared"
        " have come to; means, rankings and what cannot be told from the best are over all runs."
    )


def _about(page: Page, claims: Sequence[Claim]) -> str:
    titles = dict.fromkeys(f"“{page.sweep(claim.sweep).title}”" for claim in claims)
    return f" on {_listed(list(titles))}"


def _declared(plan: Plan, about: str) -> str:
    looks, unit = plan
    if len(looks) == 1:
        return f"Claims{about} are judged at one declared look, at {counted(looks[0], unit)}."
    return (
        f"Claims{about} are judged at declared looks, at {_listed(list(map(str, looks)))}"
        f" {several(unit)}, and the error rate holds over all of them together."
    )


def _standing(plan: Plan, claims: Sequence[Claim]) -> Iterator[str]:
    looks, unit = plan
    first, last = looks[0], looks[-1]
    groups = Counter((c.look, 0 if c.look else c.next_look or last + 1) for c in claims)
    for (look, waits_for), many in sorted(groups.items()):
        every = many == len(claims) and many > 1
        which = f"{'All ' * every}{counted(many, 'claim')}"
        one = many == 1
        if waits_for > first:
            when = f"now, with more than the {last} of the last look"
            if waits_for <= last:
                when = f"but at exactly {counted(waits_for, unit)}"
            yield (
                f"{which} {'rests' if one else 'rest'} on {several(unit)} in no known order:"
                f" nothing is decided of {'it' if one else 'them'} {when}."
            )
            continue
        if not look:
            yield (
                f"{which} {'has' if one else 'have'} not come to the first look: nothing is decided"
                f" of {'it' if one else 'them'} before {counted(first, unit)}."
            )
            continue
        after = next((n for n in looks if n > look), None)
        then = "the plan is used up"
        if after is not None:
            left = "if it is undecided" if one else "where they are undecided"
            then = f"{left}, {counted(after, unit)} are next"
        yield (
            f"{which} {'stands' if one else 'stand'} at look {looks.index(look) + 1} of"
            f" {len(looks)}, at {counted(look, unit)}; {then}."
        )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
