"""The names of the study's scores: the columns that its evaluation gives, in their order."""

SCORES = (
    "validation_accuracy",
    "accuracy",
    "macro_f1",
    "calibration_error",
    "items",
)
