"""Problems of documents are told by file and line, all of them."""

import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from uphold.cli import app, lint

ROOT = Path(__file__).parents[3]
CLEAN = '---\ntitle: "Clean"\n---\n\nWords alone.\n'


@pytest.fixture
def reports(tmp_path, monkeypatch):
    """Return a folder of documents of a repository."""
    shutil.copytree(
        ROOT / "reports", tmp_path / "reports", ignore=shutil.ignore_patterns("*.qmd", "_site")
    )
    settings = tmp_path / "reports" / "_quarto.yml"
    values = yaml.safe_load(settings.read_text())
    del values["website"]
    settings.write_text(yaml.safe_dump(values))
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    (tmp_path / "reports" / "clean.qmd").write_text(CLEAN)
    return tmp_path / "reports"


def run(*arguments: object):
    return CliRunner().invoke(app, ["lint", *map(str, arguments)])


def test_documents_without_problems(reports):
    done = run()
    assert (done.exit_code, done.stdout) == (0, "1 documents: nothing to mend\n")


def test_numbers_computing_and_markdown_are_told_by_file_and_line(reports):
    number, cell = reports / "a.qmd", reports / "b.qmd"
    number.write_text(CLEAN + "\nAccuracy is 0.91.\n")
    cell.write_text(CLEAN + "\n```{python}\nx = 1 + 1\n```\n\n::: {.column-margin}\nAside.\n:::\n")
    done = run()
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{number}:7: a number typed by hand")
    assert any(line.startswith(f"{cell}:8: ") for line in lines)
    assert any(line.startswith(f"{cell}:1") or f"{cell}:11" in line for line in lines)
    assert run(reports / "clean.qmd").exit_code == 0


def test_a_link_to_code_that_is_not_there_is_told_in_any_repository(reports):
    page = reports.parent / "src" / "studies" / "birds" / "page"
    page.mkdir(parents=True)
    (page / "__init__.py").write_text("\nSHOWN = linked('studies/birds/nets.py', 'Net')\n")
    (reports / "a.qmd").write_text(CLEAN + "\n[The code](../../src/studies/birds/net.py).\n")
    done = run()
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        f"{reports / 'a.qmd'}:7: link to '../../src/studies/birds/net.py', but there is no"
        " src/studies/birds/net.py.",
        f"{page / '__init__.py'}:2: leads to src/studies/birds/nets.py, which does not exist.",
    ]
    assert run(reports / "clean.qmd").exit_code == 0
    for name in ("net", "nets"):
        (page.parent / f"{name}.py").write_text("class Net: ...\n")
    assert run().exit_code == 0


def test_a_document_that_cannot_be_read_hides_no_other(reports):
    (reports / "a.qmd").write_text('---\ntitle: "A"\n---\n\n```{python}\n')
    (reports / "b.qmd").write_text(CLEAN + "\nAccuracy is 0.91.\n")
    done = run(*sorted(reports.glob("*.qmd")), reports / "none.qmd")
    assert done.exit_code == 2
    assert "b.qmd:7: a number typed by hand" in done.stdout
    assert "a.qmd" in done.stderr and "none.qmd" in done.stderr


def test_a_document_that_the_list_of_pages_lacks_is_told_unless_documents_are_named(reports):
    shutil.copy(ROOT / "reports" / "_quarto.yml", reports)
    done = run()
    assert done.exit_code == 1
    told = f"{reports / '_quarto.yml'}: website: sidebar: contents has "
    assert done.stdout.splitlines()[-1] == f"{told}no clean.qmd, so that no page leads to it."
    assert f"{told}index.qmd, which is not there." in done.stdout.splitlines()
    assert run(reports / "clean.qmd").exit_code == 0
