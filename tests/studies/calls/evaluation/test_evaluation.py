"""Scores of a call detector, from predictions that were counted by hand."""

import json

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from studies.calls import evaluation
from studies.calls.scores import BY_ITEM, SCORES
from studies.calls.settings.evaluation import Evaluation

# Two columns, so that taking the wrong one is noticed; the positive class is the second.
LABELS = {
    "train": [[0, 1], [1, 0]],
    "validation": [[0, 1], [0, 1], [1, 0], [0, 0]],
    "iid": [[0, 1], [0, 0]],
    "ood": [[0, 1], [0, 1], [1, 0], [0, 0], [0, 0]],
}
QUALITY = {"ood": ["high", "low", "", "", ""]}
RECORDERS = {"iid": ["north", "south"], "ood": ["east", "east", "west", "west", None]}
PREDICTIONS = {
    # The best F1 on validation, 1, is at every threshold from .31 to .6: the middle one is .46.
    "validation": [[0.9, 0.8], [0.1, 0.6], [0.8, 0.3], [0.7, 0.2]],
    "iid": [[0.2, 0.7], [0.9, 0.1]],
    # At .46 one call is found, one missed, and one of three others raises an alarm.
    "ood": [[0.1, 0.9], [0.1, 0.4], [0.9, 0.5], [0.9, 0.2], [0.9, 0.1]],
}


@pytest.fixture
def prepared(tmp_path):
    labels = np.array([row for rows in LABELS.values() for row in rows], dtype=np.uint8)
    splits = [split for split, rows in LABELS.items() for _ in rows]
    quality = [q for s, rows in LABELS.items() for q in QUALITY.get(s, [""] * len(rows))]
    features = np.zeros((len(labels), 3), dtype=np.float32)
    save_file({"x": features, "y": labels}, tmp_path / "features.safetensors")
    recorder = [r for s, rows in LABELS.items() for r in RECORDERS.get(s, [None] * len(rows))]
    items = pd.DataFrame({"split": splits, "quality": quality, "recorder": recorder})
    items.to_parquet(tmp_path / "items.parquet")
    card = {"classes": ["gull", "heron"], "positive": "heron"}
    (tmp_path / "card.json").write_text(json.dumps(card))
    return tmp_path


@pytest.fixture
def truth(prepared):
    return evaluation.load(prepared)


@pytest.fixture
def predictions():
    return {split: np.array(rows, dtype=np.float32) for split, rows in PREDICTIONS.items()}


def test_the_threshold_is_chosen_on_validation_and_the_test_split_read_at_it(truth, predictions):
    scores = evaluation.score(predictions, truth, Evaluation(thresholds=100))
    assert scores["threshold"] == pytest.approx(0.46)
    assert [scores[f"ood_{c}"] for c in ("tp", "fp", "fn", "tn")] == [1, 1, 1, 2]
    assert scores["ood_f1"] == pytest.approx(2 / 4)
    assert scores["ood_precision"] == pytest.approx(1 / 2)
    assert scores["ood_recall"] == pytest.approx(1 / 2)
    assert scores["iid_f1"] == pytest.approx(1)
    assert scores["f1_gap"] == pytest.approx(1 / 2)


def test_clips_add_up_to_the_scores(truth, predictions):
    settings = Evaluation(thresholds=100)
    scores = evaluation.score(predictions, truth, settings)
    items = evaluation.items(predictions, truth, settings)
    assert set(items) == set(BY_ITEM)
    for name, added in items.items():
        assert added.shape == (7,)
        if not np.isnan(scores[name]):
            assert np.nanmean(added) == pytest.approx(scores[name]), name
    # of the five OOD clips, two are calls: one found, one missed
    np.testing.assert_array_equal(items["ood_recall"], [*[np.nan] * 2, 1, 0, *[np.nan] * 3])
    np.testing.assert_array_equal(items["ood_recall_low"], [*[np.nan] * 3, 0, *[np.nan] * 3])
    # F1 = 2·1/4: what adding a clip does to 2 tp / (2 tp + fp + fn), by hand
    moves = (items["ood_f1"][2:] - 0.5) / 5
    np.testing.assert_allclose(moves, [1 / 4, -1 / 8, -1 / 8, 0, 0])
    assert np.isfinite(items["f1_gap"]).all()


def test_clips_are_grouped_by_recorder_and_one_without_is_a_group_of_its_own(truth):
    groups = evaluation.groups(truth)
    assert (groups[:, None] == groups).sum(axis=1).tolist() == [1, 1, 2, 2, 2, 2, 1]


def test_the_archived_way_chooses_on_the_test_split_and_flatters(truth, predictions):
    scores = evaluation.score(predictions, truth, Evaluation(thresholds=100))
    # From .21 to .4 both calls are found with one alarm: F1 is 4/5.
    assert scores["ood_archived_f1"] == pytest.approx(4 / 5)
    assert 0.21 <= scores["ood_archived_threshold"] <= 0.4
    assert scores["ood_optimism"] == pytest.approx(4 / 5 - 1 / 2)


def test_floors_and_recall_by_quality(truth, predictions):
    scores = evaluation.score(predictions, truth, Evaluation())
    assert scores["ood_prevalence"] == pytest.approx(2 / 5)
    assert scores["ood_floor_f1"] == pytest.approx(2 * 0.4 / 1.4)
    assert (scores["ood_recall_high"], scores["ood_recall_low"]) == (1, 0)
    assert np.isnan(scores["ood_recall_medium"])


def test_the_scores_are_the_declared_ones_in_their_order(truth, predictions):
    assert tuple(evaluation.score(predictions, truth, Evaluation())) == SCORES


def test_a_split_without_items_has_no_scores(truth, predictions):
    for values in (truth.positive, truth.quality, predictions):
        values.pop("ood")
    scores = evaluation.score(predictions, truth, Evaluation())
    assert np.isnan(scores["ood_f1"])
    assert np.isnan(scores["f1_gap"])
    assert tuple(scores) == SCORES


def test_curves_run_from_everything_detected_to_nothing(truth, predictions):
    curves = evaluation.curves(predictions, truth, Evaluation(thresholds=10))
    recall = curves.query("split == 'ood' and metric == 'recall'")
    assert recall["x"].tolist() == pytest.approx([i / 10 for i in range(11)])
    assert recall["y"].tolist() == pytest.approx([1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0])


def test_confusions_are_the_counts_at_the_threshold(truth, predictions):
    table = evaluation.confusions(predictions, truth, Evaluation(thresholds=100))
    ood = table[table["split"] == "ood"].set_index(["truth", "predicted"])["count"]
    assert ood.to_dict() == {
        ("call", "call"): 1,
        ("call", "no call"): 1,
        ("no call", "call"): 1,
        ("no call", "no call"): 2,
    }
