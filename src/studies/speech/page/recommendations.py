"""What to do where a finding about a remedy holds, and where it does not."""

from uphold.pages.implications import NO_EFFECT, SHOWN, Finding

FINDINGS = (
    Finding(
        "Class weights help.",
        {"class-weights-help": SHOWN},
        "Weigh rare classes.",
        "Do not count on class weights.",
    ),
    Finding(
        "SpecAugment helps.",
        {"specaugment-helps": SHOWN},
        "Use SpecAugment.",
        "Do not count on SpecAugment.",
    ),
    Finding(
        "Training longer helps.",
        {"longer-helps": SHOWN},
        "Train longer.",
        "Do not train longer for the sake of F1.",
    ),
    Finding(
        "A balanced sampler does not help beside class weights.",
        {"sampler-does-not-help": SHOWN},
        "Draw clips as they come: class weights do not ask for a balanced sampler.",
        "Draw the classes evenly.",
    ),
    Finding(
        "Label smoothing makes no difference.",
        {"smoothing-does-nothing": SHOWN | NO_EFFECT},
        "Smooth labels or not: F1 does not ask for it.",
        "Choose by the sign of its effect.",
    ),
    Finding(
        "Focal loss lowers F1.",
        {"focal-hurts": SHOWN},
        "Keep to cross-entropy.",
        "Focal loss needs no ban: choose it on validation data.",
    ),
    Finding(
        "Wider masks lower F1.",
        {"aggressive-hurts": SHOWN},
        "Keep the masks narrow.",
        "Wider masks need no ban: choose them on validation data.",
    ),
    Finding(
        "Mixup helps.",
        {"mixup-helps": SHOWN},
        "Mix clips.",
        "Do not count on mixup.",
    ),
    Finding(
        "The larger network wins.",
        {"resnet-wins": SHOWN},
        "Take the larger network.",
        "Take the small network, which is the cheaper one.",
    ),
    Finding(
        "Batch normalisation and dropout help the small network.",
        {"normalisation-helps": SHOWN},
        "Normalise and drop out.",
        "Do not count on the two.",
    ),
    Finding(
        "All options at once beat the plain small network.",
        {"advanced-beats-baseline": SHOWN},
        "Take all options at once.",
        "Take options one at a time.",
    ),
    Finding(
        "A random split flatters.",
        {"random-split-flatters": SHOWN},
        "Split by actor.",
        "Split by actor all the same: these runs see no harm in a random split, others may.",
    ),
)
