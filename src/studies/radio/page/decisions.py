"""Decisions that follow from several claims: answers, criteria, parts to keep, what to do next.

In: the verdicts of a page's claims. Out: tables and sentences whose words the verdicts choose.
Promised: what one claim leaves open, no decision that rests on it closes.
"""

from collections.abc import Iterable, Mapping, Sequence

from great_tables import GT

from uphold.analysis.model.writeup import Claim, SeedsNeeded
from uphold.error_rates import MOST_SEEDS
from uphold.errors import InputError, nearest
from uphold.format import MISSING, count, counted, difference
from uphold.pages import larger, say
from uphold.pages.table import coloured, plain
from uphold.pages.verdicts import CELLS, ground, verdict
from uphold.pages.writeup import Page

UNDECIDED = "undecided"
ANSWERS = {
    "supported": "yes",
    "refuted": "no",
    "equivalent": "no difference",
    "inconclusive": UNDECIDED,
}
OUTCOMES = {"supported": "pass", "refuted": "fail"}
YES, NO = ("yes", "pass", "keep"), ("no", "fail", "drop")
COLOURS = {
    **CELLS,
    **{word: ground("supported") for word in YES},
    **{word: ground("refuted") for word in NO},
    **{f"{word}, fragile": ground("supported", fragile=True) for word in YES},
    **{f"{word}, fragile": ground("refuted", fragile=True) for word in NO},
    "no difference": ground("equivalent"),
    "no difference, fragile": ground("equivalent", fragile=True),
    UNDECIDED: ground("inconclusive"),
}

Rule = tuple[str, str, str]
"""The claims that overall accuracy does not fall, that the low band gains, that the high one does
not lose."""


def answers(page: Page, questions: Mapping[str, str]) -> GT:
    """Each question's claim, the answer that its verdict gives, and the estimate behind it.

    Parameters
    ----------
    page : Page
    questions : mapping of str to str
        What is asked about to the name of the claim that answers.
    """
    rows = [
        (about, c.says, _answer(page, questions[about], c), estimate(page, c))
        for about, c in _named(page, questions).items()
    ]
    widths = {"about": "18%", "claim": "38%", "does it hold?": "18%", "estimate (95 %)": "26%"}
    return coloured(plain(rows, list(widths)), COLOURS).cols_width(widths)


def answered(page: Page, questions: Mapping[str, str]) -> str:
    """Say how many questions the runs answer, and how: no difference is none that matters."""
    by_answer: dict[str, list[str]] = {}
    for about, c in _named(page, questions).items():
        turns = larger.mark(page, questions[about])
        by_answer.setdefault(ANSWERS[c.verdict], []).append(about + turns)
    known = len(questions) - len(by_answer.get(UNDECIDED, []))
    text = f"Of {counted(len(questions), 'question')} these runs answer {known or 'none'}."
    for word in ANSWERS.values():
        if word in by_answer:
            text += f" {word.capitalize()}: {'; '.join(by_answer[word])}."
    return text


def verdicts(page: Page, *claims: str) -> GT:
    """Some of the claims, in few words: verdict and estimate."""
    rows = [
        (c.says, verdict(c), estimate(page, c), _seeds(c))
        for c in (_claim(page, name) for name in claims)
    ]
    widths = {"claim": "42%", "verdict": "17%", "estimate (95 %)": "27%", "seeds it takes": "14%"}
    return coloured(plain(rows, list(widths)), COLOURS).cols_width(widths)


def interpretation(page: Page, *claims: str) -> str:
    """Say what some of the claims come to, verdict by verdict."""
    return say.verdict_by_verdict(page, {name: _claim(page, name) for name in claims})


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
        claims = [_claim(page, name) for name in names]
        rows += [
            (run, c.says, _fragile(OUTCOMES.get(c.verdict, UNDECIDED), [c]),
             estimate(page, c))
            for c in claims
        ]  # fmt: skip
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
    rows = []
    for part, names in parts.items():
        claims = [_claim(page, name) for name in names]
        decision = larger.advised(page, names, keep(*claims))
        rows.append((part, *map(verdict, claims), decision))
    heads = ["part", "overall does not fall", "low band gains", "high band holds", "decision"]
    return coloured(plain(rows, heads), COLOURS)


def keep(overall: Claim, low: Claim, high: Claim) -> str:
    """Return ``keep``, ``drop`` or ``undecided``: (overall or low) and high, each may be open."""
    either = [c.verdict for c in (overall, low)]
    if "supported" in either and high.verdict == "supported":
        # The part stays if one of the two holds, so that a fragile one beside a firm one is enough.
        holding = [c for c in (overall, low) if c.verdict == "supported"]
        firm = any(not c.fragile for c in holding)
        return _fragile("keep", [high] if firm else [*holding, high])
    if high.verdict == "refuted" and not high.fragile:
        return "drop"
    if all(v == "refuted" for v in either):
        return _fragile("drop", [overall, low])
    return _fragile("drop", [high]) if high.verdict == "refuted" else UNDECIDED


def estimate(page: Page, claim: Claim) -> str:
    """Return what a claim rests on: a difference with its interval."""
    outcome = claim.outcome
    if outcome.value is None:
        return MISSING
    return difference(outcome, page.digits(claim.metric))


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


def _seeds(claim: Claim) -> str:
    if claim.verdict != "inconclusive":
        return ""
    if claim.seeds_needed is None:
        return MISSING
    seen = claim.seeds_as_seen
    other = seen is not None and seen != claim.seeds_needed
    return _range(claim.seeds_needed) + (f"; as seen {_range(seen)}" if seen and other else "")


def _range(needed: SeedsNeeded) -> str:
    low, high = (count(end) if end else f"> {MOST_SEEDS}" for end in (needed.low, needed.high))
    return low if low == high else f"{low} to {high}"


def _fragile(word: str, claims: Iterable[Claim]) -> str:
    shaky = word != UNDECIDED and any(c.fragile for c in claims)
    return f"{word}, fragile" if shaky else word


def _answer(page: Page, name: str, claim: Claim) -> str:
    """Return the answer that a verdict gives, unless it turns round at a larger scale."""
    answer = _fragile(ANSWERS[claim.verdict], [claim])
    return f"{answer} here, and turns round" if larger.mark(page, name) else answer


def _named(page: Page, questions: Mapping[str, str]) -> dict[str, Claim]:
    return {about: _claim(page, name) for about, name in questions.items()}


def _claim(page: Page, name: str) -> Claim:
    claims = page.found.claims
    if name not in claims:
        raise InputError(f"{page.name!r} makes no claim {name!r}.{nearest(name, claims)}")
    claim: Claim = claims[name]
    return claim
