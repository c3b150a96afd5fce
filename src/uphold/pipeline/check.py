"""Are all params of a study valid, claims included?

What comes in: the params. What goes out: nothing, or an error that names file and key. What is
promised: every scale, each run of each sweep and every claim is looked at, and what ``params.yaml``
and the study's file name is the same.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from uphold.claims.claim import Claim
from uphold.claims.metric import Metric
from uphold.claims.spec import check_claim
from uphold.errors import InputError, nearest
from uphold.pipeline import judged, searches, sweeps
from uphold.pipeline.design import MEMBERS, shown
from uphold.pipeline.owned import overlap
from uphold.pipeline.params import (
    FILE,
    FOLDER,
    NOT_EVERYWHERE,
    Params,
    ScaleName,
    file_of,
    must_be,
)
from uphold.pipeline.stages.paths import Paths
from uphold.pipeline.study import Study, find
from uphold.validation import validated

REPLICATE = "seed"


def check_all(params: Params) -> None:
    """Check every study, and that each file in ``params/`` is one's.

    Raises
    ------
    InputError
        For the first thing that is not valid.
    """
    for path in sorted((params.root / FOLDER).glob("*.y*ml")):
        if path.name != f"{path.stem}.yaml" or path.stem not in params.names.studies:
            raise InputError(
                f"{FOLDER}/{path.name}: {FILE} names no study {path.stem!r}."
                f"{nearest(path.stem, params.names.studies)}"
            )
    for study in params.names.studies:
        check(params, study)


def check(params: Params, name: str) -> None:
    """Check all params of one study.

    Raises
    ------
    InputError
        For the first thing that is not valid.
    """
    block, study = params.study(name), find(name)
    named = {
        "searches": [n for n, search in params.names.searches.items() if search.study == name],
        "sweeps": [n for n, sweep in params.names.sweeps.items() if sweep.study == name],
        "writeups": [n for n, writeup in params.names.writeups.items() if writeup.study == name],
    }
    for section, names in named.items():
        for key in getattr(block, section):
            if key not in names:
                raise InputError(
                    f"{file_of(name)}: {section}.{key} is not named in {FILE}, under {section} "
                    f"with study: {name}.{nearest(key, names)}"
                )
    _check_places(params, name)
    _check_settings(params, study)
    _refuse_missing(params, name)
    _check_metrics(params, study)
    for key in named["searches"]:
        by = searches.search(params, key).by
        must_be(f"{searches.place(params, key)}.by", by, study.validation_scores)
    for key in named["sweeps"]:
        sweep, where = sweeps.sweep(params, key), sweeps.place(params, key)
        must_be(f"{where}.promote.by", sweep.promote.by, study.validation_scores)
        _refuse_seed_of_search(params, key, where)
        sweeps.runs(params, key, promoted={})
    for key in named["writeups"]:
        _check_claims(params, key)
        _check_components(params, key)


def _refuse_seed_of_search(params: Params, sweep: str, where: str) -> None:
    """Refuse to compare finalists on the seed that made them finalists."""
    after, design = params.sweep(sweep).after, sweeps.sweep(params, sweep).design
    if after in params.names.searches:
        seed = searches.search(params, after).seed
        if seed in design.seeds.values:
            raise InputError(
                f"{where}.design.seeds has {seed}, the seed of {after}, whose scores chose the"
                " finalists: compare them on other seeds."
            )


def _check_places(params: Params, reader: str) -> None:
    """Refuse a path by which one stage would write over what another reads."""
    path = params.names.studies[reader].path
    for writer in params.names.studies:
        data = Paths(Path()).data(writer)
        if overlap(data, Path(path)):
            raise InputError(
                f"{FILE}: studies.{reader}.path: {path} overlaps {data}, where the data of "
                f"studies.{writer} are prepared: keep what is read in another folder."
            )


def _refuse_missing(params: Params, study: str) -> None:
    """Refuse a source whose files are not there: DVC would stop at them and name no key."""
    settings = params.data(study)
    for path in getattr(settings, "inputs", list)():
        if not (params.root / path).exists():
            raise InputError(
                f"There is no {path} (studies.{study}.path in {FILE}), which the source"
                f" {settings.model_dump()['source']!r} reads: put the data there, or name where"
                " they are."
            )


def _check_settings(params: Params, study: Study) -> None:
    named = params.study(study.name).scales
    for scale in get_args(ScaleName):
        if scale in NOT_EVERYWHERE and scale not in named:
            continue
        where = f"{file_of(study.name)}: training at scale {scale}"
        params.data(study.name, scale)
        validated(study.run, params.defaults(study.name, scale), where)
    params.evaluation(study.name)


def _check_metrics(params: Params, study: Study) -> None:
    place, metrics = file_of(study.name), judged.metrics(params, study.name)
    must_be(f"{place}: primary", params.study(study.name).primary, metrics)
    for name, metric in metrics.items():
        for key, column in {"": name, **_columns(metric)}.items():
            must_be(f"{place}: metrics.{name}{key}", column, study.scores)
        for band, part in metric.bands.items():
            must_be(f"{place}: metrics.{name}.bands.{band}", part, metrics)
        if metric.bands and None in (m.items for m in (metric, *_parts(metric, metrics))):
            raise InputError(
                f"{place}: metrics.{name}.bands: the metric and each of its bands need 'items', "
                "how many items they are over."
            )


def _check_claims(params: Params, writeup: str) -> None:
    about = {name: sweeps.sweep(params, name) for name in params.sweeps_of(writeup)}
    levels = {name: _levels(params, name) for name in about}
    metrics = judged.metrics(params, params.writeup(writeup).study)
    items = find(params.writeup(writeup).study).items
    block, where = judged.judged(params, writeup), judged.place(params, writeup)
    if block.sweep is not None:
        must_be(f"{where}.sweep", block.sweep, about)
    for name, claim in block.claims.items():
        place = f"{where}.claims.{name}"
        if claim.sweep is None and len(about) > 1:
            raise InputError(
                f"{place}.sweep is missing: the write-up has several sweeps, {', '.join(about)}."
                " Name one in the claim, or once for all claims that name none, as"
                f" writeups.{writeup}.sweep."
            )
        sweep = claim.sweep or next(iter(about))
        must_be(f"{place}.sweep", sweep, about)
        known = items.scores if items else ()
        check_claim(claim, metrics, about[sweep].design.names, place, known)
        _check_levels(claim, levels[sweep], place)
    primary = [name for name, claim in block.claims.items() if claim.role == "primary"]
    for name in params.writeup(writeup).answered_by:
        must_be(f"params.yaml: writeups.{writeup}.answered_by", name, primary)


def _check_components(params: Params, writeup: str) -> None:
    about = {name: sweeps.sweep(params, name) for name in params.sweeps_of(writeup)}
    metrics = judged.metrics(params, params.writeup(writeup).study)
    for name, spread in judged.judged(params, writeup).components.items():
        place = f"{judged.place(params, writeup)}.components.{name}"
        must_be(f"{place}.sweep", spread.sweep, about)
        must_be(f"{place}.metric", spread.metric, metrics)
        factors = about[spread.sweep].design.names
        for random in spread.random:
            must_be(f"{place}.random", random, [*factors, REPLICATE])
        if spread.by is not None:
            must_be(f"{place}.by", spread.by, factors)


def _parts(metric: Metric, metrics: Mapping[str, Metric]) -> list[Metric]:
    return [metrics[part] for part in metric.bands.values()]


def _columns(metric: Metric) -> dict[str, str]:
    """Return the columns that a metric names, by their places in it."""
    named = {f".{key}": getattr(metric, key) for key in ("precision", "recall", "auroc", "items")}
    if metric.floor:
        named |= {f".floor.columns[{i}]": name for i, name in enumerate(metric.floor.columns)}
        named[".floor.of"] = metric.floor.of
    if metric.counts:
        named |= {f".counts.{key}": column for key, column in metric.counts}
    if metric.threshold:
        named[".threshold.column"] = metric.threshold.column
    return {place: column for place, column in named.items() if isinstance(column, str)}


def _levels(params: Params, sweep: str) -> dict[str, list[str]]:
    """Return each factor's levels as the sweep's log will show them.

    A factor may have no effect before the sweep that this one comes after has promoted anything;
    its levels are then taken as the design writes them.
    """
    runs = sweeps.runs(params, sweep, promoted={})
    levels = {}
    for name, written in sweeps.sweep(params, sweep).design.levels.items():
        # ensembles are made of runs, and are none themselves; finalists are not known yet
        if name == MEMBERS or sweeps.sweep(params, sweep).design.kind == "autotune":
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
