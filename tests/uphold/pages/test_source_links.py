"""Links from pages into the code: each leads to a file and a name that are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from uphold.pages.source_links import linked
from uphold.rendering.document import parse
from uphold.rendering.vocabulary import CODE

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src"
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
DOCUMENTS = sorted((ROOT / "reports").glob("*.qmd"))

Place = tuple[str, str]
"""A file below ``src``, and a name in it."""


def page_modules() -> list[Path]:
    return [p for p in (SOURCE / "uphold" / "pages").rglob("*.py")] + [
        p for p in SOURCE.glob("studies/*/page/**/*.py")
    ]


def texts() -> dict[str, str]:
    """Return the Python of page modules and of documents, by their paths."""
    found = {str(p.relative_to(ROOT)): p.read_text("utf-8") for p in page_modules()}
    for path in DOCUMENTS:
        document = parse(path)
        parts = [*(c.source for c in document.cells), *(e.source for e in document.expressions)]
        found[str(path.relative_to(ROOT))] = "\n".join(parts)
    return found


def places(text: str) -> Iterator[Place]:
    """Yield each place that a text of Python writes out: a file's name, and a name after it.

    A name of a file of code that stands alone would escape the test, so that it is refused.
    """
    tree = ast.parse(text)
    paired = set()
    for node in ast.walk(tree):
        parts = {ast.Tuple: "elts", ast.Call: "args"}.get(type(node))
        match getattr(node, parts) if parts else None:
            case [ast.Constant(value=str(file)) as first, ast.Constant(value=str(name))] if (
                file.endswith(".py")
            ):
                paired.add(first)
                yield file, name
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and re.fullmatch(r"[\w./-]+\.py", str(node.value)):
            assert node in paired, f"{node.value!r} stands without the name that it leads to"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "linked":
            starred = any(isinstance(arg, ast.Starred) for arg in node.args)
            assert starred or node.args[0] in paired, "a link whose place is not written out"


def is_there(place: Place, source: Path = SOURCE) -> bool:
    """Return whether the code has a function, class or method."""
    file, name = place
    if not (source / file).is_file():
        return False
    body = ast.parse((source / file).read_text("utf-8")).body
    for part in name.split("."):
        node = next((n for n in body if isinstance(n, DEFINITIONS) and n.name == part), None)
        if node is None:
            return False
        body = node.body
    return True


def test_every_place_that_a_page_leads_to_is_there():
    found = {(where, place) for where, text in texts().items() for place in places(text)}
    upgrades = {place for where, place in found if where.endswith("multitask/page/upgrades.py")}
    assert ("uphold/training/mixup.py", "mix") in upgrades and len(upgrades) == 7
    assert not [(where, *place) for where, place in sorted(found) if not is_there(place)]


def test_every_file_of_code_that_prose_leads_to_is_there():
    for path in DOCUMENTS:
        for file in re.findall(rf"\({re.escape(CODE)}([^)#]+)", path.read_text("utf-8")):
            assert (SOURCE / file).is_file(), (path.name, file)


def test_a_place_that_is_not_there_is_seen(tmp_path):
    (tmp_path / "one.py").write_text("class A:\n    def b(self): ...\n")
    assert is_there(("one.py", "A.b"), tmp_path)
    for place in (("one.py", "b"), ("one.py", "A.c"), ("two.py", "A")):
        assert not is_there(place, tmp_path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = (('a/b.py', 'f'), ('c.py', 'C.m'))", [("a/b.py", "f"), ("c.py", "C.m")]),
        ("linked('a.py', 'f')", [("a.py", "f")]),
        ("[linked(*at) for at in (('a.py', 'f'),)]", [("a.py", "f")]),
        ("'what a.py does'", []),
    ],
)
def test_places_are_found_where_they_are_written_out(text, found):
    assert list(places(text)) == found


@pytest.mark.parametrize("text", ["x = 'a/b.py'", "linked(file, name)", "linked('a.py', name)"])
def test_a_place_that_is_put_together_is_refused(text):
    with pytest.raises(AssertionError):
        list(places(text))


def test_a_link_opens_no_code():
    shown = linked("no/such.py", "thing").replace("\u200b", "")
    assert shown == f"[src/no/such.py: thing]({CODE}no/such.py)"
