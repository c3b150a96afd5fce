"""dvc.yaml names the code that each stage reaches."""

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from uphold.analysis.model.found import read
from uphold.analysis.model.writeup import Writeup
from uphold.errors import InputError
from uphold.pipeline.stage_code import OWN, PREFIX, named

from . import opened_files

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location(
    "stage_dependencies", ROOT / "tests" / "stage_dependencies.py"
)
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

TEXTS = [(ROOT / file).read_text("utf-8") for file in made.FILES]
TEXT = TEXTS[0]
CERTIFICATE = ("calibrate", "calibration")
STAGES = {name: block for text in TEXTS for name, block in yaml.safe_load(text)["stages"].items()}


def test_dvc_takes_no_other_pipeline_for_ours():
    """The one that `uphold init` lays out lies among the files of the package."""
    command = ["dvc", "stage", "list", "--all", "--name-only"]
    listed = subprocess.check_output(command, cwd=ROOT, text=True).split()
    files = {name.rpartition(":")[0] for name in listed}
    assert files == {"", "results/dvc.yaml"}


def test_the_lists_are_up_to_date():
    wanted = [made.brought_up_to_date(text) for text in TEXTS]
    assert wanted == TEXTS, "python tests/stage_dependencies.py --write"


def test_every_stage_has_an_entry():
    assert {stage for stage in STAGES if not stage.startswith(PREFIX)} == set(made.ENTRIES)


def test_stages_of_a_kind_name_their_code_once_and_wait_for_its_digests():
    many = {stage for stage, block in STAGES.items() if "foreach" in block}
    assert {PREFIX + stage for stage in many} == STAGES.keys() - set(made.ENTRIES)
    for stage in many:
        code, deps = STAGES[PREFIX + stage], STAGES[stage]["do"]["deps"]
        assert code["cmd"] == f"uphold code {stage}"
        assert code["outs"] == [f"results/code/{stage}.txt"]
        assert {*OWN} < {*code["deps"]} and code["outs"][0] in deps
        assert not [dep for dep in deps if dep.startswith(made.FRAMEWORK)]


def test_what_writes_digests_runs_no_code_that_the_kind_does_not():
    """It is left out of the digests, so that nothing of a kind runs again for it."""
    writes = {p.relative_to(ROOT).as_posix() for p in made.Code(ROOT).files(made.DIGESTS)}
    for stage in STAGES:
        if stage.startswith(PREFIX):
            reached = set.union(*made.reached(stage.removeprefix(PREFIX)).values())
            assert writes - {path.as_posix() for path in reached} == set(OWN), stage


def test_a_line_that_is_missing_or_too_many_is_seen():
    for line, more in (
        ("      - src/uphold/pipeline/params.py\n", "      - src/uphold/pipeline/lock_file.py\n"),
        ("        - src/studies/__init__.py\n", "        - src/studies/other.py\n"),
    ):
        assert line in TEXT
        assert made.brought_up_to_date(TEXT.replace(line, "")) == TEXT
        assert made.brought_up_to_date(TEXT.replace(line, line + more)) == TEXT


def test_everything_named_is_there():
    for stage, block in STAGES.items():
        for dep in block.get("do", block)["deps"]:
            for study in made.Code(ROOT).studies:
                path = dep.replace("${key}", study).replace("${item.study}", study)
                assert not dep.startswith("src/") or (ROOT / path).exists(), (stage, dep)


def test_training_is_reached_by_training_alone():
    for stage in (
        *("prepare", "evaluate", "analyze", "report", "index", "guide", "register", "check"),
        *CERTIFICATE,
    ):
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


def test_documents_imports_are_followed_and_no_other_page_module_s(tree):
    root = tree(
        {
            "uphold/__init__.py": "",
            "uphold/cli/__init__.py": "",
            "uphold/cli/render.py": "",
            "uphold/pages/__init__.py": "",
            **{f"uphold/pages/{name}.py": "" for name in ("said", "drawn", "listed", "log")},
            "studies/one/study.py": "",
            "studies/one/page/own.py": "",
            "studies/two/study.py": "",
        }
    )
    (root / "reports").mkdir()
    cell = "---\ntitle: x\n---\n\n```{python}\n#| label: x\nfrom uphold.pages import %s\n```\n"
    blocks = {"a": "one", "b": "two"}
    for name, module in (("a", "said"), ("b", "drawn"), ("index", "listed")):
        (root / "reports" / f"{name}.qmd").write_text(cell % module)
    names = {"writeups": {name: {"study": study} for name, study in blocks.items()}}
    (root / "params.yaml").write_text(yaml.safe_dump(names))
    pages = {
        study: {path.stem for path in files if "pages" in path.parts}
        for study, files in made.reached("report", root).items()
    }
    assert pages == {"one": {"__init__", "said"}, "two": {"__init__", "drawn"}}
    lines = made.dependencies("report", "${item.study}", root)
    assert not [line for line in lines if "listed" in line or "log" in line]
    assert "src/uphold/pages/listed.py" in made.dependencies("index", "${item.study}", root)


OPENING = {"open", "read_text", "read_bytes", "read_csv", "read_json", "read_table", "read_yaml"}
OPENING |= {"read_parquet", "safe_load", "load", "load_file", "safe_open", "loadtxt", "fromfile"}
OPENING |= {"getsource", "getsourcelines", "import_module", "files", "iterdir", "glob", "rglob"}
OPENING |= {"subprocess", "copyfile", "copytree"}

OPENS = {
    "studies/radio/page/curves.py": {"load_file"},
    "uphold/analysis/kept_log.py": {"read_csv"},
    "uphold/analysis/model/found.py": {"read_text"},
    "uphold/claims/spec.py": {"read_yaml"},
    "uphold/disk.py": {"open", "rglob"},
    "uphold/pages/contents.py": {"load", "read_text", "safe_load"},
    "uphold/pages/provenance.py": {"read_bytes", "subprocess"},
    "uphold/pages/writeup.py": {"read_csv", "read_json"},
    "uphold/palette.py": {"__file__", "read_text"},
    "uphold/pipeline/params.py": {"read_yaml"},
    "uphold/pipeline/stages/files.py": {"load_file", "open", "read_csv", "read_text"},
    "uphold/pipeline/stages/paths.py": {"read_json"},
    "uphold/pipeline/study.py": {"glob", "import_module"},
    "uphold/validation.py": {"open"},
}
"""What a page's code opens files with, module by module: results, params, the theme, never code.

`uphold.pipeline.study` imports studies by name, which no page asks for. What these open, a small
project's report is held to in test_pipeline.py; no other module that a page reaches may open
anything.
"""


def opening(text: str) -> Iterator[str]:
    """Yield the calls by which a text of Python opens files, and names of where its own lies."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in OPENING or name in ("__file__", "SOURCE"):
                yield name
        elif isinstance(node, ast.alias) and node.name.rpartition(".")[2] in OPENING:
            yield node.name.rpartition(".")[2]


def test_pages_open_files_in_few_places_and_never_code():
    # These run in every report, the small one's too.
    elsewhere = ("uphold/cli", "uphold/processor", "uphold/rendering")
    reached = [
        made.reached(stage).values() for stage in ("report", "index", "calibration", "guide")
    ]
    paths = {path for sets in reached for each in sets for path in each}
    places = {path.relative_to("src").as_posix() for path in paths}
    found = {
        place: set(opening((ROOT / "src" / place).read_text("utf-8")))
        for place in places
        if place.endswith(".py") and not place.startswith(elsewhere)
    }
    assert "studies/multitask/page/upgrades.py" in found and "uphold/format.py" in found
    assert {place: calls for place, calls in found.items() if calls} == OPENS


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("ast.parse((source / file).read_text('utf-8'))", ["read_text"]),
        ("from yaml import safe_load as parse", ["safe_load"]),
        ("HERE = Path(__file__).parent", ["__file__"]),
        ("from uphold.rendering.vocabulary import CODE\nx = CODE", []),
    ],
)
def test_what_opens_a_file_is_seen(text, calls):
    assert list(opening(text)) == calls


EXECUTE = """
import sys
from pathlib import Path
from uphold.rendering import kernel
from uphold.rendering.document import parse
from uphold.rendering.execution import execute
path = Path(sys.argv[1])
with kernel.started(path.parent) as warm, warm.session() as session:
    execute(parse(path), session)
"""
WRITEUPS = yaml.safe_load((ROOT / "params.yaml").read_text("utf-8"))["writeups"]


@pytest.mark.parametrize("name", WRITEUPS)
def test_a_document_opens_no_code_that_its_stage_does_not_name(name, tmp_path):
    """The real ones, where they have results; `made` of test_pipeline.py has some of its own."""
    try:
        read(Writeup, ROOT / "results" / name / "analysis.json", f"dvc repro analyze@{name}")
    except InputError as error:
        pytest.skip(str(error))
    opened = tmp_path / "opened"
    opened_files.hook(tmp_path)
    path = os.pathsep.join([str(tmp_path), str(ROOT / "src")])
    hooked = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "OPENED": str(opened)}
    command = [sys.executable, "-c", EXECUTE, str(ROOT / "reports" / f"{name}.qmd")]
    subprocess.run(command, env=os.environ | hooked, check=True)
    code = opened_files.code(opened, ROOT)
    assert Path("src/uphold/pages/writeup.py") in code
    block = STAGES["report"]["do"]
    declared = [
        Path(dep.replace("${key}", name).replace("${item.study}", WRITEUPS[name]["study"]))
        for dep in (*block["deps"], *named(STAGES, "report"))
    ]
    unnamed = {p for p in code if not any(dep == p or dep in p.parents for dep in declared)}
    assert sorted(unnamed) == []
