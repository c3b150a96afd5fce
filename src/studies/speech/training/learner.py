"""One run while it is trained: its batches, its loss, what is watched.

Every draw follows from the run's seed, a purpose and the epoch. Each spectrogram is normalised by
itself, and once more where some of it was blanked; nothing is fitted to other clips.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from studies.speech.settings.run import SpeechRun
from studies.speech.training.decay import add_to_gradients
from studies.speech.training.folds import Fold
from studies.speech.training.loading import SpeechData
from studies.speech.training.losses import batch_loss
from studies.speech.training.models import network
from studies.speech.training.specaugment import blank
from uphold.evaluation.f1 import confusion, macro_f1
from uphold.randomness import generator
from uphold.training import mixup, sampling
from uphold.training.initial import initialise
from uphold.training.networks import predict
from uphold.training.softmax import class_weights

ARCHIVED_BANDS, ARCHIVED_FRAME_S = 128, 512 / 22_050


@dataclass(frozen=True)
class Batch:
    """Spectrograms, mixed or not, and what they are.

    Attributes
    ----------
    x : Tensor of shape (rows, bands, frames)
    labels, partners : Tensor of int64, shape (rows,)
        The classes of each row's own clip and of the one that it was mixed with.
    share : float
        What each row keeps of its own clip; 1 where nothing was mixed.
    """

    x: Tensor
    labels: Tensor
    partners: Tensor
    share: float


class Learner:
    """A run, as `uphold.training.networks.fit` asks for it.

    Attributes
    ----------
    model : torch.nn.Module
    fold : Fold
    last : dict of str to ndarray
        Logits of the validation and the test clips after the last epoch, once it is done.
    """

    def __init__(
        self, settings: SpeechRun, seed: int, data: SpeechData, fold: Fold, device: str
    ) -> None:
        self.settings, self.seed, self.fold = settings, seed, fold
        self.labels, self.classes = data.label, data.classes
        self.epoch = 0
        self.last: dict[str, NDArray[np.float32]] = {}
        self.model = network(settings, data.classes)
        initialise(self.model, seed)
        self.model.to(device)
        add_to_gradients(self.model, settings.weight_decay)
        self.x = normalised(torch.from_numpy(data.x)).to(device)
        self.targets = torch.from_numpy(data.label).to(device)
        self.weights = (
            class_weights(data.label[fold.train], data.classes, settings.heaviest).to(device)
            if settings.weighs
            else None
        )
        bands = settings.specaugment_bands * data.x.shape[1] / ARCHIVED_BANDS
        frames = settings.specaugment_frames * ARCHIVED_FRAME_S / data.frame_s
        self.blanked = round(bands), round(frames)
        # As many training clips as there are validation clips, so that both scores are as sure.
        watched = generator(seed, "watched").permutation(fold.train)[: len(fold.validation)]
        self.watched = np.sort(watched)

    @property
    def training_set(self) -> str:
        """A digest of the training clips and their labels."""
        x = self.x[self._places(self.fold.train)].cpu().numpy()
        labels = self.labels[self.fold.train]
        return hashlib.sha256(x.tobytes() + labels.tobytes()).hexdigest()

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield batches of one epoch, augmented."""
        self.epoch = epoch
        size = self.settings.trained_batch
        for number, rows in enumerate(sampling.batches(self._order(epoch), size)):
            places = self._places(rows)
            x, labels = self.x[places], self.targets[places]
            if self.settings.specaugment:
                rng = generator(self.seed, "specaugment", epoch, number)
                x = normalised(blank(rng, x, *self.blanked))
            if self.settings.mixup:
                yield self._mixed(generator(self.seed, "mixup", epoch, number), x, labels)
            else:
                yield Batch(x, labels, labels, 1.0)

    def loss(self, batch: Batch) -> Tensor:
        """Return the loss of a batch: of its own classes and of its partners', by their shares."""
        logits = self.model(batch.x)
        own = batch_loss(self.settings, logits, batch.labels, self.weights)
        if batch.share == 1:
            return own
        other = batch_loss(self.settings, logits, batch.partners, self.weights)
        return batch.share * own + (1 - batch.share) * other

    def validate(self) -> Mapping[str, float]:
        """Return the validation scores, and the macro-F1 of the watched training clips."""
        validation = self.logits(self.fold.validation)
        if self.epoch == self.settings.trained_epochs:
            self.last = {"validation": validation, "test": self.logits(self.fold.test)}
        labels = self.labels[self.fold.validation]
        loss = cross_entropy(torch.from_numpy(validation), torch.from_numpy(labels))
        return {
            "validation_loss": float(loss),
            "validation_accuracy": float((validation.argmax(axis=1) == labels).mean()),
            "validation_macro_f1": self._macro_f1(labels, validation),
            "train_macro_f1": self._macro_f1(self.labels[self.watched], self.logits(self.watched)),
        }

    def logits(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the network's outputs for some clips, shape (rows, classes)."""
        return predict(self.model, self.x[self._places(rows)])[0].numpy()

    def memory(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the logits after the last epoch, once it is done."""
        return self.last

    def remember(
        self, memory: Mapping[str, NDArray[np.float32]], history: Mapping[str, NDArray[Any]]
    ) -> None:
        """Take up the logits after the last epoch."""
        del history
        self.last = dict(memory)

    def _macro_f1(self, labels: NDArray[np.int64], logits: NDArray[np.float32]) -> float:
        return macro_f1(confusion(labels, logits.argmax(axis=1), self.classes))

    def _order(self, epoch: int) -> NDArray[np.int64]:
        rng, rows = generator(self.seed, "shuffle", epoch), self.fold.train
        if self.settings.balanced_sampler:
            labels = self.labels[rows]
            chances = 1 / np.bincount(labels)[labels]
            return rng.choice(rows, len(rows), p=chances / chances.sum())
        return rng.permutation(rows)

    def _mixed(self, rng: np.random.Generator, x: Tensor, labels: Tensor) -> Batch:
        everyone = torch.ones(len(x), dtype=torch.bool)
        drawn = mixup.draw_batch(rng, everyone, self.settings.mixup_alpha, 1.0)
        partner, weight = (t.to(x.device) for t in drawn)
        x = mixup.mix(x, x[partner], weight)
        return Batch(x, labels, labels[partner], float(drawn[1][0]))

    def _places(self, rows: NDArray[np.int64]) -> Tensor:
        return torch.tensor(rows, device=self.x.device)


def normalised(spectra: Tensor) -> Tensor:
    """Return spectrograms, (rows, bands, frames), each less its mean and over its own spread."""
    mean = spectra.mean(dim=(1, 2), keepdim=True)
    return (spectra - mean) / (spectra.std(dim=(1, 2), keepdim=True) + 1e-6)
