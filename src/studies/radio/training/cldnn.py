"""The classifier: convolutions, an LSTM, attention over its steps, dense layers.

Reference: West & O'Shea 2017, "Deep architectures for modulation recognition" (CLDNN with a skip
around its convolutions); the last step's state is replaced by attention pooling.
"""

import torch
from torch import Tensor, nn

from studies.radio.settings.run import Widths
from studies.radio.training.convolution import Convolution, sequences
from studies.radio.training.film import FiLM
from uphold.training.dropout import Dropout


class Block(nn.Module):
    """A convolution of sequences, normalised and rectified; it shortens them by its stride."""

    def __init__(self, inputs: int, channels: int, kernel: int, stride: int) -> None:
        super().__init__()
        padding = kernel // 2 if stride == 1 else (kernel - 1) // 2
        self.convolution = Convolution(
            inputs, channels, kernel, stride=stride, padding=padding, bias=False
        )
        self.norm = nn.BatchNorm1d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Return (steps / stride, rows, channels) from (steps, rows, inputs)."""
        h = self.convolution(x)
        # as rows of a matrix, which a library normalises in a third of the time
        return self.norm(h.flatten(0, 1)).relu_().view_as(h)


class AttentionPooling(nn.Module):
    """A weighted mean over steps; the weights are learned from the steps themselves."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1)

    def forward(self, steps: Tensor) -> Tensor:
        """Return (..., width) from (steps, ..., width)."""
        weights = self.score(steps).movedim(0, -1).softmax(dim=-1)
        return torch.matmul(weights, steps.movedim(0, -2)).squeeze(-2)


class CLDNN(nn.Module):
    """Classify frames.

    Parameters
    ----------
    inputs : int
        Channels of a frame: 2, or 4 where the denoised frame comes beside the received one.
    classes : int
    widths : Widths
    dropout : float
        Before the dense layer and before the logits.
    film : bool
        Whether the convolutions' channels are conditioned on the log odds of the noise fraction.
    extra : int
        How many further features join what is pooled.
    """

    def __init__(
        self, inputs: int, classes: int, widths: Widths, dropout: float, film: bool, extra: int
    ) -> None:
        super().__init__()
        channels, (first, second, third) = widths.convolutions, widths.strides
        self.first = Block(inputs, channels, widths.kernel, first)
        self.second = Block(channels, channels, widths.kernel, second)
        self.third = Block(channels, channels, widths.kernel, third)
        self.skip_stride = second * third
        self.film = FiLM(channels) if film else None
        self.lstm = nn.LSTM(2 * channels, widths.recurrent)
        self.pool = AttentionPooling(widths.recurrent)
        self.dropout_pooled = Dropout(dropout)
        self.dense = nn.Linear(widths.recurrent + 2 * channels + extra, widths.dense)
        self.dropout_dense = Dropout(dropout)
        self.logits = nn.Linear(widths.dense, classes)

    def forward(
        self, frames: Tensor, eta: Tensor | None = None, extra: Tensor | None = None
    ) -> Tensor:
        """Return logits (rows, ..., classes).

        Parameters
        ----------
        frames : Tensor of shape (rows, ..., inputs, samples)
        eta : Tensor of shape (rows, ...), optional
            For FiLM.
        extra : Tensor of shape (rows, ..., extra), optional
        """
        early = self.first(sequences(frames))
        h = self.third(self.second(early))
        if self.film is not None:
            h = self.film(h, eta)
        steps = torch.cat([h, early[:: self.skip_stride]], dim=-1)
        told, _ = self.lstm(steps)
        parts = [self.pool(told), steps.mean(dim=0)]
        pooled = torch.cat(parts if extra is None else [*parts, extra], dim=-1)
        dense = self.dense(self.dropout_pooled(pooled)).relu()
        return self.logits(self.dropout_dense(dense))
