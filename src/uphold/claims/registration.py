"""What stood in git before the first results of a sweep, and what changed later.

In: a repository's history, and a write-up with its sweeps. Out: for each sweep the first commit
that holds results of it; and for each claim, and for what it rests on, every change that is no part
of what that commit builds on: which key, from what to what, in which commit. Promised: git alone
decides. A change in the same commit as the first results was not before them. Seeds that a declared
look takes are no change. Nothing can be run by params that cannot be read: what stood before them
goes on standing until they are mended. Results of data from another source are no first results of
these data. Where the history is cut off before the first results, nothing is said of what stood
before them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from uphold.claims.first_results import first_results
from uphold.claims.history import Contents, History
from uphold.claims.rested_on import (
    Claim,
    RestedOn,
    Seeds,
    of_other_data,
    rested_on,
    scale_of,
    source_of,
)
from uphold.claims.standing import Change, Commit, Kind, Registered, SweepStanding
from uphold.claims.training_code import code_changes

NAMES = "params.yaml"
FOLDER = "params"


class _Step(NamedTuple):
    """What a commit, or None for what is not committed, made of the states before it."""

    commit: Commit | None
    before: Sequence[RestedOn]
    after: RestedOn


class Registry:
    """What stood before the first results, for the write-ups of a repository.

    Parameters
    ----------
    history : History
        Of the params, the results and the code.
    contents : Contents
    """

    def __init__(self, history: History, contents: Contents) -> None:
        self._history, self._contents = history, contents
        self._of_study: dict[str, list[_Step]] = {}

    def of(self, writeup: str, study: str, sweeps: Sequence[str]) -> Registered:
        """Return what stood before the first results of the sweeps of a write-up."""
        if study not in self._of_study:
            self._of_study[study] = list(self._steps(study))
        steps = self._of_study[study]
        now = steps[-1].after
        own = {name: claim for (of, name), claim in now.claims.items() if of == writeup}
        later: dict[str, list[_Step]] = {}
        standing = {}
        here = self._source(None, study)
        others: dict[str, None] = {}

        def of_these(commit: Commit) -> bool:
            source = self._source(commit, study)
            if of_other_data(source, here):
                others[str(source)] = None
                return False
            return True

        for sweep in sweeps:
            about = {(writeup, name) for name, claim in own.items() if claim.get("sweep") == sweep}
            first = first_results(self._history, self._contents, sweep, about, of_these)
            later[sweep] = self._later(steps, first)
            standing[sweep] = SweepStanding(
                results=first,
                known=self._known(first),
                changes=list(_of_sweep(sweep, later[sweep])),
                code=code_changes(self._history, self._contents, study, first),
            )
        claims = {}
        for name, claim in own.items():
            after = later.get(str(claim.get("sweep")), steps[-1:])
            metric, said = str(claim.get("metric")), _of_claim((writeup, name), after)
            if said and said[0].key == "":  # it was added: what it rests on counts from then on
                added = [step.commit for step in after].index(said[0].commit)
                after = after[added + 1 :]
            parts = (_of_part("margin", metric, after), _of_part("better", metric, after))
            claims[name] = [*said, *parts[0], *parts[1]]
        cut = "cut" if self._history.cut else "whole"
        return Registered(
            history=cut if self._history.made else "none",
            sweeps=standing,
            claims=claims,
            dropped=[c for sweep in sweeps for c in _dropped(writeup, sweep, later)],
            source=here or "",
            others=list(others),
        )

    def _source(self, commit: Commit | None, study: str) -> str | None:
        """Return what the data of a study came from in a commit, or None: what is here."""
        files = (NAMES, f"{FOLDER}/{study}.yaml")
        if commit is None:
            names, file = (_text(self._history.root / path) for path in files)
        else:
            names, file = (self._contents.of(f"{commit.name}:./{path}") for path in files)
        return source_of(names, file, study)

    def _known(self, first: Commit | None) -> bool:
        """Whether the history tells what stood before a commit: its oldest commit hides that."""
        if not self._history.made:
            return False
        return not (self._history.cut and first and not self._history.made[first.name].parents)

    def _later(self, steps: list[_Step], first: Commit | None) -> list[_Step]:
        """Return the steps that the first results do not build on, oldest first."""
        if first is None:
            return steps[-1:]
        before = self._history.before(first.name)
        return [
            step
            for step in steps
            if step.commit is None
            or (step.commit.name not in before and (step.before or not self._history.cut))
        ]

    def _steps(self, study: str) -> Iterator[_Step]:
        """Yield what each commit made of the study's params, oldest first, and what is here now."""
        root, made = self._history.root, self._history.made
        files = (NAMES, f"{FOLDER}/{study}.yaml")
        present = [_text(root / file) for file in files]
        scale = scale_of(present[0])

        stood: dict[str, list[RestedOn]] = {}
        for name, one in reversed(made.items()):
            before = [state for parent in one.parents for state in stood.get(parent, ())]
            texts = (self._contents.of(f"{name}:./{path}") for path in files)
            after = rested_on(*texts, study, scale)
            stood[name] = before if after is None else [after]
            if after is not None and any(touched.path in files for touched in one.files):
                yield _Step(one.commit, before, after)
        last = stood[next(iter(made))] if made else []
        yield _Step(None, last, rested_on(*present, study, scale) or RestedOn())


def _of_claim(place: Claim, steps: Iterable[_Step]) -> list[Change]:
    """Return the changes of a claim, oldest first, through its earlier names."""
    changes: list[Change] = []
    name = place[1]
    for step in reversed(list(steps)):
        now = step.after.claims.get(place)
        if now is None or any(before.claims.get(place) == now for before in step.before):
            continue
        was = [before.claims[place] for before in step.before if place in before.claims]
        if was:
            for key in sorted({*was[0], *now}):
                values = {"before": was[0].get(key), "after": now.get(key)}
                if values["before"] != values["after"]:
                    changes.append(_change(step, "claim", name, key, **values))
            continue
        earlier = _moved(place, now, step)
        if earlier is None:
            changes.append(_change(step, "claim", name, after=dict(now)))
            break
        if earlier[1] != place[1]:
            names = {"before": earlier[1], "after": place[1]}
            changes.append(_change(step, "claim", name, "name", **names))
        place = earlier
    return changes[::-1]


def _moved(place: Claim, said: Mapping[str, Any], step: _Step) -> Claim | None:
    """Return where a claim stood that says the same and stands there no more."""
    for before in step.before:
        for earlier, claim in before.claims.items():
            if claim == said and earlier not in step.after.claims:
                return earlier
    return None


def _dropped(writeup: str, sweep: str, later: Mapping[str, Sequence[_Step]]) -> Iterator[Change]:
    """Yield the claims about a sweep that stand no more, each by its last disappearance.

    Those about a sweep that is there no more are told with the first one.
    """
    steps, first = later[sweep], next(iter(later))
    now = steps[-1].after.claims
    gone: dict[str, Change] = {}
    for step in steps:
        for before in step.before:
            for (of, name), claim in before.claims.items():
                place = (of, name)
                about = claim.get("sweep")
                mine = about == sweep or (about not in later and sweep == first)
                if of != writeup or not mine or place in step.after.claims:
                    continue
                moved = any(
                    claim == other and new not in before.claims
                    for new, other in step.after.claims.items()
                )
                if place not in now and not moved:
                    gone[name] = _change(step, "claim", name, before=dict(claim))
    yield from gone.values()


def _of_sweep(sweep: str, steps: Iterable[_Step]) -> Iterator[Change]:
    """Yield the changes of a sweep's design and seeds, of the scale and of settings."""
    for step in steps:
        design = dict(step.after.design.get(sweep, {}))
        designs = [before.design.get(sweep, {}) for before in step.before]
        if design and not any(designs):
            yield _change(step, "design", sweep, after=design)
        if not step.before:
            continue
        if any(designs):
            for change in _differing("design", step, designs, design):
                yield change.model_copy(update={"name": sweep, "key": change.name})
            yield from _of_seeds(sweep, step)
        for kind in ("settings", "evaluation"):
            held = [getattr(before, kind) for before in step.before]
            yield from _differing(kind, step, held, getattr(step.after, kind))
        if all(before.scale != step.after.scale for before in step.before):
            yield _change(step, "scale", before=step.before[0].scale, after=step.after.scale)


def _of_seeds(sweep: str, step: _Step) -> Iterator[Change]:
    now = step.after.seeds.get(sweep, Seeds())
    was = [before.seeds.get(sweep, Seeds()) for before in step.before]
    if all(seeds.looks != now.looks for seeds in was):
        yield _change(step, "looks", sweep, before=list(was[0].looks), after=list(now.looks))
    if all(seeds.run != now.run and not _taken(seeds, now) for seeds in was):
        yield _change(step, "seeds", sweep, before=list(was[0].run), after=list(now.run))


def _taken(was: Seeds, now: Seeds) -> bool:
    """Whether a declared look takes the seeds on top of those that were run: no choice is left."""
    return len(was.run) in now.looks and now.run[: len(was.run)] == was.run


def _of_part(
    kind: Literal["margin", "better"], metric: str, steps: Iterable[_Step]
) -> list[Change]:
    """Return the changes of a metric's margin or direction."""
    return [
        change
        for step in steps
        for held in [[getattr(before, kind) for before in step.before]]
        for change in _differing(kind, step, held, getattr(step.after, kind))
        if change.name == metric
    ]


def _differing(
    kind: Kind, step: _Step, before: Sequence[Mapping[str, Any]], after: Mapping[str, Any]
) -> Iterator[Change]:
    """Yield what differs in a step from each of the states before it."""
    was = before[0] if before else {}
    for name in sorted({*was, *after}):
        if all(held.get(name) != after.get(name) for held in before):
            yield _change(step, kind, name, before=was.get(name), after=after.get(name))


def _change(
    step: _Step, kind: Kind, name: str = "", key: str = "", before: Any = None, after: Any = None
) -> Change:
    return Change(kind=kind, name=name, key=key, before=before, after=after, commit=step.commit)


def _text(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
