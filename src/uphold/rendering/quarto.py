"""The other renderer: Quarto, where it is installed.

In: a document, what its code gave, and the page assembled of them. Out: the bytes of the HTML file
and of the PDF. Quarto gets the executed notebook and executes nothing, so that both files come from
the one execution. Each format is written in a folder of its own: two renders in one Quarto project
race.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from uphold.disk import naming
from uphold.errors import InputError
from uphold.rendering import html as screen
from uphold.rendering import linked_pictures, pandoc, project, tree, website
from uphold.rendering import pdf as paper
from uphold.rendering.document import Cell, Document
from uphold.rendering.execution import Execution, Output, Value
from uphold.rendering.outputs import title
from uphold.rendering.page import RenderedPage
from uphold.rendering.tree import Elements
from uphold.rendering.vocabulary import CODE

OLDEST = (1, 7)

# what Quarto only warns of, and leaves out of the page
_LOSSES = re.compile(r".*(?:Unable to resolve|citation \S+ not found|Could not fetch).*")
# What is no loss: the page before and the page after, which Quarto names in the head and would take
# in whole; and the document above the site's folder or a place in the code, links and no pages.
_NO_LOSS = re.compile(
    r".*Could not fetch resource \./[\w-]+\.html"
    r"|.*Unable to resolve link target: \.\./(?:[\w-]+\.qmd|\.\./src/\S+?)(?:\x1b\[\d+m)?"
)
_CAPTION = re.compile(
    r'(<figcaption class="[^"]*\bquarto-float-caption\b[^>]*>\s*)'
    r"((?:Figure|Table)(?:&nbsp;|\u00a0)\d+:)"
)
_REPLACED = ("image/svg+xml", "text/html")  # in the order in which Quarto would take them
_EVERY_LINK = 'links = window.document.querySelectorAll("a");'
# the navigation of a page, each named as the embedded renderer names its own
_NAVIGATION = {
    '<nav class="quarto-secondary-nav"': "This page",
    '<nav id="quarto-sidebar"': "Site",
    '<nav id="TOC"': "Contents",
    '<nav class="page-navigation"': "Previous and next page",
}
_SUFFIX = {"html": "html", "typst": "pdf"}  # by Quarto's format


def find() -> str | None:
    """Return the path of a Quarto that can be used, None where there is none.

    It is ``QUARTO_PATH``, else ``quarto`` on the search path. One older than `OLDEST` cannot be
    used: it passes over what it is given as Pandoc's tree.
    """
    program = os.environ.get("QUARTO_PATH") or shutil.which("quarto")
    if not program or not shutil.which(program):
        return None
    done = subprocess.run([program, "--version"], capture_output=True, text=True)
    version = tuple(map(int, re.findall(r"\d+", done.stdout)[:2]))
    return program if version >= OLDEST else None


def write(
    document: Document, execution: Execution, page: RenderedPage, quarto: str
) -> tuple[bytes, bytes]:
    """Return the document as HTML and as PDF.

    Parameters
    ----------
    document : Document
    execution : Execution
    page : RenderedPage
        The same, assembled: the tables and the linked pictures in it take the place of what cells
        put out.
    quarto : str
        The path of Quarto.

    Raises
    ------
    InputError
        With Quarto's own words, when it fails.
    """

    def tables(shaped: Callable[[Elements], Elements]) -> dict[str, Elements]:
        return {html: shaped([table]) for html, table in page.tables.items()}

    def made(format_: str, instead: Mapping[str, Elements]) -> bytes:
        return _render(document, notebook(document, execution, instead), format_, quarto)

    linked = linked_pictures.parts(page.blocks, page.pictures)
    pictures = {page.pictures[name].decode(): [tree.plain([svg])] for name, svg in linked.items()}
    with ThreadPoolExecutor(2) as pool:
        html = pool.submit(made, "html", tables(screen.shaped) | pictures)
        pdf = pool.submit(made, "typst", tables(paper.shaped))
        return _mended(html.result().decode()).encode(), pdf.result()


def _mended(html: str) -> str:
    """Return Quarto's page with what it has no setting for.

    Each navigation has a name, by which a reader that speaks tells them apart. The number of a
    caption is bold, and the title of the site leads to its first page, not to the
    folder, which no browser shows as a page where there is no server. Where there is one, a script
    of Quarto's takes the address of every link as text, and would fail on those inside a picture.
    """
    html = _CAPTION.sub(r"\1<strong>\2</strong>", html)
    for opening, name in _NAVIGATION.items():
        html = html.replace(opening, f'{opening} aria-label="{name}"')
    html = html.replace(_EVERY_LINK, _EVERY_LINK.replace('"a"', '"a:not(svg a)"'))
    return html.replace('<a href="./">', f'<a href="./{website.HOME}.html">')


def notebook(
    document: Document, execution: Execution, instead: Mapping[str, Elements]
) -> dict[str, Any]:
    """Return the executed document as a Jupyter notebook, inline expressions resolved.

    Parameters
    ----------
    document : Document
    execution : Execution
    instead : mapping of str to list of elements
        HTML or SVG that a cell put out to the blocks that take its place.
    """
    values = {number: _markdown(value) for number, value in execution.values.items()}
    header = {key: entry.value for key, entry in document.front.items()}
    front = yaml.safe_dump(header, allow_unicode=True, sort_keys=False)
    cells: list[dict[str, Any]] = [
        {"cell_type": "raw", "metadata": {}, "source": f"---\n{front}---"}
    ]
    for part in document.parts:
        if isinstance(part, Cell):
            cells.append(_code_cell(part, execution, instead))
        else:
            text = part.substitute(values)
            cells.append({"cell_type": "markdown", "metadata": {}, "source": text})
    kernel = {"name": "python3", "display_name": "Python", "language": "python"}
    for number, cell in enumerate(cells):
        # Quarto reads texts only as the lists of lines that Jupyter writes
        cell |= {"id": f"part-{number}", "source": _lines(cell["source"])}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "cells": cells,
    }


def _code_cell(cell: Cell, execution: Execution, instead: Mapping[str, Elements]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {},
        "execution_count": cell.number + 1,
        "source": _with_alternative(cell, execution.outputs[cell.number]),
        "outputs": [_output(output, instead) for output in execution.outputs[cell.number]],
    }


def _with_alternative(cell: Cell, found: Sequence[Output]) -> str:
    """Return a cell each of whose pictures is told in words to whoever cannot see it.

    They are its own title, else the caption. Quarto tells them by nothing else than ``fig-alt``, of
    which it takes one for each output. A reference in a caption would stay its label.
    """
    if "fig-alt" in cell.options:
        return cell.body
    caption = re.sub(r"\s*\(?@[\w-]+\)?", "", str(cell.get("fig-cap", "")))
    pictures = [output.get("data", {}).get("image/svg+xml", "") for output in found]
    words = [_printable(title(picture) or caption) if picture else "" for picture in pictures]
    if not any(words):
        return cell.body
    said = words[0] if len(words) == 1 else words
    return f"#| fig-alt: {json.dumps(said, ensure_ascii=False)}\n{cell.body}"


def _printable(text: str) -> str:
    """Return a text as YAML wants it, on one line."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _output(output: Output, instead: Mapping[str, Elements]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {**output, "text": _lines(output["text"])}
    data = output["data"]
    shown = next((instead[text] for mime in _REPLACED if (text := data.get(mime)) in instead), None)
    if shown:
        # Quarto would take a table's stylesheet into the PDF, fonts and all, escape its text twice
        # on the way, and load scripts from the network for it, and of a picture it would make an
        # image; so it gets a tree
        told = json.dumps(pandoc.document(shown))
        for mark in "<>`":  # a shortcode or a fence in a cell is text, and must not be read
            told = told.replace(mark, f"\\u{ord(mark):04x}")
        data = {"text/markdown": f"```{{=pandoc-json}}\n{told}\n```\n"}
    lines = {mime: _lines(text) for mime, text in data.items() if isinstance(text, str)}
    return {**output, "data": lines}


def _lines(text: str) -> list[str]:
    """Return a text as Jupyter writes it; what else Python takes for the end of a line is none."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _markdown(value: Value) -> str:
    """Return a value as Markdown that shows it literally, where it is not Markdown already."""
    if value.markdown:
        return value.text
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", value.text)


def _render(document: Document, content: dict[str, Any], format_: str, quarto: str) -> bytes:
    name = document.path.stem
    with TemporaryDirectory(prefix="studies-", ignore_cleanup_errors=True) as place:
        # everything but the other documents: the project's settings, styles, pictures
        shutil.copytree(
            document.path.parent,
            place,
            ignore=shutil.ignore_patterns("*.qmd", "_site", ".quarto", "*_files", ".jupyter_cache"),
            dirs_exist_ok=True,
        )
        own = project.settings(document)
        if navigation := own.navigation:
            settings = Path(place, project.FILE)
            given = yaml.safe_load(settings.read_text(encoding="utf-8"))
            alone = website.of_one(given, navigation, name)
            with naming(settings):
                settings.write_text(yaml.safe_dump(alone, allow_unicode=True), encoding="utf-8")
        source = Path(place, f"{name}.ipynb")
        text = json.dumps(content, ensure_ascii=False).replace(CODE, own.code)
        with naming(source):
            source.write_text(text, encoding="utf-8")
        command = [quarto, "render", source.name, "--to", format_, "--no-execute"]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True)
        found = [*Path(place).rglob(f"{name}.{_SUFFIX[format_]}")]
        if done.returncode or not found:
            raise InputError(f"{document.path}: Quarto says: {_last_words(done)}")
        for lost in _LOSSES.finditer(done.stderr):
            if not _NO_LOSS.fullmatch(lost[0].strip()):
                raise InputError(f"{document.path}: Quarto says: {lost[0].strip()}")
        return found[0].read_bytes()


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    # what Typst says begins with the error and goes on with where it was called from
    first = next((at for at, line in enumerate(lines) if "error: " in line), len(lines) - 8)
    return " / ".join(lines[max(0, first) :][:8]) or f"exit status {done.returncode}"
