"""What ``params/<study>.yaml`` says of a command: as ``data`` and ``evaluation`` of its study.

In: mappings from YAML. Out: `Data`, `Evaluation`, and the class of the run settings that ``data``
declares. Promised: a field without a setting, a setting that the command does not get, a name that
means something else, a file that lies elsewhere are refused before anything is run.
"""

import keyword
import re
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    StrictBool,
    StringConstraints,
    create_model,
    field_validator,
    model_validator,
)

from uphold.command.arguments import fields, switches
from uphold.training.contract import Resources, RunSettings
from uphold.validation import Number, Settings, Whole

SEED, OUT, CONFIG = "seed", "out", "config"
"""Fields that are no settings: the run's seed, its folder, a YAML file of all its settings."""
TAKEN = (SEED, OUT, CONFIG, "arm", "members", "run", "configuration", "status")
"""What no setting can be called; nor as what each run's settings have, such as ``study``."""
NAME = re.compile(r"[a-z][a-z0-9_]*")
SHELL = frozenset({"|", "||", "&", "&&", ";", ">", ">>", "<", "2>&1"})
"""What only a shell understands."""

Text = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]


class Bounds(Settings):
    """The bounds of a number.

    Attributes
    ----------
    min, max : float, optional
        The least and the largest value.
    above, below : float, optional
        What it is more than, and less than.
    """

    min: Number | None = None
    max: Number | None = None
    above: Number | None = None
    below: Number | None = None

    @property
    def field(self) -> Any:
        """The bounds as pydantic has them."""
        return Field(ge=self.min, le=self.max, gt=self.above, lt=self.below, allow_inf_nan=False)


class Declared(Settings):
    """What is declared of any setting.

    Attributes
    ----------
    name : str
        What pages call it; unless given, its key.
    only_if : mapping
        Settings and the values that they must have for this one to have an effect. Runs that
        differ in it alone are one run where it has none.
    otherwise
        What the command gets where it has none.
    """

    name: str = ""
    only_if: dict[str, Any] = {}
    otherwise: Any = None

    @model_validator(mode="after")
    def _says_what_else(self) -> Self:
        if bool(self.only_if) != (self.otherwise is not None):
            raise ValueError(
                "'only_if' says when a setting has an effect and 'otherwise' what the command gets"
                " when it has none: give both, or neither"
            )
        return self


class WholeNumber(Bounds, Declared):
    """A whole number, within bounds."""

    kind: Literal["int"]

    @property
    def annotation(self) -> Any:
        """Its type."""
        return Annotated[Whole, self.field]


class RealNumber(Bounds, Declared):
    """A number, within bounds."""

    kind: Literal["float"]

    @property
    def annotation(self) -> Any:
        """Its type."""
        return Annotated[Number, self.field]


class Switch(Declared):
    """True or false."""

    kind: Literal["bool"]

    @property
    def annotation(self) -> Any:
        """Its type."""
        return StrictBool


class Choice(Declared):
    """One of some values."""

    kind: Literal["choice"]
    of: Annotated[list[Text | Whole | Number], Field(min_length=2, examples=[["sgd", "adam"]])]

    @property
    def annotation(self) -> Any:
        """Its type."""
        chosen = tuple(self.of)
        return Annotated[Any, AfterValidator(lambda value: _one_of(value, chosen))]


class FreeText(Declared):
    """Any text."""

    kind: Literal["str"]

    @property
    def annotation(self) -> Any:
        """Its type."""
        return Text


Setting = Annotated[
    WholeNumber | RealNumber | Switch | Choice | FreeText, Field(discriminator="kind")
]


class Needs(Settings):
    """What one run takes of a machine: see `uphold.training.contract.Resources`."""

    cores: Annotated[Whole, Field(gt=0)] = 1
    memory_gb: Annotated[Number, Field(gt=0)] | None = None
    gpus: Annotated[Number, Field(ge=0)] = 0.0
    minutes: Annotated[Number, Field(gt=0)] | None = None

    @property
    def resources(self) -> Resources:
        """The same, as executors take it."""
        return Resources(self.cores, self.memory_gb, self.gpus, self.minutes)


class Data(Settings):
    """A command, and what it needs.

    Attributes
    ----------
    path : str
        The folder of the program.
    command : list of str
        The program and its arguments, with fields: see `uphold.command.arguments`.
    files : list of str
        All files and folders below `path` that decide a result, those of its environment too: runs
        are given these and no others, and are made again where one has changed.
    settings : mapping of str to Setting
        What can be set of a run: the kinds and bounds of the values.
    environment : mapping of str to str
        Environment variables, with fields.
    resources : Needs
        What a run takes. It is no part of what the run is.
    """

    path: str
    command: Annotated[
        list[Text],
        Field(min_length=1, examples=[["python", "train.py", "--seed", "{seed}", "{out}"]]),
    ]
    files: Annotated[list[str], Field(min_length=1, examples=[["train.py", "digits.csv"]])]
    settings: dict[str, Setting] = {}
    environment: dict[str, Text] = {}
    resources: Needs = Needs()

    @field_validator("command", "files")
    @classmethod
    def _goes_without_a_shell(cls, texts: list[str]) -> list[str]:
        if found := SHELL.intersection(texts):
            raise ValueError(
                f"{sorted(found)[0]!r} is for a shell, and commands are run without one: put the"
                " line into a script, and run that"
            )
        return texts

    @field_validator("files")
    @classmethod
    def _lie_in_the_folder(cls, files: list[str]) -> list[str]:
        for file in files:
            place = PurePosixPath(file)
            if place.is_absolute() or ".." in place.parts or not place.parts:
                raise ValueError(f"{file!r} is no file below the program's folder: move it there")
        return files

    @field_validator("settings")
    @classmethod
    def _have_names(cls, settings: dict[str, Any]) -> dict[str, Any]:
        for name in settings:
            taken = name in {*TAKEN, *dir(CommandRun), *CommandRun.__annotations__}
            if taken or not NAME.fullmatch(name) or keyword.iskeyword(name):
                raise ValueError(
                    f"no setting can be called {name!r}"
                    + (", which means something else" if taken else ": take letters, digits and _")
                )
        return settings

    @model_validator(mode="after")
    def _fits_its_settings(self) -> Self:
        used = fields([*self.command, *self.environment.values()])
        for name in used:
            if name not in {SEED, OUT, CONFIG, *self.settings}:
                raise ValueError(
                    f"the command has a field {{{name}}}, and settings has no {name!r}: add it"
                    " there, with its kind"
                )
        for name, (field, what) in {
            SEED: ("{seed}", "each run's seed, without which all runs of a configuration are one"),
            OUT: ("{out}", "the folder that its results are read from"),
        }.items():
            if name not in used and CONFIG not in used:
                raise ValueError(f"the command has no {field}: it stands for {what}")
        if CONFIG not in used and (idle := [name for name in self.settings if name not in used]):
            raise ValueError(
                f"the command does not get {', '.join(idle)}: write {{{idle[0]}}} where it takes"
                " the value, or {config} for a YAML file of all settings"
            )
        for name in switches([*self.command, *self.environment.values()]):
            if not isinstance(self.settings.get(name), Switch):
                raise ValueError(
                    f"{{{name}?…}} is a flag that is there or not, and {name} is not true or false:"
                    f" give it the kind bool, or write {{{name}}}"
                )
        for name, setting in self.settings.items():
            if unknown := [other for other in setting.only_if if other not in self.settings]:
                raise ValueError(f"settings.{name}.only_if names no setting: {unknown[0]!r}")
        return self


class Evaluation(Settings):
    """What the scores of a run are.

    Attributes
    ----------
    scores : mapping of str to str
        A score to the number of that name among what a run has written (``metrics.json``; nested
        ones by ``outer.inner``). Scores of validation data begin with ``validation_``: they alone
        may choose anything.
    """

    scores: Annotated[dict[str, str], Field(min_length=1)]


class CommandRun(RunSettings):
    """The settings of one run of a command: what its study's class derives from.

    Attributes
    ----------
    study : str
    data : Data
        What ``params/<study>.yaml`` declares.
    """

    study: ClassVar[str]
    data: ClassVar[Data]

    def canonical(self) -> dict[str, Any]:
        """Return the settings that have an effect: see `Declared.only_if`."""
        values = self.model_dump(mode="json")
        while idle := [name for name in values if not self._acts(name, values)]:
            values = {name: value for name, value in values.items() if name not in idle}
        return values

    def given(self) -> dict[str, Any]:
        """Return what the command gets: what has no effect is the same in all runs."""
        others = {name: of.otherwise for name, of in self.data.settings.items()}
        return {**others, **self.canonical()}

    def _acts(self, name: str, values: Mapping[str, Any]) -> bool:
        needed = self.data.settings[name].only_if
        return all(other in values and values[other] == value for other, value in needed.items())

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to other processes, and machines, as values: the class is made anew there."""
        return _restored, (self.study, self.data, self.model_dump())


def run_class(study: str, data: Data) -> type[CommandRun]:
    """Return the class of a study's run settings: a field for each setting that is declared.

    It is one class for all who ask with the same words, so that equal settings are equal.
    """
    return _made(study, data.model_dump_json())


@cache
def _made(study: str, declared: str) -> type[CommandRun]:
    data = Data.model_validate_json(declared)
    typed: dict[str, Any] = {
        name: (of.annotation, of.otherwise if of.only_if else ...)
        for name, of in data.settings.items()
    }
    made = create_model(f"{study.title().replace('_', '')}Run", __base__=CommandRun, **typed)
    made.study, made.data = study, data
    return made


def _restored(study: str, data: Data, values: Mapping[str, Any]) -> CommandRun:
    return run_class(study, data).model_validate(values)


def _one_of(value: Any, chosen: tuple[Any, ...]) -> Any:
    for one in chosen:
        if value == one and isinstance(value, bool) == isinstance(one, bool):
            return one
    raise ValueError(f"take one of {', '.join(map(str, chosen))}")
