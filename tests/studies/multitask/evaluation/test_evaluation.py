import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from studies.multitask.evaluation import (
    confusions,
    curves,
    ensemble,
    ensemble_items,
    groups,
    items,
    load,
    pooled,
    reliability,
    score,
)
from studies.multitask.scores import BY_ITEM, GAINS, SCORES
from studies.multitask.settings.evaluation import Evaluation

TEN = Evaluation(bins=10)
# train: a 0 0 1, b 1 1 0, c .2 .4 .9; validation: one item; test: four
LABELS = {
    "a": [0, 0, 1, 1, 0, 1, 1, 0],
    "b": [1, 1, 0, 2, 1, 2, 0, 1],
    "c": [0.2, 0.4, 0.9, 0.5, 0.0, 0.5, 1.0, 0.5],
    "split": [0, 0, 0, 1, 2, 2, 2, 2],
}


@pytest.fixture
def truth(tmp_path):
    """Return the truth of two classes in A and three in B."""
    types = {"a": np.uint8, "b": np.uint8, "c": np.float32, "split": np.uint8}
    save_file(
        {name: np.array(values, types[name]) for name, values in LABELS.items()},
        tmp_path / "grids.safetensors",
    )
    classes = {"a": ["disk", "ring"], "b": ["plain", "dots", "checks"]}
    (tmp_path / "card.json").write_text(json.dumps({"classes": classes}))
    return load(tmp_path)


def outputs(*rows) -> np.ndarray:
    """Return stored outputs of rows of (probabilities of A, probabilities of B, C)."""
    return np.array([[*np.log(a), *np.log(b), c] for a, b, c in rows], np.float32)


ONE = {
    "validation": outputs(((0.25, 0.75), (0.2, 0.2, 0.6), 0.4)),
    "test": outputs(
        ((0.85, 0.15), (0.1, 0.8, 0.1), 0.1),
        ((0.85, 0.15), (0.1, 0.8, 0.1), 0.5),
        ((0.25, 0.75), (0.6, 0.2, 0.2), 0.8),
        ((0.85, 0.15), (0.6, 0.2, 0.2), 0.6),
    ),
}
OTHER = {
    "validation": outputs(((0.6, 0.4), (0.2, 0.2, 0.6), 0.8)),
    "test": outputs(
        ((0.45, 0.55), (0.1, 0.8, 0.1), 0.3),
        ((0.01, 0.99), (0.1, 0.05, 0.85), 0.7),
        ((0.25, 0.75), (0.3, 0.5, 0.2), 0.8),
        ((0.45, 0.55), (0.1, 0.8, 0.1), 0.2),
    ),
}


def test_scores_by_hand(truth):
    found = score(ONE, truth, TEN)
    assert list(found) == list(SCORES)
    # A is right in items 1, 3 and 4, B in items 1 and 3
    assert found["accuracy_a"] == 0.75
    assert found["accuracy_b"] == 0.5
    assert found["accuracy"] == 0.625
    assert found["mae_c"] == pytest.approx((0.1 + 0 + 0.2 + 0.1) / 4)
    assert found["r2_c"] == pytest.approx(1 - (0.01 + 0.04 + 0.01) / 0.5)
    # A at .85: 2 of 3 right; at .75: 1 of 1. B at .8: 1 of 2; at .6: 1 of 2
    assert found["ece_a"] == pytest.approx((3 * abs(2 / 3 - 0.85) + 0.25) / 4, abs=1e-6)
    assert found["ece_b"] == pytest.approx((2 * 0.3 + 2 * 0.1) / 4, abs=1e-6)
    assert found["items"] == 4
    assert found["validation_accuracy"] == 1.0
    assert found["validation_mae_c"] == pytest.approx(0.1)
    assert all(np.isnan(found[name]) for name in SCORES if name.startswith("ensemble_gain"))


def test_floors_come_from_training(truth):
    found = score(ONE, truth, TEN)
    # in training class 0 of A and class 1 of B are commonest, and .4 is the median of C
    assert found["floor_accuracy_a"] == 0.5
    assert found["floor_accuracy_b"] == 0.5
    assert found["floor_mae_c"] == pytest.approx((0.4 + 0.1 + 0.6 + 0.1) / 4)


def test_an_ensemble_is_the_mean_of_probabilities_and_values(truth):
    together = pooled([ONE["test"], OTHER["test"]], truth)
    np.testing.assert_allclose(np.exp(together[1, :2]), [0.43, 0.57], rtol=1e-6)
    np.testing.assert_allclose(np.exp(together[1, 2:5]), [0.1, 0.425, 0.475], rtol=1e-6)
    np.testing.assert_allclose(together[:, 5], [0.2, 0.6, 0.8, 0.4], rtol=1e-6)


def test_what_an_ensemble_gains(truth):
    found = ensemble([ONE, OTHER], truth, TEN)
    assert list(found) == list(SCORES)
    # together A: .65, .57 for ring, .75 for ring, .65: all right; members .75 and .5
    assert found["accuracy_a"] == 1.0
    assert found["ensemble_gain_a"] == pytest.approx(1 - (0.75 + 0.5) / 2)
    # together B: .8 for dots, .475 for checks, .45 for plain, .5 for dots: all right; members .5
    # and .75
    assert found["ensemble_gain_b"] == pytest.approx(1 - (0.5 + 0.75) / 2)
    # C is off by .2, .1, .2, .1; the members by .1 and .275 on average
    assert found["mae_c"] == pytest.approx(0.15)
    assert found["ensemble_gain_mae"] == pytest.approx(0.15 - (0.1 + 0.25) / 2)


def test_samples_add_up_to_the_scores_of_runs_and_of_ensembles(truth):
    added, scores = items(ONE, truth, TEN), score(ONE, truth, TEN)
    assert set(added) == set(BY_ITEM) - set(GAINS)
    np.testing.assert_array_equal(added["accuracy"], [1, 0, 1, 0.5])
    for name, values in added.items():
        assert values.mean() == pytest.approx(scores[name]), name
    added, scores = ensemble_items([ONE, OTHER], truth, TEN), ensemble([ONE, OTHER], truth, TEN)
    assert set(added) == set(BY_ITEM)
    for name, values in added.items():
        assert values.mean() == pytest.approx(scores[name]), name
    assert groups(truth).tolist() == [0, 0, 0, 0]


def test_an_ensemble_of_one_is_the_run_itself(truth):
    alone, together = score(ONE, truth, TEN), ensemble([ONE], truth, TEN)
    gains = {name for name in SCORES if name.startswith("ensemble_gain")}
    assert [together[name] for name in gains] == pytest.approx([0, 0, 0])
    for name in set(SCORES) - gains:
        assert together[name] == pytest.approx(alone[name], abs=1e-6, nan_ok=True), name


def test_logits_need_not_be_normalised(truth):
    shifted = {split: array.copy() for split, array in OTHER.items()}
    shifted["test"][:, :2] += 100
    assert ensemble([ONE, shifted], truth, TEN) == pytest.approx(
        ensemble([ONE, OTHER], truth, TEN), abs=1e-5, nan_ok=True
    )


def test_reliability_by_hand():
    labels = np.array([0, 1, 0, 0])
    logits = np.log([[0.85, 0.15], [0.85, 0.15], [0.89, 0.11], [0.45, 0.55]])
    x, y = reliability(labels, logits, 10)
    np.testing.assert_allclose(x, [0.55, 0.85])
    np.testing.assert_allclose(y, [0, 2 / 3])


def test_curves_name_split_and_head(truth):
    table = curves(ONE, truth, TEN)
    assert list(table) == ["split", "metric", "x", "y"]
    of_a = table.query("split == 'test' and metric == 'accuracy_a'")
    np.testing.assert_allclose(of_a["x"], [0.75, 0.85])
    np.testing.assert_allclose(of_a["y"], [1, 2 / 3])
    assert set(table["split"]) == {"validation", "test"}


def test_confusions_of_both_heads(truth):
    table = confusions(ONE, truth, TEN)
    assert table.groupby("split")["count"].sum().to_dict() == {"test, head A": 4, "test, head B": 4}
    counts = table.set_index(["split", "truth", "predicted"])["count"]
    assert counts["test, head A", "ring", "disk"] == 1
    assert counts["test, head B", "dots", "plain"] == 1
    assert counts["test, head B", "checks", "checks"] == 0
