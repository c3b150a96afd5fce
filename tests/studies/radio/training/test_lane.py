from dataclasses import replace

import numpy as np
import pytest

from studies.radio import training
from studies.radio.scores import history_at
from studies.radio.settings.run import RadioRun
from studies.radio.training import lane, plan, train
from studies.radio.training.lane import COMPANY
from studies.radio.training.plateau import flat_since
from uphold.errors import InputError
from uphold.testing.interruption import assert_goes_on
from uphold.training import stack
from uphold.training.contract import Task

SMALL = {
    "widths": {"convolutions": 4, "kernel": 6, "strides": [2, 2, 1], "recurrent": 4, "dense": 8},
    "denoiser_channels": 4,
    "noise_channels": 4,
}
COMMON = SMALL | {"epochs": 3, "batch_size": 16, "learning_rate": 0.02}
A0 = {}
A2 = {"denoiser": True}
A2B = A2 | {"bypass_denoiser": True}
A5 = A2 | {
    "dual_path": True,
    "film": True,
    "mixup": "classifier-only",
    "shift": True,
    "expert_features": True,
    "snr_balanced": True,
    "preservation": True,
}


def task(arm: dict, seed: int = 11, **settings) -> Task:
    return Task(RadioRun(**COMMON | arm | settings), seed)


def same(one, other) -> bool:
    arrays = ("predictions", "history")
    return one.facts == other.facts and all(
        getattr(one, name).keys() == getattr(other, name).keys()
        and all(
            np.array_equal(a, getattr(other, name)[key], equal_nan=True)
            for key, a in getattr(one, name).items()
        )
        for name in arrays
    )


@pytest.mark.parametrize("arm", [A0, A2B, A5], ids=["A0", "A2b", "A5"])
def test_a_run_is_bit_identical_when_rerun(prepared, arm):
    (one,), (other,) = (train([task(arm)], prepared, "cpu") for _ in range(2))
    assert same(one, other)
    (seeded,) = train([task(arm, seed=12)], prepared, "cpu")
    assert not np.array_equal(one.predictions["test"], seeded.predictions["test"])


@pytest.mark.parametrize("arm", [A0, A2, A5 | {"preservation_from": 0.5}], ids=["A0", "A2", "A5"])
def test_company_and_place_change_no_bit(prepared, arm):
    """Batches of 14 and of 13 rows; runs differ in all that is their own."""
    runs = [
        task(arm, seed, batch_size=15, **own)
        for seed, own in enumerate(
            (
                {},
                {"learning_rate": 0.01, "schedule": "cosine"},
                {"mixup_probability": 0.9, "label_smoothing": 0.1, "snr_balanced": True},
                {"patience": 1, "lambda_id": 0.5, "lambda_noise": 0.3, "clip": 0.1},
                {"weight_decay": 0.2, "degradation_aimed": True},
            )
        )
    ]
    alone = [train([run], prepared, "cpu")[0] for run in runs]
    for order in ([1, 0], [4, 3, 2, 1, 0], [3, 2, 2, 0, 1, 4, 1, 3, 0, 2]):
        for number, found in zip(
            order, train([runs[n] for n in order], prepared, "cpu"), strict=True
        ):
            assert same(found, alone[number]), (number, order)
    assert not same(alone[0], alone[1])


def test_no_more_than_a_stack_go_side_by_side(prepared):
    seeds = range(COMPANY + 2)
    lanes = plan([task(A0, seed) for seed in seeds], prepared, "cpu", 2)
    assert [len(lane) for lane in lanes] == [COMPANY, 2]
    uneven = COMMON["widths"] | {"recurrent": 6}  # whose sums would depend on the place
    wide = COMMON["widths"] | {"convolutions": 64}
    for widths in (uneven, wide):
        lanes = plan([task(A0, seed, widths=widths) for seed in (1, 2)], prepared, "cpu", 2)
        assert [len(lane) for lane in lanes] == [1, 1]


def test_runs_of_other_networks_or_passes_share_no_lane(prepared):
    with pytest.raises(ValueError, match="must share a program"):
        train([task(A0), task(A2)], prepared, "cpu")
    arms = [A2, A2 | {"dropout": 0.3}, A2 | {"film": True}, A2 | {"mixup": "classifier-only"}]
    assert len(plan([task(arm) for arm in arms], prepared, "cpu", 2)) == 4
    assert len(plan([task(A2), task(A2 | {"mixup": "all-losses"})], prepared, "cpu", 2)) == 1


def test_one_network_alone_learns_as_one_of_a_stack(prepared, monkeypatch):
    stacked = train([task(A5, epochs=2)], prepared, "cpu")[0]
    monkeypatch.setattr(lane, "COMPANY", 1)
    alone = train([task(A5, epochs=2)], prepared, "cpu")[0]
    for name in ("train_loss", "validation_loss", "train_noise", "train_denoising"):
        np.testing.assert_allclose(alone.history[name], stacked.history[name], rtol=2e-3)


def test_runs_that_differ_in_inference_alone_share_their_training(prepared):
    through, around = train([task(A2), task(A2B)], prepared, "cpu")
    for name, column in through.history.items():
        np.testing.assert_array_equal(column, around.history[name])
    assert not np.array_equal(through.predictions["test"], around.predictions["test"])
    # What the noise head and the denoiser say of a frame is not what the classifier is given.
    for name in ("test_noise", "test_denoising"):
        np.testing.assert_array_equal(through.predictions[name], around.predictions[name])


def test_plan_puts_them_into_one_lane_and_the_longest_lane_first(prepared):
    tasks = [task(arm, seed) for arm in (A0, A2, A2B, A5) for seed in (1, 2)]
    lanes = plan(tasks, prepared, "cpu", 2)
    assert sorted(len(lane) for lane in lanes) == [2, 2, 4]
    assert sorted(map(repr, (t for those in lanes for t in those))) == sorted(map(repr, tasks))
    many = plan(
        [task(arm, seed) for seed in range(COMPANY + 1) for arm in (A2, A2B)], prepared, "cpu", 2
    )
    assert [len(lane) for lane in many] == [2 * COMPANY, 2]  # each with its twin
    assert {t.seed for t in many[1]} == {COMPANY}
    assert lanes[0][0].settings.mixup == "classifier-only"
    assert not lanes[-1][0].settings.denoiser


def test_what_a_result_holds(prepared):
    (result,) = train([task(A5)], prepared, "cpu")
    rows = len(prepared.test.iq)
    shapes = {name: array.shape for name, array in result.predictions.items()}
    assert shapes == {
        "validation": (len(prepared.validation.iq), 2),
        "test": (rows, 2),
        "test_noise": (rows,),
        "test_denoising": (rows,),
    }
    assert all(array.dtype == np.float32 for array in result.predictions.values())
    epochs = COMMON["epochs"] + 1  # one auxiliary epoch
    assert result.history["epoch"].tolist() == list(range(1, epochs + 1))
    assert {"validation_loss", "validation_accuracy", "validation_noise_error"} <= set(
        result.history
    )
    accuracy = result.history["validation_accuracy"]
    best = result.facts["best_epoch"]
    assert accuracy[best - 1] == accuracy.max() and accuracy[: best - 1].max() < accuracy.max()
    assert result.facts["epochs_since_best"] == epochs - best
    hits = result.predictions["validation"].argmax(axis=1) == prepared.validation.label.numpy()
    assert hits.mean() == accuracy.max()


def test_histories_tell_the_accuracy_at_each_snr(prepared):
    (result,) = train([task(A0)], prepared, "cpu")
    assert {history_at(snr) for snr in (-12.0, -4.0, 4.0, 12.0)} <= set(result.history)
    by_snr = np.mean([result.history[history_at(s)] for s in (-12.0, -4.0, 4.0, 12.0)], axis=0)
    np.testing.assert_allclose(by_snr, result.history["validation_accuracy"], rtol=1e-6)
    assert result.facts["fewest_at_an_snr"] == result.facts["most_at_an_snr"] == 24


def test_the_plain_arm_has_neither_head_nor_denoiser(prepared):
    (result,) = train([task(A0)], prepared, "cpu")
    assert set(result.predictions) == {"validation", "test"}
    assert len(result.history["epoch"]) == COMMON["epochs"]
    assert not {"validation_noise_error", "validation_denoising"} & set(result.history)


def test_a_run_learns(prepared):
    (result,) = train([task(A2, epochs=15)], prepared, "cpu")
    high = prepared.test.snr.numpy() >= 12
    hits = result.predictions["test"].argmax(axis=1) == prepared.test.label.numpy()
    assert hits[high].mean() > 0.85
    history = result.history
    assert history["train_noise"][-1] < history["train_noise"][0]
    assert history["train_denoising"][-1] < history["train_denoising"][0]


def test_a_run_ends_by_its_patience_and_keeps_its_best_epoch(prepared):
    whole, by_best, by_flat, patient = (
        train([task(A2, epochs=12, auxiliary_epochs=4, **ends)], prepared, "cpu")[0]
        for ends in ({}, {"patience": 3}, {"flat_patience": 2}, {"patience": 12})
    )
    assert whole.facts["epochs_run"] == 16
    assert same(whole, patient)
    for run in (by_best, by_flat):
        epochs = run.facts["epochs_run"]
        assert 4 < epochs < 16  # what the classifier waits for is no plateau
        for name, column in run.history.items():
            np.testing.assert_array_equal(column, whole.history[name][:epochs])
    assert by_best.facts["epochs_since_best"] == 3
    accuracy = by_flat.history["validation_accuracy"][4:]
    assert len(accuracy) - flat_since(accuracy, len(prepared.validation.iq)) == 2


@pytest.mark.parametrize("before", [1, 3])
@pytest.mark.parametrize("schedule", ["cosine", "warmup-cosine"])
def test_what_is_trained_before_the_classifier_leaves_its_rates_alone(prepared, schedule, before):
    arms = (A0, A2 | {"auxiliary_epochs": before})
    plain, denoised = (
        train([task(arm, schedule=schedule)], prepared, "cpu")[0].history["learning_rate"]
        for arm in arms
    )
    assert np.array_equal(denoised[before:], plain)
    assert (denoised[:before] == plain.max()).all()


@pytest.mark.parametrize(("arm", "before"), [(A0, 0), (A2, 0), (A2, 2)])
def test_what_is_trained_before_the_classifier_shifts_no_dropout(
    prepared, arm, before, monkeypatch
):
    drawn, reseed = [], stack.reseed
    monkeypatch.setattr(
        stack,
        "reseed",
        lambda network, runs: drawn.append(runs[0][1]) or reseed(network, runs),
    )
    train([task(arm, auxiliary_epochs=before)], prepared, "cpu")
    assert drawn == list(range(1 - before, COMMON["epochs"] + 1))


def test_a_loss_that_is_not_finite_is_a_failed_run(prepared):
    broken = replace(prepared.train, iq=prepared.train.iq * float("nan"))
    (result,) = train([task(A0)], replace(prepared, train=broken), "cpu")
    assert result.failure and not result.predictions


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"widths": SMALL["widths"] | {"strides": [3, 1, 1]}}, "by 3, as widths.strides"),
        ({"denoiser_levels": 6}, "by 64, as denoiser_levels"),
    ],
)
def test_frames_that_cannot_be_shortened_are_refused(prepared, settings, named):
    with pytest.raises(InputError, match=f"32 samples.*{named}"):
        train([task(A2, **settings)], prepared, "cpu")


@pytest.mark.parametrize(
    "more", [A5 | {"preservation_from": 0.5, "epochs": 4}, A2 | {"patience": 1, "epochs": 8}]
)
def test_a_run_that_was_killed_goes_on(prepared, more):
    whole, *_ = assert_goes_on(training, task(more), prepared)
    epochs = len(whole.history["epoch"])
    assert (epochs < more["epochs"]) == ("patience" in more)
