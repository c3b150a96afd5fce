"""A stage's block of a ``dvc.lock``, written as DVC writes it, the rest of the file left alone.

DVC parses the whole file and writes it anew, comments kept, for each stage that has run: at 830 kB,
8 s of CPU a stage. A block begins with the name of its stage, two spaces in, and ends before the
next such line; its text does not depend on the others', so that putting it in their midst gives
DVC's file to the byte.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uphold.disk import publish

HEAD = "stages:\n"


def put(path: Path, name: str, block: Mapping[str, Any]) -> None:
    """Put the block of a stage in the place of the one before, or after the last stage.

    Parameters
    ----------
    path : Path
        The lock file; begun where there is none.
    name : str
        The stage, as its ``dvc.yaml`` has it.
    block : mapping
        What DVC locks of it: ``cmd``, ``deps``, ``params``, ``outs``.
    """
    text = path.read_text("utf-8") if path.is_file() else "schema: '2.0'\n" + HEAD
    if HEAD not in text:
        text += HEAD
    made = _dumped({"stages": {name: dict(block)}}).removeprefix(HEAD)
    start = made.partition("\n")[0] + "\n"  # the name as YAML writes it, quoted where it must be
    # What stands in a block is indented further, and blank lines of long strings are its own.
    own = re.compile(rf"^{re.escape(start)}(?:(?:   .*)?\n)*", re.M)
    begun = text.index(HEAD) + len(HEAD)
    if before := own.search(text, begun):
        text = text[: before.start()] + made + text[before.end() :]
    else:
        stages = re.compile(r"(?:(?:  .*)?\n)*").match(text, begun)
        end = stages.end() if stages else begun
        text = text[:end] + made + text[end:]
    publish(path, text.encode())


def _dumped(content: Mapping[str, Any]) -> str:
    from dvc.utils.serialize import dumps_yaml

    text: str = dumps_yaml(content)
    return text
