"""Where everything lies, from the repository's root."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.pipeline.stages.files import FINDINGS, FRONT, needed, read_json


@dataclass(frozen=True)
class Paths:
    """The places that stages read and write.

    Attributes
    ----------
    root : Path
        The repository's root.
    """

    root: Path

    @property
    def manifests(self) -> Path:
        """Where descriptions of files that lie elsewhere belong."""
        return self.root / "data" / "manifests"

    def checked(self, study: str) -> Path:
        """What says that all params of a study are valid."""
        return self.root / "results" / "checked" / f"{study}.txt"

    @property
    def registration(self) -> Path:
        """What stood in git before the first results: a file a write-up."""
        return self.root / "results" / "registration"

    @property
    def registration_kept(self) -> Path:
        """Where the answers about registration are kept from one time to the next."""
        return self.root / ".uphold" / "registration"

    def published(self, study: str) -> Path:
        """The archived write-ups of a study, transcribed."""
        return self.root / "data" / "published" / study

    def data(self, study: str) -> Path:
        """A study's prepared data."""
        return self.root / "data" / study

    def sweep(self, writeup: str, sweep: str) -> Path:
        """A sweep's predictions, histories and scores."""
        return self.root / "results" / writeup / "sweeps" / sweep

    def fresh(self, writeup: str) -> Path:
        """Runs on fresh seeds, which no sweep of a write-up holds."""
        return self.root / ".uphold" / "replication" / writeup

    def confirming(self, sweep: str) -> Path:
        """Runs of what a sweep promoted, on fresh seeds."""
        return self.root / ".uphold" / "confirmation" / sweep

    def promoted(self, sweep: str) -> Path:
        """The settings that a sweep promoted; ``none`` promotes none."""
        return self.root / "results" / "promoted" / f"{sweep}.json"

    def findings(self, writeup: str) -> Path:
        """A write-up's findings."""
        return self.root / "results" / writeup / FINDINGS

    def front(self, writeup: str) -> Path:
        """A write-up's card on the front page."""
        return self.root / "results" / FRONT / f"{writeup}.json"

    @property
    def calibration(self) -> Path:
        """How often verdicts are wrong: what `calibrate` counted last."""
        return self.root / "results" / "calibration" / "rates.json"

    @property
    def seconds(self) -> Path:
        """How long stages took on this machine."""
        return self.root / ".uphold" / "seconds.json"

    @property
    def seconds_committed(self) -> Path:
        """How long stages took when the committed results were made."""
        return self.root / "results" / "seconds.json"

    def document(self, writeup: str) -> Path:
        """A write-up's source."""
        return self.root / "reports" / f"{writeup}.qmd"

    @property
    def site(self) -> Path:
        """Where rendered pages go."""
        return self.root / "reports" / "_site"

    def found(self, search: str) -> dict[str, Any]:
        """Return what a search found; it lies where promoted settings do."""
        return read_json(needed(self.promoted(search), f"search@{search}"))

    def promoted_settings(self, sweep: str) -> dict[str, Any]:
        """Return the settings that a sweep promoted."""
        settings = read_json(needed(self.promoted(sweep), f"evaluate@{sweep}"))
        if settings is None:
            raise InputError(
                f"{sweep!r} promoted nothing, because every run of it failed: the column 'failure' "
                "of its runs.csv says why. Change its settings, or what comes after it."
            )
        return settings
