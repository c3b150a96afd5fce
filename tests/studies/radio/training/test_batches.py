from dataclasses import replace

import numpy as np
import pytest
import torch

from studies.radio.settings.run import RadioRun
from studies.radio.training.batches import order
from studies.radio.training.noise import power

from .conftest import batches

SMALL = {"batch_size": 16, "denoiser": True, "dual_path": True}


def drawn(prepared, epoch=1, seed=5, **settings):
    return list(batches(RadioRun(**SMALL | settings), seed, prepared, epoch))


def test_an_epoch_meets_every_frame_once(prepared):
    for balanced in (False, True):
        at = order(RadioRun(snr_balanced=balanced), 5, prepared.train.snr.numpy(), 1)
        assert sorted(at) == list(range(len(prepared.train.iq)))


def test_balanced_batches_hold_all_snrs_equally_often(prepared):
    plain, balanced = (
        [
            [int((batch.drawn.snr == level).sum()) for level in prepared.train.snr.unique()]
            for batch in drawn(prepared, snr_balanced=value)
        ]
        for value in (False, True)
    )
    assert all(counts == [4, 4, 4, 4] for counts in balanced)
    assert any(counts != [4, 4, 4, 4] for counts in plain)


def test_where_an_snr_is_rare_its_frames_come_more_often():
    snr = np.repeat([-4.0, 0.0, 8.0], [30, 12, 6])  # 48 frames, 16 for each
    at = order(RadioRun(snr_balanced=True), 5, snr, 1)
    levels, counts = np.unique(snr[at], return_counts=True)
    assert dict(zip(levels, counts, strict=True)) == {-4.0: 16, 0.0: 16, 8.0: 16}
    times = np.bincount(at, minlength=48)
    assert set(times[:30]) == {0, 1} and set(times[30:42]) == {1, 2} and set(times[42:]) == {2, 3}
    for start in range(0, 48, 12):
        assert np.unique(snr[at[start : start + 12]], return_counts=True)[1].tolist() == [4, 4, 4]
    plain = order(RadioRun(), 5, snr, 1)
    assert sorted(plain) == list(range(48))


def test_where_frames_cannot_be_divided_no_snr_comes_more_than_once_more_than_another():
    snr = np.repeat([-4.0, 0.0, 8.0], [40, 7, 3])
    drawn = [np.unique(snr[order(RadioRun(snr_balanced=True), 5, snr, e)], return_counts=True)[1]
             for e in range(1, 9)]  # fmt: skip
    assert all(sorted(counts) == [16, 17, 17] for counts in drawn)
    assert len({int(counts.argmin()) for counts in drawn}) > 1


def test_epochs_and_seeds_draw_anew(prepared):
    first = drawn(prepared)[0].frames
    assert torch.equal(first, drawn(prepared)[0].frames)
    assert not torch.equal(first, drawn(prepared, epoch=2)[0].frames)
    assert not torch.equal(first, drawn(prepared, seed=6)[0].frames)


def test_rotation_keeps_powers_and_no_augmentation_keeps_frames(prepared):
    at = order(RadioRun(), 5, prepared.train.snr.numpy(), 1)
    plain = torch.cat([batch.frames for batch in drawn(prepared, rotation=False)])
    assert torch.equal(plain, prepared.train.iq[at])
    turned = torch.cat([batch.frames for batch in drawn(prepared)])
    assert not torch.allclose(turned, plain)
    torch.testing.assert_close(turned.square().sum(dim=1), plain.square().sum(dim=1))


@pytest.mark.parametrize("gate", [None, 0.0])
def test_classifier_only_mixup_leaves_the_auxiliary_inputs_bit_equal(prepared, gate):
    plain = drawn(prepared)
    mixed = drawn(
        prepared,
        mixup="classifier-only",
        mixup_probability=1.0,
        mixup_min_snr=gate,
        mixup_alpha=5.0,
    )
    assert any(
        not torch.equal(a.classified, b.classified) for a, b in zip(plain, mixed, strict=True)
    )
    for a, b in zip(plain, mixed, strict=True):
        assert torch.equal(a.frames, b.frames) and torch.equal(a.drawn.snr, b.drawn.snr)
        for name in ("noisier", "less_noisy"):
            assert torch.equal(getattr(a.pairs, name), getattr(b.pairs, name))


def test_all_losses_mixup_mixes_the_auxiliary_inputs_and_their_snr_too(prepared):
    settings = {"mixup_probability": 1.0, "mixup_alpha": 5.0}
    both = (drawn(prepared, mixup=mode, **settings) for mode in ("all-losses", "classifier-only"))
    for everywhere, alone in zip(*both, strict=True):
        assert everywhere.frames is everywhere.classified
        assert torch.equal(everywhere.classified, alone.classified)
        assert torch.equal(everywhere.drawn.targets, alone.drawn.targets)
        assert not torch.equal(everywhere.drawn.snr, alone.drawn.snr)


def test_mixed_targets_are_distributions_of_the_frames_weight(prepared):
    settings = {"mixup": "classifier-only", "mixup_probability": 1.0, "mixup_alpha": 5.0}
    batch = drawn(prepared, label_smoothing=0.0, **settings)[0]
    torch.testing.assert_close(batch.drawn.targets.sum(dim=1), torch.ones(len(batch.drawn.targets)))
    # One weight a batch: a mixed target holds it and its complement.
    shares = {round(float(v), 5) for v in batch.drawn.targets.flatten() if 0 < v < 1}
    assert len(shares) == 2 and sum(shares) == pytest.approx(1, abs=1e-4)


def test_the_gate_keeps_noisy_frames_unmixed(prepared):
    settings = {"mixup": "classifier-only", "mixup_probability": 1.0, "mixup_alpha": 5.0}
    for batch in drawn(prepared, mixup_min_snr=6.0, **settings):
        below = batch.drawn.snr < 6
        assert torch.equal(batch.classified[below], batch.frames[below])
        assert not torch.equal(batch.classified[~below], batch.frames[~below])


def test_batches_are_mixed_as_often_as_the_probability_says(prepared):
    settings = {"mixup": "classifier-only", "mixup_probability": 0.3, "mixup_alpha": 5.0}
    several = [b for epoch in range(1, 41) for b in drawn(prepared, epoch=epoch, **settings)]
    share = np.mean([not torch.equal(batch.classified, batch.frames) for batch in several])
    # 240 batches: the binomial standard error is .03.
    assert share == pytest.approx(0.3, abs=0.1)


def test_pairs_are_the_batch_with_noise_added(prepared):
    for batch in drawn(prepared):
        pairs = batch.pairs
        torch.testing.assert_close(power(pairs.noisier), power(batch.frames))
        step = batch.drawn.step
        assert ((step >= 2) | (step == 0)).all() and step.max() <= 8
        assert (batch.drawn.snr - step).min() >= prepared.lowest


def test_without_a_denoiser_there_are_no_pairs(prepared):
    assert drawn(prepared, denoiser=False, dual_path=False)[0].pairs is None


def test_a_setting_that_is_off_shifts_no_other_draw(prepared):
    plain = drawn(prepared, rotation=False)
    shifted = drawn(prepared, rotation=False, shift=True, snr_balanced=False)
    for a, b in zip(plain, shifted, strict=True):
        assert torch.equal(a.drawn.snr, b.drawn.snr) and torch.equal(a.drawn.step, b.drawn.step)
        assert not torch.equal(a.frames, b.frames)


def test_targets_are_smoothed(prepared):
    changed = replace(prepared, classes=4)
    batch = drawn(changed, label_smoothing=0.2)[0]
    assert sorted(batch.drawn.targets[0].tolist()) == pytest.approx([0.05, 0.05, 0.05, 0.85])
