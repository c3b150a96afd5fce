"""Documents for the tests of rendering, and one execution of the sample that they share."""

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from uphold.rendering import code, embedded, page, pdf, project, rendered, skeleton
from uphold.rendering.document import parse
from uphold.rendering.execution import Execution
from uphold.rendering.page import RenderedPage
from uphold.rendering.project import ProjectSettings

DOCUMENTS = Path(__file__).with_name("documents")
REPORTS = Path(__file__).parents[3] / "reports"


@contextmanager
def sample_results_alone() -> Iterator[None]:
    """Let documents import `sample_results` in the place of `uphold.pages`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code, "SOURCE", "sample_results")
        patch.setenv("PYTHONPATH", str(DOCUMENTS))
        yield


@pytest.fixture(scope="module", autouse=True)
def results_of_the_tests() -> Iterator[None]:
    """Have it so in these modules and in no others, whatever runs before or after them."""
    with sample_results_alone():
        yield


@pytest.fixture(scope="session")
def results() -> ModuleType:
    """The module that documents of these tests call."""
    specification = importlib.util.spec_from_file_location(
        "sample_results", DOCUMENTS / "sample_results.py"
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def copy_project(folder: Path) -> Path:
    """Make `folder` a project with the settings, styles and bibliography of the real one."""
    for name in ("_quarto.yml", "references.bib"):
        shutil.copy(REPORTS / name, folder)
    shutil.copytree(REPORTS / "theme", folder / "theme")
    return folder


@pytest.fixture(scope="session")
def project_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the sample documents in it."""
    folder = copy_project(tmp_path_factory.mktemp("reports"))
    for document in DOCUMENTS.glob("*.qmd"):
        shutil.copy(document, folder)
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a document whose body begins on line 5, and return its path."""
    folder = copy_project(tmp_path)

    def write(body: str, name: str = "page", front: str = "title: A page") -> Path:
        path = folder / f"{name}.qmd"
        path.write_text(f"---\n{front}\n---\n\n{body}\n", encoding="utf-8")
        return path

    return write


@dataclass(frozen=True)
class Sample:
    """The sample document, rendered by `render` with the embedded renderer."""

    path: Path
    rendered: rendered.Rendered
    executions: list[Execution]
    page: RenderedPage
    settings: ProjectSettings
    html: str
    typst: str


@pytest.fixture(scope="session")
def sample(project_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    path = project_folder / "sample.qmd"
    site = tmp_path_factory.mktemp("site")
    executions: list[Execution] = []
    with sample_results_alone(), pytest.MonkeyPatch.context() as patch:
        execute = rendered.execute
        patch.setattr(
            rendered,
            "execute",
            lambda *given: executions.append(execute(*given)) or executions[-1],
        )
        made = rendered.render(path, site, renderer="embedded")
    document = parse(path)
    settings = project.settings(document)
    assembled = page.assemble(skeleton.read(document), settings, executions[0])
    return Sample(
        path=path,
        rendered=made,
        executions=executions,
        page=assembled,
        settings=settings,
        html=made.html.read_text(encoding="utf-8"),
        typst=pdf.source(assembled, settings, site, str(path)),
    )


@pytest.fixture
def embed(write: Callable[..., Path]) -> Callable[..., tuple[str, str]]:
    """Return HTML and Typst of a document without code."""

    def embed(body: str, **front: str) -> tuple[str, str]:
        path = write(body, **front)
        document = parse(path)
        settings = project.settings(document)
        assembled = page.assemble(skeleton.read(document), settings, Execution())
        html, _ = embedded.write(assembled, settings, str(path))
        return html.decode(), pdf.source(assembled, settings, path.parent, str(path))

    return embed
