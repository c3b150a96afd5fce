"""What stood in git before the first results, and what changed later.

In: the page's claims, and what the stage ``register`` wrote of them. Out: a paragraph, which leads
with what changed of claims, margins, directions, designs and seeds, the same in short, and a table
of every change.
Promised: where the history does not tell, the page says so, and never that a claim stood; no change
is left out of the table.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from great_tables import GT

from uphold.analysis.model.found import read
from uphold.claims.standing import Change, Commit, Registered
from uphold.errors import InputError
from uphold.format import count, counted, level
from uphold.pages import judged_again
from uphold.pages.table import nothing, plain
from uphold.pages.writeup import Page

ROLE, MADE, SETTING = "role", "made", "setting "
SERIOUS = ("claim", "margin", "better", "design", "seeds")
"""What a reader has to know first, in this order; a claim's role alone apart."""
MOST_NAMES = 1
"""So many claims, or sweeps, are named in a sentence; the table names all."""
MOST_CHANGES = 3
"""So many changes are told in a sentence; the table tells all."""
FEW = 3
"""So many claims are named in the table even where they are more than half of a page's."""


class Row(NamedTuple):
    """Changes that say the same, made in one commit.

    Attributes
    ----------
    serious : bool
    words : str
    claims, sweeps : tuple of str
        What it was changed of.
    when : str
        The commit, in words.
    """

    serious: bool
    words: str
    claims: tuple[str, ...]
    sweeps: tuple[str, ...]
    when: str


def sentence(page: Page) -> str:
    """Say which claims stood in git before the first results, and what changed later."""
    found = _registered(page)
    if found.history == "none":
        return "Not known whether the claims stood before the results: there is no history in git."
    other = _of_other_data(found)
    rows = _rows(page, found)
    serious = [row for row in rows if row.serious]
    others = [row for row in rows if not row.serious]
    parts = []
    if serious:
        parts.append(f"{_heading(found, serious)}: {_listed(page, serious)}.")
    parts += _stood(page, found, serious)
    if others:
        parts.append(f"{'Other later' if serious else 'Later'} changes: {_listed(page, others)}.")
    elif _results(found) and all(sweep.known for sweep in found.sweeps.values()):
        parts.append("Scale, settings and training code are as they were.")
    return " ".join([*other, *parts, *judged_again.summary(page, found)])


def short(page: Page) -> str:
    """Say how many claims stand as they stood before the first results; `changes` has the rest."""
    found, claims = _registered(page), page.found.claims
    told = all(sweep.known and sweep.results for sweep in found.sweeps.values())
    if found.history == "none" or not told:
        return sentence(page)
    changed = {name for row in _rows(page, found) if row.serious for name in row.claims}
    stood = len(claims.keys() - changed)
    many = f"{count(stood) if stood else 'None'} of {counted(len(claims), 'claim')}"
    if stood == len(claims):
        many = f"All {counted(len(claims), 'claim')}"
    stand = "stand as they" if stood != 1 else "stands as it"
    parts = [f"{many} {stand} stood in git before the first results."]
    if again := judged_again.names(page, found):
        were = "claim was" if len(again) == 1 else "claims were"
        parts.append(
            f"{count(len(again))} {were} judged before, with other numbers of"
            f" {page.sweeps[0].unit}s and without declared looks."
        )
    return " ".join(parts)


def changes(page: Page) -> GT:
    """Everything that changed after the first results, what matters most first."""
    found = _registered(page)
    if found.history == "none":
        return nothing("change", "not known, since there is no history in git")
    rows = [
        (
            row.words,
            _said(page, row.claims) or _sweeps(page, row.sweeps, between="; ") or "all sweeps",
            row.when.removeprefix("commit "),
        )
        for row in _together(_rows(page, found))
    ]
    unknown = [name for name, sweep in found.sweeps.items() if not sweep.known]
    if unknown:
        reason = "not known, since older commits are missing (a shallow clone)"
        rows.append((reason, _sweeps(page, unknown, between="; ") or "all sweeps", "earlier"))
    if not rows:
        return nothing("change", "nothing has changed")
    table = plain(rows, ["change", "of", "commit"])
    return table.cols_width({"change": "34%", "of": "46%", "commit": "20%"})


def _of_other_data(found: Registered) -> Iterator[str]:
    """Yield a sentence on results in git that are of other data."""
    if found.others:
        also = "holds results of other data as well" if _results(found) else "is of other data"
        sources = f"the source there is {_and(found.others)}, here {found.source}"
        yield f"The history in git {also}: {sources}."


def _heading(found: Registered, serious: Sequence[Row]) -> str:
    results = set(map(str, _results(found)))
    if not results:
        return "Not committed as now"
    together = any(row.when in results for row in serious)
    return f"Changed {'with or ' * together}after the first results"


def _stood(page: Page, found: Registered, serious: Sequence[Row]) -> Iterator[str]:
    """Yield what is known of the claims that nothing serious was changed of."""
    changed = {name for row in serious for name in row.claims}
    designs = any(row.sweeps for row in serious)
    rest = {name: claim for name, claim in page.found.claims.items() if name not in changed}
    for state in STATES:
        of = [name for name, claim in rest.items() if _state(found, claim.sweep) == state]
        if not of:
            continue
        if len(of) < len(rest):
            which = f"{len(of)} of the {len(page.found.claims)}"
        else:
            which = "the other" if changed else "the" if len(of) == 1 else "all"
            which += f" {len(of)}" * (len(of) > 1)
        one = which in ("the", "the other")
        parts = ["margin", "direction"] if one else ["margins", "directions"]
        parts += ["design" if one else "designs"] * (not designs)
        what = (
            f"what {which} {'claim says' if one else 'claims say'}, {'its' if one else 'their'}"
            f" {_and(parts)}"
        )
        yield STATES[state].format(
            what=what,
            What=what[0].upper() + what[1:],
            commits="; ".join(map(str, _results(found))),
            these=" of these data" * bool(found.others),
        )


STATES = {
    "before": "{What} stood in git before the first results ({commits}) and have not changed.",
    "without": "{What} stand in git, where no results{these} are yet.",
    "unknown": "Not known whether {what} stood in git before the first results: older commits are"
    " missing (a shallow clone).",
}
"""What is said of claims by what the history tells of their sweep."""


def _state(found: Registered, sweep: str) -> str:
    standing = found.sweeps[sweep]
    if not standing.known:
        return "unknown"
    return "before" if standing.results else "without"


def _results(found: Registered) -> list[Commit]:
    """Return the first commits with results, each once, oldest first."""
    commits = {sweep.results for sweep in found.sweeps.values() if sweep.results and sweep.known}
    return sorted(commits, key=lambda commit: (commit.when, commit.name))


def _rows(page: Page, found: Registered) -> list[Row]:
    """Return every change, those together that say the same and were made in one commit."""
    grouped: dict[tuple[int, str, str], tuple[list[str], list[str]]] = {}

    def add(rank: int, words: str, when: str, *, claim: str = "", sweep: str = "") -> None:
        claims, sweeps = grouped.setdefault((rank, words, when), ([], []))
        claims += [claim] * bool(claim)
        sweeps += [sweep] * bool(sweep)

    for name in page.found.claims:
        for change in found.claims[name]:
            add(_rank(change), _words(page, change), _when(change.commit), claim=name)
    for change in found.dropped:
        add(_rank(change), _words(page, change), _when(change.commit), claim=change.name)
    for name, sweep in found.sweeps.items():
        for change in sweep.changes:
            add(_rank(change), _words(page, change), _when(change.commit), sweep=name)
        code = sweep.code
        if code.last:
            many = counted(code.commits, "commit")
            last = str(code.last).removeprefix("commit ")
            add(len(RANKS), f"training code, in {many}", f"the last {last}", sweep=name)
        if code.uncommitted:
            add(len(RANKS), "training code", _when(None), sweep=name)
    return [
        Row(rank < len(SERIOUS), words, tuple(claims), tuple(sweeps), when)
        for (rank, words, when), (claims, sweeps) in sorted(
            grouped.items(), key=lambda item: item[0][0]
        )
    ]


RANKS = (*SERIOUS, ROLE, "looks", "scale", "evaluation", "settings")


def _rank(change: Change) -> int:
    role = change.kind == "claim" and change.key == ROLE
    return RANKS.index(ROLE if role else change.kind)


def _together(rows: Sequence[Row]) -> list[Row]:
    """Return rows with the settings that one commit changed of the same in one of them."""
    together: dict[tuple[Any, ...], list[Row]] = {}
    for place, row in enumerate(rows):
        shared = row[2:] if row.words.startswith(SETTING) else (place,)
        together.setdefault(shared, []).append(row)
    return [_as_one(same) for same in together.values()]


def _as_one(rows: Sequence[Row]) -> Row:
    if len(rows) == 1:
        return rows[0]
    each = "; ".join(row.words.removeprefix(SETTING) for row in rows)
    return rows[0]._replace(words=f"settings {each}")


def _when(commit: Commit | None) -> str:
    return str(commit) if commit else "not committed"


def _listed(page: Page, rows: Sequence[Row]) -> str:
    """Tell the first changes, each once, and how many more the table has."""
    each = _over_commits(rows)
    shown = each if len(each) <= MOST_CHANGES + 1 else each[:MOST_CHANGES]
    told = [_told(page, row) for row in shown]
    if len(shown) < len(each):
        told.append(f"and {count(len(each) - len(shown))} more, which the table of changes lists")
    return "; ".join(told)


def _over_commits(rows: Sequence[Row]) -> list[Row]:
    """Return changes that say the same as one, in the order of the first of them."""
    alike: dict[tuple[str, bool], list[Row]] = {}
    for row in rows:
        alike.setdefault((row.words, row.when == _when(None)), []).append(row)
    return [
        Row(
            serious=same[0].serious,
            words=same[0].words,
            claims=tuple(dict.fromkeys(claim for row in same for claim in row.claims)),
            sweeps=tuple(dict.fromkeys(sweep for row in same for sweep in row.sweeps)),
            when=same[0].when if len(same) == 1 else counted(len(same), "commit"),
        )
        for same in alike.values()
    ]


def _told(page: Page, row: Row) -> str:
    few = len(row.claims) <= MOST_NAMES
    said = ", ".join(f"“{_says(page, claim)}”" for claim in row.claims)
    claims = said if few else counted(len(row.claims), "claim")
    if row.words.startswith(MADE):
        return f"{claims} {row.words} ({row.when})"
    many = MOST_NAMES < len(row.sweeps) < len(page.sweeps)
    of = claims or (
        counted(len(row.sweeps), "sweep") if many else _sweeps(page, row.sweeps, "“{}”")
    )
    return f"{row.words} ({', '.join(filter(None, (of, row.when)))})"


def _said(page: Page, claims: Sequence[str]) -> str:
    """Return what claims say: of all about one metric only that, of most those left out."""
    known = page.found.claims
    about = {known[claim].metric for claim in claims if claim in known}
    for metric in about if len(claims) > FEW else ():
        if {*claims} == {name for name, claim in known.items() if claim.metric == metric}:
            return f"all {count(len(claims))} claims about {_label(page, metric)}"
    others = [claim for claim in known if claim not in claims]
    if {*claims} <= {*known} and len(claims) > max(FEW, len(others)):
        but = f" but: {'; '.join(_says(page, claim) for claim in others)}" if others else ""
        return f"all {count(len(known))} claims{but}"
    return "; ".join(_says(page, claim) for claim in claims)


def _says(page: Page, claim: str) -> str:
    """Return what a claim says; of one that is no longer there only its name is known."""
    known = page.found.claims.get(claim)
    return known.says.rstrip(".") if known else claim


def _sweeps(page: Page, names: Sequence[str], form: str = "{}", between: str = ", ") -> str:
    """Name some sweeps by their titles; nothing for all of them."""
    titles = {sweep.name: form.format(sweep.title) for sweep in page.sweeps}
    return "" if len(names) == len(titles) else between.join(titles.get(n, n) for n in names)


def _words(page: Page, change: Change) -> str:
    """Say what changed, and from what to what where that is short."""
    match change:
        case Change(kind="claim", key="", before=None):
            return "claim added"
        case Change(kind="claim", key="", after=None):
            return "claim dropped"
        case Change(kind="claim", key="name", before=before):
            return f"claim renamed, from {before}"
        case Change(kind="claim", key="role", after=after):
            return f"{MADE} {after or 'primary'}"
        case Change(kind="claim", key="says"):
            return "wording of the claim"
        case Change(kind="margin"):
            return f"margin of {_label(page, change.name)}{_step(change)}"
        case Change(kind="better"):
            return f"direction of {_label(page, change.name)}{_step(change)}"
        case Change(kind="design", key=""):
            return "design added"
        case Change(kind="seeds", before=before, after=after):
            added, gone = _without(after, before), _without(before, after)
            if added and not gone:
                return f"{counted(len(added), 'seed')} added without a declared look"
            return f"seeds{_step(change)}"
        case Change(kind="looks", after=after):
            if change.before and after:
                return f"looks{_step(change)}"
            return f"looks declared at {_and(after)} seeds" if after else "looks withdrawn"
        case Change(kind="settings" | "evaluation"):
            return f"{SETTING}{change.name}{_step(change)}"
        case Change(kind="design"):
            return f"{change.key} in the design{_step(change)}"
        case Change(kind="claim"):
            return f"{change.key}{_step(change)}"
    return f"{change.kind}{_step(change)}"


def _step(change: Change) -> str:
    """Return ``: 1 → 2``; nothing where that would be long."""
    before, after = change.before, change.after
    if not all(map(_is_short, (before, after))):
        return " added" if before is None else " removed" if after is None else " changed"
    if before is None:
        return f" set to {_value(after)}"
    return (
        f" {_value(before)} removed" if after is None else f": {_value(before)} → {_value(after)}"
    )


def _is_short(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= 5 and all(map(_is_short, value))  # more than five are hard to read
    return not isinstance(value, dict) and len(str(value)) <= 40


def _value(value: Any) -> str:
    return ", ".join(map(level, value)) if isinstance(value, list) else level(value)


def _and(values: Sequence[Any]) -> str:
    *some, last = map(level, values)
    return f"{', '.join(some)} and {last}" if some else last


def _without(values: Any, others: Any) -> list[Any]:
    return [value for value in values or () if value not in (others or ())]


def _label(page: Page, metric: str) -> str:
    found = page.found.metrics.get(metric)
    return found.label if found else metric


def _registered(page: Page) -> Registered:
    path = page.root / "results" / "registration" / f"{page.name}.json"
    found = read(Registered, path, "uphold register")
    for name, claim in page.found.claims.items():
        if name not in found.claims or claim.sweep not in found.sweeps:
            raise InputError(
                f"The claim {name!r} of {page.name!r}, or its sweep {claim.sweep!r}, does not stand"
                f" in the params any more: run dvc repro analyze@{page.name}."
            )
    return found
