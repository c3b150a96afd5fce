"""``params.yaml`` → validated settings.

What comes in: the file. What goes out: `Params`, in which every study, sweep and write-up is
checked, each run of each sweep included. What is promised: nothing runs before all of it is valid,
and whatever is not is named with the nearest valid name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from uphold.claims.spec import Claim, Metric, check_claim
from uphold.errors import InputError, nearest
from uphold.pipeline.design import MEMBERS, NOTHING, Design, Run, lay_out, shown
from uphold.pipeline.owned import overlap
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.stages.paths import Paths
from uphold.pipeline.study import Study, find
from uphold.validation import Settings, read_yaml, validated

FILE = "params.yaml"
REPLICATE = "seed"

ScaleName = Literal["smoke", "quick", "full"]


class Scale(Settings):
    """What a scale changes of a study's settings."""

    data: dict[str, Any] = {}
    training: dict[str, Any] = {}


class StudyParams(Settings):
    """One study's block: its settings, its metrics and its scales."""

    data: dict[str, Any] = {}
    training: dict[str, Any] = {}
    evaluation: dict[str, Any] = {}
    metrics: dict[str, Metric]
    primary: str
    scales: dict[ScaleName, Scale]


class Sweep(Settings):
    """One sweep's block: what is run, where it is written up, and what it promotes."""

    study: str
    writeup: str
    title: str
    design: Design
    promote: Promotion


class Spread(Settings):
    """What the spread of a sweep's runs is divided among.

    Attributes
    ----------
    sweep, metric : str
    random : list of str
        What was drawn and crossed: factors of the sweep, or ``seed``.
    by : str, optional
        A factor of the sweep at each of whose levels it is done.
    """

    sweep: str
    metric: str
    random: Annotated[list[str], Field(min_length=1)]
    by: str | None = None


class Writeup(Settings):
    """One write-up's block."""

    study: str
    title: str
    claims: dict[str, Claim] = {}
    components: dict[str, Spread] = {}


class Params(Settings):
    """The whole of ``params.yaml``."""

    scale: ScaleName
    journal: str
    studies: dict[str, StudyParams]
    sweeps: dict[str, Sweep]
    writeups: dict[str, Writeup]

    def data(self, study: str) -> Settings:
        """Return the data settings of a study at the scale in force."""
        block = self.study(study)
        values = merged(block.data, block.scales[self.scale].data)
        return validated(
            find(study).data, values, f"{FILE}: studies.{study}.data at scale {self.scale}"
        )

    def defaults(self, study: str) -> dict[str, Any]:
        """Return the run settings that the study's sweeps start from, at the scale in force."""
        block = self.study(study)
        return merged(block.training, block.scales[self.scale].training)

    def evaluation(self, study: str) -> Settings:
        """Return how the study's predictions are scored."""
        where = f"{FILE}: studies.{study}.evaluation"
        return validated(find(study).evaluation, self.study(study).evaluation, where)

    def runs(self, name: str, promoted: Mapping[str, Any]) -> list[Run]:
        """Return the distinct runs of a sweep, given what the sweep before it promoted."""
        sweep = self.sweep(name)
        defaults = self.defaults(sweep.study)
        return lay_out(sweep.design, find(sweep.study).run, defaults, promoted, name)

    def sweep(self, name: str) -> Sweep:
        """Return one sweep's block, or say which was meant."""
        return _named("sweep", name, self.sweeps)

    def writeup(self, name: str) -> Writeup:
        """Return one write-up's block, or say which was meant."""
        return _named("write-up", name, self.writeups)

    def sweeps_of(self, writeup: str) -> dict[str, Sweep]:
        """Return the sweeps that a write-up is about, in the order of the file."""
        return {name: s for name, s in self.sweeps.items() if s.writeup == writeup}

    def study(self, name: str) -> StudyParams:
        """Return one study's block, or say which was meant."""
        return _named("study", name, self.studies)


def load(root: Path) -> Params:
    """Read and check ``params.yaml``.

    Raises
    ------
    InputError
        Where the file is missing or anything in it is not valid.
    """
    path = root / FILE
    try:
        values = read_yaml(path.read_text("utf-8"), str(path))
    except FileNotFoundError:
        raise InputError(f"{path} is missing: run this in the root of the repository.") from None
    if not isinstance(values, dict):
        raise InputError(f"{path} holds no settings: it should map scale, studies, sweeps, …")
    params = validated(Params, values, FILE)
    _check(params)
    return params


def merged(base: Mapping, change: Mapping) -> dict[str, Any]:
    """Return `base` with `change` laid over it, mappings merged key by key."""
    both = {
        k for k in change if isinstance(base.get(k), Mapping) and isinstance(change[k], Mapping)
    }
    return {**base, **change, **{k: merged(base[k], change[k]) for k in both}}


def _check(params: Params) -> None:
    for name, block in params.studies.items():
        _check_study(params, find(name), block)
    _check_places(params)
    for name, sweep in params.sweeps.items():
        place = f"params.yaml: sweeps.{name}"
        _must_be(f"{place}.study", sweep.study, params.studies)
        _must_be(f"{place}.writeup", sweep.writeup, params.writeups)
        _must_be(f"{place}.design.after", sweep.design.after, {NOTHING, *params.sweeps})
        _must_be(f"{place}.promote.by", sweep.promote.by, find(sweep.study).validation_scores)
        if params.writeups[sweep.writeup].study != sweep.study:
            raise InputError(f"{place}.writeup is about another study: {sweep.writeup!r}.")
        _refuse_circle(params, name)
        params.runs(name, promoted={})
    for name, writeup in params.writeups.items():
        _must_be(f"params.yaml: writeups.{name}.study", writeup.study, params.studies)
        if not params.sweeps_of(name):
            raise InputError(f"params.yaml: writeups.{name} has no sweep: no sweep names it.")
        _check_claims(params, name)
        _check_components(params, name)


def _check_study(params: Params, study: Study, block: StudyParams) -> None:
    place = f"params.yaml: studies.{study.name}"
    _must_be(f"{place}.primary", block.primary, block.metrics)
    for name, metric in block.metrics.items():
        for key, column in {"": name, **_columns(metric)}.items():
            _must_be(f"{place}.metrics.{name}{key}", column, study.scores)
        for band, part in metric.bands.items():
            _must_be(f"{place}.metrics.{name}.bands.{band}", part, block.metrics)
        if metric.bands and None in (m.items for m in (metric, *_parts(metric, block.metrics))):
            raise InputError(
                f"{place}.metrics.{name}.bands: the metric and each of its bands need 'items', how "
                "many items they are over."
            )
    if "path" not in block.data:
        raise InputError(
            f"{place}.data.path is missing: name the file or folder that the data are read from "
            "(an empty folder where they are made), so that a change of it is seen."
        )
    for scale in get_args(ScaleName):
        _must_be(f"{place}.scales", scale, block.scales)
        at = params.model_copy(update={"scale": scale})
        at.data(study.name)
        validated(study.run, at.defaults(study.name), f"{place}.training at scale {scale}")
    params.evaluation(study.name)


def _check_places(params: Params) -> None:
    """Refuse names and paths by which one stage would write over what another reads."""
    paths = Paths(Path())
    for reader, block in params.studies.items():
        for writer in params.studies:
            if overlap(paths.data(writer), Path(block.data["path"])):
                raise InputError(
                    f"{FILE}: studies.{reader}.data.path: {block.data['path']} overlaps "
                    f"{paths.data(writer)}, where the prepared data of studies.{writer} are "
                    "written: keep what is read in another folder."
                )
    if NOTHING in params.sweeps:
        raise InputError(
            f"{FILE}: sweeps.{NOTHING}: {NOTHING!r} stands for no sweep; take another name."
        )


def _parts(metric: Metric, metrics: Mapping[str, Metric]) -> list[Metric]:
    return [metrics[part] for part in metric.bands.values()]


def _columns(metric: Metric) -> dict[str, str]:
    """Return the columns that a metric names, by their places in it."""
    named = {f".{key}": getattr(metric, key) for key in ("precision", "recall", "auroc", "items")}
    if metric.counts:
        named |= {f".counts.{key}": column for key, column in metric.counts}
    if metric.threshold:
        named[".threshold.column"] = metric.threshold.column
    return {place: column for place, column in named.items() if isinstance(column, str)}


def _check_claims(params: Params, writeup: str) -> None:
    sweeps = params.sweeps_of(writeup)
    block = params.writeups[writeup]
    for name, claim in block.claims.items():
        place = f"params.yaml: writeups.{writeup}.claims.{name}"
        if claim.sweep is None and len(sweeps) > 1:
            raise InputError(f"{place}.sweep is missing: it is about one of {', '.join(sweeps)}.")
        about = claim.sweep or next(iter(sweeps))
        _must_be(f"{place}.sweep", about, sweeps)
        factors = sweeps[about].design.names
        check_claim(claim, params.studies[block.study].metrics, factors, place)
        _check_levels(claim, _levels(params, about), place)


def _check_components(params: Params, writeup: str) -> None:
    block, sweeps = params.writeups[writeup], params.sweeps_of(writeup)
    for name, spread in block.components.items():
        place = f"params.yaml: writeups.{writeup}.components.{name}"
        _must_be(f"{place}.sweep", spread.sweep, sweeps)
        _must_be(f"{place}.metric", spread.metric, params.studies[block.study].metrics)
        factors = sweeps[spread.sweep].design.names
        for random in spread.random:
            _must_be(f"{place}.random", random, [*factors, REPLICATE])
        if spread.by is not None:
            _must_be(f"{place}.by", spread.by, factors)


def _levels(params: Params, sweep: str) -> dict[str, list[str]]:
    """Return each factor's levels as the sweep's log will show them.

    A factor may have no effect before the sweep that this one comes after has promoted anything;
    its levels are then taken as the design writes them.
    """
    runs = params.runs(sweep, promoted={})
    levels = {}
    for name, written in params.sweep(sweep).design.levels.items():
        if name == MEMBERS:  # ensembles are made of runs, and are none themselves
            found = set()
        else:
            found = {shown(run.levels[name]) for run in runs if name in run.levels}
        texts = list(map(shown, written))
        levels[name] = [text for text in texts if text in found or not found]
        levels[name] += sorted(found.difference(texts))
    return levels


def _check_levels(claim: Claim, levels: Mapping[str, list[str]], place: str) -> None:
    for key, factor, level in claim.levels():
        if shown(level) not in levels[factor]:
            raise InputError(
                f"{place}.{key}: {factor} has no level {shown(level)!r} in the design. "
                f"Valid levels: {', '.join(levels[factor])}."
            )


def _refuse_circle(params: Params, name: str) -> None:
    seen = [name]
    while (before := params.sweeps[seen[-1]].design.after) != NOTHING:
        _must_be(f"params.yaml: sweeps.{seen[-1]}.design.after", before, params.sweeps)
        if before in seen:
            raise InputError(
                f"params.yaml: sweeps come after each other in a circle: {' → '.join(seen)} "
                f"→ {before}. One of them must come after {NOTHING!r}."
            )
        seen.append(before)


def _must_be(place: str, name: str, valid: object) -> None:
    if name not in valid:
        raise InputError(f"{place}: there is no {name!r}.{nearest(name, valid)}")


def _named(kind: str, name: str, valid: Mapping[str, Any]) -> Any:
    if name not in valid:
        raise InputError(f"params.yaml: there is no {kind} {name!r}.{nearest(name, valid)}")
    return valid[name]
