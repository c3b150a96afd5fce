"""From a document to its two files.

In: ``reports/<name>.qmd``. Out: ``<name>.html`` and ``<name>.pdf`` in the site's folder, each there
as a whole or not at all. What is wrong with a document is said before anything runs; then it runs
once, and both files are written from that.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from uphold.errors import InputError
from uphold.rendering import checks, embedded, page, project, quarto, skeleton, tree
from uphold.rendering.document import Problem, parse
from uphold.rendering.execution import execute


@dataclass(frozen=True)
class Rendered:
    """What was made, by which renderer, and how long it took.

    Attributes
    ----------
    html, pdf : Path
    renderer : str
        ``"embedded"`` or ``"quarto"``.
    seconds : mapping of str to float
        By step: ``check``, ``execute``, ``write``.
    """

    html: Path
    pdf: Path
    renderer: Literal["embedded", "quarto"]
    seconds: Mapping[str, float]


def lint(document: Path) -> list[Problem]:
    """Return everything that would make `render` refuse a document, without running it.

    Raises
    ------
    InputError
        When the document cannot even be taken apart: front matter, fences, cell options.
    """
    parsed = parse(document)
    return checks.problems(skeleton.read(parsed), project.settings(parsed))


def render(
    document: Path,
    site: Path,
    *,
    renderer: Literal["auto", "quarto", "embedded"] = "auto",
    title: str | None = None,
) -> Rendered:
    """Execute a document once and write it as HTML and as PDF.

    Parameters
    ----------
    document : Path
        A ``.qmd`` file, beside a ``_quarto.yml``.
    site : Path
        The folder to write to; it is made where it is missing.
    renderer : str
        ``"auto"`` takes Quarto where it is installed.
    title : str, optional
        Shown literally in place of the document's own; the embedded renderer alone can do that.

    Raises
    ------
    InputError
        For a document with problems, code that fails, a result that cannot be shown, and for
        ``"quarto"`` where there is none.
    """
    program = None if renderer == "embedded" else quarto.find()
    if renderer == "quarto" and not program:
        raise InputError(
            f"There is no Quarto {'.'.join(map(str, quarto.OLDEST))} or newer: neither QUARTO_PATH "
            "nor 'quarto' on the search path. Install the extra 'quarto', or use the embedded "
            "renderer."
        )
    start = time.perf_counter()
    parsed = parse(document)
    settings = project.settings(parsed)
    read = skeleton.read(parsed)
    parsed.refuse(checks.problems(read, settings))
    checked = time.perf_counter()
    execution = execute(parsed)
    executed = time.perf_counter()
    # assembled for Quarto too: it holds the results to the same rules
    assembled = page.assemble(read, settings, execution)
    if program:
        html, pdf = quarto.write(parsed, execution, assembled.tables, program)
    else:
        if title is not None:
            assembled = replace(assembled, title=tree.words(title))
        html, pdf = embedded.write(assembled, settings, str(document))
    site.mkdir(parents=True, exist_ok=True)
    html_path, pdf_path = (site / f"{document.stem}.{suffix}" for suffix in ("html", "pdf"))
    _replace(html_path, html)
    _replace(pdf_path, pdf)
    written = time.perf_counter()
    seconds = {"check": checked - start, "execute": executed - checked, "write": written - executed}
    return Rendered(html_path, pdf_path, "quarto" if program else "embedded", seconds)


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
