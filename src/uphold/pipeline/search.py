"""A search for settings: what may be chosen, by which score, and on what budget.

What comes in: a block ``searches.<name>`` of a study's params. What goes out: its space, checked
against the settings of the study's runs. What is promised: every setting that is searched exists,
takes each of its levels and acts on a run somewhere in the space. Who asks for trials is
`uphold.pipeline.stages.search`'s business.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from uphold.errors import InputError
from uphold.pipeline.design import shown
from uphold.pipeline.seeds import LARGEST
from uphold.training.contract import RunSettings
from uphold.validation import Count, Number, Settings, Whole, validated

INSIDE = 0.382
"""Where in a range a value lies that no rounding makes whole."""


class Dimension(Settings):
    """What one setting may be: one of some levels, or a number from a range.

    Attributes
    ----------
    levels : list
        Two or more, none better than its neighbours for being near.
    low, high : float
        The range's ends, ``from`` and ``to`` in params.
    log : bool
        Whether the range is searched by factors instead of differences.
    """

    levels: list[bool | int | float | str] | None = None
    low: Number | None = Field(default=None, alias="from")
    high: Number | None = Field(default=None, alias="to")
    log: bool = False

    @model_validator(mode="after")
    def _fits(self) -> "Dimension":
        if self.levels is not None:
            texts = list(map(shown, self.levels))
            if len(set(texts)) < len(texts) or len(texts) < 2 or self.low is not None:
                raise ValueError("give it two levels or more, each once, such as [0, 0.25, 0.5]")
        elif self.low is None or self.high is None or not self.low < self.high:
            raise ValueError("give it a list of levels, or a range such as {from: 0.1, to: 0.9}")
        elif self.log and self.low <= 0:
            raise ValueError("a range that is searched by factors (log) begins above 0")
        return self

    @property
    def tried(self) -> list[Any]:
        """Values that all have to fit the setting: its levels, or ends and inside of its range."""
        if self.levels is not None:
            return list(self.levels)
        assert self.low is not None and self.high is not None
        return [self.low, self.low + INSIDE * (self.high - self.low), self.high]


def _listed(value: Any) -> Any:
    return {"levels": value} if isinstance(value, list) else value


class Budget(Settings):
    """How much of a run a trial gets before it is looked at.

    Attributes
    ----------
    of : str
        The setting that is cut. What it is in the study's params is the whole of it.
    least : int
        Where a trial is looked at first.
    factor : int
        Each budget is so many times the one before it; of the trials that come to one, about one
        in so many goes on.
    """

    of: str = "epochs"
    least: Count = 1
    factor: Annotated[Whole, Field(ge=2)] = 3

    def steps(self, whole: int) -> list[int]:
        """Return the budgets at which trials are looked at, rising; the last is the whole."""
        found, step = [], self.least
        while step < whole:
            found.append(step)
            step *= self.factor
        return [*found, whole]


class Search(Settings):
    """One search.

    Attributes
    ----------
    by : str
        The score that ranks trials, one of validation data.
    higher : bool
        Whether more of it is better.
    trials : int
        How many are asked for.
    together : int
        So many are asked for before any of them is told.
    seed : int
        The seed of all trials and of the sampler.
    budget : Budget
    anchors : mapping
        Settings that hold in every trial. One that is searched is where the search starts: what
        its finalists are compared with.
    space : mapping of str to Dimension
        What is searched, by setting. One that acts only beside another, such as the strength of a
        loss that may be off, stands after that one and is asked for where it acts.
    """

    by: str
    higher: bool = True
    trials: Annotated[Whole, Field(ge=2)]
    together: Count = 4
    seed: Annotated[Whole, Field(ge=0, lt=LARGEST)]
    budget: Budget = Budget()
    anchors: dict[str, Any] = {}
    space: Annotated[
        dict[str, Annotated[Dimension, BeforeValidator(_listed)]],
        Field(min_length=1, examples=[{"dropout": [0, 0.25, 0.5]}]),
    ]


def refuse_unfit(
    search: Search, settings: type[RunSettings], start: Mapping[str, Any], where: str
) -> None:
    """Refuse a space that does not fit the settings of a study's runs.

    Parameters
    ----------
    search : Search
    settings : type of RunSettings
        The study's ``Run``.
    start : mapping
        All that holds in every trial, the study's own settings among them.
    where : str
        Where the search stands, for messages: file and key.

    Raises
    ------
    InputError
        For a setting that does not exist, a level that does not fit it, a range of whole numbers, a
        setting that the budget cuts, or one that acts nowhere in the space.
    """
    of = search.budget.of
    whole = validated(settings, start, where).model_dump().get(of)
    if not isinstance(whole, int) or isinstance(whole, bool) or whole < 1:
        raise InputError(f"{where}.budget.of: {of!r} is no setting of a run that counts something.")
    for name, dimension in search.space.items():
        place = f"{where}.space.{name}"
        if name == of:
            raise InputError(f"{place} is what the budget cuts: leave it out of the space.")
        for value in dimension.tried:
            fitting = getattr(validated(settings, {**start, name: value}, place), name)
            if dimension.levels is None and type(fitting) is int:
                raise InputError(_whole(name, dimension, place))
        if not any(acts(name, search, settings, beside) for beside in _beside(name, search, start)):
            raise InputError(
                f"{place} acts on no run of this space: search or anchor what switches it on, or"
                " leave it out."
            )


def _whole(name: str, dimension: Dimension, place: str) -> str:
    assert dimension.low is not None and dimension.high is not None
    low, high = int(dimension.low), int(dimension.high)
    return (
        f"{place}: {name} is a whole number, and a range is drawn from in between: list its"
        f" levels, such as {sorted({low, (low + high) // 2, high})}."
    )


def acts(name: str, search: Search, settings: type[RunSettings], beside: Mapping[str, Any]) -> bool:
    """Return whether a setting of the space has an effect beside others."""
    values = {**beside, name: search.space[name].tried[-1]}
    return name in settings.model_validate(values).canonical()


def _beside(name: str, search: Search, start: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what a setting may stand beside: the start, and it with one other level."""
    yield start
    for other, dimension in search.space.items():
        if other != name:
            yield from ({**start, other: value} for value in dimension.tried)
