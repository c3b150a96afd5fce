"""One run while it is trained: what an epoch holds, what is watched.

Every draw follows from the run's seed, a purpose and the epoch. Each spectrogram is normalised by
itself, and once more where some of it was blanked; nothing is fitted to other clips.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from studies.speech.settings.run import SpeechRun
from studies.speech.training.folds import Fold
from studies.speech.training.loading import SpeechData
from studies.speech.training.losses import targets
from studies.speech.training.models import network
from studies.speech.training.specaugment import blank
from uphold.evaluation.f1 import confusion, macro_f1
from uphold.randomness import generator
from uphold.training import mixup, sampling
from uphold.training.initial import initialise
from uphold.training.networks import predict
from uphold.training.softmax import class_weights

ARCHIVED_BANDS, ARCHIVED_FRAME_S = 128, 512 / 22_050


class Learner:
    """A run, as `uphold.training.stack.fit_together` asks for it.

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
        self.last: dict[str, NDArray[np.float32]] = {}
        self.model = network(settings, data.classes)
        initialise(self.model, seed)
        self.x = normalised(torch.from_numpy(data.x)).to(device)
        self.targets = torch.from_numpy(data.label).to(device)
        self.weights = (
            class_weights(data.label[fold.train], data.classes, settings.heaviest)
            if settings.weighs
            else torch.ones(data.classes)
        ).to(device)
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

    def epoch(self, number: int) -> tuple[Tensor, ...]:
        """Return spectrograms, augmented, in the order of an epoch, and what their losses are of.

        The latter are what `losses.cross_entropy` takes, or `losses.focal`.
        """
        settings = self.settings
        places = self._places(self._order(number))
        x, labels = self.x[places], self.targets[places]
        if settings.specaugment:
            x = normalised(blank(generator(self.seed, "specaugment", number), x, *self.blanked))
        partner, share = self._partners(number, len(places))
        if settings.mixup:
            x = mixup.mix(x, x[partner], share)
        if settings.loss == "focal":
            weights = torch.diag(self.weights)
            gamma = torch.full_like(share, settings.focal_gamma)
            return x[:, None], weights[labels], weights[labels[partner]], share, gamma
        counts = []
        for batch in sampling.slices(len(places), settings.trained_batch):
            own, other = (
                targets(of_whom[batch], self.weights, settings.label_smoothing)
                for of_whom in (labels, labels[partner])
            )
            weight = share[batch, None]
            counts.append(weight * own + (1 - weight) * other)
        return x[:, None], torch.cat(counts)

    def judged(self, number: int) -> Mapping[str, Tensor]:
        """Return validation and watched clips, after the last epoch also the test clips."""
        rows = {"validation": self.fold.validation, "watched": self.watched}
        if number == self.settings.trained_epochs:
            rows["test"] = self.fold.test
        return {name: self.x[self._places(those)][:, None] for name, those in rows.items()}

    def scores(self, number: int, outputs: Mapping[str, Sequence[Tensor]]) -> Mapping[str, float]:
        """Return the validation scores, and the macro-F1 of the watched training clips."""
        logits = {name: found.numpy() for name, (found,) in outputs.items()}
        validation = logits["validation"]
        if number == self.settings.trained_epochs:
            self.last = {name: logits[name] for name in ("validation", "test")}
        labels = self.labels[self.fold.validation]
        loss = cross_entropy(torch.from_numpy(validation), torch.from_numpy(labels))
        return {
            "validation_loss": float(loss),
            "validation_accuracy": float((validation.argmax(axis=1) == labels).mean()),
            "validation_macro_f1": self._macro_f1(labels, validation),
            "train_macro_f1": self._macro_f1(self.labels[self.watched], logits["watched"]),
        }

    def logits(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the network's outputs for some clips, shape (rows, classes)."""
        return predict(self.model, self.x[self._places(rows)][:, None])[0].numpy()

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

    def _partners(self, number: int, rows: int) -> tuple[Tensor, Tensor]:
        """Return with whom of its batch each row is mixed, and what it keeps of itself."""
        partner, share = torch.arange(rows), torch.ones(rows)
        if self.settings.mixup:
            rng = generator(self.seed, "mixup", number)
            for batch in sampling.slices(rows, self.settings.trained_batch):
                everyone = torch.ones(batch.stop - batch.start, dtype=torch.bool)
                drawn = mixup.draw_batch(rng, everyone, self.settings.mixup_alpha, 1.0)
                partner[batch], share[batch] = drawn[0] + batch.start, drawn[1]
        return partner.to(self.x.device), share.to(self.x.device)

    def _places(self, rows: NDArray[np.int64]) -> Tensor:
        return torch.tensor(rows, device=self.x.device)


def normalised(spectra: Tensor) -> Tensor:
    """Return spectrograms, (rows, bands, frames), each less its mean and over its own spread."""
    mean = spectra.mean(dim=(1, 2), keepdim=True)
    return (spectra - mean) / (spectra.std(dim=(1, 2), keepdim=True) + 1e-6)
