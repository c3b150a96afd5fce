"""The looks that were taken: in a study's params, where runs follow from them, and in a record.

In: a step that is to be taken, or has been. Out: the params file with the look of each
configuration, and ``results/<write-up>/looks.json``, which says what each look decided. Promised:
of the params file nothing changes but the one value, whatever its layout and its comments.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from uphold.analysis.findings import plain_number
from uphold.disk import publish
from uphold.errors import InputError
from uphold.pipeline.design import levels_in
from uphold.pipeline.next_look import Judged, Swept
from uphold.pipeline.rests_on import configurations_of
from uphold.pipeline.stages.files import json_bytes
from uphold.pipeline.yaml_text import end, pair

KEY = "taken"


def take(path: Path, sweep: str, looks: Mapping[str, int]) -> None:
    """Write the look that configurations of a sweep have come to into a study's params file.

    Parameters
    ----------
    path : Path
    sweep : str
    looks : mapping of str to int
        By configuration, all that are beyond the first look.
    """
    text = path.read_bytes().decode()
    publish(path, with_taken(text, sweep, looks, str(path)).encode())


def with_taken(text: str, sweep: str, looks: Mapping[str, int], source: str) -> str:
    """Return the text of a params file in which a sweep's design has taken these looks."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    design = root
    for key in ("sweeps", sweep, "design"):
        found = pair(design, key)
        if found is None:
            raise InputError(f"{source} has no sweeps.{sweep}.design.")
        design = found[1]
    given = ", ".join(
        f"{look}: {json.dumps(names, ensure_ascii=False)}" for look, names in by_look(looks).items()
    )
    value, present = f"{{{given}}}", pair(design, KEY)
    if present is not None:
        _, old = present
        return text[: old.start_mark.index] + value + text[end(old) :]
    before = pair(design, "looks")
    if before is None:
        raise InputError(f"{source}: sweeps.{sweep}.design has no looks.")
    start = before[0].start_mark
    newline = "\r\n" if "\r\n" in text else "\n"
    separator = ", " if design.flow_style else newline + " " * start.column
    return f"{text[: start.index]}{KEY}: {value}{separator}{text[start.index :]}"


def by_look(looks: Mapping[str, int]) -> dict[int, list[str]]:
    """Return the looks, and which configurations have come to each: rising, as params have them.

    The names of configurations stand as values there, since DVC cannot read its own lock where a
    key is as long as they may be.
    """
    found: dict[int, list[str]] = {}
    for name, look in sorted(looks.items()):
        found.setdefault(look, []).append(name)
    return dict(sorted(found.items()))


def record(path: Path, look: Mapping[str, Any]) -> None:
    """Add a look to a write-up's record."""
    looks = json.loads(path.read_text("utf-8"))["looks"] if path.is_file() else []
    publish(path, json_bytes({"looks": [*looks, look]}))


def recorded(
    sweep: str,
    look: int,
    configurations: Sequence[str],
    swept: Mapping[str, Swept],
    judged: Judged,
) -> dict[str, Any]:
    """Return what a look is recorded by: what it brought where, and how the claims on it stand."""
    return {
        "sweep": sweep,
        "look": look,
        "configurations": list(configurations),
        "claims": {
            name: {
                "seeds": j.outcome.seeds,
                "verdict": j.verdict,
                "p_adjusted": plain_number(j.p_adjusted),
            }
            for name, j in judged.items()
            if j.log == sweep and configurations_of(j, swept[sweep].log) & set(configurations)
        },
    }


def unrecorded(
    path: Path, taken: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[str, int, list[str]]]:
    """Yield the looks that were taken and are not recorded: sweep, look, configurations.

    Such a look was begun by a decide that was killed before it ended.

    Parameters
    ----------
    path : Path
        The write-up's record.
    taken : mapping of str to mapping
        By sweep, the look of each configuration beyond the first.
    """
    looks = json.loads(path.read_text("utf-8"))["looks"] if path.is_file() else []
    known = {
        (one["sweep"], one["look"], levels_in(name))
        for one in looks
        for name in one["configurations"]
    }
    for sweep, of_configuration in taken.items():
        open_looks: dict[int, list[str]] = {}
        for name, look in of_configuration.items():
            if (sweep, look, levels_in(name)) not in known:
                open_looks.setdefault(look, []).append(name)
        for look, names in sorted(open_looks.items()):
            yield sweep, look, sorted(names)
