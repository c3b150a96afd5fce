"""The names of the study's scores: the columns that its evaluation gives, in their order."""

SCORES = (
    "validation_accuracy",
    "accuracy",
    "macro_f1",
    "calibration_error",
    "items",
)

BY_ITEM = ("accuracy", "macro_f1")
"""The scores of which the evaluation tells what each item adds."""
