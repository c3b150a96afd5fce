"""Variance components that a write-up asks for: in its analysis, and in short in its findings."""

import json

import numpy as np
import pandas as pd
import pytest

from uphold.claims.metric import Metric
from uphold.pipeline.stages.analyze import Job, analyze_writeup
from uphold.pipeline.stages.items import packed
from uphold.pipeline.study import find

METRICS = {"macro_f1": Metric(label="macro-F1", better="higher", margin=0.02)}
FOLDS, SEEDS = (0, 1, 2, 3), (1, 2, 3)
SPREAD = {"sweep": "s", "metric": "macro_f1", "random": ["fold", "seed"], "by": "split"}


@pytest.fixture
def analyzed(tmp_path):
    """Two splits; in one the folds differ by far more than in the other."""
    rows = [
        {
            **{"run": f"{split} {fold} {seed}", "configuration": f"{split} {fold}"},
            **{"split": split, "fold": fold, "seed": seed, "status": "ok", "failure": None},
            "macro_f1": 0.5 + far * fold + 0.01 * ((fold + seed) % 2),
        }
        for split, far in (("grouped", 0.1), ("random", 0.001))
        for fold in FOLDS
        for seed in SEEDS
    ]
    folder = tmp_path / "s"
    folder.mkdir()
    pd.DataFrame(rows).to_csv(folder / "scores.csv", index=False)
    levels = {"split": ["grouped", "random"], "fold": list(FOLDS)}
    design = {"title": "S", "kind": "grid", "levels": levels, "seeds": list(SEEDS)}
    promoted = {"configuration": "", "settings": {}, "by": "b", "mean": 0.5, "sd": 0.1, "n": 3}
    promoted |= {"stable": 8, "configurations": 8, "rule_met": True}
    (folder / "design.json").write_text(json.dumps(design))
    (folder / "promotion.json").write_text(json.dumps(promoted))
    (folder / "items.safetensors").write_bytes(packed([], np.zeros(0)))
    (tmp_path / "card.json").write_text("{}")
    job = Job(
        **{"name": "p", "title": "P", "scale": "quick"},
        study=find("speech"),
        metrics=METRICS,
        primary="macro_f1",
        evaluation={},
        claims={},
        sweeps={"s": folder},
        card=tmp_path / "card.json",
        published=tmp_path / "published",
        out=tmp_path / "out",
        front=tmp_path / "front.json",
        components={"splits": SPREAD},
    )
    analyze_writeup(job)
    out = tmp_path / "out"
    return [json.loads((out / f"{name}.json").read_text()) for name in ("analysis", "findings")]


def test_each_level_has_components_of_its_own(analyzed):
    analysis, findings = analyzed
    found = analysis["components"]["splits"]["found"]
    assert list(found) == ["grouped", "random"]
    # Means 0.5, 0.6, 0.7, 0.8: a variance of 1/60 between folds.
    assert found["grouped"]["variances"]["fold"] == pytest.approx(1 / 60, rel=0.02)
    assert found["random"]["sds"]["fold"] < 0.01
    assert analysis["components"]["splits"]["random"] == ["fold", "seed"]
    answer = findings["components"]["splits"]["grouped"]
    assert answer["fold"] == pytest.approx(found["grouped"]["sds"]["fold"], rel=1e-6)
    assert set(answer) == {"fold", "seed", "residual", "total"}
