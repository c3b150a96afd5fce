"""A page about runs whose analysis is known."""

import json

import pandas as pd
import pytest

from uphold.analysis.analyze import analyze
from uphold.analysis.model.replication import Replicated, Tried
from uphold.analysis.model.runs import Design, Promoted
from uphold.analysis.model.writeup import Writeup
from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.format import use_names
from uphold.pages.writeup import Page
from uphold.statistics.scores import Scores

from ...partly import partly

METRICS = {
    "ood_f1": Metric(label="OOD F1", better="higher", margin=0.02),
    "f1_gap": Metric(label="gap", better="lower", margin=0.02),
}
LEVELS = {"mixup": [False, True], "upsampling_ratio": [0, 0.5]}
SEEDS = (1, 2, 3)
PROMOTED = Promoted(
    **dict.fromkeys(("configuration", "settings", "mean", "sd")),
    **dict.fromkeys(("n", "stable", "configurations"), 0),
    **{"by": "validation_f1", "rule_met": False},
)
SPLITS = {"train": {"recorders": ["a", "b"]}, "ood": {"recorders": ["c"]}}
SIDE = {
    **{"verdict": "supported", "value": 0.1, "ci_low": 0.08, "ci_high": 0.12},
    **{"p_adjusted": 0.001, "units": 3, "runs": 12},
}
FRESH = SIDE | {"verdict": "inconclusive", "value": 0.03, "ci_low": -0.02, "ci_high": 0.08}


def runs(effect: float) -> pd.DataFrame:
    """Return runs in which mixup does `effect`, and the ratio nothing: its arms are identical."""
    rows = [
        {
            "run": f"mixup={str(mixup).lower()}, upsampling_ratio={ratio:g}, seed={seed}",
            "configuration": f"mixup={str(mixup).lower()}, upsampling_ratio={ratio:g}",
            **{"mixup": mixup, "upsampling_ratio": ratio, "seed": seed},
            **{"status": "ok", "failure": None, "training_set": f"digest of seed {seed}"},
            **{"ood_f1": 0.7 + effect * mixup + 0.01 * seed + 0.001 * mixup * seed},
            **{"f1_gap": 0.1 * seed - 0.05},
        }
        for mixup in LEVELS["mixup"]
        for ratio in LEVELS["upsampling_ratio"]
        for seed in SEEDS
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def page(tmp_path):
    """Return a function that gives a page about runs with an effect."""

    def make(effect: float = 0.1) -> Page:
        scores = Scores(runs(effect), tuple(LEVELS), "seed", run="run")
        acting = frozenset({"upsampling_ratio"})
        log = Log(scores, METRICS, ("training_set",), data_factors=acting)
        design = Design(title="a sweep", kind="grid", levels=LEVELS, seeds=list(SEEDS))
        sweep = analyze(log, "ood_f1", design, PROMOTED).dumped()
        claim = {
            "says": "Mixup <b>helps</b>.",
            "form": "contrast",
            "verdict": "supported",
            "fragile": True,
            "role": "primary",
            "brief": "Yes: +0.104 (0.050 to 0.150).",
            "shown": "+0.104 (0.050 to 0.150)",
            "in_margins": {"value": 5.2, "ci_low": 2.5, "ci_high": 7.5, "claimed": 0.0},
            "outcome": {"seeds": 3, "reason": "", "ratio": False, "anova": None},
        }
        flag = {"check": "no-op-arm", "severity": "error", "count": 4, "unit": "arms"}
        found = {
            **{"title": "A page", "scale": "quick", "primary": "ood_f1"},
            "names": {"upsampling_ratio": "upsampling ratio"},
            "metrics": {name: m.model_dump() for name, m in METRICS.items()},
            "data": {"source": "synthetic", "positive": "call", "splits": SPLITS},
            "sweeps": {"toy": sweep},
            "archived": None,
            "claims": {
                "mixup": claim | {"sentence": "It does.", "sweep": "toy", "metric": "ood_f1"}
            },
            "audit": {"toy": [flag | {"message": "They are one arm.", "claims": ["mixup"]}]},
        }
        use_names(found["names"])
        folder = tmp_path / "results" / "toy-page" / "sweeps" / "toy"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "training.json").write_text(
            '{"a": {"as_reference": true, "finished": "2026-01-02T03:04:05+00:00"}}'
        )
        return Page("toy-page", tmp_path, partly(Writeup, json.loads(json.dumps(found))))

    return make


def cells(table) -> list[list[str]]:
    return table._tbl_data.to_numpy().tolist()


def tried(outcome: str, **fresh) -> Tried:
    """Return how a verdict stands that was +0.1 by the first runs, by what fresh ones say of it."""
    found = {
        **{"state": "0", "outcome": outcome, "first": SIDE, "fresh": FRESH | fresh},
        "change": {"value": -0.07, "ci_low": -0.1, "ci_high": -0.04},
    }
    known = outcome in ("held", "not decided again", "contradicted")
    return Tried(outcome=outcome, found=Replicated.model_validate(found) if known else None)
