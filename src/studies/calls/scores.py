"""The names of the study's scores: the columns that its evaluation gives, in their order.

``floor_f1`` is the F1 of calling every item positive, ``archived_…`` what the threshold that is
best on the test split itself gives, ``optimism`` how much F1 that adds, ``f1_gap`` the IID minus
the OOD F1.
"""

from studies.calls.settings.data import TEST_SPLITS

PREDICTED = ("validation", *TEST_SPLITS)
QUALITIES = ("high", "medium", "low")

RATES = ("f1", "precision", "recall", "accuracy")
RANKING = ("auroc", "auprc")
COUNTS = ("tp", "fp", "fn", "tn")
FLOORS = ("prevalence", "floor_f1")
RECALLS = tuple(f"recall_{quality}" for quality in QUALITIES)
ARCHIVED = tuple(f"archived_{name}" for name in ("f1", "precision", "recall", "threshold"))

BY_ITEM = (
    *(f"{split}_{name}" for split in TEST_SPLITS for name in (*RATES, *RECALLS)),
    "f1_gap",
)
"""The scores of which the evaluation tells what each clip adds."""

SCORES = (
    "threshold",
    *(f"{split}_{name}" for split in PREDICTED for name in (*RATES, *RANKING, *COUNTS)),
    *(f"{split}_{name}" for split in PREDICTED for name in (*FLOORS, *RECALLS)),
    *(f"{split}_{name}" for split in TEST_SPLITS for name in ARCHIVED),
    "f1_gap",
    *(f"{split}_optimism" for split in TEST_SPLITS),
)
