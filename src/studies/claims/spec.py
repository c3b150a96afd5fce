"""How a log of runs is to be read: its replicate, factors, metrics and claims."""

from typing import Literal

from pydantic import Field

from studies.contract import Settings


class Metric(Settings):
    """One metric: a column of the log, what is better, and the smallest difference that matters."""

    label: str
    better: Literal["higher", "lower"]
    margin: float = Field(gt=0)
    kind: Literal["f1", "precision", "recall", "accuracy", "auroc", "auprc", "error", "score"] = (
        "score"
    )
    split: Literal["test", "validation", "train"] = "test"
