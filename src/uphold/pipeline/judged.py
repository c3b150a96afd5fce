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
    """One write-up: what is claimed in it, and which spread it divides.

    Attributes
    ----------
    sweep : str, optional
        What claims are about that name no sweep, where the write-up has several.
    claims : mapping of str to Claim
    components : mapping of str to Spread
    """

    sweep: str | None = None
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
    """Return the claims and components of a write-up, checked one by one.

    A claim that names no sweep is about the one that the write-up names, if it does.
    """
    study = params.writeup(writeup).study
    blocks: dict[str, Any] = params.study(study).writeups
    if writeup not in blocks:
        raise InputError(
            f"{place(params, writeup)} is missing, which {FILE} names.{nearest(writeup, blocks)}"
        )
    given = {"writeups": {writeup: blocks[writeup]}}
    found = validated(_Writeups, given, file_of(study)).writeups[writeup]
    if found.sweep is None:
        return found
    claims = {
        name: claim if claim.sweep else claim.model_copy(update={"sweep": found.sweep})
        for name, claim in found.claims.items()
    }
    return found.model_copy(update={"claims": claims})


def metrics(params: Params, study: str) -> dict[str, Metric]:
    """Return the metrics of a study, checked one by one."""
    given = {"metrics": params.study(study).metrics}
    return validated(_Metrics, given, file_of(study)).metrics
