"""Scores from hand-made predictions, each known by counting."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from studies.speech.evaluation import (
    Truth,
    chance,
    confusions,
    curves,
    groups,
    items,
    load,
    majority,
    score,
)
from studies.speech.scores import SCORES
from studies.speech.settings.evaluation import Evaluation
from uphold.pipeline.study import find

TRUTH = Truth(
    label=np.array([0, 0, 1, 2, 0, 0, 1, 2, 2, 2]),
    actor=np.array([1, 1, 1, 1, 2, 2, 2, 3, 3, 3]),
    classes=["negative", "neutral", "positive"],
)


def logits(*predicted: int) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[list(predicted)]


PREDICTIONS = {
    "test": logits(0, 0, 1, 0),
    "test_last": logits(0, 0, 0, 0),
    "test_items": np.array([0, 1, 2, 3]),
    "validation": logits(0, 0, 1, 2, 2, 0),
    "validation_last": logits(0, 0, 0, 2, 2, 2),
    "validation_items": np.array([4, 5, 6, 7, 8, 9]),
}


@pytest.fixture
def found():
    return score(PREDICTIONS, TRUTH, Evaluation())


def test_tested_clips_add_up_to_the_scores_by_actor(found):
    added = items(PREDICTIONS, TRUTH, Evaluation())
    for name, values in added.items():
        assert np.isnan(values[4:]).all() and np.isfinite(values[:4]).all()
        assert values[:4].mean() == pytest.approx(found[name]), name
    assert set(added) == {"macro_f1", "accuracy", *(f"f1_{k}" for k in TRUTH.classes)}
    np.testing.assert_array_equal(groups(TRUTH), TRUTH.actor)


def test_f1_is_counted_class_by_class(found):
    """Test: two of negative hit and one false (4/5), neutral hit (1), positive missed (0)."""
    assert found["f1_negative"] == pytest.approx(0.8)
    assert found["f1_neutral"] == 1
    assert found["f1_positive"] == 0
    assert np.isnan(found["f1_calm"])
    assert found["macro_f1"] == pytest.approx(1.8 / 3)
    assert found["accuracy"] == pytest.approx(3 / 4)
    assert found["test_clips"] == 4
    assert found["test_actors"] == 1


def test_the_choice_of_the_epoch_is_told_apart_from_what_it_is_worth(found):
    """Validation: negative 4/5, neutral 1, positive 4/5; last: 4/5, 0, 1. Test last: 2/3, 0, 0."""
    assert found["validation_macro_f1"] == pytest.approx(2.6 / 3)
    assert found["validation_last_macro_f1"] == pytest.approx(1.8 / 3)
    assert found["last_macro_f1"] == pytest.approx(2 / 9)
    assert found["choice_gain"] == pytest.approx(0.8 / 3)
    assert found["choice_kept"] == pytest.approx(1.8 / 3 - 2 / 9)
    assert found["optimism"] == pytest.approx(found["choice_gain"] - found["choice_kept"])
    assert found["validation_excess"] == pytest.approx(0.8 / 3)


def test_calibration_is_that_of_the_test_clips_by_the_highest_probability(found):
    """Each clip is called with e / (e + 2); three of four are hit: one bin, one gap."""
    sure = np.e / (np.e + 2)
    assert found["overconfidence"] == pytest.approx(sure - 3 / 4)
    assert found["ece"] == pytest.approx(3 / 4 - sure)
    bold = {**PREDICTIONS, "test": 9 * PREDICTIONS["test"]}
    assert score(bold, TRUTH, Evaluation())["overconfidence"] == pytest.approx(1 / 4, abs=1e-3)
    # At .9 in a wrong call and .6 in three right ones, gaps add up bin by bin, or cancel.
    chances = np.log([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.3, 0.6, 0.1], [0.9, 0.05, 0.05]])
    found = {k: score({**PREDICTIONS, "test": chances}, TRUTH, Evaluation(bins=k)) for k in (2, 15)}
    assert found[15]["ece"] == pytest.approx((3 * 0.4 + 0.9) / 4)
    assert found[2]["ece"] == pytest.approx(abs(2.7 - 3) / 4)
    assert found[2]["overconfidence"] == pytest.approx((2.7 - 3) / 4)


def test_floors_are_those_of_who_does_not_listen():
    """As in the real set: 96 neutral, 768 negative and 576 positive clips."""
    sizes = np.array([768, 96, 576])
    predictions = {
        "test_items": np.arange(1440),
        "validation_items": np.arange(3),
        **dict.fromkeys(("test", "test_last"), logits(*[0] * 1440)),
        **dict.fromkeys(("validation", "validation_last"), logits(0, 0, 0)),
    }
    truth = Truth(np.repeat([0, 1, 2], sizes), np.tile(np.arange(24), 60), TRUTH.classes)
    found = score(predictions, truth, Evaluation())
    assert found["floor_majority"] == pytest.approx(2 * 768 / (768 + 1440) / 3)
    assert found["floor_majority"] == pytest.approx(0.232, abs=5e-4)
    by_class = [2 * (n / 3) / (n + 480) for n in sizes]
    assert found["floor_chance"] == pytest.approx(np.mean(by_class))
    assert majority(sizes).sum() == chance(sizes).sum() == 1440


def test_the_columns_are_those_that_are_announced(found):
    assert tuple(found) == SCORES
    assert find("speech").validation_scores >= {"validation_macro_f1"}


def test_each_actor_has_scores_of_its_own():
    table = (
        curves(PREDICTIONS, TRUTH, Evaluation())
        .set_index(["split", "metric", "x"])["y"]
        .sort_index()
    )
    assert table["test", "accuracy", 1] == pytest.approx(3 / 4)
    assert table["validation", "macro_f1", 2] == 1
    assert table["validation", "accuracy", 3] == pytest.approx(2 / 3)
    assert sorted(table["validation", "macro_f1"].index) == [2, 3]


def test_confusions_count_every_clip():
    table = confusions(PREDICTIONS, TRUTH, Evaluation())
    cells = table.set_index(["split", "truth", "predicted"])["count"]
    assert cells["test", "positive", "negative"] == 1
    assert cells["validation", "positive", "negative"] == 1
    assert cells["test"].sum() == 4
    assert cells["validation"].sum() == 6


def test_the_truth_is_read_from_the_prepared_data(tmp_path):
    arrays = {"x": np.zeros((10, 2, 2), np.float32), "label": TRUTH.label, "actor": TRUTH.actor}
    save_file(arrays, tmp_path / "features.safetensors")
    (tmp_path / "card.json").write_text(json.dumps({"classes": TRUTH.classes}))
    read = load(tmp_path)
    np.testing.assert_array_equal(read.label, TRUTH.label)
    np.testing.assert_array_equal(read.actor, TRUTH.actor)
    assert read.classes == TRUTH.classes


def test_a_class_without_a_clip_is_left_out_of_the_mean():
    truth = Truth(np.array([0, 0, 2, 2]), np.array([1, 1, 2, 2]), TRUTH.classes)
    items = {f"{split}_items": np.arange(4) for split in ("test", "validation")}
    right = dict.fromkeys(
        ("test", "test_last", "validation", "validation_last"), logits(0, 0, 2, 2)
    )
    found = score(right | items, truth, Evaluation())
    assert found["macro_f1"] == 1
    assert np.isnan(found["f1_neutral"])
