"""One run while it is trained: what it draws, what it is judged by, what it remembers."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from studies.radio.scores import history_at
from studies.radio.settings.run import RadioRun
from studies.radio.training.batches import draws
from studies.radio.training.loading import RadioData
from studies.radio.training.network import Network
from studies.radio.training.noise import DECIBEL, gain_db, log_odds
from studies.radio.training.plateau import ended
from uphold.randomness import generator
from uphold.training.resuming import as_arrays, as_tensors


class RadioLearner:
    """A run, as `uphold.training.stack.fit_together` asks for it.

    Parameters
    ----------
    model : Network
    settings : RadioRun
    seed : int
    data : RadioData

    Attributes
    ----------
    ruler : dict of str to Tensor
        The weights of the copy of the classifier's first block by which features are preserved;
        empty until it is taken, see `together.Together`.
    accuracies : list of float
        On validation data, an epoch each in which the classifier learned.
    """

    def __init__(self, model: Network, settings: RadioRun, seed: int, data: RadioData) -> None:
        self.model, self.settings, self.seed, self.data = model, settings, seed, data
        self.ruler: dict[str, Tensor] = {}
        self.accuracies: list[float] = []
        self.frames = data.validation.to("cpu")
        levels, self.level = self.frames.snr.unique(return_inverse=True)
        self.columns = [history_at(snr) for snr in levels.tolist()]
        self._noise: np.random.Generator | None = None

    @property
    def ended(self) -> bool:
        """Whether the run ends before its last epoch."""
        settings, items = self.settings, len(self.frames.iq)
        return ended(self.accuracies, items, settings.patience, settings.flat_patience)

    def epoch(self, number: int) -> tuple[Tensor, ...]:
        """Return what is drawn for an epoch, counted from 1, in the order of `batches.Draws`.

        What is trained before the classifier has the epochs up to 0 of its own: arms with and
        without that show the classifier the same frames.
        """
        epoch = number - self.settings.epochs_before
        self._noise = generator(self.seed, "noise", epoch)
        return draws(self.settings, self.seed, self.data, epoch).tensors()

    def noise(self, rows: int) -> Tensor:
        """Draw the noise that degrades the next rows of the epoch."""
        if self._noise is None:
            raise RuntimeError("Noise is drawn for the rows of an epoch: ask for one first.")
        shape = rows, *self.data.train.iq.shape[1:]
        return torch.from_numpy(self._noise.standard_normal(shape, dtype=np.float32))

    def judged(self, number: int) -> Mapping[str, Tensor]:
        """Return the frames of the validation split."""
        del number
        return {"validation": self.data.validation.iq}

    def scores(self, number: int, outputs: Mapping[str, Sequence[Tensor]]) -> Mapping[str, float]:
        """Return how the validation frames are classified.

        Parameters
        ----------
        number : int
            Of the epoch, counted from 1.
        outputs : mapping of str to sequence of Tensor
            See `together.Together.outputs`.

        Returns
        -------
        dict of str to float
            Loss and accuracy, the accuracy also at each SNR; the mean error of the noise head in dB
            where there is one; by how many dB the denoiser raises the SNR, where there is one and
            clean frames are known.
        """
        frames, (logits, *others) = self.frames, outputs["validation"]
        hits = logits.argmax(dim=1) == frames.label
        accuracy = int(hits.sum()) / len(hits)
        if number > self.settings.epochs_before:
            self.accuracies.append(accuracy)
        scores = {
            "validation_loss": float(cross_entropy(logits, frames.label)),
            "validation_accuracy": accuracy,
        }
        by_level = self.level[hits].bincount(minlength=len(self.columns)) / self.level.bincount()
        scores |= dict(zip(self.columns, by_level.tolist(), strict=True))
        if self.settings.noise_head:
            error = (others[0][:, 0] - log_odds(frames.snr)).abs().mean()
            scores["validation_noise_error"] = DECIBEL * float(error)
        if self.settings.denoiser and frames.clean is not None:
            gain = gain_db(frames.iq, others[1].view_as(frames.iq), frames.clean)
            scores["validation_denoising"] = float(gain.mean())
        return scores

    def memory(self) -> Mapping[str, np.ndarray]:
        """Return the weights of the copy that features are preserved by, once there is one."""
        return as_arrays(self.ruler)

    def remember(self, memory: Mapping[str, np.ndarray], history: Mapping[str, np.ndarray]) -> None:
        """Take up the copy, and the accuracies of the epochs in which the classifier learned."""
        self.accuracies = history["validation_accuracy"][self.settings.epochs_before :].tolist()
        self.ruler = as_tensors(memory)
