"""From a document to its two files.

In: ``reports/<name>.qmd``. Out: ``<name>.html`` and ``<name>.pdf`` in the site's folder, each there
as a whole or not at all, and neither over a file that was not written here. What is wrong with a
document is said before anything runs; then it runs once, and both files are written from that.
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Literal

from uphold.disk import publish
from uphold.errors import InputError
from uphold.rendering import (
    checks,
    code,
    embedded,
    kernel,
    page,
    project,
    quarto,
    signed,
    skeleton,
    tree,
)
from uphold.rendering.amounts import Amounts
from uphold.rendering.document import Problem, parse
from uphold.rendering.execution import Execution, execute
from uphold.rendering.kernel import Kernel

Renderer = Literal["auto", "quarto", "embedded"]


@dataclass(frozen=True)
class Rendered:
    """What was made, by which renderer, how much of what is on it, and how long it took.

    Attributes
    ----------
    html, pdf : Path
    renderer : str
        ``"embedded"`` or ``"quarto"``.
    amounts : Amounts
        Of text and of tables.
    seconds : mapping of str to float
        By step: ``check``, ``execute``, ``write``.
    """

    html: Path
    pdf: Path
    renderer: Literal["embedded", "quarto"]
    amounts: Amounts
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


def superseded(pages: Iterable[Path]) -> list[Path]:
    """Return the pages that the embedded renderer made and Quarto would make now.

    A page of Quarto's stays where there is none: it is not worse for that.
    """
    found = [page for page in pages if embedded.made(page)]
    return found if found and quarto.find() else []


def lint_site(folder: Path) -> list[str]:
    """Return what is wrong with the list of pages in ``_quarto.yml``, if there is one.

    Raises
    ------
    InputError
        When ``_quarto.yml`` is missing or cannot be read.
    """
    return project.unlisted(folder)


def render(
    document: Path,
    site: Path,
    *,
    renderer: Renderer = "auto",
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
        For a document with problems, code that fails, a result that cannot be shown, for
        ``"quarto"`` where there is none, and where a file of somebody else is in the way.
    """
    program = _program(renderer)
    _refuse_others([document], site)
    checked = _Checked.of(document)
    with _kernel([checked]) as kernel:
        return _written(checked, kernel, site, program, title)


def render_all(
    documents: Sequence[Path], site: Path, *, renderer: Renderer = "auto"
) -> Iterator[Rendered]:
    """Yield documents of one folder as they are written, as many side by side as there are cores.

    One interpreter imports what they import, and each document runs in a fork of it: its pages are
    those that `render` makes of it alone.

    Raises
    ------
    InputError
        As `render`, for all documents that it concerns in one message: before anything runs where
        a document has problems, after the others are written where its code fails.
    """
    program = _program(renderer)
    _refuse_others(documents, site)
    checked: list[_Checked] = []
    refused: list[InputError] = []
    for document in documents:
        with _collected(refused):
            checked.append(_Checked.of(document))
    _refuse(refused)
    with _kernel(checked) as kernel, ThreadPoolExecutor(os.cpu_count()) as pool:
        made = [pool.submit(_written, each, kernel, site, program) for each in checked]
        for one in as_completed(made):
            with _collected(refused):
                yield one.result()
        _refuse(refused)


@dataclass(frozen=True)
class _Checked:
    """A document without problems, and the seconds that it took to know."""

    read: skeleton.Skeleton
    settings: project.ProjectSettings
    seconds: float

    @classmethod
    def of(cls, path: Path) -> "_Checked":
        start = time.perf_counter()
        document = parse(path)
        settings = project.settings(document)
        read = skeleton.read(document)
        document.refuse(checks.problems(read, settings))
        return cls(read, settings, time.perf_counter() - start)

    @property
    def runs(self) -> bool:
        """Whether there is any code in it."""
        return bool(self.read.document.cells or self.read.document.expressions)


def _program(renderer: Renderer) -> str | None:
    """Return the Quarto that renders; None where the embedded renderer does."""
    program = None if renderer == "embedded" else quarto.find()
    if renderer == "quarto" and not program:
        raise InputError(
            f"There is no Quarto {'.'.join(map(str, quarto.OLDEST))} or newer: neither QUARTO_PATH "
            "nor 'quarto' on the search path. Install the extra 'quarto', or use the embedded "
            "renderer."
        )
    return program


@contextmanager
def _kernel(checked: Sequence[_Checked]) -> Iterator[Kernel | None]:
    """Start the interpreter of these documents, where any of them has code."""
    documents = [each.read.document for each in checked if each.runs]
    if not documents:
        yield None
        return
    modules = dict.fromkeys(chain.from_iterable(map(code.imported, documents)))
    with kernel.started(documents[0].path.parent, modules) as warm:
        yield warm


def _written(
    checked: _Checked,
    warm: Kernel | None,
    site: Path,
    program: str | None,
    title: str | None = None,
) -> Rendered:
    """Execute a document and write its pages."""
    document = checked.read.document
    start = time.perf_counter()
    execution = Execution()
    if checked.runs and warm:
        with warm.session() as session:
            execution = execute(document, session)
    executed = time.perf_counter()
    # assembled for Quarto too: it holds the results to the same rules
    assembled = page.assemble(checked.read, checked.settings, execution)
    if program:
        html, pdf = quarto.write(document, execution, assembled, program)
    else:
        if title is not None:
            assembled = replace(assembled, title=tree.words(title))
        html, pdf = embedded.write(assembled, checked.settings, str(document.path))
    _refuse_others([document.path], site)  # again, because the code takes its time
    html_path, pdf_path = _paths(document.path, site)
    publish(html_path, signed.signed(html, "html"))
    publish(pdf_path, signed.signed(pdf, "pdf"))
    written = time.perf_counter()
    seconds = {"check": checked.seconds, "execute": executed - start, "write": written - executed}
    amounts = Amounts.of(assembled.blocks)
    return Rendered(html_path, pdf_path, "quarto" if program else "embedded", amounts, seconds)


def _paths(document: Path, site: Path) -> tuple[Path, Path]:
    """Return where the pages of a document are written."""
    return site / f"{document.stem}.html", site / f"{document.stem}.pdf"


def _refuse_others(documents: Iterable[Path], site: Path) -> None:
    """Refuse to write where that would overwrite what was not written here."""
    if os.path.lexists(site) and not site.is_dir():
        raise InputError(f"{site} is to be a folder, and is a file: move it elsewhere.")
    signed.refuse_others(path for document in documents for path in _paths(document, site))


@contextmanager
def _collected(refused: list[InputError]) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        refused.append(error)


def _refuse(refused: Sequence[InputError]) -> None:
    """Raise these errors as one."""
    if refused:
        together = InputError("\n".join(map(str, refused)))
        for note in chain.from_iterable(getattr(error, "__notes__", ()) for error in refused):
            together.add_note(note)
        raise together
