"""dvc.yaml names the code that each stage reaches."""

import importlib.util
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location(
    "stage_dependencies", ROOT / "tests" / "stage_dependencies.py"
)
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

TEXTS = [(ROOT / file).read_text("utf-8") for file in made.FILES]
TEXT = TEXTS[0]
STAGES = {name: block for text in TEXTS for name, block in yaml.safe_load(text)["stages"].items()}


def test_the_lists_are_up_to_date():
    wanted = [made.brought_up_to_date(text) for text in TEXTS]
    assert wanted == TEXTS, "python tests/stage_dependencies.py --write"


def test_every_stage_has_an_entry():
    assert set(STAGES) == set(made.ENTRIES)


def test_a_line_that_is_missing_or_too_many_is_seen():
    line = "        - src/uphold/pipeline/params.py\n"
    assert made.brought_up_to_date(TEXT.replace(line, "")) == TEXT
    more = "        - src/uphold/pipeline/stages/audit.py\n"
    assert made.brought_up_to_date(TEXT.replace(line, line + more)) == TEXT


def test_everything_named_is_there():
    for stage, block in STAGES.items():
        for dep in block.get("do", block)["deps"]:
            for study in made.Code(ROOT).studies:
                path = dep.replace("${key}", study).replace("${item.study}", study)
                assert not dep.startswith("src/") or (ROOT / path).exists(), (stage, dep)


def test_training_is_reached_by_training_alone():
    for stage in ("prepare", "evaluate", "analyze", "report", "index", "register", "check"):
        for files in made.reached(stage).values():
            assert {path.name for path in files if path.match("src/uphold/training/*")} <= {
                "__init__.py",
                "contract.py",
            }, stage


@pytest.fixture
def tree(tmp_path):
    """Lay out a small tree of code, file by file."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "src" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def test_imports_are_followed_in_functions_packages_and_relative_ones(tree):
    root = tree(
        {
            "uphold/__init__.py": "",
            "uphold/a.py": "def f():\n    from uphold.inner import b",
            "uphold/inner/__init__.py": "from .c import x",
            "uphold/inner/b.py": "import json",
            "uphold/inner/c.py": "from ..d import y",
            "uphold/inner/style.css": "",
            "uphold/d.py": "y = 1",
            "uphold/other.py": "",
        }
    )
    found = made.Code(root).files("uphold.a")
    names = {path.relative_to(root / "src" / "uphold").as_posix() for path in found}
    inner = {f"inner/{name}" for name in ("__init__.py", "b.py", "c.py", "style.css")}
    assert names == {"__init__.py", "a.py", "d.py"} | inner
