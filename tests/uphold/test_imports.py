"""Who may import whom, read from the imports themselves."""

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from uphold.pipeline import digest
from uphold.pipeline.study import found

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
STUDIES = tuple(found())

BASE = {
    "disk": set(),
    "encoding": set(),
    "error_rates": set(),
    "errors": set(),
    "format": set(),
    "orphans": set(),
    "palette": {"errors"},
    "processor": {"errors"},
    "promoted_rank": {"format"},
    "randomness": set(),
    "run_states": set(),
    "rounding": set(),
    "splits": set(),
    "threads": set(),
    "validation": {"errors", "wrong_values"},
    "wrong_values": {"errors"},
}
"""Modules outside the rooms, which every room may import, and what they may import themselves."""
ROOMS = {
    "__main__": {"cli"},
    "analysis": {"archive", "audits", "claims", "statistics"},
    "archive": {"claims", "statistics"},
    "audits": {"claims", "statistics"},
    "calibration": {"analysis", "claims", "gate", "pipeline", "runlog", "statistics"},
    "claims": {"statistics"},
    "cli": {
        "calibration", "comparison", "gate", "pages", "pipeline", "rendering", "runlog", "scaffold",
        "training"
    },
    "command": {"pipeline", "runlog", "sources", "training"},
    "comparison": {"analysis", "claims", "runlog"},
    "evaluation": set(),
    "gate": {"runlog", "statistics"},
    "pages": {"analysis", "archive", "claims", "pipeline", "rendering"},
    "pipeline": {
        "analysis", "archive", "audits", "claims", "rendering", "statistics", "training"
    },
    "rendering": set(),
    "runlog": {"analysis", "audits", "claims", "pages", "pipeline", "statistics"},
    "scaffold": {"command", "pipeline", "runlog"},
    "sources": set(),
    "statistics": set(),
    "studies": {
        "analysis", "claims", "command", "evaluation", "pages", "pipeline", "sources",
        "statistics", "training"
    },
    "testing": {"claims", "cli", "pipeline", "training"},
    "theme": set(),
    "training": set(),
}  # fmt: skip
"""Each room of the framework, and the studies, with the rooms that it may import."""


def room_of(module: str) -> str:
    """Return the room of a module; what `uphold new` copies is a study."""
    package, _, inside = module.partition(".")
    if package == "studies" or f"{inside}.".startswith(("scaffold.study.", "scaffold.command.")):
        return "studies"
    return inside.partition(".")[0]


def every_module() -> list[str]:
    """Return all modules of both packages but the files of the template, which run elsewhere."""
    template = SOURCE / "uphold" / "scaffold" / "template"
    files = [p for p in SOURCE.rglob("*.py") if template not in p.parents]
    return [_name(path) for path in sorted(files)]


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(package: str) -> list[str]:
    return [_name(path) for path in (SOURCE / "uphold" / package).rglob("*.py")]


def arrows() -> dict[tuple[str, str], str]:
    """Return every import from room to room, with a module that makes it."""
    return {
        (room_of(module), room_of(other)): module
        for module in every_module()
        for other in digest._imports(module)
        if room_of(module) != room_of(other) and room_of(other)
    }


def drawn() -> dict[str, set[str]]:
    """Return the arrows of the picture in ARCHITECTURE.md."""
    picture = re.search(r"```mermaid\n(.*?)```", (ROOT / "ARCHITECTURE.md").read_text(), re.DOTALL)
    lines = re.findall(r"^ *(\w+) --> (.*)$", picture[1], re.M)
    return {room: set(others.split(" & ")) for room, others in lines}


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    seen, waiting = set(), [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def test_every_room_is_listed():
    here = {path.stem for path in (SOURCE / "uphold").iterdir() if path.suffix in (".py", "")}
    here -= {"__init__", "__pycache__"}
    assert here | {"studies"} == set(ROOMS) | set(BASE)


def test_a_room_imports_what_lies_below_it_alone():
    may = {room: ROOMS[room] | set(BASE) for room in ROOMS} | BASE
    wrong = {
        f"{module} ({room}) imports {other}"
        for (room, other), module in arrows().items()
        if other not in may[room]
    }
    assert not wrong


def test_no_rooms_stand_in_a_circle():
    graph = {room: {b for a, b in arrows() if a == room} for room in (*ROOMS, *BASE)}
    for each in (ROOMS | BASE, graph):
        try:
            TopologicalSorter(each).prepare()
        except CycleError as circle:
            pytest.fail(" → ".join(circle.args[1]))


def test_the_picture_shows_the_rooms_arrows():
    picture = drawn()
    assert not {(a, b) for a, others in picture.items() for b in others if b not in ROOMS[a]}
    shown = set(ROOMS) - {"__main__", "theme"}
    missing = {(a, b) for a in shown for b in ROOMS[a] if b not in reachable(picture, a)}
    assert not missing


def outside(module: str) -> set[str]:
    """Return the top-level names of what a module imports from anywhere."""
    tree = ast.parse(digest._source(module).read_text())
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize(
    "package",
    [
        "statistics",
        "claims",
        "audits",
        "archive",
        "runlog",
        "analysis",
        "pages",
        "rendering",
        "comparison",
    ],
)
def test_what_judges_and_tells_never_imports_torch(package):
    for module in modules(package):
        reached = digest.reached(module)
        assert not [m for m in reached if "torch" in outside(m)], module


def test_no_study_imports_another():
    for module in every_module():
        package, _, inside = module.partition(".")
        if package == "studies" and inside:
            study = inside.partition(".")[0]
            assert not {
                m for m in digest._imports(module) if set(m.split(".")[:2]) & {*STUDIES} - {study}
            }, module


def test_importing_the_command_line_loads_nothing_heavy():
    heavy = ["torch", "pandas", "numpy", "scipy", "matplotlib", "pydantic", "rich"]
    code = f"import uphold.cli, sys; print([m for m in {heavy} if m in sys.modules])"
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert set(ast.literal_eval(answer)) <= {"rich"}
