"""The names of the study's scores: the columns that its evaluation gives, in their order.

Of the test split, and of those of its frames whose SNR is in a slice (three bands, and what no band
covers): ``accuracy``, over how many ``items``, ``noise_error``, the mean distance in dB of the
noise head's estimate from the SNR, and ``denoising``, the dB by which the denoiser raises the SNR.
The last two are NaN in runs without the part. ``accuracy_mid_less_low`` and the like are
differences of two slices' accuracy. Calibration errors are expected ones.
"""

from typing import Literal

BANDS: tuple[Literal["low", "mid", "high"], ...] = ("low", "mid", "high")
UNCOVERED = "uncovered"
SLICES = (*BANDS, UNCOVERED)

SLICED = ("accuracy", "items", "noise_error", "denoising")

AVERAGED = tuple(name for name in SLICED if name != "items")
BY_ITEM = (*AVERAGED, *(f"{name}_{part}" for name in AVERAGED for part in SLICES))
"""The scores of which the evaluation tells what each frame adds."""

LEADS = {"mid_less_low": ("mid", "low"), "mid_less_high": ("mid", "high")}
"""Accuracy in one band less that in another: what moves it moves the one band more."""

SCORES = (
    "validation_accuracy",
    "validation_items",
    "validation_calibration_error",
    *SLICED,
    "calibration_error",
    *(f"{name}_{part}" for name in SLICED for part in SLICES),
    *(f"accuracy_{name}" for name in LEADS),
)


def history_at(snr: float) -> str:
    """Name the column of histories with the accuracy of the validation frames at an SNR, in dB."""
    return f"validation_accuracy_{snr:g}dB"
