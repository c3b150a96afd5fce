"""The archived tips, and the remedies for each kind of trouble: what to do where they hold or not.

Those that are options of the best archived recipe stand among the recommendations.
"""

from uphold.pages.implications import SHOWN, Finding

FURTHER, FOCAL = "To go further", "If focal loss lowers F1"
OVERFITTING, UNSTEADY = "If training overfits", "If training is unsteady"

REMEDIES = (
    Finding(
        "Train longer, but not too long.",
        {"longer-helps": SHOWN, "too-long-hurts": SHOWN},
        "Train longer, and stop before scores fall again.",
        "Choose the length by validation scores alone.",
        FURTHER,
    ),
    Finding(
        "Lower the learning rate.",
        {"lower-rate-helps": SHOWN},
        "Lower it.",
        "Do not lower it for the sake of F1.",
        FURTHER,
    ),
    Finding(
        "Raise the learning rate.",
        {"higher-rate-helps": SHOWN},
        "Raise it.",
        "Do not raise it.",
        FURTHER,
    ),
    Finding(
        "Mix clips more strongly.",
        {"stronger-mixup-helps": SHOWN},
        "Raise alpha.",
        "Leave alpha as it is.",
        FURTHER,
    ),
    Finding(
        "Average several seeds.",
        {"ensembles-help": SHOWN},
        "Train several seeds and average their probabilities.",
        "Do not count on the claimed gain.",
        FURTHER,
    ),
    Finding(
        "Lower gamma.",
        {"lower-gamma-helps": SHOWN},
        "Lower gamma.",
        "Leave gamma, and compare with cross-entropy.",
        FOCAL,
    ),
    Finding(
        "Add dropout, or more of it.",
        {"dropout-helps": SHOWN, "more-dropout-helps": SHOWN},
        "Add dropout.",
        "Look for another remedy than dropout.",
        OVERFITTING,
    ),
    Finding(
        "Smooth labels more strongly.",
        {"stronger-smoothing-helps": SHOWN, "strongest-smoothing-helps": SHOWN},
        "Smooth more strongly.",
        "Smooth no more strongly than the recipe.",
        OVERFITTING,
    ),
    Finding(
        "Add batch normalisation.",
        {"batch-norm-helps": SHOWN},
        "Add it to the small network.",
        "Leave the small network without it.",
        OVERFITTING,
    ),
    Finding(
        "Lower the learning rate.",
        {"lower-rate-steadies": SHOWN},
        "Lower it.",
        "Look for another cause than the rate.",
        UNSTEADY,
    ),
    Finding(
        "Weigh classes in place of focal loss.",
        {"weights-steady-focal": SHOWN},
        "Weigh classes.",
        "Choose the loss by F1: neither is the steadier one.",
        UNSTEADY,
    ),
    Finding(
        "Mix less, or not at all.",
        {"less-mixup-steadies": SHOWN, "no-mixup-steadies": SHOWN},
        "Lower alpha or leave mixup out.",
        "Keep mixup: it is not what unsteadies.",
        UNSTEADY,
    ),
)
