"""A write-up of a study of hostile names is one of harmless names, with other words in it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from uphold.rendering import quarto

from ..runlog.hostile_texts import HTML, QUARTO, TEXTS, TYPST, UNICODE
from ..runlog.page_elements import Elements, squeezed
from .hostile_study import STUDY, judged, uphold

LEVELS = [*QUARTO[:6], *HTML[:2], *TYPST[:3], TYPST[11]]

NOT_IN_ITALICS = {"\uff1d1+1"}
"""The fonts of the PDF have its first sign upright alone."""


def rendered(root: Path, renderer: str) -> Path:
    """Render the write-up and the front page; return the write-up."""
    uphold(root, *(["render", name, "--renderer", renderer] for name in (STUDY, "index")))
    return root / "reports" / "_site" / f"{STUDY}.html"


@pytest.fixture(scope="module")
def repositories(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies")
    texts = {
        "hostile": (LEVELS, TEXTS),
        "harmless": [[f"harmless{k}" for k in range(len(them))] for them in (LEVELS, TEXTS)],
    }
    for kind, (levels, said) in texts.items():
        judged(folder / kind, levels, said)
    return folder


@pytest.fixture(scope="module")
def pages(repositories):
    return {kind: rendered(repositories / kind, "embedded") for kind in ("hostile", "harmless")}


def missing(text: str, texts: list[str]) -> list[str]:
    return [one for one in texts if squeezed(one) not in squeezed(text)]


@pytest.mark.parametrize("name", [f"{STUDY}.html", "index.html"])
def test_the_elements_are_those_of_harmless_names(pages, name):
    hostile, harmless = (Elements(page.with_name(name)) for page in pages.values())
    assert of_any_length(hostile) == of_any_length(harmless)
    assert hostile.drawn <= harmless.drawn
    assert hostile.outward == harmless.outward


def of_any_length(page: Elements) -> list:
    """Return the elements of a page without the class that short cells of tables have."""
    return [
        (name, sorted({*had} - {"class"}) if name == "td" else had) for name, had in page.elements
    ]


def test_every_text_stands_on_the_page_as_it_is(pages):
    assert missing("".join(Elements(pages["hostile"]).text), TEXTS) == []


def test_every_text_stands_in_the_pdf_as_it_is(pages):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    command = ["pdftotext", "-raw", str(pages["hostile"].with_suffix(".pdf")), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert missing(said, sorted(set(TEXTS) - set(UNICODE) - NOT_IN_ITALICS)) == []


@pytest.mark.skipif(not quarto.find(), reason="Quarto is not installed")
def test_every_text_stands_on_the_page_of_quarto_as_it_is(repositories, pages):
    shutil.copytree(repositories / "hostile", root := repositories / "by quarto")
    shutil.rmtree(root / "reports" / "_site")
    page = rendered(root, "quarto")
    assert missing("".join(Elements(page).text), TEXTS) == []
    assert read_or_run(page) == []


def test_nothing_that_the_texts_name_was_read_or_run(pages):
    assert read_or_run(pages["hostile"]) == []


def read_or_run(page: Path) -> list[str]:
    """Return what of this machine stands on a page."""
    text = "".join(Elements(page).text)
    return [place for place in ("root:x:", str(Path.home())) if place in text]
