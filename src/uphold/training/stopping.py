"""Early stopping on the validation loss."""

from dataclasses import dataclass
from math import inf


@dataclass
class EarlyStopping:
    """Says after every epoch whether the loss is the lowest so far, and when to stop.

    Attributes
    ----------
    patience : int
        Stop once so many epochs in a row have not gone below the lowest loss.
    best_epoch : int
        The epoch of the lowest loss, counted from 1; 0 before any.
    """

    patience: float = inf
    best_epoch: int = 0
    lowest: float = inf
    epoch: int = 0

    def update(self, loss: float) -> bool:
        """Take the loss of one more epoch; return whether it is the lowest so far."""
        self.epoch += 1
        if loss < self.lowest:
            self.lowest, self.best_epoch = loss, self.epoch
            return True
        return False

    @property
    def exhausted(self) -> bool:
        """Whether the patience is used up."""
        return self.epoch - self.best_epoch >= self.patience
