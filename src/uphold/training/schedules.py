"""Learning-rate schedules: from a peak rate to the rate of every epoch."""

from math import cos, pi

WARMUP = 5
FLOOR = 0.1


def rates(
    schedule: str, peak: float, epochs: int, *, warmup: int = WARMUP, floor: float | None = None
) -> list[float]:
    """Return the learning rate of every epoch.

    Parameters
    ----------
    schedule : {"constant", "cosine", "warmup-cosine"}
        ``cosine`` falls from the peak towards `floor` times the peak, which it would reach in the
        epoch after the last (with floor 0 as ``torch.optim.lr_scheduler.CosineAnnealingLR`` with
        ``T_max=epochs``). ``warmup-cosine`` climbs in `warmup` equal steps to the peak, then falls
        in the same way; its defaults are BirdNET-Analyzer's. A run that is no longer than the
        warm-up climbs to the peak and ends there.
    peak : float
        The highest rate.
    epochs : int
        How many epochs the schedule covers.
    warmup : int
        Epochs of the climb.
    floor : float, optional
        The share of the peak that the fall leads to: by default 0 for ``cosine`` and `FLOOR` for
        ``warmup-cosine``.
    """
    if schedule == "constant":
        return [peak] * epochs
    if schedule == "cosine":
        return [peak * share for share in _fall(epochs, floor or 0)]
    if schedule == "warmup-cosine":
        warmup = min(warmup, epochs)
        climb = [peak * (epoch + 1) / warmup for epoch in range(warmup)]
        lowest = FLOOR if floor is None else floor
        return climb + [peak * share for share in _fall(epochs - warmup, lowest)]
    raise ValueError(f"There is no schedule {schedule!r}.")


def _fall(epochs: int, floor: float) -> list[float]:
    """Return shares that fall from 1 towards the floor along half a cosine."""
    return [floor + (1 - floor) * (1 + cos(pi * n / epochs)) / 2 for n in range(epochs)]
