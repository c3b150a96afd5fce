"""Learning rates that change at every step, and rates that fall where a loss stops falling."""

from collections.abc import Iterator, Sequence
from math import cos, inf, pi


def cosine(step: int, steps: int, peak: float, floor: float) -> float:
    """Return the rate of a step, counted from 0, on half a cosine from `peak` to `floor` × `peak`.

    The floor is reached after the last step and kept from there on, as in
    ``keras.optimizers.schedules.CosineDecay`` with ``decay_steps=steps`` and ``alpha=floor``.
    """
    share = (1 + cos(pi * min(step, steps) / steps)) / 2
    return peak * (floor + (1 - floor) * share)


def on_plateaus(
    peak: float,
    epochs: int,
    losses: Sequence[float],
    *,
    factor: float,
    patience: int,
    min_delta: float,
) -> Iterator[float]:
    """Yield the rate of every epoch: multiplied by `factor` wherever the loss has stalled.

    It stalls with `patience` epochs in a row that are not below the lowest loss by more than
    `min_delta`; after a cut they are counted from 0. These are the rules of
    ``keras.callbacks.ReduceLROnPlateau`` without cooldown and lowest rate (that of PyTorch waits
    one epoch more, and its threshold is a share by default).

    Parameters
    ----------
    peak : float
        The rate of the first epoch.
    epochs : int
        How many there are.
    losses : sequence of float
        The loss of every epoch so far: it has grown by one whenever the next rate is asked for.
    factor, patience, min_delta
        See above.
    """
    rate, lowest, waited = peak, inf, 0
    for epoch in range(epochs):
        if epoch:
            if losses[epoch - 1] < lowest - min_delta:
                lowest, waited = losses[epoch - 1], 0
            else:
                waited += 1
            if waited >= patience:
                rate, waited = rate * factor, 0
        yield rate
