"""Frames small enough to train on in a second: two classes at four SNRs; a run step by step."""

import numpy as np
import pytest
import torch

from studies.radio.settings.run import RadioRun
from studies.radio.training.batches import Batch, Draws, draws, made
from studies.radio.training.learner import RadioLearner
from studies.radio.training.loading import Frames, RadioData
from studies.radio.training.network import Network
from studies.radio.training.noise import Calibration
from studies.radio.training.together import Together
from uphold.randomness import generator
from uphold.training.sampling import slices
from uphold.training.side_by_side import put, reseed

SNRS = (-12.0, -4.0, 4.0, 12.0)
SAMPLES = 32


def frames(rng: np.random.Generator, a_cell: int) -> Frames:
    """Return tones (class 0) and slow ramps of phase (class 1) in white noise, RMS 1."""
    iq, clean, label, snr = [], [], [], []
    for name in (0, 1):
        for level in SNRS:
            start = rng.uniform(0, 2 * np.pi, (a_cell, 1))
            phase = start + np.arange(SAMPLES) * (0.9 if name == 0 else 0.1)
            sent = np.stack([np.cos(phase), np.sin(phase)], axis=1)
            noise = rng.standard_normal(sent.shape) * np.sqrt(10 ** (-level / 10) / 2)
            rms = np.sqrt(((sent + noise) ** 2).sum(axis=1).mean(axis=1))[:, None, None]
            iq.append((sent + noise) / rms)
            clean.append(sent / rms)
            label += [name] * a_cell
            snr += [level] * a_cell
    parts = (torch.tensor(np.concatenate(x), dtype=torch.float32) for x in (iq, clean))
    received, sent = parts
    return Frames(received, torch.tensor(label), torch.tensor(snr), sent)


@pytest.fixture(scope="session")
def prepared() -> RadioData:
    rng = np.random.default_rng(7)
    train, validation, test = (frames(rng, n) for n in (12, 4, 5))
    return RadioData(
        train=train,
        validation=validation,
        test=test,
        classes=2,
        lowest=min(SNRS),
        calibration=Calibration.fit(train.iq, train.snr),
        digest="of these frames",
    )


def batches(settings: RadioRun, seed: int, data: RadioData, epoch: int) -> list[Batch]:
    """Return the batches of an epoch of one run."""
    whole, noise = draws(settings, seed, data, epoch), generator(seed, "noise", epoch)
    found = []
    for rows in slices(len(whole.picked), settings.batch_size):
        drawn = Draws(*(tensor[rows] for tensor in whole.tensors()))
        shape = len(drawn.picked), *data.train.iq.shape[1:]
        drawn_noise = torch.from_numpy(noise.standard_normal(shape, dtype=np.float32))
        found.append(made(drawn, settings, data, drawn_noise if settings.denoiser else None))
    return found


class Alone:
    """A run step by step, in a stack of one."""

    def __init__(self, model: Network, settings: RadioRun, seed: int, data: RadioData) -> None:
        self.learner = RadioLearner(model, settings, seed, data)
        self.together = Together(settings, data)
        self.network = self.together.widened(model, 1)
        put(self.network, 0, model.state_dict())
        self.network.train(model.training)

    def steps(self, epoch: int):
        """Yield what `Together.losses` takes of an epoch, counted as the classifier's are."""
        number = epoch + self.learner.settings.epochs_before
        reseed(self.network, [(self.learner.seed, epoch)])
        self.together.begin(number, self.network, {0: self.learner})
        picked, *others = self.learner.epoch(number)
        for rows in slices(len(picked), self.learner.settings.batch_size):
            yield [picked[rows]], [other[None, rows] for other in others]

    def losses(self, epoch: int):
        """Return the loss of the first step of an epoch, and its parts."""
        loss, parts = self.together.losses(self.network, *next(self.steps(epoch)))
        return loss[0], parts
