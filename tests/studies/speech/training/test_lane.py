"""Runs: pure functions of settings, seed and data, in every option."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save
from torch.nn import functional

from studies.speech import training
from studies.speech.settings.run import SpeechRun
from studies.speech.training import plan, train
from studies.speech.training.folds import fold
from studies.speech.training.learner import Learner
from studies.speech.training.losses import cross_entropy
from uphold.evaluation import f1
from uphold.testing.interruption import assert_goes_on
from uphold.threads import one_thread
from uphold.training.contract import Task
from uphold.training.sampling import slices

SMALL = {
    **{"model": "resnet18", "resnet_width": 4, "cnn_width": 4, "epochs": 3, "batch_size": 16},
    **{"learning_rate": 0.01, "mixup": False, "schedule": "constant", "weight_decay": 0},
}


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
        other = Task(SpeechRun(**SMALL | change | {"split": "random"}), 9)
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
        {"schedule": "warmup-cosine"},
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
    data.x[ours.test, :8] += 5
    after = run(data)
    assert not np.array_equal(before.predictions["test"], after.predictions["test"])
    np.testing.assert_array_equal(before.predictions["validation"], after.predictions["validation"])
    assert before.facts == after.facts
    for name in before.history:
        np.testing.assert_array_equal(before.history[name], after.history[name])


def test_each_spectrogram_is_normalised_by_itself_also_after_masks(data):
    masked = learner(data, specaugment=True, specaugment_frames=8).epoch(1)[0][:, 0]
    for x in (learner(data).x, masked):
        np.testing.assert_allclose(x.mean(dim=(1, 2)), 0, atol=1e-5)
        np.testing.assert_allclose(x.std(dim=(1, 2)), 1, atol=1e-4)


def test_what_other_clips_sound_like_does_not_matter(data):
    before = learner(data).x[3].clone()
    data.x[4:] += 30
    assert torch.equal(learner(data).x[3], before)


def test_the_rate_climbs_for_two_epochs_and_falls_along_a_cosine(data):
    """By torch, as the script steps it: after every epoch that follows the warm-up."""
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=3e-4)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6 - 2)
    expected = []
    for epoch in range(1, 7):
        if epoch <= 2:
            optimizer.param_groups[0]["lr"] = epoch / 2 * 3e-4
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if epoch > 2:
            fall.step()
    result = run(data, epochs=6, schedule="warmup-cosine", learning_rate=3e-4)
    np.testing.assert_allclose(result.history["learning_rate"], expected, rtol=1e-6)


def test_scales_change_epochs_rates_and_batches(data):
    change = {"epochs": 6, "epochs_scale": 0.5, "learning_rate": 1e-3, "batch_size": 4}
    scaled = run(data, **change, rate_scale=10, batch_scale=4)
    archived = run(data, epochs=3, learning_rate=1e-2, batch_size=16)
    np.testing.assert_array_equal(scaled.predictions["test"], archived.predictions["test"])


def test_masks_keep_their_share_of_coarser_spectrograms(data):
    """Eight of 128 bands are one of 16; the frames are as long as the archived ones."""
    assert learner(data, specaugment=True).blanked == (1, 20)
    assert learner(data, specaugment=True, specaugment_bands=16).blanked[0] == 2


def test_a_batch_is_mixed_by_one_weight_and_its_losses_with_it(data):
    plain, mixed = learner(data, class_weights=True), learner(data, class_weights=True, mixup=True)
    (before, _), (after, counts) = plain.epoch(1), mixed.epoch(1)
    labels = mixed.targets[torch.from_numpy(mixed._order(1))]
    partner, shares = mixed._partners(1, len(before))
    mixed.model.eval()
    for batch in slices(len(before), 16):
        share = float(shares[batch][0])
        assert (shares[batch] == share).all()
        own = before[batch].flatten(1)
        other = after[batch].flatten(1) - share * own
        # What is left of a row once its own share is taken away is a row of the batch.
        apart = torch.cdist(other, (1 - share) * own)
        found = apart.argmin(dim=1)
        assert apart.min(dim=1).values.max() < 1e-3
        assert sorted(found.tolist()) == list(range(len(own)))
        assert torch.equal(found + batch.start, partner[batch])
        logits = mixed.model(after[batch])
        weigh = functional.cross_entropy
        by_hand = share * weigh(logits, labels[batch], mixed.weights)
        by_hand += (1 - share) * weigh(logits, labels[batch][found], mixed.weights)
        (found_loss,) = cross_entropy([logits[None]], [counts[batch][None]])
        torch.testing.assert_close(found_loss, by_hand)
    assert len(shares.unique()) == 3


def test_the_balanced_sampler_draws_with_replacement_every_class_as_often_on_average(data):
    ours = learner(data, balanced_sampler=True)
    drawn = np.concatenate([ours._order(epoch) for epoch in range(1, 301)])
    shares = np.bincount(data.label[drawn], minlength=3) / len(drawn)
    np.testing.assert_allclose(shares, 1 / 3, atol=0.02)  # five standard errors
    one = ours._order(1)
    assert len(one) == len(ours.fold.train)
    assert len(np.unique(one)) < len(one)
    assert set(one) <= set(ours.fold.train)
    assert np.bincount(data.label[learner(data)._order(1)]).tolist() == [16, 4, 20]


def test_class_weights_are_those_of_the_training_clips(data):
    """16, 4 and 20 of 40 clips: 40/48, 40/12, 40/60, and at most three times the last."""
    weights = [0.833333, 2.0, 0.666667]
    for change in ({"class_weights": True}, {"loss": "focal"}):
        assert learner(data, **change).weights.tolist() == pytest.approx(weights, abs=1e-6)
    limited = learner(data, class_weights=True, heaviest=1.5).weights
    assert limited.tolist() == pytest.approx([0.833333, 1.0, 0.666667], abs=1e-6)
    assert learner(data).weights.tolist() == [1, 1, 1]


def test_lanes_hold_runs_of_one_program_the_longest_first(data):
    short, long = (
        Task(SpeechRun(**SMALL | {"epochs": 1}), 1),
        Task(SpeechRun(**SMALL | {"epochs": 9}), 1),
    )
    other = Task(SpeechRun(**SMALL | {"loss": "focal"}), 1)
    wide = Task(SpeechRun(**SMALL | {"resnet_width": 64}), 1)
    assert plan([short, other, long], data, "cpu", 2) == [[long, short], [other]]
    assert plan([wide, wide], data, "cpu", 2) == [[wide], [wide]]
    assert [len(lane) for lane in plan([short] * 17, data, "cpu", 2)] == [8, 8, 1]


def test_runs_on_folds_of_other_sizes_are_not_put_together(data):
    data.actor[-7:] = 5  # the last actor has three clips, the one before seventeen
    tasks = [Task(SpeechRun(**SMALL | {"fold": fold}), 1) for fold in range(6)]
    lanes = plan(tasks, data, "cpu", 2)
    assert sorted(len(lane) for lane in lanes) == [1, 1, 1, 3]


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


@pytest.mark.parametrize("change", [{"mixup": True, "schedule": "cosine"}, {"weight_decay": 1e-3}])
def test_a_run_that_was_killed_goes_on(data, change):
    with one_thread():
        assert_goes_on(training, Task(SpeechRun(**SMALL | change), 1), data)
