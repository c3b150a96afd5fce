"""``prepare@study``: the study's data settings → its prepared data and its data card.

What comes in: the settings, and the files that they name. What goes out: a folder with the study's
own files, ``card.json``, which counts them and gives their digest, and the marker of
`uphold.pipeline.owned`. What is promised: of what was there, nothing is deleted that no preparation
wrote.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from uphold.disk import naming, publish
from uphold.errors import InputError
from uphold.pipeline import digest, owned
from uphold.pipeline.stages.files import json_bytes
from uphold.pipeline.study import find
from uphold.training.contract import RunSettings
from uphold.validation import Settings

SYSTEM = re.compile(r"\(os error (\d+)\)")
"""How what is written in Rust passes on an error of the operating system."""


def prepare(
    study: str,
    settings: Settings,
    folder: Path,
    watched: Sequence[Path],
    run: RunSettings | None = None,
) -> str:
    """Write a study's prepared data into a folder, replacing what was there.

    Parameters
    ----------
    study : str
        The study's name.
    settings : Settings
        Its data settings.
    folder : Path
        Takes the data.
    watched : sequence of Path
        Files and folders whose change makes the pipeline run this again.
    run : RunSettings, optional
        What the study's runs start from: data that these cannot be trained on are refused.

    Returns
    -------
    str
        One line about it.

    Raises
    ------
    InputError
        Where the data come from a file that is not watched, so that they would go stale; where the
        folder holds anything that a preparation did not write, or is to be read from; where runs
        cannot be trained on the data.
    """
    data = find(study).module("data")
    inputs = data.inputs(settings)
    _refuse_reading_from(folder, [*inputs, *watched])
    _refuse_unwatched(inputs, watched)
    with owned.replaced(folder) as made:
        with _named(folder):
            data.prepare(settings, made)
        if run is not None:
            find(study).refuse(made, run)
        card = made / digest.CARD
        described = json.loads(card.read_text("utf-8"))
        publish(card, json_bytes({**described, "digest": digest.of_data(made)}))
    left = "".join(
        f"; {path} is of a preparation that was killed: delete it unless one still runs"
        for path in owned.abandoned(folder)
    )
    return f"{study}: data prepared in {folder}{left}"


@contextmanager
def _named(folder: Path) -> Iterator[None]:
    """Name the folder where the system refuses to write in it, whoever passes that on."""
    try:
        with naming(folder):
            yield
    except OSError:
        raise
    except Exception as error:
        # Of safetensors, which is not imported for data that are written otherwise.
        if found := SYSTEM.search(str(error)):
            number = int(found[1])
            raise OSError(number, os.strerror(number), str(folder)) from error
        raise


def _refuse_reading_from(folder: Path, sources: Sequence[Path]) -> None:
    for source in sources:
        if owned.overlap(folder, source):
            raise InputError(
                f"{source} overlaps {folder}, where the prepared data are written: keep what is "
                "read in another folder."
            )


def _refuse_unwatched(inputs: Sequence[Path], watched: Sequence[Path]) -> None:
    places = [place.resolve() for place in watched]
    for path in map(Path.resolve, inputs):
        if not any(place == path or place in path.parents for place in places):
            raise InputError(
                f"{path} lies outside {', '.join(map(str, watched))}: the pipeline would not see a "
                f"change of it. Move it to {watched[-1]}."
            )
