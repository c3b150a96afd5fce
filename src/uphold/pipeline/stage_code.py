"""The code that a stage ``code-<kind>`` of dvc.yaml names → ``results/code/<kind>.txt``.

In: the files and folders that it names below ``src``. Out: a line for each file, digest and path,
on which all stages of that kind depend, so that DVC looks at their code once and not for each of
them. Promised: the text changes with each of those files and with nothing else; what writes it is
named too, since DVC is to ask again where that changed, and is not among the lines.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from uphold.disk import publish
from uphold.errors import InputError, nearest
from uphold.validation import read_yaml

PIPELINE = "dvc.yaml"
PREFIX = "code-"
OWN = ("src/uphold/cli/code.py", "src/uphold/pipeline/stage_code.py")
"""What writes the digests: no stage of any kind runs it."""


def write_digests(root: Path, kind: str) -> int:
    """Write the digests of the code of a kind of stages; return how many files they are.

    Raises
    ------
    InputError
        There is no pipeline, or no stage in it that names such code.
    """
    path = root / PIPELINE
    try:
        stages = read_yaml(path.read_text("utf-8"), PIPELINE)["stages"]
    except FileNotFoundError:
        raise InputError(f"There is no {PIPELINE} here: run this in the root.") from None
    if PREFIX + kind not in stages:
        kinds = [name.removeprefix(PREFIX) for name in stages if name.startswith(PREFIX)]
        there = f"{PIPELINE} has no stage {PREFIX}{kind}."
        raise InputError(f"{there}{nearest(kind, kinds)}" if kinds else there)
    lines = digests(stages, kind, root)
    publish(root / "results" / "code" / f"{kind}.txt", "".join(lines).encode())
    return len(lines)


def named(stages: Mapping[str, Any], kind: str) -> list[str]:
    """Return the code that a kind of stages names together, nothing where each names its own."""
    deps: list[str] = stages.get(PREFIX + kind, {}).get("deps", [])
    return [dep for dep in deps if dep not in OWN]


def digests(stages: Mapping[str, Any], kind: str, root: Path) -> list[str]:
    """Return a line for each file of that code, in the order of their paths.

    Raises
    ------
    InputError
        A file is not there.
    """
    paths = sorted({file for dep in named(stages, kind) for file in _files(root, dep)} - {*OWN})
    return [f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}\n" for path in paths]


def _files(root: Path, dep: str) -> Iterator[str]:
    """Yield a file, or those of a folder but what ``.dvcignore`` names: DVC sees none of it."""
    path = root / dep
    if not path.is_dir():
        if not path.is_file():
            raise InputError(f"{dep} is missing, which {PIPELINE} names.")
        yield dep
        return
    for file in path.rglob("*"):
        if file.is_file() and file.suffix != ".pyc" and not file.name.startswith("."):
            yield file.relative_to(root).as_posix()
