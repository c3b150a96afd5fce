"""What the errors of claims come from: runs, test items, and groups of items such as recorders.

The table has the primary claims; what it cannot show for one of them, it says.
"""

from great_tables import GT

from uphold.analysis.model.writeup import Claim, OverItems
from uphold.format import MISSING, Bounded, count, counted, interval, percent
from uphold.pages.say import units
from uphold.pages.table import nothing, plain
from uphold.pages.writeup import Page

UNNAMED = "unspecified"
"""How a data card calls a group, or a label, that is not known."""

CONTAINED = "in it"
"""Of what the spread over units holds already, because each has items of its own."""


def table(page: Page) -> GT:
    """The primary claims: shares of the squared standard error, and an interval a kind of item."""
    if not _known(page):
        return nothing("claim", "what test items add is known of no primary claim")
    of, item, group = units(page), _items(page), _groups(page)
    shares = [f"{of[0] if len(of) == 1 else 'unit'}s", item]
    kinds = [f"on these {item}", f"on {item} like these"]
    if group:
        kinds[1] = f"on other {item} of the same {group}"
    if any("groups" in found.like_these for _, found in _known(page)):
        shares.append(group)
        kinds.append(f"on {item} and {group} like these")
    rows = [
        (c.says, *_shares(c.items_, len(shares)), *_intervals(page, c, len(kinds)))
        for c in page.primary_claims.values()
    ]
    heads = ["claim", *shares, *kinds]
    widths = ["30%", *["8%"] * len(shares)]
    widths += [f"{(70 - 8 * len(shares)) // len(kinds)}%"] * len(kinds)
    return plain(rows, heads).cols_width(dict(zip(heads, widths, strict=True)))


def _shares(found: OverItems | None, columns: int) -> list[str]:
    if found is None:
        return [MISSING] * columns
    if found.nested:
        return [percent(1.0), *[CONTAINED] * (columns - 1)]
    return [percent(share) for share in (found.seeds, found.items_, found.groups)][:columns]


def _intervals(page: Page, claim: Claim, columns: int) -> list[str]:
    digits, found = page.digits(claim.metric), claim.items_
    shown: list[Bounded | None] = [found.these if found else claim.outcome]
    shown += [found.like_these.get(kind) if found else None for kind in ("items", "groups")]
    return [
        MISSING if o is None or o.ci_low is None else interval(o, digits) for o in shown[:columns]
    ]


def sentence(page: Page) -> str:
    """Say which items verdicts are about, and how many would be the same on others like them."""
    known = _known(page)
    nested = [c for c, found in known if found.nested]
    if not known:
        return ""
    parts = [_own_items(page, nested, len(nested) == len(known))] if nested else []
    if len(nested) < len(known):
        also = ", unless their sentence says otherwise" * any(_others(c) for c, _ in known)
        verdicts = "The other verdicts" if nested else "Verdicts"
        parts.append(f"{verdicts} are about these {_items(page)}{also}.")
        parts += [_would_hold(page), _too_few(page)]
    return " ".join(filter(None, [*parts, _unknown(page)]))


def _own_items(page: Page, nested: list[Claim], all_: bool) -> str:
    """Say that the units of some claims have items of their own."""
    unit = " or ".join(dict.fromkeys(page.sweep(c.sweep).unit for c in nested))
    own = f"{_items(page)} and {_groups(page)}" if _groups(page) else _items(page)
    every = f"Every {unit}" if all_ else f"For {counted(len(nested), 'claim')} every {unit}"
    return (
        f"{every} has {own} of its own, so that intervals hold for {own} like these, and their"
        " share in the error cannot be told apart."
    )


def _would_hold(page: Page) -> str:
    """Say how many of the decisive verdicts would be the same on items like these."""
    decisive = [
        (c, found)
        for c, found in _known(page)
        if c.verdict != "inconclusive" and not found.nested and not _others(c)
    ]
    if not decisive:
        return ""
    where = f"{_items(page)} like these"
    if all("groups" in found.like_these for _, found in decisive):
        where = f"{_items(page)} and {_groups(page)} like these"
    elif _groups(page):
        where = f"other {_items(page)} of the same {_groups(page)}"
    held, of = sum(found.verdict == c.verdict for c, found in decisive), len(decisive)
    if of == 1:
        would = "would hold" if held else "would not hold"
        return f"The one decisive primary verdict about them {would} on {where}."
    all_ = "Both" if of == 2 else f"All {of}"
    which = all_ if held == of else f"{count(held) if held else 'None'} of the {of}"
    return f"{which} decisive primary verdicts about them would hold on {where}."


def _too_few(page: Page) -> str:
    """Say that the groups are too few to speak of others, where they are."""
    few = [
        found.counts["groups"]
        for _, found in _known(page)
        if not found.nested and "groups" in found.counts and "groups" not in found.like_these
    ]
    if not few:
        return ""
    group = page.writeup.item_group
    splits = page.writeup.data.get("splits", {}).values()
    if any(UNNAMED in part.get(f"{group}s", ()) for part in splits):
        known = {name for part in splits for name in part.get(f"{group}s", ())} - {UNNAMED}
        which = f"not every {_items(page)[:-1]} names its {group}" if known else ""
        return f"Nothing is said about other {group}s: {which or f'no {group} is named'}."
    are = "is" if max(few) == 1 else "are"
    return f"Nothing is said about other {group}s: there {are} only {count(max(few))}."


def _unknown(page: Page) -> str:
    """Say of which primary claims it is not known what other items would change, and why."""
    why = [_why(page, c) for c in page.primary_claims.values() if c.items_ is None]
    if not why:
        return ""
    reasons = ", ".join(dict.fromkeys(why))
    return (
        f"What other {_items(page)} would change is not known for"
        f" {counted(len(why), 'primary claim')} ({reasons})."
    )


def _why(page: Page, claim: Claim) -> str:
    others = {"share": "an analysis of variance", "mean": "a bound on several means"}
    if claim.outcome.reason:
        return "no test"
    return others.get(claim.estimates, f"{page.label(claim.metric)} is no mean over {_items(page)}")


def _items(page: Page) -> str:
    return f"{page.writeup.item}s"


def _groups(page: Page) -> str:
    return f"{page.writeup.item_group}s" if page.writeup.item_group else ""


def _known(page: Page) -> list[tuple[Claim, OverItems]]:
    return [(c, c.items_) for c in page.primary_claims.values() if c.items_ is not None]


def _others(claim: Claim) -> bool:
    return claim.about == "items-like-these"
