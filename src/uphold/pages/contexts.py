"""Whether claims are about the contexts that were run, such as data sets, or about ones like them.

In: the claims of a page, and what is replicated. Out: sentences. Promised: ones like them are
spoken of only where they are the unit, so that their spread is in the error.
"""

import itertools
import re

from uphold.format import count, counted, name, several
from uphold.pages.writeup import Page

DRAWN = frozenset(
    {"dataset", "corpus", "task", "env", "environment", "benchmark", "domain", "subject", "patient"}
    | {"speaker", "actor", "recorder", "site", "game", "language", "fold", "problem", "instance"}
)
"""Words for what is drawn from many, so that one may wish to speak of others like them."""


def sentence(page: Page) -> str:
    """Say what effects are means over, and whether verdicts are about these contexts alone."""
    levels: dict[str, set[int]] = {}
    for claim in page.found.claims.values():
        for factor, many in claim.contexts.items():
            levels.setdefault(factor, set()).add(many)
    of = list(dict.fromkeys(sweep.unit for sweep in page.sweeps))
    parts = []
    if settings := [name(factor) for factor in levels if not _drawn(factor)]:
        parts.append(
            f"A claim that does not fix {_or(settings)} is about the mean over the levels that were"
            " run."
        )
    parts += [
        f"A claim that names no {name(factor)} is about {_these(name(factor), many)} taken"
        " together, not about others like them: for that, “replicate” would have to begin with"
        f" {factor}."
        for factor, many in levels.items()
        if _drawn(factor)
    ]
    parts += [
        f"{'Verdicts' if len(of) == 1 else f'Where the {unit} is the unit, verdicts'} are about"
        f" {several(unit)} like these."
        for unit in of
        if _drawn(unit)
    ]
    return " ".join(parts)


def _drawn(factor: str) -> bool:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", factor).lower()
    words = re.split(r"[^a-z]+", apart)
    pairs = {a + b for a, b in itertools.pairwise(words)}
    return bool({word.removesuffix("s") for word in {*words, *pairs}} & DRAWN)


def _these(noun: str, many: set[int]) -> str:
    """Return ``these 6 folds``, or where claims differ ``the folds of its runs (3 or 6)``."""
    *fewer, most = sorted(many)
    if not fewer:
        return f"these {counted(most, noun)}"
    return f"the {several(noun)} of its runs ({_or([count(one) for one in (*fewer, most)])})"


def _or(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
