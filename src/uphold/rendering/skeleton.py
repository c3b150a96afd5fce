"""What a document says, as a Pandoc tree, before anything in it has run.

In: a `Document`. Out: a `Skeleton`: the tree with places kept for cells and inline expressions,
and the phrases that stand outside the prose (title, captions). Checks read the skeleton, and the
results of the execution are put into it, so that what is checked is what is printed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from uphold.rendering import pandoc, tree
from uphold.rendering.document import Cell, Document, Problem
from uphold.rendering.pandoc import Fragment
from uphold.rendering.tree import Element, Elements

CELL = "studies-cell"  # the class of the block that keeps a cell's place
_EXPRESSION = "{python} "  # what the inline code that keeps an expression's place begins with

PHRASES = ("title", "subtitle", "fig-cap", "fig-alt", "tbl-cap")


@dataclass(frozen=True)
class Phrase:
    """Running text in a front matter key or a cell option, read as Markdown."""

    key: str
    cell: Cell | None
    line: int
    inlines: Elements


@dataclass(frozen=True)
class Skeleton:
    """A document's tree with its places kept.

    Attributes
    ----------
    document : Document
    blocks : list of elements
        The prose, all of it in one tree.
    phrases : tuple of Phrase
        Title, subtitle, captions and alternative texts.
    """

    document: Document
    blocks: Elements
    phrases: tuple[Phrase, ...]

    def phrase(self, key: str, cell: Cell | None = None) -> Elements:
        """Return the inlines of a phrase, none where the document does not have it."""
        found = (p.inlines for p in self.phrases if p.key == key and p.cell is cell)
        return next(found, [])


def read(document: Document) -> Skeleton:
    """Return the skeleton of a document."""
    prose, phrases = texts(document)
    where = str(document.path)
    fragments = [Fragment(pandoc.MARKDOWN, text) for text in (prose, *(p[3] for p in phrases))]
    first, *others = pandoc.read(fragments, where)
    problems = []
    if first["meta"]:
        line = document.find(r"(?m)^(---|%)")
        problems.append(Problem(line, "metadata in the middle of the document."))
    read_phrases = []
    for (key, cell, line, _), read in zip(phrases, others, strict=True):
        inlines = one_paragraph(read["blocks"])
        if inlines is None:
            problems.append(Problem(line, f"{key!r} must be one paragraph of text."))
        read_phrases.append(Phrase(key, cell, line, inlines or []))
    document.refuse(problems)
    return Skeleton(document, first["blocks"], tuple(read_phrases))


def texts(
    document: Document, mark: Callable[[str, int], str] = lambda text, line: text
) -> tuple[str, list[tuple[str, Cell | None, int, str]]]:
    """Return the document's prose as one Markdown text, and its phrases.

    Parameters
    ----------
    document : Document
    mark : callable
        Gets a stretch of running text and the line on which it begins, returns what is to be read
        in its place: as many lines as before.

    Returns
    -------
    prose : str
        Line for line the lines of the document.
    phrases : list of (key, cell, line, text)
    """
    numbers = {each.number: f"`{_EXPRESSION}{each.number}`" for each in document.expressions}
    lines: list[str] = []
    for part in document.parts:
        lines.extend([""] * (part.line - 1 - len(lines)))
        if isinstance(part, Cell):
            lines.append(f'```{{.{CELL} number="{part.number}"}}')
            lines.extend(part.body.split("\n") if part.body else [])
            lines.append("```")
        else:
            lines.extend(mark(part.substitute(numbers), part.line).split("\n"))
    phrases = [
        (key, cell, entry.line, mark(str(entry.value), entry.line))
        for cell, options in [(None, document.front), *((c, c.options) for c in document.cells)]
        for key, entry in options.items()
        if key in PHRASES
    ]
    return "\n".join(lines), phrases


def cell_number(element: Element) -> int | None:
    """Return the number of the cell whose place an element keeps, else None."""
    if element["t"] != "CodeBlock" or CELL not in tree.attributes(element)[1]:
        return None
    return int(tree.attributes(element)[2]["number"])


def expression_number(element: Element) -> int | None:
    """Return the number of the inline expression whose place an element keeps, else None."""
    if element["t"] != "Code" or not element["c"][1].startswith(_EXPRESSION):
        return None
    rest = element["c"][1].removeprefix(_EXPRESSION)
    return int(rest) if rest.isdecimal() else None


def one_paragraph(blocks: Elements) -> Elements | None:
    """Return the inlines of blocks that are one paragraph (or nothing), else None."""
    if not blocks:
        return []
    if len(blocks) == 1 and blocks[0]["t"] in ("Para", "Plain"):
        inlines: Elements = blocks[0]["c"]
        return inlines
    return None


def fill(
    nodes: Elements, cells: Mapping[int, Elements], expressions: Mapping[int, Elements]
) -> Elements:
    """Return the tree with blocks in the places of cells and inlines in those of expressions."""

    def change(element: Element) -> Elements | None:
        if (number := cell_number(element)) is not None:
            return cells[number]
        if (number := expression_number(element)) is not None:
            return expressions[number]
        return None

    return tree.rewrite(nodes, change)


def expressions_in(nodes: Iterable[Element]) -> list[int]:
    """Return the numbers of the expressions whose places are found in a tree."""
    numbers = (expression_number(element) for element in tree.walk(list(nodes)))
    return [number for number in numbers if number is not None]
