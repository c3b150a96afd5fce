"""Training of the study: the program is run."""

from uphold.command.training import load, plan, told, train

__all__ = ["load", "plan", "told", "train"]
