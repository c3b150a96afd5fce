"""What a study's page may use, and the names that it shows."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from uphold.pages.implications import Finding
from uphold.pipeline.params import load
from uphold.pipeline.study import find, found
from uphold.pipeline.sweeps import sweep

ROOT = Path(__file__).parents[2]
STUDIES = sorted(found())


def studies_of(source: str) -> set[str]:
    """Return the studies whose modules a text of Python imports."""
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import | ast.ImportFrom)]
    modules = [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)]
    modules += [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
    return {m.split(".")[1] for m in modules if m.startswith("studies.")}


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_s_page_uses_no_other_study(study):
    files = list((ROOT / "src" / "studies" / study / "page").rglob("*.py"))
    assert files
    for file in files:
        assert studies_of(file.read_text("utf-8")) <= {study}, file


@pytest.mark.parametrize("study", STUDIES)
def test_what_a_finding_does_is_a_level_of_a_sweep(study):
    params = load(ROOT)
    for file in (ROOT / "src" / "studies" / study / "page").glob("[!_]*.py"):
        module = importlib.import_module(f"studies.{study}.page.{file.stem}")
        tuples = [value for value in vars(module).values() if isinstance(value, tuple)]
        for finding in (one for each in tuples for one in each if isinstance(one, Finding)):
            if finding.does:
                name, factor, level = finding.does
                assert level in sweep(params, name).design.levels[factor], finding.says


def test_a_write_up_uses_the_page_of_its_own_study_alone():
    for name, writeup in load(ROOT).names.writeups.items():
        text = (ROOT / "reports" / f"{name}.qmd").read_text("utf-8")
        assert set(re.findall(r"studies\.(\w+)\.page", text)) <= {writeup.study}, name


@pytest.mark.parametrize("study", STUDIES)
def test_every_setting_has_a_name_in_words(study):
    about = find(study)
    unnamed = {f for f in about.run.model_fields if "_" in f} - about.names.keys()
    assert not unnamed
    assert not [name for name in about.names.values() if "_" in name]


def test_a_page_has_the_title_and_the_question_of_its_card():
    for name, writeup in load(ROOT).names.writeups.items():
        front = (ROOT / "reports" / f"{name}.qmd").read_text("utf-8").split("---")[1]
        assert f'title: "{writeup.title}"\n' in front, name
        assert f'subtitle: "{writeup.question}"\n' in front, name
