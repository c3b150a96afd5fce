"""Makes a run log in the shape of 120 archived runs of a frog-call classifier, and its spec.

The columns, the design and what is wrong with the log are the archived ones': eight configurations
were run a second time, each run was scored on a test set of its own size by a threshold that was
chosen on it, and one run was scored on a set without positives. The numbers are drawn. What is true
of them: focal loss costs .2 of F1, smoothing and the faster rate add .06 each, capacity adds
nothing; the run that was scored on nothing hides what the rate does.
"""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

FACTORS = ["hidden_units", "learning_rate", "label_smoothing", "mixup", "focal_loss"]
SEEDS = (123, 456, 789)
SWITCHES = [(False, True)] * 3
AGAIN = list(itertools.product([512.0], [0.0005], *SWITCHES))
DESIGN = list(itertools.product([512.0, 1024.0], [0.0005, 0.001], *SWITCHES))
UNDEFINED = "stage2b_085"
"""The run whose test sets hold no positive."""
SAME = {"dropout": 0.25, "upsampling_mode": "repeat", "upsampling_ratio": 0.0, "batch_size": 32.0}
SAME |= {"epochs": 50.0, "train_positive": 1500.0, "train_negative": 1500.0}
FIRST = ["sweep", "run", "seed", *FACTORS[:1], "dropout", *FACTORS[1:]]


def runs() -> pd.DataFrame:
    """Return the log, one row a run."""
    rng = np.random.default_rng(2024)
    rows = []
    for sweep, design in {"stage2_sweep": AGAIN, "stage2b": DESIGN}.items():
        for number, (levels, seed) in enumerate(itertools.product(design, SEEDS), 1):
            run = f"{sweep}_{number:03}"
            row = {
                "sweep": sweep,
                "run": run,
                "seed": seed,
                **dict(zip(FACTORS, levels, strict=True)),
            } | SAME
            for split, easier in {"iid": 0.1, "ood": 0.0}.items():
                quality = 0.6 + easier + _effect(row) + rng.normal(0, 0.03)
                found = _nothing() if run == UNDEFINED else _scores(rng, quality)
                row |= {f"{split}_{name}": value for name, value in found.items()}
            rows.append(row)
    table = pd.DataFrame(rows)
    return table[FIRST + [name for name in table if name not in FIRST]]


def spec() -> dict[str, Any]:
    """Return how the log is to be read: its metrics, a claim of each kind, a printed table."""
    step = {f: {"factor": f, "from": False, "to": True} for f in FACTORS[2:]}
    rate = {"factor": "learning_rate", "from": 0.0005, "to": 0.001}
    capacity = {"factor": "hidden_units", "from": 512, "to": 1024}
    plain = dict(zip(FACTORS, (512, 0.0005, False, False, False), strict=True))
    best = plain | {"learning_rate": 0.001, "label_smoothing": True}
    smooth = {"label_smoothing": True}
    claims = {
        "smoothing-lifts": {"contrast": step["label_smoothing"], "expect": "increase"},
        "focal-hurts": {"contrast": step["focal_loss"], "expect": "decrease"},
        "capacity-no-effect": {"contrast": capacity, "expect": "no-effect"},
        "capacity-no-gain": {"contrast": capacity, "expect": "no-increase"},
        "mixup-helps-with-smoothing": {
            "contrast": step["mixup"], "where": smooth, "expect": "increase"
        },
        "faster-rate-wins": {
            "contrast": rate,
            "where": smooth | {"mixup": False, "focal_loss": False},
            "expect": "increase",
        },
        "focal-ceiling": {"where": {"focal_loss": True}, "bound": {"at_most": 0.46}},
        "mixup-needs-smoothing": {
            "interaction": {"of": step["mixup"], "with": step["label_smoothing"]},
            "expect": "difference",
        },
        "configurations-differ": {"anova": {"over": "configuration"}, "expect": "difference"},
        "best-beats-plain": {"gain": {"at_least": 0.05, "over": plain}, "where": best},
    }  # fmt: skip
    return {
        "title": "Made runs",
        "run": "run",
        "replicate": "seed",
        "rows": {"sweep": ["stage2_sweep", "stage2b"]},
        "factors": FACTORS,
        "training": ["train_positive", "train_negative"],
        "metrics": {f"{split}_f1": _metric(split) for split in ("ood", "iid")},
        "primary": "ood_f1",
        "claims": {n: {"says": f"{n}.", "metric": "ood_f1", **c} for n, c in claims.items()},
        "published": _printed([best, *(plain | more for more in ({}, smooth))])
        + _printed([best | {"mixup": True}, best | {"hidden_units": 1024, "mixup": True}]),
    }


def write(folder: Path) -> None:
    """Write ``stage2_runs.csv`` and ``stage2_spec.yaml``."""
    runs().to_csv(folder / "stage2_runs.csv", index=False)
    (folder / "stage2_spec.yaml").write_text(yaml.safe_dump(spec(), sort_keys=False), "utf-8")


def _effect(row: dict[str, Any]) -> float:
    return (
        0.06 * row["label_smoothing"]
        + 0.06 * (row["learning_rate"] == 0.001)
        - 0.2 * row["focal_loss"]
    )


def _scores(rng: np.random.Generator, quality: float) -> dict[str, float]:
    """Return the scores of a run whose precision and recall are about its quality."""
    positive, negative = rng.integers(800, 2400, 2)
    tp = round(positive * float(np.clip(quality + rng.normal(0, 0.02), 0.05, 0.98)))
    fp = min(round(tp / quality - tp), int(negative))
    fn, tn = int(positive) - tp, int(negative) - fp
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return {
        "threshold": float(rng.choice([1.0, 0.95], p=[0.9, 0.1])),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * tp / (2 * tp + fp + fn), 3),
        "accuracy": round((tp + tn) / (positive + negative), 3),
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "tn": tn,
        "auroc": round(float(np.clip(quality - 0.05, 0, 1)), 3),
        "auprc": round(float(np.clip(quality, 0, 1)), 3),
    }


def _nothing() -> dict[str, float]:
    """Return what is stored of a test set without positives."""
    zeros = dict.fromkeys(("threshold", "precision", "recall", "f1"), 0.0)
    counts = {"tp": 0, "fp": 0, "fn": 0, "tn": 41}
    return zeros | {"accuracy": 1.0} | counts | {"auroc": float("nan"), "auprc": 1.0}


def _metric(split: str) -> dict[str, Any]:
    columns = {name: f"{split}_{name}" for name in ("precision", "recall", "auroc")}
    return {
        "label": f"{split.upper()} F1",
        "kind": "f1",
        "split": "test",
        "better": "higher",
        "margin": 0.02,
        "counts": {name: f"{split}_{name}" for name in ("tp", "fp", "fn", "tn")},
        **columns,
        "threshold": {"column": f"{split}_threshold", "grid": [0.0, 1.0], "chosen_on": "test"},
    }


def _printed(configurations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return means and SDs as they would be printed, each with the three seeds as its n."""
    table, rows = runs(), []
    for levels in configurations:
        here = table[(table[list(levels)] == pd.Series(levels)).all(axis=1)]
        found = {
            metric: {
                "mean": round(float(here[metric].mean()), 2),
                "sd": round(float(here[metric].std()), 2),
            }
            for metric in ("ood_f1", "iid_f1")
        }
        rows.append({"where": levels, **found, "n": 3})
    return rows
