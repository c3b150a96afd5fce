"""Interrupt a small sweep at every step that it makes on disk, rerun it, compare what it published.

Run as a script: ``python interruption.py {train,evaluate,naive} {kill,full} FOLDER`` prints a JSON
object with the number of steps and of reruns whose outputs differ from the uninterrupted ones. It
forks a child for each step, which a test process with threads must not do.
"""

import errno
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from uphold.pipeline.design import Design, lay_out
from uphold.pipeline.journal import Journal
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.stages import evaluate, train
from uphold.pipeline.stages.files import TRAINING
from uphold.pipeline.stages.train import code_of
from uphold.pipeline.study import find
from uphold.training import probe
from uphold.training.contract import Result

OPERATIONS = ["open", "write", "fsync", "close", "mkdir", "rename", "replace", "unlink", "rmdir"]
DESIGN = Design(factors={"hidden_units": [8, 16], "mixup": [False, True]}, seeds=[1])


def toy_trainer(study, tasks, folder):
    """Give each task predictions that depend on nothing but the task."""
    for task in tasks:
        value = task.settings.hidden_units + task.seed + 0.5 * task.settings.mixup
        predictions = {"iid": np.full((3, 1), value, dtype=np.float32)}
        history = {"epoch": np.arange(1, 3), "train_loss": np.array([value, value / 3])}
        yield task, Result(predictions, history, {"train_positive": 7}), 0.1


def through_the_journal(place: Path) -> None:
    """Train and publish a small sweep as the project does."""
    (place / "data").mkdir(parents=True, exist_ok=True)
    (place / "data" / "features").write_bytes(b"prepared")
    (place / "data" / "card.json").write_bytes(b"{}")
    study = find("calls")
    job = train.Job(
        name="toy",
        title="A toy",
        study=study,
        design=DESIGN,
        runs=lay_out(DESIGN, study.run, {}, {}, "toy"),
        data=place / "data",
        journal=Journal(place / "journal"),
        out=place / "out",
    )
    train.train(job, toy_trainer, device="cpu", say=lambda message: None)


class ToyStudy:
    """A study whose score is the prediction itself, and which reads its data as `evaluate` asks."""

    name, scores, items, floors = "toy", ("validation_f1",), None, {}

    def module(self, name):
        return self

    def load(self, folder):
        return (folder / "features").read_bytes()

    def score(self, predictions, truth, settings):
        return {"validation_f1": float(predictions["iid"][0, 0])}

    def curves(self, predictions, truth, settings):
        return pd.DataFrame({"x": [0.0, 1.0], "y": [1.0, float(predictions["iid"][0, 0])]})

    def confusions(self, predictions, truth, settings):
        return pd.DataFrame([{"split": "iid", "truth": "a", "predicted": "b", "count": 3}])


def scored(place: Path) -> None:
    """Evaluate the trained sweep that lies there."""
    rule = Promotion(by="validation_f1", stable_sd=1.0)
    promoted = place / "out" / "promoted" / "toy.json"
    job = evaluate.Job("toy", ToyStudy(), None, rule, place / "data", place / "out", promoted)
    evaluate.evaluate(job)


def nothing(place: Path) -> None:
    """Begin with an empty folder."""
    place.mkdir(parents=True)


def naively(place: Path) -> None:
    """Append each finished run to the output; resume after the rows that are there."""
    (place / "out").mkdir(parents=True, exist_ok=True)
    study = find("calls")
    runs = lay_out(DESIGN, study.run, {}, {}, "toy")
    table = place / "out" / "runs.csv"
    done = table.read_text().count("\n") if table.exists() else 0
    for task, result, _ in toy_trainer(study, [run.task for run in runs[done:]], place):
        row = f"{task.settings.hidden_units},{task.settings.mixup},{result.history['train_loss']}\n"
        file = os.open(table, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, row.encode())
        os.fsync(file)
        os.close(file)


def interrupt(step: int, how: str) -> None:
    """Make the `step`-th operation on disk the last one (kill), or let the disk be full."""
    seen = 0
    for name in OPERATIONS:
        real = getattr(os, name)

        def operation(*args, _real=real, _name=name, **kwargs):
            nonlocal seen
            seen += 1
            if seen == step and how == "kill":
                if _name == "write":
                    _real(args[0], bytes(args[1])[: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            if seen >= step and how == "full" and _name in ("write", "mkdir"):
                raise OSError(errno.ENOSPC, "No space left on device")
            return _real(*args, **kwargs)

        setattr(os, name, operation)


def in_a_child(work, place: Path, step: int | None = None, how: str = "kill") -> bool:
    """Run `work` in a fork; return whether it ended by itself and well."""
    child = os.fork()
    if child == 0:
        try:
            if step is not None:
                interrupt(step, how)
            work(place)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def published(place: Path) -> dict[str, bytes]:
    """Return every output of the sweep, by name; when runs were trained differs each time."""
    files = (p for p in sorted((place / "out").rglob("*")) if p.is_file() and p.name != TRAINING)
    return {str(p.relative_to(place)): p.read_bytes() for p in files}


def main(kind: str, how: str, folder: Path) -> dict[str, int]:
    """Interrupt at step 1, 2, … until a run ends undisturbed."""
    before, work = KINDS[kind]
    code_of(find("calls"))  # once here, not in every child; as are torch and what it computes
    probe.computed("cpu")
    before(folder / "begun")
    shutil.copytree(folder / "begun", folder / "reference")
    assert in_a_child(work, folder / "reference")
    expected = published(folder / "reference")
    step, different = 0, 0
    while True:
        step += 1
        place = folder / "interrupted"
        shutil.copytree(folder / "begun", place)
        undisturbed = in_a_child(work, place, step, how)
        assert in_a_child(work, place), f"the rerun after step {step} failed"
        different += published(place) != expected
        shutil.rmtree(place)
        if undisturbed:
            return {"steps": step - 1, "different": different, "outputs": len(expected)}


KINDS = {
    "train": (nothing, through_the_journal),
    "evaluate": (through_the_journal, scored),
    "naive": (nothing, naively),
}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
