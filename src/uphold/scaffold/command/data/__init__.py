"""The data of the study: the program's files, kept under one digest."""

from uphold.command.data import inputs, prepare

__all__ = ["inputs", "prepare"]
