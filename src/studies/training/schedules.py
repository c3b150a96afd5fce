"""Learning-rate schedules: from a peak rate to the rate of every epoch."""

from math import cos, pi

WARMUP = 5
FLOOR = 0.1


def rates(schedule: str, peak: float, epochs: int) -> list[float]:
    """Return the learning rate of every epoch.

    Parameters
    ----------
    schedule : {"constant", "cosine", "warmup-cosine"}
        ``cosine`` falls from the peak towards 0, which it would reach in the epoch after the last
        (as ``torch.optim.lr_scheduler.CosineAnnealingLR`` with ``T_max=epochs``).
        ``warmup-cosine`` climbs in `WARMUP` equal steps to the peak, then falls in the same way
        towards `FLOOR` times the peak, as BirdNET-Analyzer does. A run that is no longer than the
        warm-up climbs to the peak and ends there.
    peak : float
        The highest rate.
    epochs : int
        How many epochs the schedule covers.
    """
    if schedule == "constant":
        return [peak] * epochs
    if schedule == "cosine":
        return [peak * _half_wave(epoch / epochs) for epoch in range(epochs)]
    if schedule == "warmup-cosine":
        warmup = min(WARMUP, epochs)
        falling = epochs - warmup
        climb = [peak * (epoch + 1) / warmup for epoch in range(warmup)]
        fall = [FLOOR + (1 - FLOOR) * _half_wave(epoch / falling) for epoch in range(falling)]
        return climb + [peak * share for share in fall]
    raise ValueError(f"There is no schedule {schedule!r}.")


def _half_wave(progress: float) -> float:
    """Return 1 at the start, 0 at the end, along half a cosine."""
    return (1 + cos(pi * progress)) / 2
