"""The pages of a site in their order: ``website`` in ``_quarto.yml``, which Quarto reads too.

In: that block. Out: a `Website`, and the `Navigation` of one page. No page is opened for what is
said of it to another, so that a page depends on the list and not on the pages that the list names.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from uphold.errors import InputError, nearest
from uphold.rendering.vocabulary import CODE

HOME = "index"
"""The page that leads to the others; Quarto wants it under this name as well."""

_KNOWN: Mapping[str, type] = {
    "title": str,
    "page-navigation": bool,
    "search": bool,
    "repo-url": str,
    "repo-branch": str,
    "repo-subdir": str,
    "sidebar": dict,
}
_PLAIN = {str: "text", bool: "true or false", dict: "a mapping", list: "a list"}
_SUFFIX = ".qmd"
_SECTION = "section"
"""The key that makes an entry of the list a group of pages with a title."""


class Place(NamedTuple):
    """What a link says, and where it leads."""

    text: str
    href: str


@dataclass(frozen=True)
class Navigation:
    """Where one page leads beside its text.

    Attributes
    ----------
    home : Place
    sections : tuple of Place
        Each group of pages that has a title, by its first page.
    pdf, source : Place
    previous, next : Place or None
        None at the ends of the site, and for a page that its list does not name.
    """

    home: Place
    sections: tuple[Place, ...]
    pdf: Place
    source: Place
    previous: Place | None
    next: Place | None


@dataclass(frozen=True)
class Website:
    """A site.

    Attributes
    ----------
    title : str
    pages : mapping of str to str
        By the name of a document what the others call it, in the order of the site.
    sections : mapping of str to str
        By the title of a group of pages the name of its first one.
    turns : bool
        Whether a page leads to the one before and the one after it.
    sources : str
        What the address of a document begins with.
    code : str
        What the address of a place in the code begins with.
    """

    title: str
    pages: Mapping[str, str]
    sections: Mapping[str, str]
    turns: bool
    sources: str
    code: str

    def navigation(self, name: str) -> Navigation:
        """Return where the page of that name leads."""
        names = list(self.pages) if self.turns else []
        at = names.index(name) if name in names else None
        before = names[at - 1] if at else None
        after = names[at + 1] if at is not None and at + 1 < len(names) else None
        return Navigation(
            home=Place(self.title, f"{HOME}.html"),
            sections=tuple(Place(of, f"{first}.html") for of, first in self.sections.items()),
            pdf=Place("PDF", f"{name}.pdf"),
            source=Place("Source", f"{self.sources}{name}{_SUFFIX}"),
            previous=self._place(before),
            next=self._place(after),
        )

    def _place(self, name: str | None) -> Place | None:
        return Place(self.pages[name], f"{name}.html") if name else None


def read(block: Mapping[str, Any], path: Path) -> Website:
    """Return the site that a block ``website`` describes.

    Raises
    ------
    InputError
        Naming the key, for one that is not known or has a value of another kind.
    """
    for key, value in block.items():
        _check(key, value, _KNOWN, "website", path)
    sidebar = block.get("sidebar", {})
    for key, value in sidebar.items():
        _check(key, value, {"contents": list}, "website: sidebar", path)
    pages: dict[str, str] = {}
    sections: dict[str, str] = {}
    for section, items in _groups(sidebar.get("contents", []), path):
        for item in items:
            place = _listed(item, path)
            name = place.href.removesuffix(_SUFFIX)
            if name in pages:
                raise InputError(f"{path}: website: sidebar: contents: {place.href} stands twice.")
            pages[name] = place.text
            if section:
                sections.setdefault(section, name)
    # without an address, as links into the code: from the folder of the pages to the repository
    sources, code = "../", CODE
    if "repo-url" in block:
        parts = (block["repo-url"], "blob", block.get("repo-branch", "main"))
        folder = block.get("repo-subdir", "")
        sources = "".join(f"{part.strip('/')}/" for part in (*parts, folder) if part)
        code = "".join(f"{part.strip('/')}/" for part in (*parts, "src"))
    return Website(
        title=block.get("title", "Home"),
        pages=pages,
        sections=sections,
        turns=block.get("page-navigation", False),
        sources=sources,
        code=code,
    )


def of_one(project: Mapping[str, Any], navigation: Navigation, name: str) -> dict[str, Any]:
    """Return ``_quarto.yml`` as Quarto is to read it where it renders one page without the others.

    The page is a notebook there, and others are addresses, not documents. There is no search: its
    index would hold the one page, and a page loads nothing.

    Parameters
    ----------
    project : mapping
        What the file holds, with a block ``website``.
    navigation : Navigation
        Of the page.
    name : str
        The page's.
    """
    changed = deepcopy(dict(project))
    changed["website"]["search"] = False
    for entry in changed["website"].get("sidebar", {}).get("contents", []):
        for item in entry["contents"] if _SECTION in entry else [entry]:
            of_page = item["href"] == f"{name}{_SUFFIX}"
            suffix = ".ipynb" if of_page else ".html"
            item["href"] = item["href"].removesuffix(_SUFFIX) + suffix
    # in the sidebar and not among other-links, which pages without contents do not show, nor phones
    icons = {"file-pdf": navigation.pdf, "code-slash": navigation.source}
    tools = [place._asdict() | {"icon": icon} for icon, place in icons.items()]
    changed["website"].setdefault("sidebar", {})["tools"] = tools
    return changed


def _groups(contents: list[Any], path: Path) -> Iterator[tuple[str, list[Any]]]:
    """Yield the entries of the list of pages, those of a section with its title."""
    for entry in contents:
        if not isinstance(entry, dict) or _SECTION not in entry:
            yield "", [entry]
            continue
        known = {_SECTION: str, "contents": list}
        for key, value in entry.items():
            _check(key, value, known, "website: sidebar: contents", path)
        if not entry.get("contents"):
            raise InputError(
                f"{path}: website: sidebar: contents: the section {entry[_SECTION]!r} has no"
                " 'contents', a list of its pages."
            )
        yield entry[_SECTION], entry["contents"]


def _listed(item: Any, path: Path) -> Place:
    """Return an entry of the list of pages."""
    keys = Place._fields
    if not isinstance(item, dict) or set(item) != set(keys):
        raise InputError(
            f"{path}: website: sidebar: contents: {item!r}; a page stands there as "
            "{text: What others call it, href: name.qmd}."
        )
    for key in keys:
        _check(key, item[key], dict.fromkeys(keys, str), "website: sidebar: contents", path)
    href = item["href"]
    if not href.endswith(_SUFFIX) or "/" in href:
        raise InputError(
            f"{path}: website: sidebar: contents: {href!r} is not a document beside this file, "
            f"such as {HOME}{_SUFFIX}."
        )
    return Place(**item)


def _check(key: str, value: Any, known: Mapping[str, type], of: str, path: Path) -> None:
    if key not in known:
        raise InputError(f"{path}: unknown key '{of}: {key}'.{nearest(key, known)}")
    if not isinstance(value, known[key]):
        raise InputError(f"{path}: '{of}: {key}' must be {_PLAIN[known[key]]}, not {value!r}.")
