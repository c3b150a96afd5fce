"""Early stopping on the validation loss."""

from dataclasses import dataclass
from math import inf


@dataclass
class EarlyStopping:
    """Says after every epoch whether the loss has improved, and when to stop.

    A loss improves on the last that did by more than `min_delta`; `best_epoch` is the epoch of the
    last improvement, whose weights Keras restores: without a least improvement that of the lowest
    loss, with one maybe an epoch a little above it (Keras 3, ``keras/src/callbacks/
    early_stopping.py``).

    Attributes
    ----------
    patience : int
        Stop once so many epochs in a row have not improved.
    min_delta : float
        The least improvement, in units of the loss.
    best_epoch : int
        The epoch of the last improvement, counted from 1; 0 before any.
    lowest : float
        Its loss.
    """

    patience: float = inf
    min_delta: float = 0.0
    best_epoch: int = 0
    lowest: float = inf
    epoch: int = 0

    def update(self, loss: float) -> bool:
        """Take the loss of one more epoch; return whether it has improved."""
        self.epoch += 1
        if loss + self.min_delta < self.lowest:
            self.lowest, self.best_epoch = loss, self.epoch
            return True
        return False

    @property
    def exhausted(self) -> bool:
        """Whether the patience is used up."""
        return self.epoch - self.best_epoch >= self.patience
