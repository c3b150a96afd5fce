"""What stands at the head of a page: what was run, the answers, how many verdicts there are.

In: the page's analysis. Out: a line, a list, a line. Each answer is the claim with its sentence of
two lines, as it was judged; nothing is decided here.
"""

import re
from collections import Counter
from collections.abc import Sequence

from IPython.display import Markdown

from uphold.analysis.model.writeup import Claim
from uphold.format import count, counted, exact, named
from uphold.pages import claim_tables, larger, replicated, say
from uphold.pages.say import held_against
from uphold.pages.verdicts import LOOKS
from uphold.pages.writeup import Page

NBSP = "\N{NO-BREAK SPACE}"
NOT_TESTED = "not tested"
FEW = 2
"""So many verdicts that did not hold are named."""
MOST = 5
"""So many answers stand at the head of a page that does not choose them."""


def answers(page: Page, *chosen: str | Sequence[str]) -> Markdown:
    """Return a list of answers.

    Parameters
    ----------
    page : Page
    *chosen : str or sequence of str
        Claims by their ids, an entry each; of several in one entry the first is answered, and the
        others stand beside it. By default the primary claims, decided ones first.

    Raises
    ------
    InputError
        Where the write-up has no such claim.
    """
    entries = [[one] if isinstance(one, str) else list(one) for one in chosen]
    lines = [_answer(page, entry) for entry in entries or _primary(page)]
    return Markdown("\n".join(lines) or "- Nothing was claimed about these runs.")


def _primary(page: Page) -> list[list[str]]:
    """Return the first claims to be answered: primary ones before others, decided ones first."""
    claims = claim_tables.in_order(page)
    order = sorted(claims, key=lambda k: (claims[k].role, claims[k].verdict == "inconclusive"))
    return [[key] for key in order[:MOST]]


def _answer(page: Page, keys: Sequence[str]) -> str:
    """Return a claim's entry, and below it those that stand beside it, by their answers alone."""
    first, *others = ((page.claim(key), _more(page, key)) for key in keys)
    beside = (f"  {_entry(claim, claim.answer, more)}" for claim, more in others)
    return "\n".join([answer(*first), *beside])


def answer(claim: Claim, more: str = "") -> str:
    """Return the answer to a claim as an entry of a list, with what else there is to say."""
    return _entry(claim, claim.brief, more)


def _entry(claim: Claim, brief: str, more: str) -> str:
    found, _, rest = brief.partition(": ")
    text = escaped(f"{rest} {more}".strip())
    return f"- **{escaped(found)}.** *{escaped(claim.says.strip().rstrip('.'))}:* {text}"


def _more(page: Page, key: str) -> str:
    """Return what else belongs to a verdict: its margin, the audit, fresh seeds, a larger scale."""
    claim = page.claim(key)
    within = _within(page, claim) if claim.verdict == "equivalent" else ""
    # What could not be tested says why itself.
    against = "" if claim.outcome.reason else held_against(page, key)
    fresh, turns = replicated.beside(page, key), larger.beside(page, key)
    return " ".join(filter(None, [within, against, fresh, turns]))


def _within(page: Page, claim: Claim) -> str:
    """Return within what an effect on another metric than the leading one is; that one is known."""
    if claim.metric == page.primary or claim.outcome.ratio or claim.outcome.anova is not None:
        return ""
    return f"The effect is within ±{exact(page.margin(claim.metric))} ({page.label(claim.metric)})."


def counts(page: Page) -> Markdown:
    """Return how many claims came to each verdict, and how many verdicts held on fresh seeds."""
    parts = []
    for role, noun in (("primary", "primary claim"), ("secondary", "exploratory one")):
        claims = [c for c in page.found.claims.values() if c.role == role]
        if claims:
            parts.append(f"{counted(len(claims), noun)}: {of_verdicts(claims)}")
    text = "; ".join(parts) + "." if parts else "No claims."
    return Markdown(" ".join(filter(None, [text, held(page), larger.briefly(page)])))


def on_what(page: Page) -> str:
    """Say how to read the answers, and on which data and scale they rest, below their picture."""
    several = len(page.found.claims) > 1
    rule = "Verdicts allow for the number of claims; the intervals shown do not." * several
    return f"{rule} {say.made_by(page)}".strip()


def of_verdicts(claims: Sequence[Claim]) -> str:
    """Return how many claims came to each verdict, with its mark."""
    many = Counter(NOT_TESTED if c.outcome.reason else str(c.verdict) for c in claims)
    parts = [
        f"{look.mark}{NBSP}**{count(many[of])}** {look.word}"
        for of, look in LOOKS.items()
        if many[of]
    ]
    if many[NOT_TESTED]:
        parts.append(f"**{count(many[NOT_TESTED])}** {NOT_TESTED}")
    return named(parts)


def held(page: Page) -> str:
    """Say how many decisive verdicts held on fresh seeds; nothing where none was tried."""
    tried = replicated.on_fresh_seeds(page).values() if replicated.any_tried(page) else ()
    outcomes = Counter(one.outcome for one in tried)
    if not outcomes:
        return ""
    if outcomes.total() == 1:
        held_or_not = "held" if outcomes["held"] else "did not hold"
        return f"The one decisive verdict {held_or_not} on fresh seeds."
    many = f"{count(outcomes['held'])} of {count(outcomes.total())}"
    if outcomes["held"] == outcomes.total():
        many = "Both" if outcomes.total() == 2 else f"All {count(outcomes.total())}"
    against = f", {count(outcomes['contradicted'])} turned round" * bool(outcomes["contradicted"])
    return f"{many} decisive verdicts held on fresh seeds{against}{_not_held(page)}."


def _not_held(page: Page) -> str:
    """Name the verdicts that did not hold on fresh seeds where they are few."""
    tried = replicated.on_fresh_seeds(page)
    others = [
        page.claim(key).says.rstrip(".") for key, one in tried.items() if one.outcome != "held"
    ]
    if not 0 < len(others) <= FEW:
        return ""
    which = "the one" if len(others) == 1 else "those"
    return f"; {which} on {escaped(named([f'“{says}”' for says in others]))} did not"


def escaped(text: str) -> str:
    """Return a text for Markdown in which no character is a mark."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~^$@'\"=:])", r"\\\1", text)
