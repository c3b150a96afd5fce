"""What cells put out, as blocks of the page.

In: a cell and its outputs as a notebook holds them. Out: pieces, then blocks: figures and tables
with their captions, Markdown, text. A cell whose label announces a figure or a table must give
exactly one. An output that one of the formats could not show is refused.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Literal

from uphold.errors import InputError
from uphold.rendering import pandoc, tables, tree
from uphold.rendering.document import Cell
from uphold.rendering.execution import Output
from uphold.rendering.pandoc import Fragment
from uphold.rendering.project import ProjectSettings
from uphold.rendering.tree import Element, Elements

# in this order, which is Quarto's, where an object offers several
_KINDS: Mapping[str, Literal["markdown", "picture", "table", "text"]] = {
    "text/markdown": "markdown",
    "image/svg+xml": "picture",
    "text/html": "table",
    "text/plain": "text",
}


_FORMATS = {"markdown": pandoc.MARKDOWN, "table": pandoc.HTML}


@dataclass(frozen=True)
class Piece:
    """One output of a cell, or the value of an expression.

    Attributes
    ----------
    kind : str
    source : str
    blocks : tuple of elements
        What Pandoc read of it, where it is Markdown or HTML.
    """

    kind: Literal["markdown", "picture", "table", "text"]
    source: str
    blocks: tuple[Element, ...] = ()


def parsed(pieces: Sequence[Piece], where: str) -> list[Piece]:
    """Return the pieces with what Pandoc reads of them, each read on its own."""
    texts = [Fragment(_FORMATS[p.kind], p.source) for p in pieces if p.kind in _FORMATS]
    documents = iter(pandoc.read(texts, where))
    return [
        replace(piece, blocks=tuple(next(documents)["blocks"])) if piece.kind in _FORMATS else piece
        for piece in pieces
    ]


def pieces(
    cell: Cell, found: Sequence[Output], settings: ProjectSettings, where: str
) -> list[Piece]:
    """Return the outputs that are to be shown, in order.

    Parameters
    ----------
    cell : Cell
    found : sequence of Output
        What the cell put out when it ran.
    settings : ProjectSettings
        Whether code and warnings are shown, where the cell's options do not say.
    where : str
        What messages call the cell.
    """
    if not cell.get("include", True):
        return []
    out = []
    for output in found if cell.get("output", True) else ():
        match output["output_type"]:
            case "stream" if output["name"] == "stdout" or cell.get("warning", settings.warning):
                out.append(Piece("text", output["text"]))
            case "display_data" | "execute_result":
                out.append(_piece(output["data"], where))
    return out


def _piece(data: Mapping[str, str], where: str) -> Piece:
    for mime, kind in _KINDS.items():
        if mime in data:
            return Piece(kind, data[mime])
    raise InputError(
        f"{where} gives {', '.join(sorted(data))}; known are Markdown, SVG figures, HTML tables "
        "and text."
    )


def extracted(pieces: Sequence[Piece], where: str) -> list[Piece]:
    """Return the pieces, those of HTML with the one table in it as their blocks."""
    return [
        replace(piece, blocks=(tables.extract(list(piece.blocks), where),))
        if piece.kind == "table"
        else piece
        for piece in pieces
    ]


def blocks(
    cell: Cell,
    pieces: Sequence[Piece],
    captions: Mapping[str, Elements],
    settings: ProjectSettings,
    where: str,
) -> tuple[Elements, dict[str, bytes]]:
    """Return a cell's blocks, and the pictures that they name.

    Parameters
    ----------
    pieces : sequence of Piece
        As `parsed` and `extracted` give them.
    captions : mapping of str to list of elements
        The inlines of the cell's ``fig-cap``, ``fig-alt`` and ``tbl-cap``.

    Raises
    ------
    InputError
        When the label announces a figure or a table and the cell does not give exactly one.
    """
    out: Elements = []
    pictures: dict[str, bytes] = {}
    if cell.get("echo", settings.echo) and cell.get("include", True):
        out.append(tree.code(cell.source, "python"))
    for number, piece in enumerate(pieces):
        match piece.kind:
            case "picture":
                name = f"{cell.label or f'cell-{cell.number}'}-{number}.svg"
                pictures[name] = piece.source.encode()
                out.append(_figure(cell, name, captions, title(piece.source)))
            case "table" | "markdown":
                out.extend(
                    _table(block, cell, captions) if block["t"] == "Table" else block
                    for block in piece.blocks
                )
            case "text":
                out.append(tree.code(piece.source.rstrip("\n"), "output"))
    announced = {"fig": "Figure", "tbl": "Table"}.get((cell.label or "").partition("-")[0])
    given = sum(block["t"] == announced for block in out)
    if announced and given != 1:
        raise InputError(f"{where} gives {given} {announced.lower()}s; its label announces one.")
    return out, pictures


def title(picture: str) -> str:
    """Return the title that an SVG has itself, or nothing."""
    found = re.search(r"<title>(.*?)</title>", picture, re.DOTALL)  # dc:title may be its program's
    return unescape(found[1]) if found else ""


def _figure(cell: Cell, name: str, captions: Mapping[str, Elements], said: str) -> Element:
    caption = captions.get("fig-cap", [])
    alternative = captions.get("fig-alt") or tree.words(said) or caption
    image = {"t": "Image", "c": [["", [], []], alternative, [name, ""]]}
    if not caption:
        return {"t": "Para", "c": [image]}
    body = [tree.plain([image])]
    return {"t": "Figure", "c": [[cell.label, [], []], [None, [tree.plain(caption)]], body]}


def _table(table: Element, cell: Cell, captions: Mapping[str, Elements]) -> Element:
    if "tbl-cap" not in captions:
        return table
    _, _, *rest = table["c"]
    caption = [None, [tree.plain(captions["tbl-cap"])]]
    return {"t": "Table", "c": [[cell.label, [], []], caption, *rest]}
