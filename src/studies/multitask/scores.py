"""The names of the study's scores: the columns that its evaluation gives, in their order.

``accuracy`` is the mean of the accuracies of heads A and B, ``ece_…`` their expected calibration
error, ``mae_c`` and ``r2_c`` are of head C. ``floor_…`` is what a guess without looking scores: the
class most common in training for A and B, the median of training for C. ``items`` counts the items
of the test split. ``ensemble_gain_…`` is an ensemble's score minus the mean of its members' scores,
missing for single runs.
"""

HEADS = ("a", "b")

OF_SPLIT = (
    "accuracy",
    *(f"accuracy_{head}" for head in HEADS),
    *(f"ece_{head}" for head in HEADS),
    "mae_c",
    "r2_c",
)
FLOORS = ("floor_accuracy_a", "floor_accuracy_b", "floor_mae_c")
GAINS = {
    "ensemble_gain_a": "accuracy_a",
    "ensemble_gain_b": "accuracy_b",
    "ensemble_gain_mae": "mae_c",
}
BY_ITEM = ("accuracy", *(f"accuracy_{head}" for head in HEADS), "mae_c", *GAINS)
"""The scores of which the evaluation tells what each sample adds."""

SCORES = (
    *OF_SPLIT,
    *FLOORS,
    "items",
    *(f"validation_{name}" for name in OF_SPLIT),
    *GAINS,
)
