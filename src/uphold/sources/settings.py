"""What the data settings of studies with several sources share."""

from pathlib import Path
from typing import Any

from uphold.validation import Settings

SYNTHETIC = "synthetic"
"""The source that reads no file."""


class SourceSettings(Settings):
    """Where a study's data come from; the settings of each source stand under its name.

    Attributes
    ----------
    source : str
        A study names its own; ``synthetic`` is the one that reads no file.
    path : str
        What the others read, relative to the project.
    """

    source: str
    path: str

    def in_force(self) -> dict[str, Any]:
        """Return the settings that had an effect on the data, for their card."""
        own: dict[str, Any] = getattr(self, self.source).model_dump(mode="json")
        return own if self.source == SYNTHETIC else {"path": self.path, **own}

    def inputs(self) -> list[Path]:
        """Return the files and folders that the data come from, none for synthetic data."""
        return [] if self.source == SYNTHETIC else [Path(self.path)]

    def amounts(self) -> dict[str, float]:
        """Return how much there is of what, in words that follow a number.

        Nothing where a file says it, and its card tells how much of it is used.
        """
        return self._made() if self.source == SYNTHETIC else {}

    def _made(self) -> dict[str, float]:
        """Return how much is made of what; a study says it of its own data."""
        return {}
