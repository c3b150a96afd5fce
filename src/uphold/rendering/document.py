"""A ``.qmd`` file taken apart: front matter, prose, cells, inline expressions.

In: the text of a Quarto document. Out: a `Document` whose parts know their lines. Cells are found
the way Quarto finds them, inline expressions too, so that both read the same document. What is
refused here: front matter keys and cell options that the write-ups do not use, cells in other
languages, a fence left open.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from uphold.errors import InputError
from uphold.rendering import entries
from uphold.rendering.entries import Entry

FRONT_MATTER: Mapping[str, type | tuple[type, ...]] = {
    "title": str,
    "subtitle": str,
    "date": (str, date),
    "toc": bool,
    "toc-depth": int,
    "number-sections": bool,
    "lint-names": list,
}
CELL_OPTIONS: Mapping[str, type | tuple[type, ...]] = {
    "label": str,
    "fig-cap": str,
    "fig-alt": str,
    "tbl-cap": str,
    "echo": bool,
    "output": bool,
    "warning": bool,
    "include": bool,
}

_OPTION = re.compile(r"#\s*\| ?")
_FENCE = re.compile(r"\s*(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)")
_EXECUTABLE = re.compile(r"\s*\{\s*(?P<language>[A-Za-z]\w*)\b.*\}\s*")
_EXPRESSION = re.compile(r"(?:^|(?<=[^`]))`\{python\}[ \t]([^`]+)`", re.MULTILINE)
_LABEL = re.compile(r"[a-z][a-z0-9-]*")


class Problem(NamedTuple):
    """What is wrong with a document, and on which line."""

    line: int
    text: str


@dataclass(frozen=True)
class Expression:
    """An inline expression: its place among all of them, its line, its Python."""

    number: int
    line: int
    source: str


@dataclass(frozen=True)
class Prose:
    """Markdown between cells, with its inline expressions."""

    line: int
    text: str
    expressions: tuple[Expression, ...]

    def substitute(self, values: Mapping[int, str]) -> str:
        """Return the text with each inline expression, backticks included, exchanged."""
        numbers = iter(self.expressions)
        return _EXPRESSION.sub(lambda _: values[next(numbers).number], self.text)


@dataclass(frozen=True)
class Cell:
    """A Python cell.

    Attributes
    ----------
    number : int
        Its place among the cells.
    line : int
        The line of its opening fence.
    body : str
        Everything between the fences, options included.
    options : mapping of str to Entry
        The ``#|`` lines.
    source : str
        The Python, without the options.
    """

    number: int
    line: int
    body: str
    options: Mapping[str, Entry]
    source: str

    @property
    def label(self) -> str | None:
        """The label, None for a cell without one."""
        label: str | None = self.get("label")
        return label

    @property
    def name(self) -> str:
        """What messages call the cell."""
        return f"cell {self.label!r}" if self.label else "this cell"

    @property
    def source_line(self) -> int:
        """The line of the first line of `source`."""
        return self.line + 1 + self.body.count("\n") - self.source.count("\n")

    def get(self, option: str, default: object = None) -> Any:
        """Return an option's value."""
        return self.options[option].value if option in self.options else default


@dataclass(frozen=True)
class Document:
    """A Quarto document.

    Attributes
    ----------
    path : Path
        Where it was read.
    front : mapping of str to Entry
        The front matter.
    parts : tuple of Prose or Cell
        In the order of the document.
    """

    path: Path
    front: Mapping[str, Entry]
    parts: tuple[Prose | Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in order."""
        return tuple(part for part in self.parts if isinstance(part, Cell))

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The inline expressions, in order."""
        prose = (part for part in self.parts if isinstance(part, Prose))
        return tuple(expression for part in prose for expression in part.expressions)

    def find(self, pattern: str, skip: int = 0) -> int:
        """Return the line of prose in which a regular expression is found, `skip` finds left out.

        Where it is not found, the line is 1: the problem is in the document, its place unknown.
        """
        places = (
            part.line + part.text.count("\n", 0, found.start())
            for part in self.parts
            if isinstance(part, Prose)
            for found in re.finditer(pattern, part.text)
        )
        return next(islice(places, skip, None), 1)

    def refuse(self, problems: list[Problem]) -> None:
        """Raise one `InputError` that lists all problems, if there are any."""
        if problems:
            ordered = sorted(set(problems))
            raise InputError("\n".join(f"{self.path}:{line}: {text}" for line, text in ordered))


def parse(path: Path) -> Document:
    """Read a document.

    Raises
    ------
    InputError
        Naming file and line, for what is not a document of the kind described above.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from None
    if lines[0].rstrip() != "---":
        raise InputError(f"{path}:1: a write-up begins with front matter between two '---' lines.")
    ends = (number for number, line in enumerate(lines) if number and line.rstrip() == "---")
    end = next(ends, None)
    if end is None:
        raise InputError(f"{path}:1: the front matter has no closing '---'.")
    front = entries.read("\n".join(lines[1:end]), path, first=2)
    entries.check(front, FRONT_MATTER, path, "front matter key")
    if "title" not in front:
        raise InputError(f"{path}:1: the front matter has no title.")
    return Document(path, front, tuple(_parts(lines, end + 1, path)))


def _parts(lines: list[str], start: int, path: Path) -> list[Prose | Cell]:
    """Divide the lines from `start` (counted from 0) into prose and cells."""
    parts: list[Prose | Cell] = []
    prose: list[str] = []
    cells = expressions = 0

    def close(end: int) -> None:
        nonlocal expressions
        if prose:
            first = end - len(prose) + 1
            part = _prose(first, "\n".join(prose), expressions)
            expressions += len(part.expressions)
            parts.append(part)
            prose.clear()

    index = start
    while index < len(lines):
        fence = _FENCE.fullmatch(lines[index])
        if not fence:
            prose.append(lines[index])
            index += 1
            continue
        end = _closing(lines, index, fence["ticks"], path)
        language = _EXECUTABLE.fullmatch(fence["info"])
        if not language:
            prose.extend(lines[index : end + 1])
        else:
            _check_cell_fence(lines[index], language["language"], f"{path}:{index + 1}")
            close(index)
            parts.append(_cell(cells, index + 1, "\n".join(lines[index + 1 : end]), path))
            cells += 1
        index = end + 1
    close(len(lines))
    return parts


def _closing(lines: list[str], start: int, ticks: str, path: Path) -> int:
    closing = re.compile(rf"\s*{ticks[0]}{{{len(ticks)},}}\s*")
    for index in range(start + 1, len(lines)):
        if closing.fullmatch(lines[index]):
            return index
    raise InputError(f"{path}:{start + 1}: this fence is never closed.")


def _check_cell_fence(line: str, language: str, where: str) -> None:
    if language != "python":
        raise InputError(f"{where}: a cell in {language!r}; write-ups have Python cells only.")
    if not re.fullmatch(r"```\{python\}\s*", line):
        raise InputError(
            f"{where}: a cell opens with ```{{python}} at the beginning of the line; "
            "its options stand below as '#| option: value'."
        )


def _prose(line: int, text: str, number: int) -> Prose:
    expressions = tuple(
        Expression(number + index, line + text.count("\n", 0, found.start()), found[1].strip())
        for index, found in enumerate(_EXPRESSION.finditer(text))
    )
    return Prose(line, text, expressions)


def _cell(number: int, line: int, body: str, path: Path) -> Cell:
    lines = body.split("\n")
    header: list[str] = []
    for text in lines:
        if not (mark := _OPTION.match(text)):
            break
        header.append(text[mark.end() :])
    options = entries.read("\n".join(header), path, first=line + 1)
    entries.check(options, CELL_OPTIONS, path, "cell option")
    cell = Cell(number, line, body, options, "\n".join(lines[len(header) :]))
    _check_options(cell, path)
    return cell


def _check_options(cell: Cell, path: Path) -> None:
    """Refuse labels and captions that do not go together."""
    label = cell.label or ""
    if label and not _LABEL.fullmatch(label):
        raise InputError(
            f"{path}:{cell.options['label'].line}: label {label!r}; a label has small letters, "
            "digits and hyphens, such as 'fig-effects' or 'tbl-top'."
        )
    for kind, noun in (("fig", "figure"), ("tbl", "table")):
        caption = f"{kind}-cap"
        if label.startswith(f"{kind}-") and caption not in cell.options:
            raise InputError(f"{path}:{cell.line}: {cell.name} is a {noun} without '{caption}'.")
        if caption in cell.options and not label.startswith(f"{kind}-"):
            raise InputError(
                f"{path}:{cell.options[caption].line}: '{caption}' needs a label that begins "
                f"with '{kind}-', so that the {noun} has a number."
            )
    if "fig-alt" in cell.options and not label.startswith("fig-"):
        raise InputError(f"{path}:{cell.options['fig-alt'].line}: 'fig-alt' without a figure.")
