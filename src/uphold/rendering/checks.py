"""Everything that can be wrong with a document before it runs, in one list.

In: a document. Out: its problems by line: what the renderers do not know, labels and references,
citations, digits typed by hand, code that computes. The same list for both renderers, since Quarto
warns of some of it and passes over the rest.
"""

from collections.abc import Iterator
from pathlib import Path

from uphold.errors import nearest
from uphold.rendering import callouts, code, labels, lint, pandoc, skeleton, tree, vocabulary
from uphold.rendering.document import Problem
from uphold.rendering.pandoc import Fragment
from uphold.rendering.project import ProjectSettings
from uphold.rendering.skeleton import Skeleton
from uphold.rendering.tree import Element


def problems(read: Skeleton, settings: ProjectSettings) -> list[Problem]:
    """Return what is wrong with a document, in the order of its lines."""
    document = read.document
    found = [
        *_vocabulary(read),
        *_labels(read),
        *_references(read, settings),
        *_citations(read, settings),
        *_misplaced_expressions(read),
        *code.problems(document),
        *lint.problems(document, settings.names),
    ]
    return sorted(set(found))


def bibliography(path: Path | None) -> set[str]:
    """Return the keys of a BibTeX file, none without a file."""
    if path is None:
        return set()
    fragment = Fragment("biblatex", path.read_text(encoding="utf-8"))
    (document,) = pandoc.read([fragment], str(path))
    references = document["meta"].get("references", {"c": []})["c"]
    return {_plain(reference["c"]["id"]) for reference in references}


def _plain(value: Element) -> str:
    content = value["c"]
    return content if isinstance(content, str) else str(content[0]["c"])


def _vocabulary(read: Skeleton) -> Iterator[Problem]:
    document = read.document
    folder = document.path.parent
    for find in (lambda blocks: vocabulary.complaints(blocks, folder), vocabulary.leftovers):
        for complaint in find(read.blocks):
            yield Problem(document.find(complaint.pattern), complaint.text)
        for phrase in read.phrases:
            for complaint in find(phrase.inlines):
                yield Problem(phrase.line, complaint.text)


def _labels(read: Skeleton) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for name, line in labels.defined(read):
        if name in seen:
            yield Problem(line, f"label {name!r} is already on line {seen[name]}.")
        seen.setdefault(name, line)


def _references(read: Skeleton, settings: ProjectSettings) -> Iterator[Problem]:
    document = read.document
    known = {name for name, _ in labels.defined(read)}
    for complaint in labels.unresolved(read.blocks, known, settings.number_sections):
        yield Problem(document.find(complaint.pattern), complaint.text)
    for phrase in read.phrases:
        for complaint in labels.unresolved(phrase.inlines, known, settings.number_sections):
            yield Problem(phrase.line, complaint.text)


def _citations(read: Skeleton, settings: ProjectSettings) -> Iterator[Problem]:
    cited = labels.cited(read.blocks)
    for phrase in read.phrases:
        if labels.cited(phrase.inlines):
            yield Problem(phrase.line, f"a citation in {phrase.key!r}; cite in the text.")
    if not cited:
        return
    first = read.document.find(next(iter(cited.values())))
    if not any(_lists_works(element) for element in tree.walk(read.blocks)):
        yield Problem(
            first, "works are cited, and the document has no '::: {#refs}' that lists them."
        )
    known = bibliography(settings.bibliography)
    for key, pattern in cited.items():
        if key not in known:
            yield Problem(
                read.document.find(pattern),
                f"citation '@{key}' is not in the bibliography.{nearest(key, known)}",
            )


def _is_title_attribute(element: Element) -> bool:
    return element["t"] == "Div" and callouts.TITLE in tree.attributes(element)[1]


def _lists_works(element: Element) -> bool:
    return element["t"] == "Div" and tree.attributes(element)[0] == "refs"


def _misplaced_expressions(read: Skeleton) -> Iterator[Problem]:
    """Yield expressions that Quarto would evaluate and that are not in running text."""
    placed = skeleton.expressions_in(read.blocks)
    # Quarto takes a callout's title from the attribute as a string, its escapes gone
    in_titles = skeleton.expressions_in(filter(_is_title_attribute, tree.walk(read.blocks)))
    for expression in read.document.expressions:
        if expression.number in in_titles:
            yield Problem(
                expression.line,
                f"inline expression {expression.source!r} in an attribute; write the callout's "
                "title as a heading inside it.",
            )
        if expression.number not in placed:
            yield Problem(
                expression.line,
                f"inline expression {expression.source!r} stands where no text is, such as in a "
                "listing, a link's address or an attribute.",
            )
        if "\n" in expression.source:
            yield Problem(expression.line, "an inline expression must be on one line.")
