"""One run while it is trained: its batches, its losses, its validation."""

from collections import defaultdict
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy as validation_loss

from studies.radio.settings.run import RadioRun
from studies.radio.training import batches
from studies.radio.training.batches import Batch, Pairs
from studies.radio.training.loading import RadioData
from studies.radio.training.losses import (
    denoising_loss,
    identity_loss,
    noise_loss,
    preservation_loss,
)
from studies.radio.training.network import Network
from studies.radio.training.noise import DECIBEL, log_odds
from uphold.training.softmax import cross_entropy

VALIDATION_ROWS = 1024


class RadioLearner:
    """What `uphold.training.networks.fit` asks of a run.

    Parameters
    ----------
    model : Network
    settings : RadioRun
    seed : int
    data : RadioData
        On the device of the network.
    """

    def __init__(self, model: Network, settings: RadioRun, seed: int, data: RadioData) -> None:
        self.model = model
        self.settings = settings
        self.seed = seed
        self.data = data
        self.classifies = False
        self.parts: dict[str, list[Tensor]] = defaultdict(list)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Return the batches of an epoch; the classifier waits for the auxiliary epochs to end."""
        settings = self.settings
        self.classifies = not settings.noise_head or epoch > settings.auxiliary_epochs
        self.parts.clear()
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
        for name, (_, value) in losses.items():
            self.parts[name].append(value.detach())
        # not 0: there is at least one loss
        return sum(  # type: ignore[return-value]
            weight * value for weight, value in losses.values()
        )

    def validate(self) -> dict[str, float]:
        """Return loss and accuracy of the validation frames, and the parts of the training loss."""
        frames = self.data.validation
        loss = hits = error = 0.0
        for start in range(0, len(frames.iq), VALIDATION_ROWS):
            here = slice(start, start + VALIDATION_ROWS)
            logits, eta, _ = self.model(frames.iq[here])
            label = frames.label[here]
            loss += float(validation_loss(logits.float(), label, reduction="sum"))
            hits += int((logits.argmax(dim=1) == label).sum())
            if eta is not None:
                wanted = log_odds(frames.snr[here])
                error += DECIBEL * float((eta.float() - wanted).abs().sum())
        count = len(frames.iq)
        scores = {"validation_loss": loss / count, "validation_accuracy": hits / count}
        if self.model.noise_head is not None:
            scores["validation_noise_error"] = error / count
        for name in ("classification", "noise", "denoising", "identity", "preservation"):
            values = self.parts.get(name)
            scores[f"train_{name}"] = float(torch.stack(values).mean()) if values else float("nan")
        return scores

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
        if settings.preservation:
            early = self.model.classifier.first.as_fixed
            kept = early(torch.cat([pairs.noisier, noisier], dim=1))
            wanted = early(torch.cat([pairs.noisier, pairs.less_noisy], dim=1))
            losses["preservation"] = (settings.lambda_preservation, preservation_loss(kept, wanted))
        return losses
