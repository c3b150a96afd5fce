"""``prepare@study``: the study's data settings → its prepared data and its data card.

What comes in: the settings, and the files that they name. What goes out: a folder with the study's
own files and ``card.json``, which counts them and gives their digest.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from uphold.errors import InputError
from uphold.pipeline import digest
from uphold.pipeline.stages.files import json_bytes
from uphold.pipeline.study import find
from uphold.validation import Settings


def prepare(study: str, settings: Settings, folder: Path, watched: Sequence[Path]) -> str:
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

    Returns
    -------
    str
        One line about it.

    Raises
    ------
    InputError
        Where the data come from a file that is not watched, so that they would go stale.
    """
    _refuse_unwatched(find(study).module("data").inputs(settings), watched)
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    find(study).module("data").prepare(settings, partial)
    card = partial / digest.CARD
    told = json.loads(card.read_text("utf-8"))
    card.write_bytes(json_bytes({**told, "digest": digest.of_data(partial)}))
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return f"{study}: data prepared in {folder}"


def _refuse_unwatched(inputs: Sequence[Path], watched: Sequence[Path]) -> None:
    places = [place.resolve() for place in watched]
    for path in map(Path.resolve, inputs):
        if not any(place == path or place in path.parents for place in places):
            raise InputError(
                f"{path} lies outside {', '.join(map(str, watched))}: the pipeline would not see a "
                f"change of it. Move it to {watched[-1]}."
            )
