"""The colours of tables and figures: those of the pages that they stand in.

Colours are written in ``palette.css`` of the theme alone, which the stylesheet and Typst read as
well. A document is executed in its own folder: a theme that lies there comes first, the framework's
own is for documents that have none.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from uphold.errors import InputError, nearest

THEME = Path(__file__).with_name("theme")
FILE = "palette.css"
_COLOUR = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});")


def colour(name: str) -> str:
    """Return a colour as ``#rrggbb``, by its name in the palette."""
    colours, path = _in_force()
    if name not in colours:
        raise InputError(f"{path} has no colour {name!r}.{nearest(name, colours)}")
    return colours[name]


def series() -> list[str]:
    """Return the colours that figures give to lines and dots, in their order."""
    return [colour for name, colour in _in_force()[0].items() if name.startswith("series-")]


def read(path: Path) -> dict[str, str]:
    """Return the colours of a palette by name."""
    return dict(_COLOUR.findall(path.read_text("utf-8")))


@cache
def _in_force() -> tuple[Mapping[str, str], Path]:
    own = Path("theme", FILE)
    path = own if own.is_file() else THEME / FILE
    return read(path), path
