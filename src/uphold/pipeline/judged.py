"""What a study's file says of judging: metrics, claims, and how spread is divided."""

from typing import Annotated, Any

from pydantic import Field

from uphold.claims.forms import AnyClaim
from uphold.claims.metric import Metric
from uphold.errors import InputError, nearest
from uphold.pipeline.params import FILE, Params, file_of
from uphold.validation import Settings, validated


class Spread(Settings):
    """What the spread of a sweep's runs is divided among.

    Attributes
    ----------
    sweep, metric : str
    random : list of str
        What was drawn and crossed: factors of the sweep, or ``seed``.
    by : str, optional
        A factor of the sweep at each of whose levels it is done.
    """

    sweep: str
    metric: str
    random: Annotated[list[str], Field(min_length=1)]
    by: str | None = None


class Judged(Settings):
    """One write-up: what is claimed in it, and which spread it divides."""

    claims: dict[str, AnyClaim] = {}
    components: dict[str, Spread] = {}


class _Metrics(Settings):
    metrics: dict[str, Metric]


class _Writeups(Settings):
    writeups: dict[str, Judged]


def place(params: Params, name: str) -> str:
    """Return the place of a write-up, as messages name it."""
    return f"{file_of(params.writeup(name).study)}: writeups.{name}"


def judged(params: Params, writeup: str) -> Judged:
    """Return the claims and components of a write-up, checked one by one."""
    study = params.writeup(writeup).study
    blocks: dict[str, Any] = params.study(study).writeups
    if writeup not in blocks:
        raise InputError(
            f"{place(params, writeup)} is missing, which {FILE} names.{nearest(writeup, blocks)}"
        )
    given = {"writeups": {writeup: blocks[writeup]}}
    return validated(_Writeups, given, file_of(study)).writeups[writeup]


def metrics(params: Params, study: str) -> dict[str, Metric]:
    """Return the metrics of a study, checked one by one."""
    given = {"metrics": params.study(study).metrics}
    return validated(_Metrics, given, file_of(study)).metrics
