"""Claims about what the data cannot have are judged by what the study names in its place."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from studies.calls.scores import SCORES
from uphold.claims.metric import Metric
from uphold.pages.say import stood_in as said
from uphold.pages.writeup import writeup
from uphold.pipeline.stages.analyze import Job, analyze_writeup
from uphold.pipeline.stages.stand_ins import stood_in
from uphold.pipeline.study import find

from .test_analyze import METRICS, STEP, claim, write_sweep

CLAIMS = {
    "lifts": claim(says="Mixup lifts OOD F1.", contrast=STEP, expect="increase"),
    "ranks": claim(says="Mixup helps.", metric="ood_auroc", contrast=STEP),
    "known": claim(says="Mixup lifts validation F1.", metric="validation_f1", contrast=STEP),
}
FURTHER = {"validation_f1": Metric(label="validation F1", better="higher", margin=0.01)}


@pytest.fixture
def job(tmp_path):
    """Return a function that writes a sweep and gives its job: with OOD scores, or in their place
    those named."""

    def of(**instead: str) -> Job:
        root = tmp_path / ("without " + " ".join(instead))
        folder = root / "results" / "p" / "sweeps" / "only"
        write_sweep(folder)
        (root / "card.json").write_text('{"source": "folder"}')
        table = scores_in(folder).assign(validation_f1=lambda t: t["ood_f1"])
        for metric, score in instead.items():
            table = table.assign(**{score: table[metric], metric: np.nan})
        table.to_csv(folder / "scores.csv", index=False)
        return Job(
            **{"name": "p", "title": "P", "scale": "quick", "evaluation": {}},
            study=find("calls"),
            metrics=METRICS | FURTHER,
            primary="ood_f1",
            claims=CLAIMS,
            sweeps={"only": folder},
            card=root / "card.json",
            published=root / "published",
            out=root / "results" / "p",
            front=tmp_path / "front.json",
        )

    return of


def scores_in(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "scores.csv")


def analyzed(job: Job) -> list[dict]:
    analyze_writeup(job)
    return [json.loads((job.out / f"{n}.json").read_text()) for n in ("findings", "analysis")]


WITHOUT = {"ood_f1": "iid_f1", "ood_auroc": "iid_auroc"}


def test_a_claim_is_judged_by_what_stands_in_and_says_so(job):
    whole, _ = analyzed(job())
    found, page = analyzed(job(**WITHOUT))
    same = {"role", "verdict", "estimate", "p", "p_adjusted"}
    for name in CLAIMS:
        assert {k: found["claims"][name][k] for k in same} == {
            k: whole["claims"][name][k] for k in same
        }
    lifts = page["claims"]["lifts"]
    assert (lifts["metric"], lifts["says"]) == ("iid_f1", "Mixup lifts IID F1.")
    assert "IID F1 rises" in lifts["sentence"]
    assert "OOD" not in json.dumps(page["claims"])
    assert page["claims"]["known"]["metric"] == "validation_f1"
    assert page["primary"] == "iid_f1" and page["metrics"]["iid_f1"]["margin"] == 0.02
    assert set(found["configurations"]["qualities=high, mixup=true"]) == {
        "iid_f1",
        "iid_auroc",
        "validation_f1",
    }


def test_the_page_says_once_what_is_missing(job):
    lacking = job(**WITHOUT)
    analyze_writeup(lacking)
    page = writeup("p", lacking.out.parents[1])
    assert said(page) == (
        "No recorder was held out, so that nothing here is about other places. Claims about OOD F1"
        " and OOD AUROC are judged by IID F1 and IID AUROC instead."
    )
    assert page.there("ood_f1", "iid_f1", "validation_f1") == ["iid_f1", "validation_f1"]


def test_data_that_have_all_are_judged_by_it_and_nothing_is_said(job):
    whole = job()
    table = scores_in(whole.sweeps["only"]).assign(iid_f1=0.5, iid_auroc=0.5)
    assert stood_in(whole, [table]) == (whole, None)
    # one run with a score is enough: the others failed
    table.loc[1:, "ood_f1"] = np.nan
    assert stood_in(whole, [table]) == (whole, None)
    analyze_writeup(whole)
    page = writeup("p", whole.out.parents[1])
    assert said(page) == "" and page.there("ood_f1", "iid_f1") == ["ood_f1", "iid_f1"]


def test_where_no_run_has_a_score_nothing_stands_in(job):
    failed = job(**WITHOUT)
    table = scores_in(failed.sweeps["only"]).assign(iid_f1=np.nan, iid_auroc=np.nan)
    assert stood_in(failed, [table, table]) == (failed, None)


def test_all_of_them_or_none_are_exchanged(job):
    """No low-quality clip in a split that there is does not say that there is no such split."""
    some = job(ood_auroc="iid_auroc")
    assert stood_in(some, [scores_in(some.sweeps["only"])]) == (some, None)
    lacking = job(**WITHOUT)
    table = scores_in(lacking.sweeps["only"]).assign(iid_auroc=np.nan)
    exchanged, told = stood_in(lacking, [table])
    assert exchanged.claims["ranks"].metric == "iid_auroc" and told.metrics == WITHOUT


LOW, GAP = "iid_recall_low", "f1_gap"
NONE_LOW = "no call of the IID split is marked as of low quality"


def without(job, **further: str) -> Job:
    """Return a job with claims on what nothing stands in for, of which no run has a score."""
    one = job(**further)
    folder = one.sweeps["only"]
    scores_in(folder).assign(**{GAP: np.nan, LOW: np.nan, "ood_recall_low": np.nan}).to_csv(
        folder / "scores.csv", index=False
    )
    labels = {GAP: "IID − OOD F1", "ood_recall_low": "recall of low-quality calls"}
    claims = {
        "gap": claim(says="Mixup closes the gap.", metric=GAP, contrast=STEP),
        "low": claim(says="Low is found.", metric="ood_recall_low", contrast=STEP),
    }
    metrics = {m: Metric(label=says, better="higher", margin=0.02) for m, says in labels.items()}
    return replace(one, metrics=one.metrics | metrics, claims=one.claims | claims)


def test_what_nothing_stands_in_for_is_named_in_the_head_and_no_run_is_to_blame(job):
    lacking = without(job, **WITHOUT)
    found, page = analyzed(lacking)
    assert said(writeup("p", lacking.out.parents[1])) == (
        "No recorder was held out, so that nothing here is about other places. Claims about OOD F1"
        " and OOD AUROC are judged by IID F1 and IID AUROC instead. Claims about IID − OOD F1"
        " cannot be judged: there are no OOD recordings. Claims about IID recall of low-quality"
        f" calls cannot be judged: {NONE_LOW}."
    )
    assert page["claims"]["gap"]["sentence"] == (
        "Undecided. No test of IID − OOD F1 was possible: there are no OOD recordings. No number of"
        " seeds decides it."
    )
    assert NONE_LOW in page["claims"]["low"]["sentence"]
    assert not [f for f in page["audit"]["only"] if {"gap", "low"} & set(f["claims"])]
    assert found["claims"]["gap"]["verdict"] == "inconclusive"


def test_splits_that_are_there_may_lack_a_quality_alone(job):
    some = without(job)
    told = stood_in(some, [scores_in(some.sweeps["only"])])[1]
    assert (told.why, told.labels) == ("", {})
    assert told.absent["recall of low-quality calls"].startswith("no call of the OOD split is mark")


def test_the_study_names_scores_that_it_has():
    declared = find("calls").stand_ins
    assert set(declared.absent) <= set(SCORES)
    assert set(declared.scores) | {score for score, _ in declared.scores.values()} <= set(SCORES)
