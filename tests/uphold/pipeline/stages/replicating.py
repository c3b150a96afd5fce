"""A write-up of one toy sweep whose runs score what a test says, on first and on fresh seeds."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from uphold.claims.metric import Metric
from uphold.pipeline.design import Design, lay_out
from uphold.pipeline.journal import Journal
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.stages import analyze, evaluate, train
from uphold.pipeline.stages.replicate import Job
from uphold.pipeline.study import Study, find
from uphold.training.contract import Result
from uphold.validation import Settings

from ...conftest import read_claim

SWEEP, WRITEUP = "toy", "toy-page"
OWN = [1, 2, 3, 4, 5]
STEP = {"factor": "mixup", "from": False, "to": True}
CLAIMS = {
    "lifts": {"contrast": STEP, "expect": "increase"},
    "lifts-much": {"contrast": STEP, "where": {"focal_loss": True}, "expect": "increase"},
}


class Evaluation:
    """An evaluation whose scores are the predictions."""

    @staticmethod
    def load(folder):
        return None

    @staticmethod
    def score(predictions, truth, settings):
        score = float(predictions["test"][0, 0])
        return {"validation_f1": score, "ood_f1": score}

    @staticmethod
    def ensemble(members, truth, settings):
        mean = float(np.mean([m["test"][0, 0] for m in members]))
        return {"validation_f1": mean, "ood_f1": mean}

    @staticmethod
    def items(predictions, truth, settings):
        return {}

    @staticmethod
    def ensemble_items(members, truth, settings):
        return {}

    @staticmethod
    def groups(truth):
        return np.zeros(0, dtype=np.int32)

    @staticmethod
    def curves(predictions, truth, settings):
        return pd.DataFrame({"split": "ood", "x": [0.0], "y": [0.5]})

    @staticmethod
    def confusions(predictions, truth, settings):
        cell = {"split": "ood", "truth": "b", "predicted": "a"}
        return pd.DataFrame([{**cell, "count": 1}])


class World:
    """A repository in which mixup does what is said, on first seeds and on fresh ones."""

    def __init__(self, root: Path, monkeypatch) -> None:
        monkeypatch.setattr(Study, "module", lambda self, name: Evaluation)
        self.root, self.study = root, find("calls")
        self.first, self.fresh, self.noise = 0.1, 0.1, 0.001
        self.trained: list[int] = []
        self.killed_after = 10**6
        data = root / "data"
        data.mkdir()
        (data / "features").write_bytes(b"prepared")
        (data / "card.json").write_text("{}")

    def trainer(self, study, tasks, folder):
        """Train by a formula: each seed has a level and does something to mixup's effect."""
        for task in tasks:
            if len(self.trained) == self.killed_after:
                raise KeyboardInterrupt
            self.trained.append(task.seed)
            effect = self.first if task.seed in OWN else self.fresh
            effect += ((task.seed * 37) % 11 - 5) * self.noise
            value = 0.5 + (task.seed % 7) / 100 + task.settings.mixup * effect
            history = {"epoch": np.array([1]), "train_loss": np.array([0.5])}
            outputs = {"test": np.full((1, 1), value, dtype=np.float64)}
            facts = {"training_set": "d", "fold": task.seed % 3}
            yield task, Result(outputs, history, facts), 0.1

    def job(self, claims=CLAIMS, margin: float = 0.02, **design) -> Job:
        """Lay out the sweep and, the first time, train and evaluate it."""
        factors = {"mixup": [False, True], "focal_loss": [False, True]}
        plan = Design(**{"factors": factors, "seeds": OWN, **design})
        runs = lay_out(plan, self.study.run, {}, {}, "toy")
        folder = self.root / "results" / WRITEUP / "sweeps" / SWEEP
        data, journal = self.root / "data", Journal(self.root / "journal")
        sweep = train.Job(SWEEP, "Toy", self.study, plan, runs, data, journal, folder)
        if not folder.exists():
            train.train(sweep, self.trainer, device="cpu", say=lambda message: None)
            rule = Promotion(by="validation_f1", stable_sd=1)
            promoted = self.root / "promoted.json"
            given = evaluate.Job(SWEEP, self.study, Settings(), rule, data, folder, promoted)
            evaluate.evaluate(given)
            self.trained.clear()
        writeup = analyze.Job(
            **{"name": WRITEUP, "title": "A page", "scale": "quick", "study": self.study},
            metrics={"ood_f1": Metric(label="OOD F1", better="higher", margin=margin)},
            primary="ood_f1",
            evaluation={},
            claims={k: read_claim({"metric": "ood_f1", **parts}) for k, parts in claims.items()},
            sweeps={SWEEP: folder},
            card=data / "card.json",
            published=self.root / "published",
            out=self.root / "results" / WRITEUP,
            front=self.root / "results" / "front" / f"{WRITEUP}.json",
        )
        return Job(writeup, {SWEEP: sweep}, Settings(), self.root / "fresh")

    def findings(self, job: Job) -> dict:
        """Analyze the write-up and return its findings."""
        analyze.analyze_writeup(job.writeup)
        found: dict = json.loads((job.writeup.out / "findings.json").read_text("utf-8"))
        return found
