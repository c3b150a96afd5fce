"""The numbers that a run has written → its scores."""

from uphold.command.evaluation import confusions, curves, load, score

__all__ = ["confusions", "curves", "load", "score"]
