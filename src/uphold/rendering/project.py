"""``_quarto.yml``: what all write-ups have in common, read by Quarto and by the embedded renderer.

In: the document's folder and its front matter. Out: the `ProjectSettings` of one document,
where its own front matter wins over the project's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.rendering import entries, website
from uphold.rendering.document import Document
from uphold.rendering.entries import Entry
from uphold.rendering.vocabulary import CODE
from uphold.rendering.website import Navigation, Website

FILE = "_quarto.yml"

# keys that only Quarto reads are listed too, so that a misspelt one is noticed
_KNOWN: Mapping[str, type | tuple[type, ...]] = {
    "project": dict,
    "website": dict,
    "format": dict,
    "execute": dict,
    "jupyter": str,
    "lang": str,
    "date-format": str,
    "bibliography": str,
    "number-sections": bool,
    "toc": bool,
    "toc-depth": int,
    "lint-names": list,
}
_EXECUTE = frozenset({"echo", "warning"})


@dataclass(frozen=True)
class ProjectSettings:
    """How one document is shown.

    Attributes
    ----------
    screen : tuple of Path
        The page's stylesheets, ``format.html.css``.
    after : str
        HTML at the end of the page, ``format.html.include-after-body.text``: its script.
    paper : Path
        The page's Typst rules, ``format.typst.include-in-header``.
    navigation : Navigation or None
        Where the page leads, None where it belongs to no site.
    code : str
        What a link into the code begins with: the repository's address, where the site has one.
    filters : tuple of Path
        What the page goes through on its way to Typst, ``format.typst.filters``.
    bibliography : Path or None
    lang : str
    number_sections, toc : bool
    toc_depth : int
    echo, warning : bool
        Whether cells show their code, and what they write to standard error, unless they say.
    names : tuple of str
        Names with digits, allowed in running text: ``lint-names`` of project and document.
    """

    screen: tuple[Path, ...]
    after: str
    paper: Path
    navigation: Navigation | None
    code: str
    filters: tuple[Path, ...]
    bibliography: Path | None
    lang: str
    number_sections: bool
    toc: bool
    toc_depth: int
    echo: bool
    warning: bool
    names: tuple[str, ...]


def settings(document: Document) -> ProjectSettings:
    """Return the settings of a document.

    Raises
    ------
    InputError
        When ``_quarto.yml`` is missing beside the document, has an unknown key, or names a file
        that does not exist.
    """
    folder = document.path.parent
    path = folder / FILE
    project = _read(path)
    both = {key: entry.value for key, entry in {**project, **document.front}.items()}
    execute = both.get("execute", {})
    if unknown := sorted(set(execute) - _EXECUTE):
        raise InputError(f"{path}: unknown key 'execute: {unknown[0]}'.")
    formats = both.get("format", {})
    (paper,) = _styles(formats, "typst", "include-in-header", path)
    site = _site(project, path)
    own = [each for each in (project, document.front) if "lint-names" in each]
    return ProjectSettings(
        screen=tuple(_file(folder, f, path) for f in _styles(formats, "html", "css", path)),
        after=_after(formats, path),
        paper=_file(folder, paper, path),
        navigation=site.navigation(document.path.stem) if site else None,
        code=site.code if site else CODE,
        filters=tuple(_file(folder, f, path) for f in (formats["typst"].get("filters") or ())),
        bibliography=_file(folder, both["bibliography"], path) if "bibliography" in both else None,
        lang=both.get("lang", "en"),
        number_sections=both.get("number-sections", False),
        toc=both.get("toc", False),
        toc_depth=both.get("toc-depth", 3),
        echo=execute.get("echo", True),
        warning=execute.get("warning", True),
        names=tuple(str(name) for each in own for name in each["lint-names"].value),
    )


def unlisted(folder: Path) -> list[str]:
    """Return what is wrong with the list of pages of a folder: documents that are in one alone.

    Rendering does not ask: a page is made without its neighbours.
    """
    path = folder / FILE
    site = _site(_read(path), path)
    if site is None:
        return []
    there = {document.stem for document in folder.glob("*.qmd")}
    wrong = [f"{name}.qmd, which is not there" for name in site.pages if name not in there]
    lacks = [f"no {name}.qmd, so that no page leads to it" for name in there - {*site.pages}]
    return [f"{path}: website: sidebar: contents has {each}." for each in (*wrong, *sorted(lacks))]


def _read(path: Path) -> dict[str, Entry]:
    if not path.is_file():
        raise InputError(f"{path} is missing; a write-up lies in a Quarto project.")
    project = entries.read(path.read_text(encoding="utf-8"), path)
    entries.check(project, _KNOWN, path, "key")
    return project


def _site(project: Mapping[str, Entry], path: Path) -> Website | None:
    return website.read(project["website"].value, path) if "website" in project else None


def _styles(formats: Mapping[str, Any], name: str, key: str, path: Path) -> list[str]:
    """Return the files that a format names as its style: several for a screen, one for paper."""
    style: Any = (formats.get(name) or {}).get(key)
    files: list[str] = style if isinstance(style, list) and name == "html" else [style]
    if not files or not all(isinstance(file, str) for file in files):
        raise InputError(f"{path}: 'format: {name}: {key}:' must name the file of its style.")
    return files


def _after(formats: Mapping[str, Any], path: Path) -> str:
    """Return what stands at the end of a page for the screen."""
    after: Any = (formats.get("html") or {}).get("include-after-body", {"text": ""})
    if not isinstance(after, dict) or [*after] != ["text"] or not isinstance(after["text"], str):
        raise InputError(
            f"{path}: 'format: html: include-after-body:' must be 'text: <script …></script>'."
        )
    return after["text"]


def _file(folder: Path, name: str, path: Path) -> Path:
    file = (folder / name).resolve()
    if not file.is_file():
        raise InputError(f"{path}: {name!r} does not exist in {folder}.")
    return file
