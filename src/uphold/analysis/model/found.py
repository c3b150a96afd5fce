"""What is found, typed: a base that checks its parts, and reads what another stage left.

In: values as the statistics return them, or a file. Out: an object whose parts cannot change.
Promised: no NaN and no infinity (None: it could not be computed), no number of numpy's; a file with
a part too many, too few or of another kind is refused.
"""

import json
import math
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from uphold.errors import InputError


def _plain(value: Any) -> Any:
    """Return a scalar as Python's own, NaN and infinities as None."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(_plain)]
Count = Annotated[int, BeforeValidator(_plain)]
Level = Annotated[bool | int | float | str | None, BeforeValidator(_plain)]
Chosen = dict[str, Any]
"""Settings that were chosen: their names and kinds are the study's own."""


class Found(BaseModel):
    """Something that was found; its parts are attributes, and keys by their names in the file."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, from_attributes=True, validate_by_name=True
    )

    def dumped(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return self.model_dump(mode="json", by_alias=True)


Kind = TypeVar("Kind", bound=BaseModel)


def read(kind: type[Kind], path: Path, remedy: str) -> Kind:
    """Read what one stage left for another.

    Parameters
    ----------
    kind : type
        What it is, such as a `Writeup`.
    path : Path
    remedy : str
        The command that makes the file.

    Raises
    ------
    InputError
        It is missing, no JSON, or not as this version writes it.
    """
    try:
        return kind.model_validate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise InputError(f"{path} is missing: run {remedy} first.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{path} is not as this version writes it ({place}: {first['msg'].lower()}): run"
            f" {remedy} again."
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON ({error}): run {remedy} again.") from None
