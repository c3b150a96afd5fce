"""Settings of the study: the command, and what it needs."""

from uphold.command.settings import Data

__all__ = ["Data"]
