from dataclasses import replace

import numpy as np
import pytest
import torch

from studies.radio.settings.run import RadioRun
from studies.radio.training.denoiser import DenoiserUNet1D
from studies.radio.training.network import Network
from studies.radio.training.noise import fraction, roughness
from studies.radio.training.noise_head import NoiseFractionNet
from uphold.training.initial import initialise

from .conftest import Alone, batches

SMALL = {
    "widths": {"convolutions": 4, "kernel": 6, "strides": [2, 2, 1], "recurrent": 4, "dense": 8},
    "denoiser_channels": 4,
    "noise_channels": 4,
}
DENOISER = SMALL | {"denoiser": True, "batch_size": 16}


def network(prepared, seed=3, **settings) -> Network:
    model = Network(RadioRun(**SMALL | settings), prepared.classes, prepared.calibration)
    initialise(model, seed)
    return model.eval()


def stirred(model):
    """Give every parameter some size, so that nothing is the identity any more."""
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape, generator=draw))
    return model


def test_the_noise_head_starts_with_its_calibrated_guess(prepared):
    head = NoiseFractionNet(prepared.calibration, 4)
    initialise(head, 1)
    frames = prepared.test.iq
    torch.testing.assert_close(head(frames), head.guess(frames))
    at, values = prepared.calibration.roughness, prepared.calibration.fraction
    # A frame at a knot is given that knot's noise fraction.
    knot = len(at) // 2
    head.at[knot] = roughness(frames[:1])[0]
    assert float(head.guess(frames[:1]).sigmoid()) == pytest.approx(float(values[knot]), abs=1e-5)
    assert fraction(torch.tensor([0.0])).item() == 0.5


def test_the_noise_head_is_clamped(prepared):
    head = NoiseFractionNet(prepared.calibration, 4)
    initialise(head, 1)
    for bias, limit in ((100.0, 5.5), (-100.0, -8.0)):
        torch.nn.init.constant_(head.correction.bias, bias)
        assert head(prepared.test.iq).eq(limit).all()


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_the_denoiser_starts_as_the_identity_and_keeps_the_shape(prepared, levels):
    denoiser = DenoiserUNet1D(4, levels)
    initialise(denoiser, 1)
    frames, eta = prepared.test.iq, torch.zeros(len(prepared.test.iq))
    assert torch.equal(denoiser(frames, eta), frames)
    changed = stirred(denoiser)(frames, eta)
    assert changed.shape == frames.shape and not torch.allclose(changed, frames)


def test_the_denoiser_goes_by_the_noise_that_it_is_told(prepared):
    denoiser = DenoiserUNet1D(4, 2)
    initialise(denoiser, 1)
    frames = prepared.test.iq
    stirred(denoiser)
    quiet, loud = (denoiser(frames, torch.full((len(frames),), v)) for v in (-8.0, 5.0))
    assert not torch.allclose(quiet, loud)


def test_parts_that_two_arms_share_start_alike(prepared):
    plain, more = network(prepared), network(prepared, film=True, denoiser=True)
    assert torch.equal(
        plain.classifier.second.convolution.weight, more.classifier.second.convolution.weight
    )
    frames = prepared.test.iq
    # FiLM and denoiser start as the identity, so that the whole arm does.
    torch.testing.assert_close(plain(frames)[0], more(frames)[0])


def test_a_bypassed_denoiser_changes_nothing_that_the_classifier_sees(prepared):
    for dual in (False, True):
        model = stirred(network(prepared, denoiser=True, dual_path=dual))
        frames = prepared.test.iq
        with torch.no_grad():
            through = model(frames)[0]
            model.bypass = True
            around = model(frames)[0]
            eta, _ = model.clean(frames)
            inputs = torch.cat([frames, frames], dim=1) if dual else frames
            assert not torch.allclose(through, around)
            assert torch.equal(around, model.classifier(inputs, eta))


def test_a_dual_path_shows_the_received_and_the_denoised_frame(prepared):
    model = stirred(network(prepared, denoiser=True, dual_path=True))
    frames = prepared.test.iq
    with torch.no_grad():
        logits, eta, denoised = model(frames)
        expected = model.classifier(torch.cat([frames, denoised], dim=1), eta)
    assert torch.equal(logits, expected)


def test_features_join_only_where_they_are_asked_for(prepared):
    plain, expert = network(prepared), network(prepared, expert_features=True)
    assert plain.classifier.dense.in_features < expert.classifier.dense.in_features
    assert expert(prepared.test.iq)[0].shape == (len(prepared.test.iq), 2)


class Watched(torch.nn.Module):
    """A part that keeps what it was given."""

    def __init__(self, part):
        super().__init__()
        self.part, self.seen = part, []

    def forward(self, *inputs):
        self.seen.append(inputs[0])
        return self.part(*inputs)


@pytest.mark.parametrize("mixup", ["none", "all-losses", "classifier-only"])
def test_the_noise_head_and_the_denoiser_see_the_same_signal(prepared, mixup):
    settings = RadioRun(
        **DENOISER, dual_path=True, mixup=mixup, mixup_probability=1.0, mixup_alpha=5.0
    )
    model = network(prepared, **settings.model_dump()).train()
    run = Alone(model, settings.model_copy(update={"dropout": 0.0}), 3, prepared)
    run.network.noise_head = Watched(run.network.noise_head)
    run.network.denoiser = Watched(run.network.denoiser)
    run.losses(1)
    (head,), (denoiser,) = run.network.noise_head.seen, run.network.denoiser.seen
    assert head is denoiser
    batch = batches(settings, 3, prepared, 1)[0]
    rows = len(batch.frames)
    assert torch.equal(head[:rows, 0], batch.pairs.noisier)
    assert torch.equal(head[rows : 2 * rows, 0], batch.frames)
    assert torch.equal(head[-rows:, 0], batch.classified)
    assert len(head) == (3 if mixup == "classifier-only" else 2) * rows


def slopes(run, epoch):
    """Return by name what the first step of an epoch teaches every parameter, None for nothing."""
    run.losses(epoch)[0].backward()
    return {name: parameter.grad for name, parameter in run.network.named_parameters()}


def test_the_noise_head_learns_from_its_own_loss_alone(prepared):
    settings = RadioRun(**DENOISER, film=True, lambda_noise=0.0, dropout=0.0)
    model = stirred(network(prepared, **settings.model_dump()))
    learned = slopes(Alone(model, settings, 3, prepared), 1)
    assert all(not g.any() for name, g in learned.items() if name.startswith("noise_head"))
    assert any(g.any() for name, g in learned.items() if name.startswith("denoiser"))


def test_the_classifier_waits_for_the_auxiliary_epochs(prepared):
    settings = RadioRun(**DENOISER, auxiliary_epochs=2, dropout=0.0)
    learned = slopes(Alone(network(prepared, **settings.model_dump()), settings, 3, prepared), 0)
    assert all(g is None for name, g in learned.items() if name.startswith("classifier"))
    assert any(g is not None for name, g in learned.items() if name.startswith("denoiser"))


def test_what_is_trained_before_the_classifier_shifts_none_of_its_draws(prepared):
    drawn = {"mixup": "classifier-only", "shift": True, "batch_size": 16, "dropout": 0.2}
    runs = RadioRun(**SMALL | drawn), RadioRun(**DENOISER | drawn, auxiliary_epochs=2)
    for epoch in (1, 2, 3):
        for one, other in zip(*(batches(run, 3, prepared, epoch) for run in runs), strict=True):
            assert torch.equal(one.classified, other.classified)
            assert torch.equal(one.drawn.targets, other.drawn.targets)


def preserving(prepared, **settings) -> Alone:
    settings = DENOISER | {"dual_path": True, "preservation": True, "epochs": 4} | settings
    run = RadioRun(**settings)
    return Alone(stirred(network(prepared, **run.model_dump())), run, 3, prepared)


def test_preserving_features_teaches_the_denoiser_and_not_the_classifier(prepared):
    run = preserving(prepared, lambda_denoise=0.0, lambda_id=0.0, preservation_from=0.5)
    step = next(iter(run.steps(3)))  # after two of the classifier's
    run.together.classifies = False  # so that no other loss teaches the denoiser
    run.together.losses(run.network, *step)[0].sum().backward()
    assert all(p.grad is None for p in run.network.classifier.parameters())
    assert all(p.grad is None for p in run.together.ruler.parameters())
    assert run.network.denoiser.bottom.weight.grad.any()


@pytest.mark.parametrize(("share", "first"), [(0.0, 1), (0.3, 2), (0.5, 3), (0.99, 4)])
def test_features_are_preserved_after_a_share_of_the_classifiers_epochs(prepared, share, first):
    run = preserving(prepared, preservation_from=share)
    acting = ["preservation" in run.losses(epoch)[1] for epoch in range(5)]
    assert acting == [epoch >= first for epoch in range(5)]


def test_the_ruler_is_the_block_as_it_was_and_never_changes(prepared):
    run = preserving(prepared, preservation_from=0.3)
    block = run.network.classifier.first
    next(run.steps(2))
    x = torch.randn(prepared.samples, 3, 1, 4, generator=torch.Generator().manual_seed(1))
    block.eval()
    then = run.together.ruler(x)
    torch.testing.assert_close(then, block(x))
    with torch.no_grad():
        block.convolution.weight.add_(1)
        block.norm.running_mean.add_(1)
    run.network.train()
    next(run.steps(3))
    assert torch.equal(run.together.ruler(x), then)
    block.eval()
    assert not torch.allclose(block(x), then)
    assert not any("ruler" in name for name in run.network.state_dict())


@pytest.mark.parametrize("gate", [None, 0.0])
@pytest.mark.parametrize("mixup", ["none", "all-losses", "classifier-only"])
def test_train_accuracy_is_over_the_frames_that_were_not_mixed(prepared, mixup, gate):
    settings = RadioRun(
        **SMALL, mixup=mixup, mixup_min_snr=gate, mixup_alpha=2.0, dropout=0.0, batch_size=16
    )
    # in evaluation mode a frame's logits are its own, whatever else is in its batch
    run = Alone(stirred(network(prepared, **settings.model_dump())), settings, 3, prepared)
    model = run.learner.model
    plain = batches(settings.model_copy(update={"mixup": "none"}), 3, prepared, 1)
    hits, count = 0, 0
    for batch, received in zip(batches(settings, 3, prepared, 1), plain, strict=True):
        for got, frame, label in zip(
            batch.classified, received.frames, received.drawn.label, strict=True
        ):
            if torch.equal(got, frame):
                logits, _, _ = model(frame[None])
                hits, count = hits + int(logits.argmax() == label), count + 1
    parts = [run.together.losses(run.network, *step)[1] for step in run.steps(1)]
    means = {name: float(np.mean([float(part[name]) for part in parts])) for name in parts[0]}
    assert count < len(prepared.train.iq) or mixup == "none"
    assert run.together.record(means)["train_accuracy"] == pytest.approx(hits / count)


def judged(run):
    """Return the scores of a run after its first epoch."""
    with torch.inference_mode():
        run.network.eval()
        outputs = run.together.outputs(run.network, [run.learner.judged(1)["validation"]])
        return run.learner.scores(1, {"validation": [output[0] for output in outputs]})


def test_accuracy_by_snr_is_counted_by_hand(prepared):
    settings = RadioRun(**SMALL)
    model = network(prepared, **settings.model_dump()).eval()
    run = Alone(model, settings, 3, prepared)
    scores = judged(run)
    right = model(prepared.validation.iq)[0].argmax(1) == prepared.validation.label
    for snr in (-12.0, -4.0, 4.0, 12.0):
        hits = [bool(r) for r, s in zip(right, prepared.validation.snr, strict=True) if s == snr]
        assert scores[f"validation_accuracy_{snr:.0f}dB"] == pytest.approx(sum(hits) / len(hits))
    assert np.isnan(run.together.record({})["train_accuracy"])  # nothing was met


def test_what_the_denoiser_gains_is_averaged_over_validation_frames(prepared):
    settings = RadioRun(**SMALL, denoiser=True)
    model = stirred(network(prepared, **settings.model_dump())).eval()
    frames = prepared.validation
    scores = judged(Alone(model, settings, 3, prepared))
    with torch.inference_mode():
        denoised = model(frames.iq)[2]
    before, after = (x.sub(frames.clean).square().sum((1, 2)) for x in (frames.iq, denoised))
    expected = float((10 * (before / after).log10()).mean())
    assert scores["validation_denoising"] == pytest.approx(expected, rel=1e-5)
    received = replace(prepared, validation=replace(frames, clean=None))
    assert "validation_denoising" not in judged(Alone(model, settings, 3, received))
