"""``uphold export``: a finished run → a folder that holds a model ready to be used.

What comes in: a run in the journal, the prepared data that it was trained on, the evaluation's
settings. What goes out: the files of `uphold.pipeline.exported`, there and whole or not at all.
What is promised: the model that is written has predicted items of the prepared data as the run did;
nothing that exists is overwritten.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from uphold.analysis.model.found import read
from uphold.analysis.model.runs import Promoted
from uphold.claims.metric import Metric
from uphold.disk import PARTIAL, flush, make_folder, write
from uphold.errors import InputError
from uphold.pipeline import digest, exported, model_card
from uphold.pipeline.design import Run, key
from uphold.pipeline.exported import CARD, MODEL, Model, Origin
from uphold.pipeline.journal import Journal
from uphold.pipeline.model_card import Facts, Fresh
from uphold.pipeline.run_files import SUMS, WEIGHTS, Record
from uphold.pipeline.run_named import Named
from uphold.pipeline.stages.files import CONFIRMATION, PROMOTION, json_bytes, read_csv, read_json
from uphold.pipeline.stages.train import known_by
from uphold.pipeline.study import Study
from uphold.validation import Settings, validated

LARGEST_DIFFERENCE = 0.02
"""Of outputs of the exported model from those stored, as a share of the largest one above 1: what
a graphics card rounds is less."""


@dataclass(frozen=True)
class Job:
    """A run to be exported.

    Attributes
    ----------
    named : Named
    study : Study
    journal : Journal
    data : Path
        The study's prepared data.
    data_settings, evaluation : Settings
    metrics : mapping of str to Metric
        The scores that the study's file describes.
    primary : str
        The score that the study is about.
    scale : str
        Of the data and the training.
    arithmetic : {"avx2", "native"}
        The instructions that runs are trained with.
    sweep : Path, optional
        The folder of the sweep that the run belongs to, where it is known.
    out : Path
        The folder to be made.
    """

    named: Named
    study: Study
    journal: Journal
    data: Path
    data_settings: Settings
    evaluation: Settings
    metrics: Mapping[str, Metric]
    primary: str
    scale: str
    arithmetic: str
    sweep: Path | None
    out: Path


def export(job: Job) -> str:
    """Write the model of a run; return a line about it.

    Raises
    ------
    InputError
        Where the run is not in the journal, failed, has no weights, or was trained by other code,
        data or another torch than are here; where its model does not predict what the run did; and
        where something stands at the folder's name.
    """
    if job.study.is_command:
        raise InputError(
            f"The runs of {job.study.name} are processes of a program, whose weights are not known"
            " here: let the program keep its model where you need it."
        )
    if os.path.lexists(job.out):
        raise InputError(f"{job.out} exists already: name a folder that does not.")
    record, weights = _finished(job)
    run = Run(
        {}, {}, validated(job.study.run, record.settings, f"run {job.named.key}"), record.seed
    )
    origin = _origin(job, record, run)
    if not weights:
        raise InputError(
            f"The training of the study {job.study.name!r} gives no weights: they are `weights` of "
            "the Result that `train` returns for each run."
        )
    module = exported.predicting(job.study)
    model = exported.loaded(job.study, run.settings, weights)
    inputs, stored = module.tested(job.data, record.result.predictions)
    difference = float(np.abs(model(inputs).astype(float) - stored).max())
    if not difference <= LARGEST_DIFFERENCE * max(1.0, float(np.abs(stored).max())):
        raise InputError(
            f"The model of the run {job.named.key} predicts prepared items otherwise than the run "
            f"did (by up to {difference:.3g}): `load` or `tested` of studies.{job.study.name}."
            f"{exported.PREDICTION} is not what its training does."
        )
    card, scores = read_json(job.data / digest.CARD), _scores(job, record)
    if "classes" not in card:
        raise InputError(f"{job.data / digest.CARD} names no classes, which label the outputs.")
    threshold = scores.get("threshold")
    described = Model(
        study=job.study.name,
        settings=run.settings.canonical(),
        seed=run.seed,
        data=job.data_settings.model_dump(mode="json"),
        labels=card["classes"],
        threshold=threshold,
        shape=list(inputs.shape[1:]),
        origin=origin,
    )
    facts = Facts(
        model=described,
        study=job.study,
        sweep=job.named.sweep,
        run=job.named.run,
        among=job.named.among,
        promotion=_promotion(job),
        fresh=_fresh(job),
        scale=job.scale,
        even=getattr(module, "EVEN", None),
        card=card,
        scores=scores,
        metrics=job.metrics,
        splits=tuple(record.result.predictions),
        compared=len(inputs),
        difference=difference,
        **_epoch(record, run),
    )
    files = {MODEL: json_bytes(described.model_dump(mode="json")), WEIGHTS: save(weights)}
    digests = {name: model_card.digest_of(content) for name, content in files.items()}
    files[CARD] = model_card.text(facts, digests).encode()
    _write(job.out, files)
    size = f"threshold {threshold:g}" if threshold is not None else f"{len(weights)} arrays"
    return f"{job.out}: {job.study.name}, {job.named.run or job.named.key}, {size}"


def _finished(job: Job) -> tuple[Record, dict[str, np.ndarray]]:
    """Return a run and its weights."""
    name, again = job.named.key, _again(job)
    record, weights = job.journal.get(name), job.journal.weights(name)
    if record is None or weights is None:
        raise InputError(f"The run {name} is not in {job.journal.folder}: {again}.")
    if record.result.failure is not None:
        raise InputError(f"The run {name} failed and has no weights: {record.result.failure}.")
    return record, weights


def _origin(job: Job, record: Record, run: Run) -> Origin:
    """Return what trained a run: the key proves that it is what is here."""
    here = known_by(job.study, job.data, job.arithmetic)
    if key(job.study.name, run, **here) != job.named.key:
        kept = "" if job.journal.weights(job.named.key) else ", before weights were kept,"
        raise InputError(
            f"The run {job.named.key} was trained{kept} by other code, data, torch or arithmetic "
            f"than are here: {_again(job)}."
        )
    return Origin(
        key=job.named.key,
        uphold=version("uphold"),
        trained=record.finished,
        device=record.device,
        **here,
    )


def _again(job: Job) -> str:
    """Return how to get a run that is not to be had: its key may be another one then."""
    if not job.named.sweep:
        return "train its sweep again (uphold train SWEEP) and name it by that (--sweep SWEEP)"
    return f"train it again: dvc repro evaluate@{job.named.sweep}"


def _scores(job: Job, record: Record) -> dict[str, float]:
    evaluation = job.study.module("evaluation")
    truth = evaluation.load(job.data)
    found = evaluation.score(record.result.predictions, truth, job.evaluation)
    return {name: float(value) for name, value in found.items()}


def _epoch(record: Record, run: Run) -> dict[str, int]:
    """Return which epoch's weights a run keeps, of how many; nothing where it does not tell."""
    epochs, best = (
        len(record.result.history.get("epoch", ())),
        record.result.facts.get("best_epoch"),
    )
    if not epochs or best is None:
        return {}
    # Whoever may stop early and does not keeps the last epoch, whichever one was the best.
    last = getattr(run.settings, "early_stopping", None) is False
    return {"epoch": epochs if last else int(best), "epochs": epochs}


def _promotion(job: Job) -> Promoted | None:
    """Return how the configuration was promoted, None where it was not."""
    if job.sweep is None or not job.named.promoted:
        return None
    return read(Promoted, job.sweep / PROMOTION, f"dvc repro evaluate@{job.named.sweep}")


def _fresh(job: Job) -> Fresh | None:
    """Return how what was promoted scores on fresh seeds, where there are any.

    By the primary score, or by what stands in for it where the data cannot have it.
    """
    if job.sweep is None or not job.named.promoted or not (job.sweep / CONFIRMATION).is_file():
        return None
    fresh = read_csv(job.sweep / CONFIRMATION)
    labels = {job.primary: job.metrics[job.primary].label}
    if job.study.stand_ins and job.primary in job.study.stand_ins.scores:
        labels |= [job.study.stand_ins.scores[job.primary]]
    for score, label in labels.items():
        if values := fresh[score].dropna().tolist():
            return Fresh(label, values)
    return None


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder under another name, then give it its own."""
    partial = folder.with_name(f".{folder.name}{PARTIAL}")
    make_folder(folder.parent)
    shutil.rmtree(partial, ignore_errors=True)  # of a process that died
    os.mkdir(partial)  # noqa: PTH102 (every step on disk goes through os)
    try:
        for name, content in {**files, SUMS: exported.sums(files)}.items():
            write(partial / name, content)
        flush(partial)
        partial.rename(folder)
        flush(folder.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
