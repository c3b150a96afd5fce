"""One run while it is trained: its batches, its loss, what is watched.

Every draw follows from the run's seed, a purpose and the epoch. Spectrograms are standardised band
by band with the mean and the spread of the training clips alone.
"""

import hashlib
from collections.abc import Iterator, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import one_hot

from studies.speech.settings.run import SpeechRun
from studies.speech.training.folds import Fold
from studies.speech.training.loading import SpeechData
from studies.speech.training.models import network
from studies.speech.training.specaugment import blank
from uphold.evaluation.f1 import confusion, macro_f1
from uphold.randomness import generator
from uphold.training import mixup, sampling
from uphold.training.initial import initialise
from uphold.training.networks import predict
from uphold.training.smoothing import smooth
from uphold.training.softmax import class_weights, cross_entropy, focal

ARCHIVED_BANDS, ARCHIVED_FRAME_S = 128, 512 / 22_050

Batch = tuple[Tensor, Tensor]


def standardised(
    x: NDArray[np.float32], standard: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float32]:
    """Return spectrograms (rows, bands, frames) shifted and scaled band by band."""
    found = (x - standard["standard.mean"]) / standard["standard.spread"]
    return found.astype(np.float32)


class Learner:
    """A run, as `uphold.training.networks.fit` asks for it.

    Attributes
    ----------
    model : torch.nn.Module
    fold : Fold
    last : dict of str to ndarray
        Logits of the validation and the test clips after the last epoch, once it is done.
    standard : dict of str to ndarray
        Mean and spread of each band over the training clips, as they lie among a run's weights.
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
        train = data.x[fold.train]
        mean = train.mean(axis=(0, 2), keepdims=True, dtype=np.float64)
        spread = np.maximum(train.std(axis=(0, 2), keepdims=True, dtype=np.float64), 1e-3)
        self.standard = {"standard.mean": mean, "standard.spread": spread}
        self.x = torch.from_numpy(standardised(data.x, self.standard)).to(device)
        self.targets = self._one_hot(data.label).to(device)
        self.weights = (
            class_weights(data.label[fold.train], data.classes, settings.heaviest).to(device)
            if settings.class_weights
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
        """Yield spectrograms and targets, augmented."""
        self.epoch = epoch
        size = self.settings.batch_size
        for number, rows in enumerate(sampling.batches(self._order(epoch), size)):
            places = self._places(rows)
            x, targets = self.x[places], self.targets[places]
            if self.settings.specaugment:
                x = blank(generator(self.seed, "specaugment", epoch, number), x, *self.blanked)
            if self.settings.mixup:
                x, targets = self._mixed(generator(self.seed, "mixup", epoch, number), x, targets)
            yield x, smooth(targets, self.settings.label_smoothing, self.classes)

    def loss(self, batch: Batch) -> Tensor:
        """Return the mean loss of a batch."""
        x, targets = batch
        logits = self.model(x)
        if self.settings.loss == "focal":
            return focal(logits, targets, self.settings.focal_gamma, self.weights).mean()
        return cross_entropy(logits, targets, self.weights).mean()

    def validate(self) -> Mapping[str, float]:
        """Return the validation scores, and the macro-F1 of the watched training clips."""
        validation = self.logits(self.fold.validation)
        if self.epoch == self.settings.trained_epochs:
            self.last = {"validation": validation, "test": self.logits(self.fold.test)}
        labels = self.labels[self.fold.validation]
        loss = cross_entropy(torch.from_numpy(validation), self._one_hot(labels)).mean()
        return {
            "validation_loss": float(loss),
            "validation_accuracy": float((validation.argmax(axis=1) == labels).mean()),
            "validation_macro_f1": self._macro_f1(labels, validation),
            "train_macro_f1": self._macro_f1(self.labels[self.watched], self.logits(self.watched)),
        }

    def logits(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the network's outputs for some clips, shape (rows, classes)."""
        return predict(self.model, self.x[self._places(rows)])[0].numpy()

    def _macro_f1(self, labels: NDArray[np.int64], logits: NDArray[np.float32]) -> float:
        return macro_f1(confusion(labels, logits.argmax(axis=1), self.classes))

    def _order(self, epoch: int) -> NDArray[np.int64]:
        rng, rows = generator(self.seed, "shuffle", epoch), self.fold.train
        if self.settings.balanced_sampler:
            return rows[sampling.evenly(rng, self.labels[rows], len(rows))]
        return rng.permutation(rows)

    def _mixed(self, rng: np.random.Generator, x: Tensor, targets: Tensor) -> Batch:
        partner, weight = (
            t.to(x.device) for t in mixup.draw(rng, len(x), self.settings.mixup_alpha)
        )
        return mixup.mix(x, x[partner], weight), mixup.mix(targets, targets[partner], weight)

    def _one_hot(self, labels: NDArray[np.int64]) -> Tensor:
        return one_hot(torch.tensor(labels), self.classes).float()

    def _places(self, rows: NDArray[np.int64]) -> Tensor:
        return torch.tensor(rows, device=self.x.device)
