"""Runs: pure functions of settings, seed and data, in every option."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save

from studies.speech.settings.run import SpeechRun
from studies.speech.training import plan, train
from studies.speech.training.folds import fold
from studies.speech.training.learner import Learner
from uphold.evaluation import f1
from uphold.threads import one_thread
from uphold.training.contract import Task

SMALL = {"resnet_width": 4, "cnn_width": 4, "epochs": 3, "batch_size": 16, "learning_rate": 0.01}


def run(data, seed=1, **change):
    with one_thread():
        return train([Task(SpeechRun(**SMALL | change), seed)], data, "cpu")[0]


def learner(data, **change):
    settings = SpeechRun(**SMALL | change)
    return Learner(settings, 1, data, fold(settings, 1, data.actor), "cpu")


def macro_f1(labels, logits):
    return f1.macro_f1(f1.confusion(labels, logits.argmax(axis=1), logits.shape[1]))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"model": "small_cnn", "dropout": 0.4},
        {"specaugment": True, "mixup": True, "class_weights": True, "balanced_sampler": True},
        {"loss": "focal", "label_smoothing": 0.1, "schedule": "cosine", "weight_decay": 0.01},
    ],
)
def test_a_rerun_is_bit_equal_whatever_runs_beside_it(data, change):
    alone = run(data, **change)
    with one_thread():
        other = Task(SpeechRun(**SMALL | {"split": "random"}), 9)
        task = Task(SpeechRun(**SMALL | change), 1)
        _, beside = train([other, task], data, "cpu")
    assert alone.failure is None
    for name in alone.predictions:
        np.testing.assert_array_equal(alone.predictions[name], beside.predictions[name])
    for name in alone.history:
        np.testing.assert_array_equal(alone.history[name], beside.history[name])
    for name in alone.weights:
        np.testing.assert_array_equal(alone.weights[name], beside.weights[name])
    assert alone.facts == beside.facts


@pytest.mark.parametrize(
    "change",
    [
        {"specaugment": True, "specaugment_bands": 60},
        {"mixup": True},
        {"class_weights": True},
        {"loss": "focal"},
        {"label_smoothing": 0.1},
        {"balanced_sampler": True},
        {"schedule": "cosine"},
        {"weight_decay": 0.1},
    ],
)
def test_every_option_changes_the_run(data, change):
    plain, changed = run(data), run(data, **change)
    assert not np.array_equal(plain.predictions["test_last"], changed.predictions["test_last"])


def test_a_result_names_its_clips_and_keeps_the_chosen_weights(data):
    result = run(data)
    ours = fold(SpeechRun(**SMALL), 1, data.actor)
    np.testing.assert_array_equal(result.predictions["test_items"], ours.test)
    np.testing.assert_array_equal(result.predictions["validation_items"], ours.validation)
    assert result.predictions["test"].shape == (len(ours.test), 3)
    assert {a.dtype.name for a in result.predictions.values()} == {"float32", "int64"}
    history = result.history
    best = int(np.argmax(history["validation_macro_f1"])) + 1
    assert result.facts["best_epoch"] == best
    assert result.facts["train_items"] == len(ours.train) == 40
    chosen = macro_f1(data.label[ours.validation], result.predictions["validation"])
    last = macro_f1(data.label[ours.validation], result.predictions["validation_last"])
    assert chosen == history["validation_macro_f1"].max()
    assert last == history["validation_macro_f1"][-1]
    assert load(save(dict(result.weights))).keys() == result.weights.keys()


def test_a_network_learns_what_is_there(data):
    result = run(data, model="small_cnn", epochs=12, class_weights=True)
    assert macro_f1(data.label[result.predictions["test_items"]], result.predictions["test"]) > 0.8


def test_the_test_clips_have_no_say(data):
    """Other sounds in the test clips change their predictions and nothing else."""
    ours = fold(SpeechRun(**SMALL), 1, data.actor)
    before = run(data)
    data.x[ours.test] += 5
    after = run(data)
    assert not np.array_equal(before.predictions["test"], after.predictions["test"])
    np.testing.assert_array_equal(before.predictions["validation"], after.predictions["validation"])
    assert before.facts == after.facts
    for name in before.history:
        np.testing.assert_array_equal(before.history[name], after.history[name])


def test_spectrograms_are_standardised_by_training_clips_alone(data):
    ours = learner(data)
    train_x = ours.x[torch.tensor(ours.fold.train)]
    np.testing.assert_allclose(train_x.mean(dim=(0, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(train_x.std(dim=(0, 2), correction=0), 1, atol=1e-4)


def test_masks_keep_their_share_of_coarser_spectrograms(data):
    """Eight of 128 bands are one of 16; the frames are as long as the archived ones."""
    assert learner(data, specaugment=True).blanked == (1, 20)
    assert learner(data, specaugment=True, specaugment_bands=16).blanked[0] == 2


def test_targets_are_distributions_whatever_is_mixed(data):
    ours = learner(data, mixup=True, label_smoothing=0.1)
    ours.model.train()
    for x, targets in ours.batches(1):
        assert len(x) == len(targets)
        np.testing.assert_allclose(targets.sum(dim=1), 1, atol=1e-6)
        assert targets.min() >= 0.1 / 3 - 1e-6


def test_the_balanced_sampler_meets_every_class_equally_often(data):
    ours = learner(data, balanced_sampler=True)
    met = torch.cat([targets for _, targets in ours.batches(1)]).sum(dim=0)
    assert met.max() - met.min() <= 1
    plain = torch.cat([targets for _, targets in learner(data).batches(1)]).sum(dim=0)
    assert plain.tolist() == [16, 4, 20]


def test_class_weights_lift_the_rare_class_up_to_their_limit(data):
    weights = learner(data, class_weights=True).weights
    assert weights.mean() == pytest.approx(1)
    assert weights.argmax() == 1
    assert learner(data, class_weights=True, heaviest=1.5).weights.max() == pytest.approx(1.5)


def test_lanes_hold_one_run_and_the_longest_is_first(data):
    short, long = (
        Task(SpeechRun(**SMALL | {"epochs": 1}), 1),
        Task(SpeechRun(**SMALL | {"epochs": 9}), 1),
    )
    assert plan([short, long], data, "cpu", 2) == [[long], [short]]


def test_a_loss_that_is_not_finite_is_a_failure(data):
    data.x[fold(SpeechRun(**SMALL), 1, data.actor).train] = np.nan
    result = run(data)
    assert "not finite in epoch 1" in result.failure
    assert result.predictions == {}


def test_a_class_without_a_clip_disturbs_nothing(data):
    data.label[data.label == 1] = 2
    result = run(data, class_weights=True, balanced_sampler=True, model="small_cnn")
    assert result.failure is None
    assert np.isfinite(result.history["validation_macro_f1"]).all()
