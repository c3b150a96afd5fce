"""The embedded renderer: Pandoc and Typst from pip, nothing else to be installed.

In: a `RenderedPage` and its `ProjectSettings`.
Out: the bytes of the HTML file and of the PDF, the same bytes for
the same page.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from uphold.disk import naming
from uphold.rendering import html, pdf
from uphold.rendering.page import RenderedPage
from uphold.rendering.project import ProjectSettings

_MARK = b'<meta name="generator" content="uphold">'
_HEAD = 1000
"""Bytes of a page before its first style, and some more."""


def write(page: RenderedPage, settings: ProjectSettings, where: str) -> tuple[bytes, bytes]:
    """Return the page as HTML and as PDF.

    Parameters
    ----------
    page : RenderedPage
    settings : ProjectSettings
    where : str
        The document, for messages.
    """
    with TemporaryDirectory(prefix="studies-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        for name, content in page.pictures.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with naming(folder / name):
                (folder / name).write_bytes(content)
        theme = settings.paper.parent
        shutil.copytree(theme, folder / theme.name)
        text = html.write(page, settings, folder, where)
        return text.encode(), pdf.write(page, settings, folder, where)


def made(html: Path) -> bool:
    """Return whether a page is there and this renderer made it, as its head says."""
    try:
        with html.open("rb") as file:
            return _MARK in file.read(_HEAD)
    except FileNotFoundError:
        return False
