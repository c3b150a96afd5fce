"""What pages lead to in the code is there, in prose and where modules of pages make the links."""

from pathlib import Path

import pytest

from uphold.pages.code_places import in_document, in_module, page_modules
from uphold.rendering.vocabulary import CODE

ROOT = Path(__file__).parents[3]
HEAD = '---\ntitle: "A page"\n---\n\n'


@pytest.fixture
def source(tmp_path) -> Path:
    """The folder of the code of a repository, with a module and its names."""
    (tmp_path / "src" / "a").mkdir(parents=True)
    (tmp_path / "src" / "a" / "b.py").write_text(
        "class C:\n    def m(self): ...\n\n\nasync def f(): ...\n"
    )
    (tmp_path / "reports").mkdir()
    return tmp_path / "src"


def problems(source: Path, text: str) -> list[tuple[int, str]]:
    module = source / "page.py"
    module.write_text(text)
    return [(problem.line, problem.text) for problem in in_module(module, source)]


@pytest.mark.parametrize(
    "text",
    [
        "linked('a/b.py', 'C.m')",
        "links.linked('a/b.py', 'f')",
        "AT = (('a/b.py', 'f'), ('a/b.py', 'C'))\n[linked(*place) for place in AT]",
        "linked('a/b.py', 'f')\n'what a.py does'",
        "name = 'b.py'",
    ],
)
def test_places_that_are_there(source, text):
    assert problems(source, text) == []


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("\nlinked('a/c.py', 'f')", 2, "src/a/c.py, which does not exist"),
        ("linked('a/b.py', 'ff')", 1, "'ff', which src/a/b.py does not have. Did you mean 'f'?"),
        ("linked('a/b.py', 'C.n')", 1, "'C.n', which src/a/b.py does not have."),
        ("AT = (\n    ('a/b.py', 'f'),\n    ('a/b.py', 'g'),\n)", 3, "'g', which src/a/b.py"),
        ("linked(file, name)", 1, "a link whose place is not written out"),
        ("linked('a/b.py', name)", 1, "a link whose place is not written out"),
        ("linked(*AT)\nAT = ['a/b.py', name]", 2, "'a/b.py' stands without the name"),
        ("linked(", 1, "this is not Python"),
    ],
)
def test_places_that_are_not(source, text, line, found):
    seen = problems(source, text)
    assert seen and seen[0][0] == line and any(found in text for _, text in seen)


def test_places_of_a_document_are_told_by_their_lines(source):
    document = source.parent / "reports" / "page.qmd"
    good = f"[here]({CODE}a/b.py), [there][file]\n\n[file]: {CODE}a/b.py#L1\n"
    cell = "```{python}\n#| echo: false\nfrom uphold.pages import say\nsay.at('a/b.py', 'f')\n```\n"
    document.write_text(f"{HEAD}{good}\n{cell}")
    assert in_document(document) == []
    document.write_text(
        f"{HEAD}{good.replace('b.py#L1', 'd.py')}\n{cell.replace(chr(39) + 'f', chr(39) + 'g')}"
        f"\n`{{python}} say.at('e.py', 'f')`\n\n```{{python}}\n#| label: fig-x\n"
        f"#| fig-cap: '[A caption]({CODE}none.py)'\nsay.x()\n```\n"
    )
    found = [(problem.line, problem.text) for problem in in_document(document)]
    assert [text for _, text in found if "none.py" in text]
    assert [(line, text) for line, text in found if "none.py" not in text] == [
        (7, f"link to '{CODE}a/d.py', but there is no src/a/d.py."),
        (12, "leads to 'g', which src/a/b.py does not have. Valid names: C, f."),
        (15, "leads to src/e.py, which does not exist."),
    ]


def test_the_pages_of_this_repository_are_looked_through(source):
    modules = page_modules(ROOT / "src")
    upgrades = ROOT / "src" / "studies" / "multitask" / "page" / "upgrades.py"
    assert upgrades in modules and ROOT / "src/uphold/pages/source_links.py" in modules
    assert {m: wrong for m in modules if (wrong := in_module(m, ROOT / "src"))} == {}
    # Where there is no such code, each of its places is named.
    assert len(in_module(upgrades, source)) == 8
