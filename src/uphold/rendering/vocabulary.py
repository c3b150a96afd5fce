"""The subset of Quarto's Markdown that write-ups use, and the refusal of everything else.

In: a Pandoc tree. Out: a complaint for each element that one of the renderers would drop, show in
one format only, or show as something else. Nothing is left out silently, so what is not known here
must be refused here.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from uphold.errors import InputError, nearest
from uphold.rendering import styles, tree
from uphold.rendering.skeleton import CELL, expression_number
from uphold.rendering.tree import Element

CALLOUTS = {
    "callout-note": "Note",
    "callout-tip": "Tip",
    "callout-important": "Important",
    "callout-warning": "Warning",
    "callout-caution": "Caution",
}
REFERENCES = {"fig": "Figure", "tbl": "Table", "sec": "Section"}
CODE = "../../src/"
"""What a link into the code begins with: from the folder of the pages to that of the code."""

PICTURES = frozenset({".svg", ".png", ".jpg", ".jpeg"})

# kinds of cross-reference that Quarto knows and write-ups do not use
_OTHER_REFERENCES = re.compile(r"(eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|tip|nte|wrn)-")
_LEFTOVER = re.compile(r"^:{3,}|^\{[#.]|\{\{<|>\}\}")


class Complaint(NamedTuple):
    """What is not understood, and a regular expression that finds it in the text."""

    text: str
    pattern: str


def complaints(
    blocks: tree.Elements, folder: Path, drawn: frozenset[str] = frozenset()
) -> Iterator[Complaint]:
    """Yield what the renderers would not show as it is meant.

    Parameters
    ----------
    blocks : list of elements
        Prose, or what a cell printed as Markdown.
    folder : Path
        Where pictures are looked for: the document's folder.
    drawn : frozenset of str
        Pictures that cells drew, which are not in the folder.
    """
    for element in tree.walk(blocks):
        match element["t"]:
            case "RawBlock" | "RawInline":
                yield from _raw(*element["c"])
            case "Div":
                yield from _div(element)
            case "Header" | "Span" | "Code" | "CodeBlock" | "Table" | "Figure":
                yield from _attributes(element)
            case "Link":
                yield from _link(element, folder)
            case "Image" if element["c"][2][0] not in drawn:
                yield from _image(element, folder)
            case "Cite":
                yield from _cite(element)


def leftovers(blocks: tree.Elements) -> Iterator[Complaint]:
    """Yield marks that stayed text, though they were meant to do something.

    Not for text that code printed literally: there they are what they are.
    """
    for element in tree.walk(blocks):
        if element["t"] == "Str" and (found := _LEFTOVER.search(element["c"])):
            what = "shortcode" if found[0] in ("{{<", ">}}") else "mark"
            yield Complaint(f"{what} {element['c']!r} is not understood.", re.escape(found[0]))


def _raw(language: str, text: str) -> Iterator[Complaint]:
    if language == "html" and re.fullmatch(r"\s*<!--.*?-->\s*", text, re.DOTALL):
        return
    shown = text.strip().splitlines()[0][:40] if text.strip() else ""
    yield Complaint(f"raw {language} ({shown!r}) would be in one format only.", re.escape(shown))


def _div(element: Element) -> Iterator[Complaint]:
    identifier, classes, pairs = tree.attributes(element)
    if classes == ["callout-title"] or (identifier == "refs" and not classes and not pairs):
        return
    for name in classes:
        if name not in CALLOUTS:
            yield Complaint(f"unknown block class {name!r}.{nearest(name, CALLOUTS)}", f"{name}\\b")
    if not classes or len(classes) > 1 or identifier:
        named = identifier or " ".join(classes)
        yield Complaint(
            f"a block ':::' must be one callout, not {named or 'plain'!r}.",
            re.escape(named) if named else r"(?m)^\s*:::",
        )
    for name, value in pairs.items():
        pattern = rf"\b{re.escape(name)}\s*="
        if name != "collapse":
            yield Complaint(f"unknown callout attribute {name!r}.", pattern)
        elif value != "true":
            yield Complaint(
                f"a callout with collapse={value!r}: 'true' folds it, and without the attribute it "
                "is open.",
                pattern,
            )


def _attributes(element: Element) -> Iterator[Complaint]:
    identifier, classes, pairs = tree.attributes(element)
    kind = element["t"]
    if CELL in classes or expression_number(element) is not None:
        return
    if kind == "Code" and (found := re.match(r"\{\w+\}", element["c"][1])):
        yield Complaint(
            f"an inline expression {found[0]} that would not be evaluated here: they are "
            "`{python} expression`, on one line of running text.",
            re.escape(element["c"][1]),
        )
    allowed_classes = {"Header": {"unnumbered", "unlisted"}, "Span": {"smallcaps", "underline"}}
    unknown = set(classes) - allowed_classes.get(kind, set())
    if kind == "CodeBlock" and len(classes) == 1:
        unknown = set()  # the language of a listing
    for name in sorted(unknown):
        yield Complaint(f"unknown class {name!r}.", rf"\.?{re.escape(name)}\b")
    prefix = {"Table": "tbl-", "Figure": "fig-"}.get(kind)
    if prefix and identifier and not identifier.startswith(prefix):
        yield Complaint(
            f"label {identifier!r} of a {kind.lower()} must begin with {prefix!r}.",
            re.escape(identifier),
        )
    for name, value in pairs.items():
        if kind != "Span" or name != "style":
            yield Complaint(f"unknown attribute {name!r}.", rf"\b{re.escape(name)}\s*=")
            continue
        try:
            styles.to_typst(value)
        except InputError as error:
            yield Complaint(str(error), re.escape(value))


def _link(element: Element, folder: Path) -> Iterator[Complaint]:
    _, classes, pairs = tree.attributes(element)
    target = element["c"][2][0]
    pattern = re.escape(target)
    for name in [*(c for c in classes if c not in ("uri", "email")), *pairs]:
        yield Complaint(f"unknown attribute {name!r} of a link.", rf"\b{re.escape(name)}\b")
    # What lies in the code is not looked up here: pages do not depend on what they lead to.
    if re.match(r"https?://|mailto:|#", target) or target.startswith(CODE):
        return
    page = re.fullmatch(r"([\w-]+)\.(html|pdf)", target)
    if not page:
        yield Complaint(
            f"link to {target!r}; links lead to an address (https://…), to '#label', to another "
            f"write-up's page ('name.html') or into the code ('{CODE}…').",
            pattern,
        )
    elif not (folder / f"{page[1]}.qmd").exists():
        yield Complaint(f"link to {target!r}, but there is no {page[1]}.qmd beside this.", pattern)


def _image(element: Element, folder: Path) -> Iterator[Complaint]:
    _, classes, pairs = tree.attributes(element)
    target = element["c"][2][0]
    pattern = re.escape(target)
    for name in [*classes, *(key for key in pairs if key != "width")]:
        yield Complaint(f"unknown attribute {name!r} of a picture.", rf"\b{re.escape(name)}\b")
    if re.match(r"\w+:", target) or Path(target).is_absolute():
        yield Complaint(f"picture {target!r}: pictures lie beside the document.", pattern)
    elif Path(target).suffix.lower() not in PICTURES:
        known = ", ".join(sorted(PICTURES))
        yield Complaint(f"picture {target!r}: known kinds are {known}.", pattern)
    elif not (folder / target).is_file():
        yield Complaint(f"picture {target!r} does not exist.", pattern)


def _cite(element: Element) -> Iterator[Complaint]:
    for citation in element["c"][0]:
        key = citation["citationId"]
        if _OTHER_REFERENCES.match(key):
            yield Complaint(
                f"cross-reference '@{key}': known kinds are @fig-, @tbl- and @sec-.",
                "@" + re.escape(key),
            )
        elif is_reference(key) and (citation["citationPrefix"] or citation["citationSuffix"]):
            yield Complaint(
                f"words around the cross-reference '@{key}' inside its brackets.",
                "@" + re.escape(key),
            )


def is_reference(key: str) -> bool:
    """Return whether a citation key is a cross-reference to a figure, a table or a section."""
    return key.partition("-")[0] in REFERENCES and "-" in key
