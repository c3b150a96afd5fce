"""``params.yaml`` and ``params/<study>.yaml`` → settings, each part checked when it is asked for.

What comes in: the repository's root. What goes out: `Params`, which reads a study's file when
something of that study is asked for, so that a stage depends on its own study's file alone. What is
promised: what is not valid is named by its file and key, with the nearest valid name. That nothing
runs before all of a study's params are valid is `uphold.pipeline.check`'s.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, PositiveInt

from uphold.errors import InputError, nearest
from uphold.pipeline.study import find
from uphold.processor import DEFAULT, Arithmetic
from uphold.training.executors.settings import ExecutorSettings
from uphold.validation import Settings, read_yaml, validated, yaml_text

FILE = "params.yaml"
FOLDER = "params"
NOTHING = "none"
"""What a sweep comes after that starts from the study's own settings."""
RESERVED = ("calibration", "checked", "code", "index", "none", "promoted", "registration")
"""Names of files and folders of the pipeline beside those of sweeps and write-ups."""

T = TypeVar("T")
ScaleName = Literal["smoke", "quick", "medium", "full"]
NOT_EVERYWHERE: frozenset[ScaleName] = frozenset({"medium"})
"""Scales that a study may do without: those at which it is tried whether conclusions turn round."""
Kind = Literal["data", "network", "training"]
NETWORK = frozenset({"width", "widths", "channels"})
"""Words in the names of settings that say how wide a network is."""


class StudyName(Settings):
    """What ``params.yaml`` says of a study: the file or folder that its data are read from."""

    path: str


class SweepName(Settings):
    """What ``params.yaml`` says of a sweep: its study, its write-up, the sweep before it."""

    study: str
    writeup: str
    after: str


class SearchName(Settings):
    """What ``params.yaml`` says of a search: its study, the sweep before it."""

    study: str
    after: str


class WriteupName(Settings):
    """What ``params.yaml`` says of a write-up.

    Attributes
    ----------
    study, title : str
    question : str
        What its card on the front page asks.
    answered_by : list of str
        The primary claims that answer it there, one or two.
    """

    study: str
    title: str
    question: str = ""
    answered_by: Annotated[list[str], Field(max_length=2, examples=["mixup-helps"])] = []


class Draws(Settings):
    """How many logs a scale draws.

    Attributes
    ----------
    logs : int
        Of each scenario and kind of claim; a third as many are looked at again and again.
    families : int
        Of each design with a large family of claims.
    power : int
        Large families for each size of effect and number of seeds.
    closer : int
        So many times as many logs where a rate is close to its limit.
    """

    logs: PositiveInt
    families: PositiveInt
    power: PositiveInt
    closer: PositiveInt = 1


class CalibrationParams(Settings):
    """What ``params.yaml`` says of the logs that are made up to count false verdicts."""

    seed: int
    draws: dict[ScaleName, Draws]


class ParamsFile(Settings):
    """The whole of ``params.yaml``."""

    scale: ScaleName
    arithmetic: Arithmetic = DEFAULT
    journal: str
    shared_journal: str = ""
    executor: ExecutorSettings = ExecutorSettings()
    studies: dict[str, StudyName]
    searches: dict[str, SearchName] = {}
    sweeps: dict[str, SweepName]
    writeups: dict[str, WriteupName]
    calibration: CalibrationParams | None = None


class Scale(Settings):
    """What a scale changes of a study's settings."""

    data: dict[str, Any] = {}
    training: dict[str, Any] = {}


class StudyFile(Settings):
    """The whole of ``params/<study>.yaml``; its parts are checked by those who use them."""

    data: dict[str, Any]
    training: dict[str, Any]
    evaluation: dict[str, Any]
    metrics: dict[str, Any]
    primary: str
    scales: dict[ScaleName, Scale]
    searches: dict[str, dict[str, Any]] = {}
    sweeps: dict[str, dict[str, Any]] = {}
    writeups: dict[str, dict[str, Any]] = {}


def file_of(study: str) -> str:
    """Return the file of a study, from the root, as messages name it."""
    return f"{FOLDER}/{study}.yaml"


@dataclass(frozen=True)
class Params:
    """The params of a repository.

    Attributes
    ----------
    root : Path
        The repository's root.
    names : ParamsFile
        What ``params.yaml`` holds.
    """

    root: Path
    names: ParamsFile

    @property
    def scale(self) -> ScaleName:
        """The scale in force."""
        return self.names.scale

    def study(self, name: str) -> StudyFile:
        """Return a study's file, or say which study was meant."""
        if name not in self._files:
            _named("study", name, self.names.studies)
            values = _read(self.root / file_of(name), "scales, metrics, sweeps, …")
            self._files[name] = validated(StudyFile, values, file_of(name))
        return self._files[name]

    def sweep(self, name: str) -> SweepName:
        """Return what names a sweep, or say which was meant."""
        if name in self.names.searches:
            raise InputError(f"{FILE}: {name!r} is a search and no sweep: uphold search {name}.")
        return _named("sweep", name, self.names.sweeps)

    def search(self, name: str) -> SearchName:
        """Return what names a search, or say which was meant."""
        return _named("search", name, self.names.searches)

    def writeup(self, name: str) -> WriteupName:
        """Return what names a write-up, or say which was meant."""
        return _named("write-up", name, self.names.writeups)

    def sweeps_of(self, writeup: str) -> list[str]:
        """Return the sweeps that a write-up is about, in the order of ``params.yaml``."""
        return [name for name, sweep in self.names.sweeps.items() if sweep.writeup == writeup]

    def data(self, study: str, scale: ScaleName | None = None) -> Settings:
        """Return the data settings of a study, at the scale in force unless another is given."""
        block, scale = self.study(study), scale or self.scale
        where = f"{file_of(study)}: data at scale {scale}"
        values = merged(block.data, self._at(study, scale).data)
        if "path" in values:
            raise InputError(
                f"{where}: path stands in {FILE}, as studies.{study}.path, so that a change of the "
                "files there is seen."
            )
        values["path"] = self.names.studies[study].path
        return validated(find(study).data, values, where)

    def defaults(self, study: str, scale: ScaleName | None = None) -> dict[str, Any]:
        """Return the run settings that the study's sweeps start from."""
        return merged(self.study(study).training, self._at(study, scale or self.scale).training)

    def shorter(self, study: str) -> dict[str, tuple[float, float]]:
        """Return the settings that count or scale epochs and are less than at scale full: both."""
        here, full = self.defaults(study), self.defaults(study, "full")
        return {
            name: (here[name], most)
            for name, most in full.items()
            if "epochs" in name.split("_") and here.get(name, most) < most
        }

    def sizes(self, study: str) -> dict[str, tuple[Kind, float, float]]:
        """Return how large data, networks and training are: the kind, here, and at scale full.

        Data are told as their settings do, by ``amounts`` where they have it; networks and training
        by the settings that count channels and epochs.
        """
        here, full = self._sizes(study, self.scale), self._sizes(study, "full")
        return {
            name: (kind, many, full[name][1]) for name, (kind, many) in here.items() if name in full
        }

    def _sizes(self, study: str, scale: ScaleName) -> dict[str, tuple[Kind, float]]:
        told: Callable[[], Mapping[str, float]] = getattr(self.data(study, scale), "amounts", dict)
        sizes: dict[str, tuple[Kind, float]] = {name: ("data", of) for name, of in told().items()}
        for name, value in _numbers(self.defaults(study, scale)):
            if NETWORK & _words(name):
                sizes[name] = "network", value
            elif "epochs" in _words(name):
                sizes[name] = "training", value
        return sizes

    def evaluation(self, study: str) -> Settings:
        """Return how the study's predictions are scored."""
        where = f"{file_of(study)}: evaluation"
        return validated(find(study).evaluation, self.study(study).evaluation, where)

    def _at(self, study: str, scale: ScaleName) -> Scale:
        scales = self.study(study).scales
        must_be(f"{file_of(study)}: scales", scale, scales)
        return scales[scale]

    @cached_property
    def _files(self) -> dict[str, StudyFile]:
        return {}


def load(root: Path) -> Params:
    """Read ``params.yaml`` and check that the names in it fit together.

    Raises
    ------
    InputError
        Where the file is missing or anything in it is not valid.
    """
    values = _read(root / FILE, "scale, studies, sweeps, …")
    names = validated(ParamsFile, values, FILE)
    _check_names(names)
    return Params(root, names)


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with `change` laid over it, mappings merged key by key."""
    both = {
        k for k in change if isinstance(base.get(k), Mapping) and isinstance(change[k], Mapping)
    }
    return {**base, **change, **{k: merged(base[k], change[k]) for k in both}}


def _numbers(settings: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, float]]:
    """Yield the numbers among settings, those of nested ones by ``outer.inner``."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{under}{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield under + name, value


def _words(name: str) -> set[str]:
    return set(name.replace(".", "_").split("_"))


def must_be(place: str, name: str, valid: Collection[str]) -> None:
    """Raise `InputError` unless a name is among the valid ones."""
    if name not in valid:
        raise InputError(f"{place}: there is no {name!r}.{nearest(name, valid)}")


def _read(path: Path, keys: str) -> dict[str, Any]:
    try:
        values = read_yaml(yaml_text(path), str(path))
    except FileNotFoundError:
        where = (
            "run this in the root of the repository"
            if path.name == FILE
            else (f"it holds the settings of the study {path.stem!r}, which {FILE} names")
        )
        raise InputError(f"{path} is missing: {where}.") from None
    if not isinstance(values, dict):
        raise InputError(f"{path} holds no settings: it should map {keys}.")
    return values


def _check_names(names: ParamsFile) -> None:
    for name, search in names.searches.items():
        place = f"{FILE}: searches.{name}"
        must_be(f"{place}.study", search.study, names.studies)
        must_be(f"{place}.after", search.after, {NOTHING, *names.sweeps})
        if name in names.sweeps:
            raise InputError(f"{place} has the name of a sweep: take another.")
        _refuse_circle(names, name)
    for name, sweep in names.sweeps.items():
        place = f"{FILE}: sweeps.{name}"
        must_be(f"{place}.study", sweep.study, names.studies)
        must_be(f"{place}.writeup", sweep.writeup, names.writeups)
        must_be(f"{place}.after", sweep.after, {NOTHING, *names.sweeps, *names.searches})
        if names.writeups[sweep.writeup].study != sweep.study:
            raise InputError(f"{place}.writeup is about another study: {sweep.writeup!r}.")
        _refuse_circle(names, name)
    for name, writeup in names.writeups.items():
        must_be(f"{FILE}: writeups.{name}.study", writeup.study, names.studies)
        if not any(sweep.writeup == name for sweep in names.sweeps.values()):
            raise InputError(f"{FILE}: writeups.{name} has no sweep: no sweep names it.")
    for name in (*names.studies, *names.searches, *names.sweeps, *names.writeups):
        if name in RESERVED:
            raise InputError(f"{FILE}: {name!r} is a name of the pipeline's own: take another.")


def _refuse_circle(names: ParamsFile, name: str) -> None:
    seen: list[str] = [name]
    both: dict[str, SweepName | SearchName] = {**names.sweeps, **names.searches}
    while (before := both[seen[-1]].after) != NOTHING:
        kind = "sweeps" if seen[-1] in names.sweeps else "searches"
        must_be(f"{FILE}: {kind}.{seen[-1]}.after", before, both)
        if before in seen:
            raise InputError(
                f"{FILE}: sweeps come after each other in a circle: {' → '.join(seen)} "
                f"→ {before}. One of them must come after {NOTHING!r}."
            )
        seen.append(before)


def _named(kind: str, name: str, valid: Mapping[str, T]) -> T:
    if name not in valid:
        raise InputError(f"{FILE}: there is no {kind} {name!r}.{nearest(name, valid)}")
    return valid[name]
