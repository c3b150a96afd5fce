"""A sweep's design → its runs.

What comes in: factors with their levels (or named arms), anchors, seeds, and the settings which an
earlier sweep promoted. What goes out: one `Run` for each distinct point and seed. What is promised:
the order of levels, of factors and of seeds has no influence on what a run is, and two points that
differ only in a setting without effect (the mode of an upsampling at ratio 0) are one run.
"""

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from uphold.errors import InputError, nearest
from uphold.pipeline.params import NOTHING
from uphold.pipeline.seeds import Seeds
from uphold.training.contract import RunSettings, Task
from uphold.validation import Count, Looks, Settings, validated

LONGEST_ARM = 60
"""Characters of an arm's name: DVC breaks longer keys with spaces in dvc.lock over two lines, and
then cannot read them."""

ARM = "arm"
"""The factor's name in designs whose levels are named arms."""

UNTUNED = "untuned"
"""The arm of a search's finalists that was not searched: the settings that the search began at."""

MEMBERS = "members"
"""The factor's name in designs that compare ensembles of runs with single ones."""

SIZES = "ensembles"
"""The column in which such a design's runs say how large ensembles are to be made of them."""


class Design(Settings):
    """How a sweep's configurations are laid out.

    Attributes
    ----------
    kind : {"grid", "one-way", "ladder", "listed", "autotune"}
        ``grid`` crosses all factors. ``one-way`` moves one factor at a time away from the anchors.
        ``ladder`` adds each arm's settings to those of the arms before it. ``listed`` takes each
        arm by itself. ``autotune`` does so with the best trials of the search that it comes after,
        beside what the search began at.
    factors : mapping of str to list
        Setting to levels, for ``grid`` and ``one-way``.
    arms : mapping of str to mapping
        Arm to its settings, for ``ladder`` and ``listed``.
    anchors : mapping
        Settings that hold in every run unless an arm says otherwise. In a ``one-way`` design they
        may name the level at which a factor rests while another one moves.
    seeds : SeedSettings
        The seeds, and how configurations share them; of a plain list every configuration is run
        with each.
    looks : list of int
        Numbers of seeds a configuration at which claims may be judged, rising: all looks together
        then err as one would. The first of the seeds are run, as many as the first look names.
        Nothing for a single look at whatever seeds there are.
    replicate : list of str
        Columns of the scores in which the runs of one configuration differ, outermost first: the
        first is the unit of inference, ``seed`` unless said. A study whose seeds share their test
        data names what they share, such as the fold.
    taken : mapping of int to list of str
        A look beyond the first, to the configurations that have come to it and no further; their
        levels may stand in any order.
    after : str
        The sweep whose promoted settings the anchors start from, or ``none``.
    finalists : int, optional
        Of ``autotune``: how many trials of the search are compared.
    members : list of int
        How many runs predict together, as one more factor: 1 is a run by itself, n an ensemble of
        n runs with different seeds. Ensembles are made of stored predictions; none is trained.
    """

    kind: Literal["grid", "one-way", "ladder", "listed", "autotune"] = "grid"
    factors: dict[str, Annotated[list[Any], Field(min_length=1)]] = {}
    arms: dict[str, dict[str, Any]] = {}
    anchors: dict[str, Any] = {}
    seeds: Seeds
    looks: Looks = []
    replicate: Annotated[list[str], Field(min_length=1)] = ["seed"]
    taken: dict[int, list[str]] = {}
    after: str = NOTHING
    finalists: Count | None = None
    members: Annotated[list[Count], Field(min_length=1)] = [1]

    @model_validator(mode="after")
    def _is_a_search_s(self) -> "Design":
        if (self.kind == "autotune") != (self.finalists is not None):
            raise ValueError(
                "'finalists' says how many trials of a search are compared: give it with kind:"
                " autotune, such as finalists: 3, and leave it out otherwise"
            )
        if self.kind == "autotune":
            if self.factors or self.arms or self.anchors:
                raise ValueError(
                    "kind autotune takes its arms from the search that it comes after: leave out"
                    " factors, arms and anchors; what holds in every trial are the search's anchors"
                )
            if self.fewest_seeds < 2:
                raise ValueError(
                    "kind autotune compares finalists over seeds: give it two or more, and none of"
                    " them the search's"
                )
        return self

    def found(self, finalists: Sequence[Mapping[str, Any]]) -> "Design":
        """Return an ``autotune`` design with its arms: the settings of a search's best trials."""
        arms = dict(zip(self.levels[ARM][1:], map(dict, finalists), strict=True))
        return self.model_copy(update={"arms": {UNTUNED: {}, **arms}})

    @property
    def fewest_seeds(self) -> int:
        """With how many seeds each configuration is run at least."""
        return self.looks[0] if self.looks else self.seeds.each or len(self.seeds.values)

    @property
    def come_to(self) -> dict[str, int]:
        """Configuration to the look that it has come to, where that is not the first one.

        Names are those that the params have: see `reached`.
        """
        return {name: look for look, names in self.taken.items() for name in names}

    def reached(self, configurations: Collection[str]) -> dict[str, int]:
        """Return the looks that some of these configurations have come to beyond the first one.

        Parameters
        ----------
        configurations : collection of str
            By their names. The params may name the levels of one in another order of the factors.
        """
        come_to = {levels_in(name): look for name, look in self.come_to.items()}
        looks = ((name, come_to.get(levels_in(name))) for name in configurations)
        return {name: look for name, look in looks if look is not None}

    def in_one_look(self) -> "Design":
        """Return the design as it is for runs that are judged once, all together."""
        return self.model_copy(update={"looks": [], "taken": {}})

    @property
    def names(self) -> list[str]:
        """The factors' names, in the order in which they are reported."""
        return list(self.levels)

    @property
    def levels(self) -> dict[str, list[Any]]:
        """Factor to levels, in the order in which they are reported."""
        levels = self.factors if self.kind in ("grid", "one-way") else {ARM: list(self.arms)}
        if self.finalists is not None:
            levels = {ARM: [UNTUNED, *(f"finalist-{n + 1}" for n in range(self.finalists))]}
        return levels if self.members == [1] else {**levels, MEMBERS: self.members}


@dataclass(frozen=True)
class Run:
    """One configuration × one seed.

    Attributes
    ----------
    levels : mapping
        Factor to level; a factor without effect in this run is not in it.
    chosen : mapping
        What the sweep set, weaker defaults apart: what it hands on if this one is promoted.
    settings : RunSettings
        All settings of the run.
    seed : int
        Its seed.
    """

    levels: Mapping[str, Any]
    chosen: Mapping[str, Any]
    settings: RunSettings
    seed: int

    @property
    def configuration(self) -> str:
        """The configuration's name."""
        return configuration(self.levels)

    @property
    def name(self) -> str:
        """The run's name within its sweep."""
        return f"{self.configuration}, seed={self.seed}"

    @property
    def task(self) -> Task[RunSettings]:
        """What training needs to know of this run."""
        return Task(self.settings, self.seed)


def configuration(levels: Mapping[str, Any]) -> str:
    """Return ``"factor=level, factor=level"``, in the order of the levels."""
    return ", ".join(f"{name}={shown(level)}" for name, level in levels.items())


def levels_in(name: str) -> tuple[str, ...]:
    """Return what is equal for names of configurations with the same levels.

    The name of an arm may look like several levels, but an arm is one, whose name comes first.
    """
    return (name,) if name.startswith(f"{ARM}=") else tuple(sorted(name.split(", ")))


def shown(level: object) -> str:
    """Return a level as names show it: ``0.0005``, ``true``, ``high+medium``."""
    if isinstance(level, bool):
        return str(level).lower()
    if isinstance(level, float):
        return f"{level:g}"
    if isinstance(level, list | tuple):
        return "+".join(map(shown, level))
    return str(level)


def lay_out(
    design: Design,
    settings: type[RunSettings],
    defaults: Mapping[str, Any],
    promoted: Mapping[str, Any],
    where: str,
) -> list[Run]:
    """Return the distinct runs of a design, sorted by name.

    Parameters
    ----------
    design : Design
        The factors or arms, the anchors and the seeds.
    settings : type of RunSettings
        The study's ``Run``.
    defaults : mapping
        The study's settings at the scale in force; weaker than everything else.
    promoted : mapping
        What the sweep named in ``design.after`` promoted; stronger than the defaults, weaker than
        the design's own anchors.
    where : str
        Where the design stands, for messages: file and key.

    Raises
    ------
    InputError
        For an unknown setting, a level out of its range, a level or seed that stands twice, two
        arms that are the same run, and a factor of a grid that is anchored; it names sweep, setting
        and level.
    """
    _refuse_unfit(design, where)
    points: dict[str, Run] = {}
    arms: dict[str, str] = {}
    for levels, change in _points(design):
        chosen = {**promoted, **design.anchors, **change}
        point = validated(settings, {**defaults, **chosen}, where)
        canonical = point.canonical()
        if design.kind in ("grid", "one-way"):
            levels = {name: canonical[name] for name in levels if name in canonical}
        if MEMBERS in design.levels:
            levels = {**levels, MEMBERS: 1}
        identity = json.dumps(canonical, sort_keys=True)
        if ARM in levels and (twin := arms.setdefault(identity, levels[ARM])) != levels[ARM]:
            raise InputError(
                f"{where}.arms: {twin!r} and {levels[ARM]!r} are the "
                "same run. Change one of them, or leave it out."
            )
        points.setdefault(identity, Run(levels, chosen, point, 0))
    names = [point.configuration for point in points.values()]
    known = set(map(levels_in, names))
    for name in design.come_to:
        if levels_in(name) not in known:
            raise InputError(
                f"{where}.taken: there is no configuration {name!r}.{nearest(name, names)}"
            )
    first, reached = design.looks[0] if design.looks else None, design.reached(names)
    seeds = design.seeds.of({name: reached.get(name, first) for name in names})
    runs = [
        replace(point, seed=seed)
        for point in points.values()
        for seed in seeds[point.configuration]
    ]
    return sorted(runs, key=lambda run: run.name)


def key(study: str, run: Run, *, data: str, code: str, torch: str, arithmetic: str) -> str:
    """Return the run key: a digest of everything that determines weights and predictions.

    Parameters
    ----------
    study : str
        The study's name.
    run : Run
        Its canonical settings and its seed count; its name and place do not.
    data, code : str
        Digests of the prepared data and of the training code.
    torch : str
        The version of torch; nothing for runs of a command.
    arithmetic : str
        The setting of that name (`uphold.processor`): what was asked for, which decides the last
        bits, and not the machine, which with ``avx2`` does not. What a machine did compute is told
        beside the run (`uphold.training.probe`).
    """
    identity = {
        "study": study,
        "settings": run.settings.canonical(),
        "seed": run.seed,
        "data": data,
        "code": code,
        "torch": torch,
        "arithmetic": arithmetic,
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:32]


def _points(design: Design) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each point as (levels to report, settings that they set)."""
    if design.kind == "grid":
        for values in itertools.product(*design.factors.values()):
            point = dict(zip(design.factors, values, strict=True))
            yield point, point
    elif design.kind == "one-way":
        anchor = {
            name: design.anchors.get(name, levels[0]) for name, levels in design.factors.items()
        }
        for name, levels in design.factors.items():
            for level in levels:
                point = {**anchor, name: level}
                yield point, point
    else:
        settings: dict[str, Any] = {}
        # before a search, what it begins at is all that is known of its finalists
        for arm, change in (design.arms or {UNTUNED: {}}).items():
            settings = {**settings, **change} if design.kind == "ladder" else change
            yield {ARM: arm}, settings


def _refuse_unfit(design: Design, place: str) -> None:
    wanted, other = (
        ("factors", "arms") if design.kind in ("grid", "one-way") else ("arms", "factors")
    )
    if design.kind != "autotune" and (not getattr(design, wanted) or getattr(design, other)):
        raise InputError(
            f"{place} is of kind {design.kind!r}: it needs {wanted!r} and no {other!r}."
        )
    lists = {f"factors.{name}": levels for name, levels in design.factors.items()}
    lists |= {MEMBERS: design.members}
    for name, values in lists.items():
        twice = [text for text, n in Counter(map(shown, values)).items() if n > 1]
        if twice:
            raise InputError(f"{place}.{name} has {', '.join(twice)} more than once.")
    if long := [name for name in design.arms if len(name) > LONGEST_ARM]:
        raise InputError(
            f"{place}.arms: {long[0]!r} has {len(long[0])} characters. Give it a name of at most"
            f" {LONGEST_ARM}; names for readers stand in the study."
        )
    seeds = design.fewest_seeds
    if 1 not in design.members or max(design.members) > seeds:
        raise InputError(
            f"{place}.members is {design.members}: it needs 1, the single runs, and no ensemble of "
            f"more runs than there are seeds ({seeds})."
        )
    _refuse_unfit_looks(design, place)
    anchored = [name for name in design.factors if name in design.anchors]
    if design.kind == "grid" and anchored:
        raise InputError(
            f"{place}.anchors has {', '.join(anchored)}, which the grid varies: "
            "leave it out of the anchors or of the factors."
        )


def _refuse_unfit_looks(design: Design, place: str) -> None:
    if not design.looks:
        if design.taken:
            raise InputError(f"{place}.taken needs looks: declare them before the first run.")
        return
    if design.seeds.sharing == "blocks":
        raise InputError(f"{place}: looks go with seeds that all or no configurations share.")
    if design.replicate != ["seed"]:
        raise InputError(f"{place}: looks count seeds, and replicate names another unit first.")
    if len(design.seeds.values) < design.looks[-1]:
        raise InputError(
            f"{place}.seeds has {len(design.seeds.values)} values, and the last look takes"
            f" {design.looks[-1]}: declare all of them before the first run."
        )
    for look, names in design.taken.items():
        if look not in design.looks:
            raise InputError(
                f"{place}.taken.{look} names {', '.join(names)}, and {look} is none of the looks"
                f" {design.looks}."
            )
    names = list(itertools.chain(*design.taken.values()))
    for i, name in enumerate(names):
        if levels_in(name) in map(levels_in, names[:i]):
            raise InputError(
                f"{place}.taken has {name!r} more than once: name its last look alone."
            )
