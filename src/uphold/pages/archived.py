"""The archived write-up that a page repeats: its sentences, judged by its own printed numbers.

In: the page's analysis, which holds what the published-only audit found. Out: a table, a line, and
numbers that it prints. Nothing is decided here.
"""

from collections import Counter
from collections.abc import Iterable

from great_tables import GT

from uphold.analysis.model.writeup import Claim
from uphold.archive.printed import range_in, read
from uphold.format import counted, difference, interval, number, p_text
from uphold.pages.table import coloured, plain
from uphold.pages.verdicts import ground, verdict
from uphold.pages.writeup import Page
from uphold.palette import colour

PRINTED = {
    "contradicted": colour("fails"),
    "not shown": colour("open"),
    "undecidable": colour("neutral"),
    "supported": ground("supported"),
}
HEADS = {
    "as archived": "27%",
    "what its own numbers say": "36%",
    "verdict": "13%",
    "our runs": "24%",
}
NO_CLAIM = "no claim of ours"


def sentences(page: Page) -> GT:
    """Each archived sentence, what its own numbers say, the verdict, and what our runs say."""
    rows = [
        (f"“{s.says}” ({s.section})", s.text, s.verdict, _ours(page, s.claims))
        for s in page.archived.sentences.values()
    ]
    return coloured(plain(rows, list(HEADS)), PRINTED).cols_width(HEADS)


def summary(page: Page) -> str:
    """Say which write-up was transcribed, and how many of its sentences its numbers carry."""
    found = page.archived
    verdicts = Counter(s.verdict for s in found.sentences.values())
    parts = [f"{verdicts[v]} {v}" for v in PRINTED if verdicts[v]]
    many = counted(sum(verdicts.values()), "sentence")
    was = "was" if sum(verdicts.values()) == 1 else "were"
    return f"{many} of it {was} transcribed. By its own printed numbers: {', '.join(parts)}."


def promised(page: Page, name: str) -> tuple[float, float]:
    """Return the two ends of the range that an archived sentence prints, in parts of 1."""
    low, high = range_in(page.archived.sentences[name].says)
    return low.value, high.value


def numbers(page: Page, table: str, column: str) -> list[float]:
    """Return a column of an archived table, in parts of 1."""
    return [read(row[column]).value for row in page.archived.tables[table]]


def _ours(page: Page, names: Iterable[str]) -> str:
    claims = [page.found.claims[name] for name in names]
    said = (f"{c.says.rstrip('.')}: {in_few_words(c, page.digits(c.metric))}" for c in claims)
    return "; ".join(said) or NO_CLAIM


def in_few_words(claim: Claim, digits: int) -> str:
    """Return a claim's verdict with what it rests on, in few words."""
    outcome = claim.outcome
    if outcome.value is not None and outcome.ci_low is not None:
        if outcome.ratio:
            return f"{verdict(claim)}, {number(outcome.value, 2)} × ({interval(outcome, 2)})"
        if claim.estimates == "mean":
            mean = number(outcome.value, digits)
            return f"{verdict(claim)}, {mean} ({interval(outcome, digits)})"
        return f"{verdict(claim)}, {difference(outcome, digits)}"
    if claim.p_adjusted is not None:
        return f"{verdict(claim)} (adjusted {p_text(claim.p_adjusted)})"
    return verdict(claim)
