"""A page: the document with its results in place, numbered, ready to be written in any format.

In: a `Skeleton`, its `ProjectSettings` and its `Execution`. Out: a `RenderedPage`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from uphold.rendering import callouts, labels, results, skeleton, tree
from uphold.rendering.execution import Execution
from uphold.rendering.project import ProjectSettings
from uphold.rendering.skeleton import Skeleton
from uphold.rendering.tree import Element, Elements
from uphold.rendering.vocabulary import CODE


@dataclass(frozen=True)
class RenderedPage:
    """What is to be written.

    Attributes
    ----------
    title, subtitle : list of elements
        Inlines; `subtitle` may be empty.
    date : str or None
    blocks : list of elements
        Results, numbers and references in place; citations still to be resolved.
    pictures : mapping of str to bytes
        File name to content, for every picture that `blocks` name.
    tables : mapping of str to element
        HTML that a cell put out to the table that was read from it.
    cites : bool
        Whether works are cited.
    """

    title: Elements
    subtitle: Elements
    date: str | None
    blocks: Elements
    pictures: Mapping[str, bytes]
    tables: Mapping[str, Element]
    cites: bool

    def meta(self, settings: ProjectSettings) -> dict[str, Element]:
        """Return the title block and the language as Pandoc's metadata."""
        strings = {"date": self.date, "lang": settings.lang, "pagetitle": tree.text(self.title)}
        inlines = {"title": self.title, "subtitle": self.subtitle}
        return {
            **{key: {"t": "MetaString", "c": value} for key, value in strings.items() if value},
            **{key: {"t": "MetaInlines", "c": value} for key, value in inlines.items() if value},
        }


def assemble(read: Skeleton, settings: ProjectSettings, execution: Execution) -> RenderedPage:
    """Put the results of an execution in their places.

    Raises
    ------
    InputError
        Naming the cell or the expression, when its result is not what its label announces, or
        cannot be shown in both formats.
    """
    document = read.document
    found = results.read(read, settings, execution)
    blocks = callouts.titled(skeleton.fill(read.blocks, found.cells, found.expressions))
    blocks = tree.rewrite(blocks, partial(_addressed, settings.code))
    date = document.front.get("date")
    return RenderedPage(
        title=read.phrase("title"),
        subtitle=read.phrase("subtitle"),
        date=str(date.value) if date else None,
        blocks=labels.number(blocks, settings.number_sections),
        pictures={
            **found.pictures,
            **_beside(blocks, document.path.parent, found.pictures),
        },
        tables=found.tables,
        cites=bool(labels.cited(blocks)),
    )


def _addressed(code: str, element: Element) -> Elements | None:
    """Return a link into the code with the address that the site gives the code."""
    if element["t"] != "Link" or not element["c"][2][0].startswith(CODE):
        return None
    attributes, text, (target, title) = element["c"]
    return [{"t": "Link", "c": [attributes, text, [code + target.removeprefix(CODE), title]]}]


def _beside(blocks: Elements, folder: Path, drawn: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the pictures that lie beside the document."""
    images = (element for element in tree.walk(blocks) if element["t"] == "Image")
    names = {image["c"][2][0] for image in images} - set(drawn)
    return {name: (folder / name).read_bytes() for name in sorted(names)}
