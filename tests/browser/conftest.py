"""Pages in a real browser, Chromium of the system: those of the tests, or with --site of a folder.

``pytest tests/browser --site reports/_site`` runs over every page there what holds for any page.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from uphold.rendering import code, render

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).with_name("documents")
SAMPLE = ROOT / "tests/uphold/rendering/documents"
DOCUMENTS = {path.stem: path for path in (*sorted(HERE.glob("*.qmd")), SAMPLE / "sample.qmd")}
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--site", type=Path, help="a folder of rendered pages to check")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        site = metafunc.config.getoption("--site", None)
        names = sorted(path.stem for path in site.glob("*.html")) if site else [*DOCUMENTS]
        metafunc.parametrize("name", names, scope="session")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages that the tests' own documents make, each rendered once."""
    folder = tmp_path_factory.mktemp("reports")
    template = (ROOT / "src/uphold/scaffold/template/reports/_quarto.yml").read_text("utf-8")
    # the guides need files of their own and are no part of what is tried here
    listed, guides = re.subn(r"      - section: \"Guides\"\n(?: {8,}.*\n)+", "", template)
    assert guides == 1
    (folder / "_quarto.yml").write_text(listed, "utf-8")
    shutil.copy(ROOT / "reports/references.bib", folder)
    shutil.copytree(ROOT / "reports" / "theme", folder / "theme")
    for document in DOCUMENTS.values():
        shutil.copy(document, folder)
    for document in DOCUMENTS.values():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(code, "SOURCE", f"{document.stem}_results")
            patch.setenv("PYTHONPATH", os.pathsep.join([str(document.parent), str(ROOT / "src")]))
            render(folder / document.name, folder / "site", renderer="embedded")
    return folder / "site"


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Path:
    """The folder whose pages are checked."""
    given: Path | None = request.config.getoption("--site", None)
    return given.resolve() if given else request.getfixturevalue("made")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, driven for as long as a module's tests run.

    While it is driven, an event loop runs in this thread, and whatever begins one of its own fails:
    tests of other modules, and the rendering that has to come first.
    """
    driver = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    with driver.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(site: Path, browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page, folded parts open; it may ask the network for nothing and fail in no script."""
    contexts, wrongs = [], []

    def refuse(route: Any) -> None:
        wrongs.append(f"asks for {route.request.url}")
        route.abort()

    def opened(html: Path, width: int = 1280, **more: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", **more
        )
        contexts.append(context)
        context.route(lambda url: url != html.as_uri(), refuse)
        page = context.new_page()
        page.on("pageerror", lambda error: wrongs.append(f"fails: {error}"))
        page.goto(html.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrongs == []
