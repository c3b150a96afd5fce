"""Variance components that a write-up asks for: in its analysis, and in short in its findings."""

import json

import pandas as pd
import pytest

from uphold.claims.spec import Metric
from uphold.pipeline.stages.analyze import analyze_writeup
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
    (folder / "design.json").write_text(json.dumps(design))
    (folder / "promotion.json").write_text(json.dumps(promoted))
    (tmp_path / "card.json").write_text("{}")
    analyze_writeup(
        {"name": "p", "title": "P", "scale": "quick"},
        find("speech"),
        METRICS,
        "macro_f1",
        {},
        {"s": folder},
        tmp_path / "card.json",
        tmp_path / "published",
        tmp_path / "out",
        {"splits": SPREAD},
    )
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
    told = findings["components"]["splits"]["grouped"]
    assert told["fold"] == pytest.approx(found["grouped"]["sds"]["fold"], rel=1e-6)
    assert set(told) == {"fold", "seed", "residual", "total"}
