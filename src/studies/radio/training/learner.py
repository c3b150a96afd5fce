"""One run while it is trained: its batches, its losses, its validation."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy as validation_loss

from studies.radio.scores import history_at
from studies.radio.settings.run import RadioRun
from studies.radio.training import batches
from studies.radio.training.batches import Batch, Pairs
from studies.radio.training.convolution import sequences
from studies.radio.training.loading import RadioData
from studies.radio.training.losses import (
    denoising_loss,
    identity_loss,
    noise_loss,
    preservation_loss,
)
from studies.radio.training.network import Network
from studies.radio.training.noise import DECIBEL, gain_db, log_odds
from studies.radio.training.plateau import ended
from uphold.training.networks import weights
from uphold.training.softmax import cross_entropy

VALIDATION_ROWS = 512


class RadioLearner:
    """What `uphold.training.networks.fit` asks of a run.

    Parameters
    ----------
    model : Network
    settings : RadioRun
    seed : int
    data : RadioData
        On the device of the network.

    Attributes
    ----------
    ruler : torch.nn.Module or None
        The copy of the classifier's first block by which features are preserved, once there is one.
        It is a copy, since a block that goes on learning could meet the loss by changing what is
        measured; it is taken from a classifier that has learned for a while, since an untrained
        block finds nothing worth preserving; and the classifier's own block is not held, so that
        arms with and without the loss train the same weights.
    accuracies : list of float
        On validation data, an epoch each in which the classifier learned.
    """

    def __init__(self, model: Network, settings: RadioRun, seed: int, data: RadioData) -> None:
        self.model = model
        self.settings = settings
        self.seed = seed
        self.data = data
        self.classifies = False
        self.parts: dict[str, list[Tensor]] = defaultdict(list)
        self.hits: list[Tensor] = []
        self.ruler: nn.Module | None = None
        self.accuracies: list[float] = []
        levels, self.level = data.validation.snr.unique(return_inverse=True)
        self.columns = [history_at(snr) for snr in levels.tolist()]

    @property
    def ended(self) -> bool:
        """Whether the run ends before its last epoch."""
        settings, items = self.settings, len(self.data.validation.iq)
        return ended(self.accuracies, items, settings.patience, settings.flat_patience)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Return the batches of an epoch; the classifier learns from epoch 1 on.

        What is trained before it has the epochs up to 0: arms with and without that show the
        classifier the same frames.
        """
        settings = self.settings
        self.classifies = epoch > 0
        self.parts.clear()
        self.hits.clear()
        if settings.preservation and epoch - 1 == int(settings.preservation_from * settings.epochs):
            self.ruler = self._ruler()
        return batches.batches(settings, self.seed, self.data, epoch)

    def loss(self, batch: Batch) -> Tensor:
        """Return the weighted sum of the losses of one batch.

        One pass through noise head and denoiser serves all losses: the degraded frames, the
        received ones, and the mixed ones where only the classifier gets them.
        """
        settings, rows = self.settings, len(batch.frames)
        passed, snr = [batch.frames], [batch.snr]
        if batch.pairs is not None:
            passed.insert(0, batch.pairs.noisier)
            snr.insert(0, batch.snr - batch.pairs.step)
        learning = rows * len(passed)
        if self.classifies and batch.classified is not batch.frames:
            passed.append(batch.classified)
        eta, denoised = self.model.clean(torch.cat(passed) if len(passed) > 1 else passed[0])
        losses: dict[str, tuple[float, Tensor]] = {}
        if eta is not None:
            noise = noise_loss(eta[:learning], torch.cat(snr))
            losses["noise"] = (settings.lambda_noise, noise)
        if denoised is not None:
            losses |= self._denoiser(batch, denoised, rows)
        if self.classifies:
            last = None if denoised is None else denoised[-rows:]
            logits = self.model.classify(
                batch.classified, None if eta is None else eta[-rows:], last
            )
            losses["classification"] = (1.0, cross_entropy(logits, batch.targets).mean())
            self.hits.append(_hits(logits.detach(), batch))
        for name, (_, value) in losses.items():
            self.parts[name].append(value.detach())
        # not 0: there is at least one loss
        return sum(  # type: ignore[return-value]
            weight * value for weight, value in losses.values()
        )

    def validate(self) -> dict[str, float]:
        """Return how the validation frames are classified, and what training met.

        Returns
        -------
        dict of str to float
            Loss and accuracy, the accuracy also at each SNR; the mean error of the noise head in dB
            where there is one; by how many dB the denoiser raises the SNR, where there is one and
            clean frames are known; the parts of the training loss; ``train_accuracy``, over the
            frames of the epoch that the classifier got unmixed, each before the step that it was
            part of. What the epoch did not have is NaN.
        """
        frames = self.data.validation
        loss = error = gain = 0.0
        right: list[Tensor] = []
        for start in range(0, len(frames.iq), VALIDATION_ROWS):
            here = slice(start, start + VALIDATION_ROWS)
            logits, eta, denoised = self.model(frames.iq[here])
            label = frames.label[here]
            loss += float(validation_loss(logits.float(), label, reduction="sum"))
            right.append(logits.argmax(dim=1) == label)
            if eta is not None:
                wanted = log_odds(frames.snr[here])
                error += DECIBEL * float((eta.float() - wanted).abs().sum())
            if denoised is not None and frames.clean is not None:
                gained = gain_db(frames.iq[here], denoised.float(), frames.clean[here])
                gain += float(gained.sum())
        count, hits = len(frames.iq), torch.cat(right).cpu()
        accuracy = int(hits.sum()) / count
        if self.classifies:
            self.accuracies.append(accuracy)
        scores = {"validation_loss": loss / count, "validation_accuracy": accuracy}
        level = self.level.cpu()
        by_level = level[hits].bincount(minlength=len(self.columns)) / level.bincount()
        scores |= dict(zip(self.columns, by_level.tolist(), strict=True))
        if self.model.noise_head is not None:
            scores["validation_noise_error"] = error / count
        if self.model.denoiser is not None and frames.clean is not None:
            scores["validation_denoising"] = gain / count
        met, unmixed = torch.stack(self.hits).sum(dim=0).tolist() if self.hits else (0, 0)
        scores["train_accuracy"] = met / unmixed if unmixed else float("nan")
        for name in ("classification", "noise", "denoising", "identity", "preservation"):
            values = self.parts.get(name)
            scores[f"train_{name}"] = float(torch.stack(values).mean()) if values else float("nan")
        return scores

    def memory(self) -> Mapping[str, np.ndarray]:
        """Return the weights of the copy that features are preserved by, once there is one."""
        return {} if self.ruler is None else weights(self.ruler)

    def remember(self, memory: Mapping[str, np.ndarray], history: Mapping[str, np.ndarray]) -> None:
        """Take up the copy, and the accuracies of the epochs in which the classifier learned."""
        self.accuracies = history["validation_accuracy"][self.settings.epochs_before :].tolist()
        if memory:
            self.ruler = self._ruler()
            self.ruler.load_state_dict({n: torch.tensor(value) for n, value in memory.items()})

    def _ruler(self) -> nn.Module:
        """Return a copy of the classifier's first block that never changes."""
        return deepcopy(self.model.classifier.first).eval().requires_grad_(False)

    def _denoiser(
        self, batch: Batch, denoised: Tensor, rows: int
    ) -> dict[str, tuple[float, Tensor]]:
        pairs: Pairs  # a network with a denoiser learns from pairs
        settings, pairs = self.settings, batch.pairs  # type: ignore[assignment]
        noisier, received = denoised[:rows], denoised[rows : 2 * rows]
        losses = {
            "denoising": (
                settings.lambda_denoise,
                denoising_loss(noisier, pairs.less_noisy, pairs.step),
            ),
            "identity": (settings.lambda_id, identity_loss(received, batch.frames, batch.snr)),
        }
        if self.ruler is not None:
            kept, wanted = (
                self.ruler(sequences(torch.cat([pairs.noisier, beside], dim=1)))
                for beside in (noisier, pairs.less_noisy)
            )
            losses["preservation"] = (settings.lambda_preservation, preservation_loss(kept, wanted))
        return losses


def _hits(logits: Tensor, batch: Batch) -> Tensor:
    """Return how many unmixed frames of a batch are classified rightly, and how many there are."""
    hit = logits.argmax(dim=1) == batch.label
    pure = torch.ones_like(hit) if batch.pure is None else batch.pure
    return torch.stack([(hit & pure).sum(), pure.sum()])
