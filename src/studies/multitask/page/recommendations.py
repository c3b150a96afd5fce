"""What to do where an upgrade, or an ensemble, pays and where it does not."""

from uphold.pages.implications import SHOWN, Finding

FINDINGS = (
    Finding(
        "Ensembles pay.",
        {"ensemble-gains-a": SHOWN, "ensemble-gains-b": SHOWN},
        "Use an ensemble where its multiple of the work is acceptable.",
        "One network is enough.",
        does=("multitask-ensemble", "members", 3),
    ),
    Finding(
        "All upgrades together pay as the archived plan says.",
        {"combined": SHOWN},
        "Turn all upgrades on.",
        "Do not expect of all upgrades together what the plan promises.",
    ),
    Finding(
        "Label smoothing pays.",
        {"smoothing": SHOWN},
        "Smooth labels.",
        "Leave label smoothing out where accuracy is all that counts.",
    ),
    Finding(
        "Mixup pays.",
        {"mixup": SHOWN},
        "Use mixup.",
        "Leave mixup out.",
    ),
    Finding(
        "Cosine decay pays.",
        {"cosine": SHOWN},
        "Let the learning rate fall along a cosine.",
        "Lower the learning rate on plateaus.",
    ),
    Finding(
        "A wider stem pays.",
        {"stem": SHOWN},
        "Widen the stem.",
        "Keep the stem narrow.",
    ),
)
