"""Claims of a page that were judged before with other numbers of units than were declared.

In: the page's claims, and with how many units each was judged before (the stage ``register`` wrote
it). Out: sentences, the claims that have the same to say together. Promised: one number of units is
no second look, and declared looks are as many as one likes.
"""

from collections.abc import Iterator, Sequence

from uphold.analysis.model.found import read
from uphold.claims.standing import Registered
from uphold.format import count, counted
from uphold.pages.writeup import Page

FEW = 3
"""So many claims are named in running text; more are counted there, and named by the audit."""


def sentences(page: Page, found: Registered) -> Iterator[str]:
    """Say which claims were judged again at numbers that no one declared."""
    for words, names in _by_words(page, found).items():
        yield f"{words}: {_named(page, names)}."


def summary(page: Page, found: Registered) -> Iterator[str]:
    """Say the same in short: many claims are counted, and named in the audit's table alone."""
    for words, names in _by_words(page, found).items():
        few = len(names) <= FEW
        named = _named(page, names) if few else f"{counted(len(names), 'claim')} (see the audit)"
        yield f"{words}: {named}."


def brief(page: Page, found: Registered) -> str:
    """Say of how many claims there is something to say, or nothing."""
    many = sum(map(len, _by_words(page, found).values()))
    were = "claim was" if many == 1 else "claims were"
    return f"{count(many)} {were} judged again after looks that the tests do not control." * bool(
        many
    )


def _named(page: Page, names: Sequence[str]) -> str:
    return ", ".join(f"“{page.found.claims[name].says.rstrip('.')}”" for name in names)


def _by_words(page: Page, found: Registered) -> dict[str, list[str]]:
    """Return the claims that were judged again, by what there is to say of them."""
    by_words: dict[str, list[str]] = {}
    for name, claim in page.found.claims.items():
        before = found.judged.get(name)
        if not before:
            continue
        now, unit = claim.outcome.seeds, page.sweep(claim.sweep).unit
        if words := again(before, now, found.looks[name], unit):
            by_words.setdefault(words, []).append(name)
    return by_words


def row(page: Page) -> tuple[tuple[str, str, str, str, str], ...]:
    """Return the line of the audit's table, none where nothing was judged again."""
    path = page.root / "results" / "registration" / f"{page.name}.json"
    if not path.is_file():
        return ()
    found = read(Registered, path, "dvc repro register")
    told = list(sentences(page, found))
    many = sum(map(len, _by_words(page, found).values()))
    row = ("all sweeps", "judged-again", "warning", counted(many, "claim"), " ".join(told))
    return (row,) * bool(told)


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
