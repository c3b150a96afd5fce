"""The seeds of a design, and how its configurations share them.

In: a plain list, or a mapping with ``values`` and ``sharing``. Out: which seeds each configuration
is run with. Promised: the order of levels and factors has no influence, and that of the values none
but where looks are declared, which take them one after the other.

- ``all``: every configuration on the same seeds. Best where a seed acts alike on all of them: what
  it does is then no noise of a difference.
- ``none``: every run has a seed of its own. Best where a seed acts differently on each
  configuration: as many runs then tell of as many seeds.
- ``blocks``: every configuration on some of the seeds, every seed on some of the configurations,
  so that neighbours share seeds: in between.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from uphold.validation import Count, Settings, Whole

LARGEST = 2**31
"""Seeds lie below it: what every generator of random numbers takes."""


class SeedSettings(Settings):
    """The seeds of a design.

    Attributes
    ----------
    values : list of int
    sharing : {"all", "none", "blocks"}
        With ``none`` each value stands for one run of each configuration, whose seed is drawn from
        it and the configuration's name.
    each : int, optional
        Of ``blocks``: with how many of the values each configuration is run, two or more.
    """

    values: Annotated[list[Whole], Field(min_length=1)]
    sharing: Literal["all", "none", "blocks"] = "all"
    each: Count | None = None

    @model_validator(mode="after")
    def _fits(self) -> "SeedSettings":
        if twice := [str(value) for value, n in Counter(self.values).items() if n > 1]:
            raise ValueError(
                f"'values' has {', '.join(twice)} more than once: name each seed once."
            )
        if (self.sharing == "blocks") != (self.each is not None):
            raise ValueError(
                "'each' says with how many of the values each configuration is run: give it with"
                " sharing: blocks, such as each: 2, and leave it out otherwise."
            )
        if self.each is not None and not 2 <= self.each <= len(self.values):
            raise ValueError(
                f"'each' is {self.each}: with 2 to {len(self.values)} of the values each"
                " configuration can be run so that configurations share seeds."
            )
        return self

    def of(self, configurations: Mapping[str, int | None]) -> dict[str, list[int]]:
        """Return the seeds of each configuration, by its name; rising.

        Parameters
        ----------
        configurations : mapping of str to (int or None)
            By name, how many of the values it is run with, the first ones: all for None.
        """
        values, names = self.values, sorted(configurations)
        if self.sharing == "all":
            return {name: sorted(values[: configurations[name]]) for name in names}
        if self.sharing == "none":
            return {
                name: sorted(_own(name, value) for value in values[: configurations[name]])
                for name in names
            }
        # Cyclic blocks: a configuration shares all seeds but one with the next (John 1971,
        # Statistical Design and Analysis of Experiments, ch. 11).
        each, values = self.each or len(values), sorted(values)
        return {
            name: sorted(values[(i + step) % len(values)] for step in range(each))
            for i, name in enumerate(names)
        }

    def order(self, configurations: Collection[str]) -> dict[int, int]:
        """Return the place of the value that each seed of these configurations stands for."""
        own = self.sharing == "none"
        return {
            _own(name, value) if own else value: place
            for name in configurations
            for place, value in enumerate(self.values)
        }


def _own(name: str, value: int) -> int:
    """Return a seed of a configuration's own; two are equal with a chance of 5e-10."""
    return int(hashlib.sha256(f"{name}, {value}".encode()).hexdigest()[:12], 16) % LARGEST


def _listed(value: Any) -> Any:
    return {"values": value} if isinstance(value, list) else value


Seeds = Annotated[
    SeedSettings,
    BeforeValidator(_listed),
    Field(examples=[{"values": [1, 2, 3], "sharing": "none"}]),
]
"""A plain list of seeds, which every configuration shares, or the mapping."""
