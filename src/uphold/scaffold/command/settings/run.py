"""Settings of the study: one run, as data.settings in its params declares it."""

from uphold.command.settings import CommandRun

__all__ = ["CommandRun"]
