"""What to do where findings on call detection hold, and where they do not."""

from uphold.pages.implications import NO_EFFECT, NO_GAIN, SHOWN, Finding

AUGMENTATION = (
    Finding(
        "Label smoothing lifts OOD F1.",
        {"smoothing-lifts": SHOWN},
        "Keep label smoothing on: it adds no cost to training.",
        "Leave label smoothing off unless calibration asks for it.",
    ),
    Finding(
        "Mixup helps only with smoothing.",
        {"mixup-helps-with-smoothing": SHOWN, "mixup-needs-smoothing": SHOWN},
        "Use mixup with smoothing alone.",
        "Do not tie mixup to smoothing: choose each on validation data.",
    ),
    Finding(
        "Focal loss lowers recall and is dropped.",
        {"focal-hurts": SHOWN, "focal-lowers-recall": SHOWN},
        "Leave focal loss out of further sweeps.",
        "Focal loss needs no ban: choose it on validation data.",
    ),
    Finding(
        "A wider hidden layer is not worth it.",
        {"capacity-no-gain": SHOWN},
        "Train the narrow layer, which is the cheaper one.",
        "Search the width with the rest.",
    ),
    Finding(
        "Smoothing with mixup is the recipe to promote.",
        {"combined-beats-plain": SHOWN},
        "Fix smoothing and mixup for the next stage.",
        "Promote by the declared rule, not by the recipe's name.",
    ),
)
BALANCING = (
    Finding(
        "Upsampling gains next to nothing on balanced data.",
        {"balanced-repeat": SHOWN, "balanced-linear": SHOWN},
        "Leave the ratio out of sweeps and searches over balanced data.",
        "Keep the ratio in sweeps over balanced data.",
    ),
    Finding(
        "Nor does it on the natural imbalance.",
        {"natural-repeat": NO_EFFECT, "natural-linear": NO_EFFECT, "upsampling-helps": NO_GAIN},
        "Leave global ratios out of sweeps and searches altogether.",
        "Keep the ratio in the search, which runs on the natural imbalance.",
    ),
    Finding(
        "Upsampling lifts recall.",
        {"upsampling-lifts-recall": SHOWN},
        "Upsample where a missed call costs more than a false alarm.",
        "Do not upsample for the sake of recall.",
    ),
    Finding(
        "Interpolation at high ratios lowers precision.",
        {"linear-lowers-precision": SHOWN, "precision-falls-with-ratio": SHOWN},
        "Repeat clips, or stay at the lowest of these ratios.",
        "Nothing here asks for a limit to the ratio.",
    ),
    Finding(
        "The balanced pipeline is enough.",
        {"upsampling-helps": NO_GAIN},
        "Train without upsampling. That the splits are sound does not follow from it.",
        "Fill up the smaller class.",
    ),
    Finding(
        "Smoothing and mixup dominate.",
        {
            "augmentation-pays": SHOWN,
            "smoothing-dominates": SHOWN,
            "mixup-dominates": SHOWN,
            "augmentation-outweighs-upsampling": SHOWN,
        },
        "Keep smoothing and mixup on.",
        "Smoothing and mixup need not go together: choose each on validation data.",
    ),
)
ROBUSTNESS = (
    Finding(
        "Training tolerates calls of low quality.",
        {"low-quality-tolerated": SHOWN},
        "Where OOD F1 is what counts, low-quality calls may stay in the training set.",
        "Leave low-quality calls out of the training set.",
        does=("calls-robustness", "qualities", ["high", "medium", "low"]),
    ),
    Finding(
        "In training, such calls make faint ones easier to find.",
        {"low-quality-recalled": SHOWN},
        "Add low-quality calls where faint ones must not be missed.",
        "Do not add low-quality calls for the sake of finding more of them.",
    ),
    Finding(
        "It does not matter whether the training set is balanced.",
        {"balance-matters": NO_EFFECT},
        "Leave the natural imbalance in place, which loses no clip.",
        "Choose the balance by validation data, as promotion does.",
    ),
    Finding(
        "It pays to fill up what is rare.",
        {"targeted-by-type": SHOWN, "targeted-by-quality": SHOWN},
        "Fill up the rarer type and the rarer quality.",
        "Leave targeted upsampling out of further sweeps.",
    ),
    Finding(
        "Stopping early costs nothing.",
        {"stopping-neutral": SHOWN},
        "Stop early, which saves epochs.",
        "Let training wait longer before it stops, and compare again.",
    ),
    Finding(
        "A search finds better settings than the anchors.",
        {"search-lifts": SHOWN},
        "Start further sweeps from what the search found.",
        "Keep the anchors. A search by validation data must prove itself on new recorders.",
    ),
)
"""What one may expect of the steps of Stage 4, of which no archived findings are left."""
