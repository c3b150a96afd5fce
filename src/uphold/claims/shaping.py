"""How a table whose rows are no runs becomes one whose rows are: ``melt:`` and ``history:``.

In: plain values from YAML. Out: checked settings. Promised: importing this costs no more than
pydantic.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from uphold.validation import Settings

PLACE = "*"


def _one_place(pattern: str) -> str:
    if pattern.count(PLACE) != 1:
        raise ValueError(
            f"{pattern!r} has not one {PLACE}: write the columns' names with a {PLACE} where each"
            f" has its own, such as 'acc_seed_{PLACE}'."
        )
    return pattern


Pattern = Annotated[str, AfterValidator(_one_place), Field(examples=["acc_seed_*"])]


class Melt(Settings):
    """Columns that hold one run each → rows.

    ``{into: seed, columns: {acc: acc_seed_*}}`` reads ``acc_seed_1``, ``acc_seed_2``, … as the
    column ``acc`` of as many runs, whose ``seed`` is what stands in the place of the star.

    Attributes
    ----------
    into : str
        The new column of what stood in the names.
    columns : mapping of str to str
        Each new column of scores, and the names of the columns that it comes of.
    """

    into: Annotated[str, Field(examples=["seed"])]
    columns: Annotated[dict[str, Pattern], Field(min_length=1)]


class Best(Settings):
    """The row of a run in which a column is highest, or lowest."""

    highest: Annotated[str | None, Field(examples=["val_accuracy"])] = None
    lowest: Annotated[str | None, Field(examples=["val_loss"])] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "Best":
        if (self.highest is None) == (self.lowest is None):
            raise ValueError(
                "give one of the two: {highest: val_accuracy} or {lowest: val_loss}, a column that"
                " was measured on validation data."
            )
        return self

    @property
    def column(self) -> str:
        """The column that is chosen by."""
        return self.highest or self.lowest or ""


class History(Settings):
    """Rows that are the epochs or steps of runs → one row a run.

    Attributes
    ----------
    along : str
        The column that counts the epochs or steps.
    keep : "last" or Best
        What is known of each column last, or the row that was best on validation data.
    """

    along: Annotated[str, Field(examples=["epoch"])]
    keep: Annotated[Literal["last"] | Best, Field(examples=["last", {"lowest": "val_loss"}])]
