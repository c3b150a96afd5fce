"""Changes → Markdown for a pull request: a sentence first, then tables that are kept short."""

from collections import Counter
from collections.abc import Iterator, Sequence

from uphold.comparison import reasons
from uphold.comparison.changes import CameAndWent, Changes
from uphold.comparison.scores import Compared
from uphold.comparison.shown import code, digits_for, estimate, plain, words
from uphold.comparison.verdicts import Verdict
from uphold.format import count, counted, difference, p_value

MOST_ROWS = 10
MOST_FLIPPED = 5
"""Rows of what is no alarm."""
MOST_ALIKE = 3
"""Rows of one score of one write-up."""
MOST_NAMED = 3


def markdown(changes: Changes) -> str:
    """Return what changed, the first line a sentence that sums it up."""
    return "\n".join([summary(changes), *_sections(changes)])


def summary(changes: Changes) -> str:
    """Return the whole in one sentence."""
    a, b = code(changes.before.name), code(changes.after.name)
    scores = len(changes.scores) + changes.unchanged
    if not (changes.verdicts or changes.scores or changes.without_spread or _others(changes)):
        same = f"{counted(changes.judged, 'verdict')} and {counted(scores, 'score')}"
        return f"Nothing changed from {a} to {b}: {same} are the same."
    if not (changes.judged or scores):
        return f"Nothing to compare: {a} and {b} have no claim and no score in common."
    verdicts = (
        f"{count(len(changes.alarming))} of {counted(changes.judged, 'verdict')} changed by more"
        f" than noise, {count(len(changes.flipped))} within it"
    )
    moved = f"{count(len(changes.moved))} of {counted(scores, 'score')} moved by more than noise"
    return f"{'Alarm' if changes.alarm else 'No alarm'} from {a} to {b}: {verdicts}; {moved}."


def _sections(changes: Changes) -> Iterator[str]:
    yield from _verdicts(
        changes, "Verdicts that changed by more than noise", changes.alarming, MOST_ROWS
    )
    flipped = "Verdicts that flipped within noise: no alarm"
    yield from _verdicts(changes, flipped, changes.flipped, MOST_FLIPPED)
    yield from _scores(changes)
    others = _others(changes)
    if others:
        yield from ["", "### What came and went", "", *others]
    if changes.behind:
        yield from ["", "### What stands behind it", ""]
        for writeup, found in changes.behind.items():
            yield f"- **{words(writeup)}**: {'; '.join(reasons.of_page(found))}."


def _verdicts(changes: Changes, title: str, found: Sequence[Verdict], most: int) -> Iterator[str]:
    if not found:
        return
    yield from ["", f"### {title}", ""]
    yield "| claim | verdict | estimate before | after | why |"
    yield "|---|---|---|---|---|"
    for one in found[:most]:
        a, b = one.before, one.after
        cells = (
            _claim(changes, one),
            f"{words(a.verdict)} → **{words(b.verdict)}**",
            estimate(a.estimate, a.ci_low, a.ci_high),
            estimate(b.estimate, b.ci_low, b.ci_high),
            "; ".join(reasons.of_verdict(changes, one)),
        )
        yield _row(*cells)
    rest = Counter(code(one.writeup) for one in found[most:])
    yield from _more(rest, "claim")


def _claim(changes: Changes, one: Verdict) -> str:
    declared = changes.declared.get((one.writeup, one.claim))
    place = code(_with(one.writeup, one.claim))
    return f"{words(declared.says)} {place}" if declared and declared.says else place


def _scores(changes: Changes) -> Iterator[str]:
    moved = changes.moved
    if moved:
        yield from ["", "### Scores that moved by more than noise", ""]
        yield "| configuration | score | before | after | difference (95 % interval) | adjusted p |"
        yield "|---|---|---|---|---|---|"
        shown = _first(moved)
        for one, p in shown:
            digits = digits_for(one.difference)
            ends = one.difference
            step = plain(ends.value, digits) if not ends.ci_high > ends.ci_low else None
            yield _row(
                _place(one),
                code(one.metric),
                plain(one.before.mean, digits),
                plain(one.after.mean, digits),
                step or difference(_Value(one), digits),
                p_value(p),
            )
        left = [one for one, p in moved if (one, p) not in shown]
        rest = Counter(code(_with(one.writeup, one.metric)) for one in left)
        yield from _more(rest, "score")
    yield from ["", *_told(changes)]


def _first(moved: Sequence[tuple[Compared, float]]) -> list[tuple[Compared, float]]:
    """Return the first rows, few of one score: where it moved everywhere, three say so."""
    alike: Counter[tuple[str, str]] = Counter()
    shown: list[tuple[Compared, float]] = []
    for one, p in moved:
        alike[one.writeup, one.metric] += 1
        if alike[one.writeup, one.metric] <= MOST_ALIKE and len(shown) < MOST_ROWS:
            shown.append((one, p))
    return shown


def _told(changes: Changes) -> Iterator[str]:
    """Say what was compared and did not move, and what could not be compared."""
    parts = []
    still = len(changes.scores) - len(changes.moved)
    if changes.scores:
        parts.append(
            f"{counted(still, 'score')} of {count(len(changes.scores))} that were compared did not"
            " move by more than noise"
        )
    if changes.unchanged:
        parts.append(f"{counted(changes.unchanged, 'score')} are the same to the last figure")
    if changes.without_spread:
        many = len(changes.without_spread)
        parts.append(
            f"{counted(many, 'score')} differ{'s' if many == 1 else ''} and cannot be compared,"
            " since a side has no spread over seeds"
        )
    if parts:
        yield f"{'; '.join(parts)}."


class _Value:
    def __init__(self, one: Compared) -> None:
        self.value = one.difference.value
        self.ci_low, self.ci_high = one.difference.ci_low, one.difference.ci_high


def _others(changes: Changes) -> list[str]:
    """Return a line for each kind of thing that one side has alone."""
    kinds = {
        "write-up": changes.writeups,
        "claim": changes.claims,
        "configuration": changes.configurations,
    }
    lines = [line for noun, found in kinds.items() for line in _came_and_went(noun, found)]
    promoted = changes.promoted
    if promoted:
        lines.append(f"- {counted(len(promoted), 'sweep')} promoted another configuration:")
        lines += [
            f"    - {code(_with(one.writeup, one.sweep))}: {code(one.before)} → {code(one.after)}"
            for one in promoted[:MOST_NAMED]
        ]
    if len(promoted) > MOST_NAMED:
        lines.append(f"    - and {count(len(promoted) - MOST_NAMED)} more.")
    return lines


def _came_and_went(noun: str, found: CameAndWent) -> Iterator[str]:
    for named, verb in ((found.came, "came"), (found.went, "went")):
        if named:
            shown = ", ".join(code(_with(*pair)) for pair in named[:MOST_NAMED])
            more = len(named) - MOST_NAMED
            rest = f" and {count(more)} more" if more > 0 else ""
            yield f"- {counted(len(named), noun)} {verb}: {shown}{rest}."


def _place(one: Compared) -> str:
    return code(_with(one.writeup, one.configuration))


def _with(writeup: str, name: str) -> str:
    """Return a name with its write-up in front, but where a sweep of that name stands there."""
    return f"{writeup}: {name}" if writeup and not name.startswith(f"{writeup}: ") else name


def _more(rest: Counter[str], noun: str) -> Iterator[str]:
    if rest:
        most = rest.most_common(2 * MOST_NAMED)
        listed = ", ".join(f"{name} {many}" for name, many in most if name != "``")
        others = len(rest) - len(most)
        tail = f", and {others} other kinds" if others > 0 else ""
        yield ""
        yield f"And {counted(rest.total(), 'more ' + noun)}" + (
            f": {listed}{tail}." if listed else "."
        )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
