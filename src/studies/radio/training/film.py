"""FiLM: channels scaled and shifted by what is known of the frame.

Reference: Perez et al. 2018, "FiLM: Visual reasoning with a general conditioning layer".
"""

import torch
from torch import Tensor, nn

HIDDEN = 16
SCALE = 4.0
"""Log odds are divided by it, to about the size of one."""


class FiLM(nn.Module):
    """Return ``(1 + gamma(eta)) h + beta(eta)``, channel by channel; the identity at the start.

    Parameters
    ----------
    channels : int
        Of `h`.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(1, HIDDEN)
        self.factors = nn.Linear(HIDDEN, 2 * channels)

    def start(self) -> None:
        """Begin as the identity."""
        nn.init.zeros_(self.factors.weight)

    def forward(self, h: Tensor, eta: Tensor) -> Tensor:
        """Return `h` of shape (steps, ..., channels), conditioned on `eta` of shape (...,)."""
        factors = self.factors(self.hidden(eta.unsqueeze(-1) / SCALE).relu())
        gamma, beta = factors.chunk(2, dim=-1)
        return torch.addcmul(beta, h, 1 + gamma)
