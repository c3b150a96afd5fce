"""Decisions that follow from several claims: criteria, parts to keep, what to do next.

In: the verdicts of a page's claims. Out: tables and sentences whose words the verdicts choose.
Promised: what one claim leaves open, no decision that rests on it closes; what may not be acted
upon by `uphold.pages.advice` is told as not firm.
"""

from collections.abc import Iterable, Mapping, Sequence

from great_tables import GT
from IPython.display import Markdown

from uphold.analysis.model.writeup import Claim
from uphold.format import MISSING, counted, named
from uphold.pages import advice, first_screen
from uphold.pages.table import coloured, plain
from uphold.pages.verdicts import CELLS, ground, verdict
from uphold.pages.writeup import Page

KEEP, DROP, UNDECIDED = "keep", "drop", "undecided"
NOT_FIRM = "not firm"
OUTCOMES = {"supported": "pass", "refuted": "fail"}
COLOURS = {
    **CELLS,
    UNDECIDED: ground("inconclusive"),
    **dict.fromkeys(("pass", KEEP), ground("supported")),
    **dict.fromkeys(("fail", DROP), ground("refuted")),
    **dict.fromkeys(("pass, fragile", f"{KEEP}, fragile"), ground("supported", fragile=True)),
    **dict.fromkeys(("fail, fragile", f"{DROP}, fragile"), ground("refuted", fragile=True)),
}

Rule = tuple[str, str, str]
"""The claims that overall accuracy does not fall, that the low band gains, that the high one does
not lose."""


def first(page: Page, parts: Mapping[str, Rule], *chosen: str | Sequence[str]) -> Markdown:
    """Return the answers of the first screen, and as the last what the rule for keeping decides."""
    listed = first_screen.answers(page, *chosen).data
    return Markdown(f"{listed}\n- {in_short(page, parts)}")


def in_short(page: Page, parts: Mapping[str, Rule]) -> str:
    """Say which parts the rule keeps, drops and leaves open."""
    found = {compared(page, part, names): decided(page, names) for part, names in parts.items()}

    def of(word: str) -> list[str]:
        return [part for part, text in found.items() if text.split(".")[0] == word]

    kept, dropped = of(KEEP), of(DROP)
    said = [f"**Keep {named(kept)}.**" if kept else "**No part is shown to earn its place.**"]
    said.append(
        f"So says the declared rule; {f'drop {named(dropped)}' if dropped else 'it drops nothing'}."
    )
    again = [part for part in kept if found[part].endswith(advice.OPEN)]
    if len(again) == len(kept) > 1:
        said.append("A larger scale confirms none of these.")
        again = []
    shaky = [part for part, text in found.items() if NOT_FIRM in text]
    rest = {
        "Not confirmed at a larger scale": again,
        "Not firm enough to act on": shaky,
        "Undecided": of(UNDECIDED),
    }
    said += [f"{words}: {named(listed)}." for words, listed in rest.items() if listed]
    return " ".join(said)


def compared(page: Page, part: str, names: Sequence[str]) -> str:
    """Return a part with what was compared: a part may do something else beside other parts."""
    behind = page.claim(names[0]).behind
    if behind is None or len(behind.arms) != 2:
        return part
    base, arm = (one.removeprefix("arm ") for one in behind.arms)
    return f"{part} ({arm} against {base})"


def decided(page: Page, names: Rule) -> str:
    """Return what the rule says of a part, as far as it may be acted upon."""
    word, _, shaky = keep(*as_sure(page, names)).partition(", ")
    if word == UNDECIDED:
        return UNDECIDED
    verdict = "supported" if word == KEEP else "refuted"
    rests = [name for name in names if page.claim(name).verdict == verdict]
    if shaky:
        return f"{word}, {NOT_FIRM}: {advice.why_not(page, rests)}"
    return advice.given(page, [name for name in rests if advice.sure(page, name)], word)


def as_sure(page: Page, names: Iterable[str]) -> list[Claim]:
    """Return claims, fragile where anything keeps their verdicts from being acted upon."""
    return [
        page.claim(name).model_copy(update={"fragile": not advice.sure(page, name)})
        for name in names
    ]


def criteria(page: Page, runs: Mapping[str, Sequence[str]]) -> GT:
    """Whether each criterion is met, and each run all of its own.

    Parameters
    ----------
    page : Page
    runs : mapping of str to sequence of str
        Run to the names of the claims that are its criteria.
    """
    rows = []
    for run, names in runs.items():
        claims = [page.claim(name) for name in names]
        rows += [
            (run, c.says, _fragile(OUTCOMES.get(c.verdict, UNDECIDED), [c]), c.shown or MISSING)
            for c in claims
        ]
        rows.append((run, "all of them", met(claims), ""))
    widths = {"run": "10%", "criterion": "46%", "outcome": "17%", "gain (95 %)": "27%"}
    return coloured(plain(rows, list(widths)), COLOURS).cols_width(widths)


def met(claims: Sequence[Claim]) -> str:
    """Return whether all claims hold: ``pass``, ``fail`` where one does not, else undecided."""
    outcomes = {OUTCOMES.get(c.verdict, UNDECIDED) for c in claims}
    if "fail" in outcomes:
        failed = [c for c in claims if c.verdict == "refuted"]
        return _fragile("fail", failed if all(c.fragile for c in failed) else [])
    return UNDECIDED if UNDECIDED in outcomes else _fragile("pass", claims)


def kept(page: Page, parts: Mapping[str, Rule]) -> GT:
    """Whether each part is kept, by the rule for overall accuracy, low band and high band."""
    rows = [
        (
            compared(page, part, names),
            *(verdict(page.claim(name)) for name in names),
            decided(page, names),
        )
        for part, names in parts.items()
    ]
    heads = ["part", "overall does not fall", "low band gains", "high band holds", "decision"]
    return coloured(plain(rows, heads), COLOURS)


def keep(overall: Claim, low: Claim, high: Claim) -> str:
    """Return ``keep``, ``drop`` or ``undecided``: (overall or low) and high, each may be open."""
    either = [c.verdict for c in (overall, low)]
    if "supported" in either and high.verdict == "supported":
        # The part stays if one of the two holds, so that a fragile one beside a firm one is enough.
        holding = [c for c in (overall, low) if c.verdict == "supported"]
        firm = any(not c.fragile for c in holding)
        return _fragile(KEEP, [high] if firm else [*holding, high])
    if high.verdict == "refuted" and not high.fragile:
        return DROP
    if all(v == "refuted" for v in either):
        return _fragile(DROP, [overall, low])
    return _fragile(DROP, [high]) if high.verdict == "refuted" else UNDECIDED


def seeds(claims: Iterable[Claim]) -> str:
    """Say how many seeds it would take to decide what some claims leave open."""
    undecided = [c for c in claims if c.verdict == "inconclusive"]
    if not undecided:
        return ""
    least = [
        _least(c, c.seeds_needed.low) for c in undecided if c.seeds_needed and c.seeds_needed.low
    ]
    if len(least) < len(undecided):
        return "repeat it with less noise: no number of seeds can be given for all of it"
    return f"repeat it with {counted(max(least), 'seed')} at least"


def _least(claim: Claim, low: int) -> int:
    """Return a number of seeds that is none of those which left the claim open."""
    least = max(low, (claim.outcome.seeds or 0) + 1)
    return min((n for n in claim.looks if n >= least), default=least)


def _fragile(word: str, claims: Iterable[Claim]) -> str:
    shaky = word != UNDECIDED and any(c.fragile for c in claims)
    return f"{word}, fragile" if shaky else word
