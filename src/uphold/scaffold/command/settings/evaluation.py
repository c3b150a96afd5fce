"""Settings of the study: which numbers of a run are scores."""

from uphold.command.settings import Evaluation

__all__ = ["Evaluation"]
