"""Pandoc, the bundled binary: many fragments read in one call, one document written.

A warning of Pandoc's is an error here: what it warns about (a fence left open, an identifier given
twice, a picture that is missing) is something that the page would silently lack.
"""

import json
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from uphold.errors import InputError
from uphold.rendering.tree import Elements

MARKDOWN = "markdown"
HTML = "html+raw_html"  # tags that Pandoc does not know stay visible, to be refused by name


class Fragment(NamedTuple):
    """A text and the format to read it in."""

    format: str
    text: str


def read(fragments: Sequence[Fragment], where: str) -> list[dict[str, Any]]:
    """Return each fragment's document (``meta``, ``blocks``), read independently of the others.

    Raises
    ------
    InputError
        With Pandoc's own words, when it has a warning for any of them.
    """
    if not fragments:
        return []
    request = json.dumps([fragment._asdict() for fragment in fragments])
    reader = Path(__file__).with_name("read.lua")
    documents: list[dict[str, Any]] = json.loads(_run(["lua", str(reader)], request, where))
    return documents


def write(
    blocks: Elements,
    meta: dict[str, Any],
    arguments: Sequence[str],
    where: str,
    folder: Path,
) -> str:
    """Return the blocks as Pandoc writes them with `arguments`, run in `folder`."""
    return _run(["--from=json", *arguments], json.dumps(document(blocks, meta)), where, folder)


def document(blocks: Elements, meta: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return blocks as a whole document of Pandoc's, to be written as JSON."""
    return {"pandoc-api-version": _version(), "meta": meta or {}, "blocks": blocks}


@cache
def _version() -> list[int]:
    (empty,) = read([Fragment(MARKDOWN, "")], "an empty document")
    version: list[int] = empty["pandoc-api-version"]
    return version


@cache
def _binary() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_path())


def _run(arguments: Sequence[str], text: str, where: str, folder: Path | None = None) -> str:
    done = subprocess.run(
        [_binary(), *arguments], input=text, capture_output=True, encoding="utf-8", cwd=folder
    )
    complaint = re.sub(r"\s+", " ", done.stderr.replace("[WARNING]", "")).strip()
    if done.returncode or complaint:
        raise InputError(f"{where}: Pandoc says: {complaint or done.returncode}")
    return done.stdout
