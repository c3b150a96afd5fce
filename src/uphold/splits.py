"""The splits of prepared data, in their order: what is learned from, chooses, and is reported."""

SPLITS = ("train", "validation", "test")
PREDICTED = SPLITS[1:]
"""Those whose predictions are stored and scored."""
