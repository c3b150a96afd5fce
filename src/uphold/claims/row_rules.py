"""Which rows of a table a spec uses: ``rows:``.

In: plain values from YAML. Out: a `Rule` for each column. Promised: a level or a list of levels is
a rule as it stands, and importing this costs no more than pydantic. ::

    rows:
      state: finished                    # equals
      optimizer: [adam, sgd]             # one of these
      task: {not: [toy, debug]}          # none of these
      seed: {empty: false}               # the cell holds something
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from uphold.claims.levels import Level, listed
from uphold.validation import Settings


def _levels(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else [value]


def _rule(value: Any) -> Any:
    if isinstance(value, Mapping | Rule):
        return value
    return {"in": listed(list(value) if isinstance(value, tuple) else value)}


Levels = Annotated[list[Level], BeforeValidator(_levels), Field(min_length=1)]


class Rule(Settings):
    """What the cells of one column must be for their rows to be used; all that is given holds.

    Attributes
    ----------
    equals : level, optional
    in_ : list of levels, optional
        One of them; ``in`` in a spec.
    not_ : list of levels, optional
        None of them; ``not`` in a spec. An empty cell is none of any.
    empty : bool, optional
        Whether the cell holds nothing.
    """

    equals: Annotated[Levels | None, Field(examples=["finished"])] = None
    in_: Annotated[Levels | None, Field(alias="in", examples=[["adam", "sgd"]])] = None
    not_: Annotated[Levels | None, Field(alias="not", examples=[["failed", "killed"]])] = None
    empty: bool | None = None

    @model_validator(mode="after")
    def _something(self) -> "Rule":
        if (self.equals, self.in_, self.not_, self.empty) == (None,) * 4:
            raise ValueError(
                "it rules nothing: give a level, a list of levels, {not: …} or {empty: false}."
            )
        return self

    def written(self) -> Any:
        """Return it as a spec would have it."""
        given = self.model_dump(by_alias=True, exclude_none=True)
        if set(given) <= {"in"} and given:
            return given["in"][0] if len(given["in"]) == 1 else given["in"]
        return given


Rows = dict[str, Annotated[Rule, BeforeValidator(_rule)]]
