"""Optuna's journal file (`optuna.storages.journal.JournalFileBackend`) → its trials.

A line is an operation, as
https://github.com/optuna/optuna/blob/master/optuna/storages/journal/_storage.py applies them:
studies and trials are numbered as they are created, and what is noted of a trial after its end
counts for nothing.
"""

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from uphold.claims.numeric import Scale
from uphold.errors import InputError
from uphold.format import count
from uphold.runlog.importers.json_text import json_of, shallow
from uphold.runlog.importers.optuna_trials import (
    METRIC_NAMES,
    Direction,
    Study,
    Trials,
    decoder,
    scale_of,
)
from uphold.runlog.importers.uncollected import uncollected

_STATES = ("RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING")
_ENDED = frozenset({"COMPLETE", "PRUNED", "FAIL"})
_BETTER: tuple[Direction | None, ...] = (None, "lower", "higher")
_HEAD = 4_096
_BLOCK = 2_000
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)


def is_journal(path: Path) -> bool:
    """Return whether a file's first line is the first operation of a journal."""
    try:
        with path.open("rb") as file:
            line = file.read(_HEAD).split(b"\n")[0]
        found = json.loads(line)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and {"op_code", "worker_id", "study_name"} <= found.keys()


class _Trial:
    """A trial, as the operations so far have made it."""

    __slots__ = ("attributes", "number", "parameters", "state", "study", "values")

    def __init__(self, study: int, number: int) -> None:
        self.study, self.number, self.state = study, number, "RUNNING"
        self.parameters: dict[str, Any] = {}
        self.attributes: dict[str, Any] = {}
        self.values: list[Any] = []


class _Replay:
    """Studies and trials, as the operations so far have made them."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.studies: dict[int, Study] = {}
        self.trials: list[_Trial] = []
        self._created = 0
        self._count: dict[int, int] = {}
        self.scales: dict[str, Scale] = {}
        self._decoders: dict[str, Any] = {}
        self._apply = (
            self._create_study,
            self._delete_study,
            self._ignore,
            self._note_of_study,
            self._create_trial,
            self._parameter,
            self._state,
            self._ignore,
            self._attribute,
            self._ignore,
            self._ignore,
        )

    def apply(self, line: Mapping[str, Any]) -> None:
        code = line["op_code"]
        if not isinstance(code, int) or not 0 <= code < len(self._apply):
            raise ValueError(f"operation {code!r}")
        self._apply[code](line)

    def _ignore(self, line: Mapping[str, Any]) -> None:
        """Pass over what makes no column: attributes of Optuna's, values of a trial's steps."""

    def _create_study(self, line: Mapping[str, Any]) -> None:
        name = str(line["study_name"])
        if name not in {study.name for study in self.studies.values()}:
            better = [_BETTER[direction] for direction in line["directions"]]
            self.studies[self._created] = Study(name, better)
            self._count[self._created] = 0
            self._created += 1

    def _delete_study(self, line: Mapping[str, Any]) -> None:
        self.studies.pop(line["study_id"], None)

    def _note_of_study(self, line: Mapping[str, Any]) -> None:
        names = line["system_attr"].get(METRIC_NAMES)
        if isinstance(names, list) and line["study_id"] in self.studies:
            self.studies[line["study_id"]].metrics = names

    def _create_trial(self, line: Mapping[str, Any]) -> None:
        key = line["study_id"]
        if key not in self.studies:
            return
        trial = _Trial(key, self._count[key])
        self._count[key] += 1
        self.trials.append(trial)
        if "state" in line:
            trial.state = _STATES[line["state"]]
        for name, value in line.get("params", {}).items():
            trial.parameters[name] = self._decoded(line["distributions"][name], value)
        trial.attributes |= shallow(line.get("user_attrs", {}), "an attribute")
        given = line.get("values")
        single = line.get("value")
        trial.values = list(given) if given is not None else [single] if single is not None else []

    def _open(self, line: Mapping[str, Any]) -> _Trial | None:
        at = line["trial_id"]
        if not isinstance(at, int) or not 0 <= at < len(self.trials):
            return None
        trial = self.trials[at]
        return None if trial.state in _ENDED else trial

    def _parameter(self, line: Mapping[str, Any]) -> None:
        if trial := self._open(line):
            name, distribution = line["param_name"], line["distribution"]
            trial.parameters[name] = self._decoded(distribution, line["param_value_internal"])
            if name not in self.scales and (scale := scale_of(distribution)) is not None:
                self.scales[name] = scale

    def _state(self, line: Mapping[str, Any]) -> None:
        if trial := self._open(line):
            trial.state = _STATES[line["state"]]
            if line["values"] is not None:
                trial.values = list(line["values"])

    def _attribute(self, line: Mapping[str, Any]) -> None:
        if trial := self._open(line):
            trial.attributes |= shallow(line["user_attr"], "an attribute")

    def _decoded(self, distribution: str, value: float) -> Any:
        if distribution not in self._decoders:
            self._decoders[distribution] = decoder(distribution, self._source)
        return self._decoders[distribution](value)


def read_journal(path: Path) -> Trials:
    """Return all that a journal's operations come to.

    Raises
    ------
    InputError
        A line other than the last one is damaged.
    """
    with uncollected():
        return _replayed(path)


def _replayed(path: Path) -> Trials:
    replay, notes = _Replay(str(path)), list[str]()
    for first, lines in _blocks(path):
        operations = _parsed(lines)
        for number, line in enumerate(lines, start=first):
            if not line.strip():
                continue
            try:
                at = number - first
                replay.apply(operations[at] if operations else json_of(_text(line), "it"))
            except (*_DAMAGE, InputError) as error:
                if not line.endswith(b"\n"):
                    notes.append(
                        f"The last line of {path} ({count(number)}) is cut short: left out."
                    )
                    break
                known = isinstance(error, InputError)
                reason = str(error) if known else f"{type(error).__name__}: {error}"
                raise InputError(
                    f"{path}, line {count(number)} is no operation of Optuna's journal"
                    f" ({reason}): the file is damaged, or Optuna 6 or later wrote it. Copy it"
                    " again, or remove that line from a copy."
                ) from None
    return _long(replay, notes)


def _blocks(path: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Yield some lines at a time with the number of the first; only a last one may lack its end."""
    try:
        with path.open("rb") as file:
            numbered = enumerate(file, start=1)
            while block := list(itertools.islice(numbered, _BLOCK)):
                yield block[0][0], [line for _, line in block]
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")


def _parsed(lines: list[bytes]) -> list[Any] | None:
    """Return lines read at one go, a fifth of the time; None where one needs a look of its own."""
    text = _text(b",".join(lines))
    if "\\ud" in text.lower():
        return None
    try:
        found: list[Any] = json.loads(f"[{text}]")
    except (ValueError, RecursionError):
        return None
    return found if len(found) == len(lines) else None


def _long(replay: _Replay, notes: list[str]) -> Trials:
    trials = list(enumerate(replay.trials))
    return Trials(
        replay.studies,
        pd.DataFrame(
            [(run, trial.study, trial.number, trial.state) for run, trial in trials],
            columns=["run", "study", "number", "state"],
        ),
        _frame((run, name, v) for run, t in trials for name, v in t.parameters.items()),
        _frame((run, at, float(v)) for run, t in trials for at, v in enumerate(t.values)),
        _frame((run, name, v) for run, t in trials for name, v in t.attributes.items()),
        replay.scales,
        notes,
    )


def _frame(rows: Iterator[tuple[int, Any, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["run", "name", "value"], dtype=object)
