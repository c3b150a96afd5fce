"""What to do where archived findings on modulations hold, and where they do not."""

from uphold.pages.implications import SHOWN, Finding

SPOILT = Finding(
    "Mixup, by way of the denoiser, cost the low band.",
    {"low-regressed": SHOWN, "mixup-low": SHOWN, "mixup-corrupts-denoiser": SHOWN},
    "Keep mixed frames from the denoiser.",
    "Do not blame mixup for spoiling the denoiser.",
)
EXPERT = Finding(
    "Expert features with balanced sampling cost accuracy.",
    {"expert-hurts": SHOWN},
    "Leave expert features and balanced sampling out.",
    "Find out whether A5 gains by its features or its sampling: no arm has one alone.",
)
FINDINGS = (
    Finding(
        "Auxiliary losses need clean supervision.",
        {"clean-supervision-denoiser": SHOWN, "clean-supervision-noise-head": SHOWN},
        "Mix frames for the classifier alone.",
        "Choose what mixup reaches by accuracy; the auxiliary parts do not ask for it.",
    ),
    SPOILT,
    Finding(
        "Stronger regularisation costs the low band.",
        {"dropout-low": SHOWN, "shift-low": SHOWN},
        "Regularise less where frames are noisy.",
        "Choose dropout and shifts on validation data, without regard to the low band.",
    ),
    Finding(
        "FiLM works in the mid band.",
        {"mid-gained": SHOWN, "film-mid": SHOWN},
        "Keep FiLM for signals of middling noise.",
        "Do not count on FiLM in the mid band.",
    ),
    Finding(
        "Denoiser and FiLM overlap.",
        {"film-overlaps-denoiser": SHOWN},
        "Use one of the two.",
        "Judge each of the two by itself.",
    ),
    Finding(
        "Small gains of the denoiser weigh most in the low band.",
        {"keep-denoiser-low": SHOWN, "denoiser-low-over-mid": SHOWN},
        "Aim further work on the denoiser at the low band.",
        "Judge a denoiser by all bands: the low one is not where it gains most.",
    ),
    Finding(
        "A3 is the cleaner baseline: A4 hides what mixup does.",
        {"mixup-low": SHOWN},
        "Start from A3 and change one setting at a time.",
        "Any arm serves as a baseline, as long as one setting changes at a time.",
    ),
    Finding(
        "Overall accuracy hides what the low band loses.",
        {"tied": SHOWN, "low-regressed": SHOWN},
        "Decide on bands beside the overall accuracy.",
        "Go on reporting bands; no loss of this kind was hidden here.",
    ),
    EXPERT,
)
FIRST = (EXPERT, SPOILT)
"""What the first screen advises by, besides the rule for keeping."""
