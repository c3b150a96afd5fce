"""The block ``executor`` of ``params.yaml``: where runs are trained, which no run key knows."""

from collections.abc import Mapping
from typing import Literal

from pydantic import model_validator

from uphold.validation import Count, Settings

Name = Literal["local", "ray", "slurm"]
OPTIONS: Mapping[Name, frozenset[str]] = {
    "local": frozenset(),
    "ray": frozenset({"address"}),
    "slurm": frozenset({"partition", "array_limit", "minutes"}),
}
"""What each executor takes."""


class ExecutorSettings(Settings):
    """Where runs are trained.

    Attributes
    ----------
    name : {"local", "ray", "slurm"}
    address : str
        Of a Ray cluster, such as ``auto`` or ``10.0.0.1:6379``; without it Ray looks for one.
    partition : str
        Of a Slurm cluster; without it the site's own choice.
    array_limit : int
        How many lanes Slurm is given at most at a time: no more than the site's MaxArraySize and
        what it lets a user submit.
    minutes : int
        After which Slurm ends a lane, unless the study's resources say how long a run may take.
    """

    name: Name = "local"
    address: str = ""
    partition: str = ""
    array_limit: Count = 1000
    minutes: Count = 1440

    @model_validator(mode="after")
    def _of_this_one(self) -> "ExecutorSettings":
        for other, options in OPTIONS.items():
            if wrong := sorted(options & self.model_fields_set - OPTIONS[self.name]):
                raise ValueError(f"{wrong[0]} is an option of {other} and not of {self.name}")
        return self
