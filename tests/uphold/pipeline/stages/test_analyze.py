"""What the pipeline writes of a write-up: the findings that commits are compared by."""

import json

import numpy as np
import pandas as pd
import pytest

from uphold.claims.log import Units
from uphold.claims.metric import Metric
from uphold.claims.spec import Claim
from uphold.pipeline.stages.analyze import Job, _with_units, analyze_writeup
from uphold.pipeline.stages.items import packed
from uphold.pipeline.study import find

from ...conftest import read_claim

METRICS = {
    "ood_f1": Metric(label="OOD F1", better="higher", margin=0.02),
    "ood_auroc": Metric(label="OOD AUROC", better="higher", margin=0.02),
}
STEP = {"factor": "mixup", "from": False, "to": True}
NAMES = {
    "claims": (
        *("role", "verdict", "estimate", "ci_low", "ci_high", "p", "p_adjusted", "n", "units"),
        "fragile",
    ),
    "anova": ("F", "p", "df", "df_resid", "eta_sq_partial", "omega_sq_partial", "p_permutation"),
    "promoted": ("configuration", "by", "mean", "sd", "n"),
}

OF_ITEMS = ("seeds", "items", "groups", "ci_low", "ci_high", "verdict")


def claim(**parts) -> Claim:
    return read_claim({"metric": "ood_f1", **parts})


def write_sweep(folder) -> None:
    """A sweep of two factors, one of them lists, as the stages before leave it."""
    rng = np.random.default_rng(0)
    rows = [
        (f"qualities={q}, mixup={str(m).lower()}", q, m, seed)
        for q in ("high", "high+low")
        for m in (False, True)
        for seed in (1, 2, 3)
    ]
    table = pd.DataFrame(rows, columns=["configuration", "qualities", "mixup", "seed"])
    table["run"] = table["configuration"] + ", seed=" + table["seed"].astype(str)
    table = table.assign(status="ok", failure=None)
    for number, metric in enumerate(METRICS):
        table[metric] = 0.7 + 0.05 * number + 0.1 * table["mixup"] + rng.normal(0, 0.005, 12)
    folder.mkdir(parents=True)
    table.to_csv(folder / "scores.csv", index=False)
    levels = {"qualities": [["high"], ["high", "low"]], "mixup": [False, True]}
    (folder / "design.json").write_text(
        json.dumps({"title": "A sweep", "kind": "grid", "levels": levels})
    )
    promotion = {
        "configuration": "qualities=high, mixup=true",
        "settings": {"qualities": ["high"], "mixup": True},
        **{"by": "validation_f1", "mean": 1 / 3, "sd": None, "n": 1},
        **{"stable": 0, "configurations": 4, "rule_met": False},
    }
    (folder / "promotion.json").write_text(json.dumps(promotion))
    clips = np.full((12, 20), np.nan)
    clips[:, 4:] = rng.normal(0, 0.1, (12, 16))
    clips += (table["ood_f1"] - np.nanmean(clips, axis=1)).to_numpy()[:, None]
    rows = [{"ood_f1": row, "not_named": row} for row in clips]
    (folder / "items.safetensors").write_bytes(packed(rows, np.arange(20) // 2))


@pytest.fixture
def analyzed(tmp_path):
    """Return a function that analyzes sweeps of these names, and gives the findings."""
    (tmp_path / "card.json").write_text("{}")

    def of(*sweeps: str) -> dict:
        folders = {name: tmp_path / "sweeps" / name for name in sweeps}
        for folder in folders.values():
            write_sweep(folder)
        claims = {
            "lifts": claim(contrast=STEP, expect="increase", sweep=sweeps[0]),
            "differ": claim(anova={"over": "configuration"}, sweep=sweeps[0]),
        }
        job = Job(
            **{"name": "p", "title": "P", "scale": "quick"},
            study=find("calls"),
            metrics=METRICS,
            primary="ood_f1",
            evaluation={},
            claims=claims,
            sweeps=folders,
            card=tmp_path / "card.json",
            published=tmp_path / "published",
            out=tmp_path / "out",
            front=tmp_path / "front.json",
        )
        analyze_writeup(job)
        return json.loads((tmp_path / "out" / "findings.json").read_text())

    return of


def test_items_are_those_of_the_scores_that_the_study_names(analyzed, tmp_path):
    found = analyzed("only")["claims"]
    assert "items" not in found["differ"]
    shares = [found["lifts"]["items"][part] for part in ("seeds", "items", "groups")]
    assert sum(shares) == pytest.approx(1)
    page = json.loads((tmp_path / "out" / "analysis.json").read_text())
    assert (page["item"], page["item_group"]) == ("clip", "recorder")
    # the first four clips, of two recorders, have no part in this score
    assert page["claims"]["lifts"]["items"]["counts"] == {"items": 16, "groups": 8}
    assert "on these clips" in page["claims"]["differ"]["sentence"]


def leaves(value, path=()) -> list:
    if isinstance(value, dict):
        return [leaf for key, v in value.items() for leaf in leaves(v, (*path, key))]
    return [(path, value)]


def test_the_findings_of_one_sweep(analyzed):
    found = analyzed("only")
    assert list(found["claims"]["lifts"].pop("items")) == list(OF_ITEMS)
    parts = ["claims", "anova", "configurations", "audit", "promoted", "effects", "replication"]
    assert list(found) == parts
    for part, keys in NAMES.items():
        assert found[part] and all(tuple(e) == keys for e in found[part].values()), part
    assert set(found["claims"]) == {"lifts", "differ"} and set(found["anova"]) == {"differ"}
    assert set(found["configurations"]) == {
        f"qualities={q}, mixup={m}" for q in ("high", "high+low") for m in ("false", "true")
    }
    one = found["configurations"]["qualities=high, mixup=true"]
    assert set(one) == set(METRICS) and tuple(one["ood_f1"]) == ("mean", "sd", "sem", "n", "seeds")
    assert (one["ood_f1"]["n"], one["ood_f1"]["seeds"]) == (3, 3)
    assert found["promoted"]["only"]["mean"] == 0.333333333
    assert set(found["effects"]["only"]) == {
        "qualities: high → high+low",
        "mixup: false → true",
    }
    assert found["effects"]["only"]["mixup: false → true"] == {
        key: found["claims"]["lifts"][key] for key in ("estimate", "ci_low", "ci_high", "p", "n")
    }


def test_no_list_reaches_the_findings_even_where_levels_are_lists(analyzed):
    for path, value in leaves(analyzed("only")):
        assert value is None or isinstance(value, str | int | float), path


def test_several_sweeps_keep_the_depth(analyzed):
    found = analyzed("first", "second")
    assert "first: qualities=high, mixup=true" in found["configurations"]
    assert len(found["configurations"]) == 8
    assert {len(path) for path, _ in leaves(found["configurations"])} == {3}
    assert set(found["promoted"]) == set(found["effects"]) == {"first", "second"}


def test_seeds_have_no_last_one_while_folds_are_as_many_as_any_sweep_has(make):
    def log(unit: str, many: int):
        rows = [(on, one, one / 10) for on in (False, True) for one in range(many)]
        return make(pd.DataFrame(rows, columns=["on", unit, "f1"]), ["on"], replicate=unit)

    logs = {"narrow": log("fold", 4), "wide": log("fold", 8), "seeds": log("seed", 5)}
    found = _with_units(logs, "actor")
    assert {name: one.units for name, one in found.items()} == {
        "narrow": Units(8, "actor"),
        "wide": Units(8, "actor"),
        "seeds": None,
    }
