"""Claims of a page that were judged before with other numbers of units than were declared.

In: the page's claims, and with how many units each was judged before (the stage ``register`` wrote
it). Out: sentences, the claims that have the same to say together. Promised: one number of units is
no second look, and declared looks are as many as one likes.
"""

from collections.abc import Iterator, Sequence

from uphold.analysis.model.found import read
from uphold.claims.standing import Registered
from uphold.format import counted
from uphold.pages.writeup import Page

FEW = 3
"""So many claims are named in running text; more are counted there, and named by the audit."""


def summary(page: Page, found: Registered) -> Iterator[str]:
    """Say which claims were judged again at numbers that no one declared.

    Many claims are counted, and named in the audit's table alone.
    """
    for words, names in _by_words(page, found).items():
        few = len(names) <= FEW
        named = _named(page, names) if few else f"{counted(len(names), 'claim')} (see the audit)"
        yield f"{words}: {named}."


def names(page: Page, found: Registered) -> list[str]:
    """Return the claims that were judged again at numbers that no one declared."""
    return [name for names in _by_words(page, found).values() for name in names]


def _named(page: Page, names: Sequence[str]) -> str:
    return ", ".join(f"“{page.found.claims[name].says.rstrip('.')}”" for name in names)


def _by_words(page: Page, found: Registered) -> dict[str, list[str]]:
    """Return the claims that were judged again, by what there is to say of them."""
    by_words: dict[str, list[str]] = {}
    for name, claim in page.found.claims.items():
        before = found.judged.get(name)
        if not before:
            continue
        now, unit = claim.outcome.seeds, page.unit(claim)
        if words := again(before, now, found.looks[name], unit):
            by_words.setdefault(words, []).append(name)
    return by_words


def rows(page: Page) -> list[tuple[str, str, str, str, str]]:
    """Return the lines of the audit's table, one for what there is to say of some claims."""
    path = page.root / "results" / "registration" / f"{page.name}.json"
    if not path.is_file():
        return []
    found = read(Registered, path, "dvc repro register")
    return [
        ("all sweeps", "judged-again", "warning", counted(len(names), "claim"),
         f"{words}: {_all_but(page, names)}.")
        for words, names in _by_words(page, found).items()
    ]  # fmt: skip


def _all_but(page: Page, names: Sequence[str]) -> str:
    """Name claims; of most of a page's those that are left out, as the shorter list."""
    others = [name for name in page.found.claims if name not in names]
    if len(names) <= max(FEW, len(others)):
        return _named(page, names)
    left = f" but {_named(page, others)}" if others else ""
    return f"all {counted(len(page.found.claims), 'claim')}{left}"


def again(before: list[int], now: int, looks: list[int], unit: str) -> str:
    """Return what there is to say of one claim, or nothing.

    Parameters
    ----------
    before : list of int
        With how many units it was judged, as committed.
    now : int
        With how many it is judged here.
    looks : list of int
        The declared numbers.
    unit : str
    """
    earlier = list(dict.fromkeys(number for number in before if number != now))
    if not earlier or {*earlier, now} <= set(looks):
        return ""
    numbers = " and ".join(filter(None, [", ".join(map(str, earlier[:-1])), str(earlier[-1])]))
    declared = ", ".join(str(number) for number in (*earlier, now) if number in looks) or "none"
    return (
        f"Judged again after {counted(len(earlier), 'look')}, not controlled"
        f" (with {numbers} {unit}s before and {now} now; declared: {declared})"
    )
