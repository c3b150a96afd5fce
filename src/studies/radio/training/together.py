"""The losses of several runs of one kind of arm, side by side in one network."""

from collections.abc import Mapping, Sequence
from typing import cast

import torch
from torch import Tensor, nn

from studies.radio.settings.run import RadioRun
from studies.radio.training.batches import Batch, Draws, made
from studies.radio.training.convolution import sequences
from studies.radio.training.learner import RadioLearner
from studies.radio.training.loading import RadioData
from studies.radio.training.losses import (
    denoising_loss,
    identity_loss,
    noise_loss,
    preservation_loss,
)
from studies.radio.training.network import Network
from studies.radio.training.wide import wide
from uphold.training.side_by_side import put, taken
from uphold.training.softmax import cross_entropy

LAMBDAS = ("lambda_noise", "lambda_denoise", "lambda_id", "lambda_preservation")
PARTS = ("classification", "noise", "denoising", "identity", "preservation")


class Together:
    """What `uphold.training.stack.fit_together` asks of runs of one kind of arm.

    Parameters
    ----------
    settings : RadioRun
        Of one of the runs: what counts is what they have in common, see `lane.program`.
    data : RadioData
        On the device of the network.

    Attributes
    ----------
    ruler : torch.nn.Module or None
        Copies of the classifiers' first blocks by which features are preserved, once there are any.
        They are copies, since a block that goes on learning could meet the loss by changing what is
        measured; they are taken from classifiers that have learned for a while, since an untrained
        block finds nothing worth preserving; and a classifier's own block is not held, so that
        arms with and without the loss train the same weights.
    """

    def __init__(self, settings: RadioRun, data: RadioData) -> None:
        self.settings, self.data = settings, data
        self.device = data.train.iq.device
        self.classifies = False
        self.ruler: nn.Module | None = None
        self.lambdas: dict[str, Tensor] = {}
        self.learners: list[RadioLearner | None] = []

    def widened(self, one: nn.Module, networks: int) -> nn.Module:
        """Return so many networks like this one as one; weights are not set."""
        self.learners = [None] * networks
        made = wide(one, networks)
        if self.settings.compile and self.device.type == "cuda":
            for part in made.children():
                part.compile()
        return made

    def begin(self, number: int, network: nn.Module, learners: Mapping[int, RadioLearner]) -> None:
        """Take up the runs of an epoch; the classifier learns once what comes before it is done."""
        settings, epoch = self.settings, number - self.settings.epochs_before
        self.classifies = epoch > 0
        self.learners = [learners.get(place) for place in range(len(self.learners))]
        first = next(iter(learners.values()))
        of_each = [(run or first).settings for run in self.learners]
        self.lambdas = {
            name: torch.tensor([getattr(own, name) for own in of_each]).to(self.device)
            for name in LAMBDAS
        }
        self.ruler = None
        if not settings.preservation or epoch < 1:
            return
        block = network.get_submodule("classifier.first")
        if epoch - 1 == int(settings.preservation_from * settings.epochs):
            for place, run in learners.items():
                run.ruler = taken(block, place)
        if first.ruler:
            self.ruler = wide(first.model.classifier.first, len(self.learners))
            self.ruler.to(self.device).eval().requires_grad_(False)
            for place, learner in enumerate(self.learners):
                put(self.ruler, place, (learner or first).ruler)

    def losses(
        self, network: nn.Module, x: Sequence[Tensor], others: Sequence[Tensor]
    ) -> tuple[Tensor, Mapping[str, Tensor]]:
        """Return the weighted sum of the losses of a batch of each run, and its parts.

        One pass through noise heads and denoisers serves all losses: the degraded frames, the
        received ones, and the mixed ones where only the classifier gets them.
        """
        model = cast(Network, network)  # its layers are wide
        drawn = Draws(*(part.transpose(0, 1) for part in (torch.stack(list(x)), *others)))
        batch = made(drawn, self.settings, self.data, self._noise(len(drawn.picked)))
        rows, passed, snr = len(batch.frames), [batch.frames], [drawn.snr]
        if batch.pairs is not None:
            passed.insert(0, batch.pairs.noisier)
            snr.insert(0, drawn.snr - drawn.step)
        learning = rows * len(passed)
        if self.classifies and batch.classified is not batch.frames:
            passed.append(batch.classified)
        eta, denoised = model.clean(torch.cat(passed))
        found: dict[str, tuple[Tensor | float, Tensor]] = {}
        parts: dict[str, Tensor] = {}
        if eta is not None:
            noise = noise_loss(_by_run(eta[:learning]), _by_run(torch.cat(snr)))
            found["noise"] = (self.lambdas["lambda_noise"], noise)
        if denoised is not None:
            found |= self._denoiser(batch, denoised)
        if self.classifies:
            last = None if denoised is None else denoised[-rows:]
            logits = model.classify(batch.classified, None if eta is None else eta[-rows:], last)
            of_rows = cross_entropy(_by_run(logits), _by_run(drawn.targets))
            found["classification"] = (1.0, of_rows.mean(dim=1))
            hit = (logits.detach().argmax(dim=-1) == drawn.label) & drawn.pure
            parts["hit"], parts["pure"] = (of.sum(dim=0).float() for of in (hit, drawn.pure))
        parts |= {name: value.detach() for name, (_, value) in found.items()}
        # not 0: there is at least one loss
        return sum(weight * value for weight, value in found.values()), parts  # type: ignore[return-value]

    def record(self, means: Mapping[str, float]) -> Mapping[str, float]:
        """Return the parts of the training loss, and the accuracy over frames as they are.

        ``train_accuracy`` is over the frames of the epoch that the classifier got unmixed, each
        before the step that it was part of. What the epoch did not have is NaN.
        """
        nothing = float("nan")
        pure = means.get("pure", 0.0)
        scores = {"train_accuracy": means["hit"] / pure if pure else nothing}
        return scores | {f"train_{name}": means.get(name, nothing) for name in PARTS}

    def outputs(self, network: nn.Module, x: Sequence[Tensor]) -> list[Tensor]:
        """Return logits, log odds and denoised frames, flattened, as far as there are the parts."""
        found = network(torch.stack(list(x), dim=1))
        return [_by_run(part).flatten(2) if part.dim() > 2 else _by_run(part).unsqueeze(2)
                for part in found if part is not None]  # fmt: skip

    def _noise(self, rows: int) -> Tensor | None:
        """Draw each run's noise; a place without a run repeats that of another."""
        if not self.settings.denoiser:
            return None
        drawn = [None if run is None else run.noise(rows) for run in self.learners]
        first = next(noise for noise in drawn if noise is not None)
        whole = torch.stack([first if noise is None else noise for noise in drawn], dim=1)
        return whole.to(self.device)

    def _denoiser(self, batch: Batch, denoised: Tensor) -> dict[str, tuple[Tensor | float, Tensor]]:
        rows, drawn, pairs = len(batch.frames), batch.drawn, batch.pairs
        if pairs is None:
            raise RuntimeError("A denoiser learns from pairs, and the batch has none.")
        noisier, received = denoised[:rows], denoised[rows : 2 * rows]
        less_noisy, frames = pairs.less_noisy, batch.frames
        found: dict[str, tuple[Tensor | float, Tensor]] = {
            "denoising": (
                self.lambdas["lambda_denoise"],
                denoising_loss(_by_run(noisier), _by_run(less_noisy), _by_run(drawn.step)),
            ),
            "identity": (
                self.lambdas["lambda_id"],
                identity_loss(_by_run(received), _by_run(frames), _by_run(drawn.snr)),
            ),
        }
        if self.ruler is not None:
            kept, wanted = (
                self.ruler(sequences(torch.cat([pairs.noisier, beside], dim=-2)))
                for beside in (noisier, less_noisy)
            )
            preserved = preservation_loss(kept, wanted)
            found["preservation"] = (self.lambdas["lambda_preservation"], preserved)
        return found


def _by_run(of_rows: Tensor) -> Tensor:
    """Return what is (rows, runs, ...) as (runs, rows, ...), a run's numbers beside each other."""
    return of_rows.transpose(0, 1).contiguous()
