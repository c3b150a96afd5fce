"""A verdict that changed, or a page → why, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from uphold.comparison.causes import Causes
from uphold.comparison.changes import Changes
from uphold.comparison.findings import Judged
from uphold.comparison.shown import cut, digits_for
from uphold.comparison.verdicts import Verdict
from uphold.error_rates import ALPHA
from uphold.format import counted, difference, exact, level, p_text

MOST_NAMED = 4
FINE = 1000
"""What moves by less than this part of its interval is the same to a reader."""


def of_verdict(changes: Changes, verdict: Verdict) -> list[str]:
    """Return why a verdict is another one, what is known of its own cause first."""
    return [*_declared(changes, verdict), *_seeds(changes, verdict), _noise(changes, verdict)]


def of_page(found: Causes) -> list[str]:
    """Return what changed behind a write-up, in phrases, the most telling first."""
    if not found.known:
        return ["dvc.lock does not tell at both revisions"]
    settings = [f"`{key}` {_step(*pair)}" for (_, key), pair in found.settings.items()]
    of = ", ".join(sorted({file for file, _ in found.settings}))
    files = {
        stage: counted(len(paths), "file") if len(paths) > 1 else f"`{next(iter(paths))}`"
        for stage, paths in found.code.items()
    }
    parts = {
        "data": _named([f"`{path}`" for path in sorted(found.data)]),
        f"settings in {of}": _named(settings),
        "seeds": _named([f"{sweep} {_of_seeds(*pair)}" for sweep, pair in found.seeds.items()]),
        "code": _named([f"{stage} ({text})" for stage, text in files.items()]),
    }
    return [f"{kind}: {text}" for kind, text in parts.items() if text] or [
        "neither data nor settings nor code"
    ]


def _declared(changes: Changes, verdict: Verdict) -> Iterator[str]:
    declared = changes.declared.get((verdict.writeup, verdict.claim))
    if declared is None:
        return
    for part, (before, after) in declared.parts.items():
        if part == "words":
            yield "its words changed"
        else:
            yield f"its {part} changed ({_step(before, after)})"
    if not declared.same_test:
        yield "another test stands behind the name now"


def _seeds(changes: Changes, verdict: Verdict) -> Iterator[str]:
    a, b = verdict.before.units, verdict.after.units
    known = verdict.before.seeds_known and verdict.after.seeds_known
    if a != b and known:
        yield f"{'more' if b > a else 'fewer'} seeds ({a} → {b})"
    elif changes.before.seeds != changes.after.seeds:
        yield f"other seeds ({a} on each side)"


def _noise(changes: Changes, verdict: Verdict) -> str:
    a, b = verdict.before, verdict.after
    if verdict.became_void:
        return "it can no longer be tested"
    if _same(a, b):
        steps = f"{p_text(a.p_adjusted)} → {p_text(b.p_adjusted)}"
        return f"the estimate is the same; adjusted {steps}"
    if a.verdict == "void":
        return "it could not be tested before"
    if verdict.difference is None:
        return "without intervals to compare, noise may be all of it"
    found = verdict.difference
    text = difference(_Estimated(found.value, found.ci_low, found.ci_high), digits_for(found))
    p = next(p for one, p in changes.verdicts if one is verdict)
    if p is not None and p < ALPHA:
        return f"the estimate moved by {text}, more than noise"
    return f"nothing but noise: the estimate moved by {text}"


def _same(a: Judged, b: Judged) -> bool:
    """Return whether estimate and interval are the same, but for what no table would show."""
    pairs = ((a.estimate, b.estimate), (a.ci_low, b.ci_low), (a.ci_high, b.ci_high))
    known = [(x, y) for x, y in pairs if x is not None and y is not None]
    width = 0.0 if a.ci_low is None or a.ci_high is None else a.ci_high - a.ci_low
    return len(known) == len(pairs) and all(abs(x - y) <= width / FINE for x, y in known)


class _Estimated:
    def __init__(self, value: float, ci_low: float, ci_high: float) -> None:
        self.value, self.ci_low, self.ci_high = value, ci_low, ci_high


def _of_seeds(before: Any, after: Any) -> str:
    if not isinstance(before, list) or not isinstance(after, list):
        return _step(before, after)
    if len(before) != len(after):
        more = "more" if len(after) > len(before) else "fewer"
        return f"{more} ({len(before)} → {len(after)})"
    shared = len({*map(str, before)} & {*map(str, after)})
    return (
        f"others ({len(after)}, {shared} of them as before)" if shared else f"others ({len(after)})"
    )


def _step(before: Any, after: Any) -> str:
    return f"{_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return exact(value)
    if isinstance(value, Mapping):
        return cut(", ".join(f"{key}: {_value(one)}" for key, one in value.items()), 40)
    return "none" if value is None else cut(level(value), 40)


def _named(texts: list[str]) -> str:
    more = len(texts) - MOST_NAMED
    return ", ".join(texts[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
