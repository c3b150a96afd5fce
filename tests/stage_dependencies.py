"""The code that each stage reaches by its imports: the ``src`` lines of the dvc.yaml files.

    python tests/stage_dependencies.py           # say what differs, exit 1 if anything does
    python tests/stage_dependencies.py --write   # bring them up to date

What a stage starts from is its verb, what `uphold.pipeline.study` loads of the study by name, and
what its documents import. A folder stands for its files where all of them are reached by all
studies. Where a stage is many of a kind, a stage ``code-<kind>`` names what they have in common,
and what writes its digests, so that DVC looks at it once.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from uphold.pipeline.stage_code import PREFIX

ROOT = Path(__file__).parents[1]
FILES = ("dvc.yaml", "results/dvc.yaml")
FRAMEWORK, STUDIES = "src/uphold", "src/studies"
DIGESTS = "uphold.cli.code"
"""What writes down the digests of the code of a kind of stages."""

READ_THE_THEME = ("uphold/palette.py", "uphold/rendering/__init__.py")
"""What takes colours and styles from a folder that no import leads to."""

CELL = re.compile(r"^```\{python\}\n(.*?)^```", re.M | re.S)

# Stage to its verb, the modules of a study that it loads, and whose documents' imports it follows.
ENTRIES = {
    "check": ("check", ("study",), ()),
    "prepare": ("prepare", ("study", "data.*"), ()),
    "search": ("search", ("study", "training", "evaluation"), ()),
    "train": ("train", ("study", "training"), ()),
    "evaluate": ("evaluate", ("study", "evaluation"), ()),
    "confirm": ("confirm", ("study", "training", "evaluation"), ()),
    "analyze": ("analyze", ("study",), ()),
    "register": ("register", (), ()),
    "report": ("render", ("page.*",), ("writeups",)),
    "index": ("render", (), ("index",)),
    "guide": ("render", (), ("guide-*",)),
    "calibrate": ("calibrate", (), ()),
    "calibration": ("render", (), ("calibration",)),
}


class Code:
    """The Python packages below a folder."""

    def __init__(self, root: Path) -> None:
        self.src = root / "src"
        self._imports: dict[Path, list[Path]] = {}

    @property
    def studies(self) -> list[str]:
        """The studies that there are."""
        return sorted(p.parent.name for p in self.src.glob("studies/*/study.py"))

    def modules(self, pattern: str) -> list[str]:
        """Return the modules of a package where the pattern ends in ``.*``, else the module."""
        if not pattern.endswith(".*"):
            return [pattern]
        folder = self.src.joinpath(*pattern[:-2].split("."))
        return [self._name(path) for path in sorted(folder.rglob("*.py"))]

    def files(self, *entries: str) -> set[Path]:
        """Return the files that modules reach, directly or not, and what lies beside them.

        Packages hold files that are not Python (styles, templates); they count with their package.
        """
        seen: set[Path] = set()
        waiting = [path for entry in entries for path in self._sources(entry)]
        while waiting:
            path = waiting.pop()
            if path not in seen:
                seen.add(path)
                waiting += self._imported(path)
        for package in {path.parent for path in seen} - {self.src / "uphold"}:
            seen |= set(_beside(package))
        if any(self.src / reader in seen for reader in READ_THE_THEME):
            seen |= set(_beside(self.src / "uphold" / "theme"))
        return seen

    def _imported(self, source: Path) -> list[Path]:
        if source not in self._imports:
            name = self._name(source)
            package = name if source.name == "__init__.py" else name.rpartition(".")[0]
            names = list(_imports(source.read_text("utf-8"), package))
            self._imports[source] = [path for name in names for path in self._sources(name)]
        return self._imports[source]

    def _sources(self, name: str) -> list[Path]:
        """Return the file of a module and those of the packages that it is in, none if none is."""
        parts, found = name.split("."), []
        for end in range(1, len(parts) + 1):
            base = self.src.joinpath(*parts[:end])
            found += [p for p in (base / "__init__.py", base.with_suffix(".py")) if p.is_file()]
        return found

    def _name(self, source: Path) -> str:
        parts = source.relative_to(self.src).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(text: str, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join([*(above if node.level else ()), *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _beside(package: Path) -> Iterator[Path]:
    """Yield the files of a package that are not Python, in folders that are no packages too."""
    for path in package.iterdir():
        if path.is_dir() and not any(path.glob("*.py")) and path.name != "__pycache__":
            yield from _beside(path)
        elif path.is_file() and path.suffix not in (".py", ".pyc"):
            yield path


def documents(which: str, root: Path = ROOT) -> dict[Path, str | None]:
    """Return documents, each with its study: those of ``writeups``, or others, which have none."""
    if which != "writeups":
        return dict.fromkeys(sorted((root / "reports").glob(f"{which}.qmd")))
    writeups = yaml.safe_load((root / "params.yaml").read_text("utf-8"))["writeups"]
    return {root / "reports" / f"{name}.qmd": block["study"] for name, block in writeups.items()}


def imported(document: Path) -> list[str]:
    """Return the modules that the cells of a document import."""
    cells = CELL.findall(document.read_text("utf-8"))
    return [name for cell in cells for name in _imports(cell, "")]


def reached(stage: str, root: Path = ROOT) -> dict[str, set[Path]]:
    """Return the files that a stage reaches for each study, relative to the root."""
    code = Code(root)
    verb, parts, read = ENTRIES[stage]
    found = {}
    for study in code.studies:
        entries = [f"uphold.cli.{verb}"]
        entries += [name for part in parts for name in code.modules(f"studies.{study}.{part}")]
        for which in read:
            for document, its_study in documents(which, root).items():
                entries += imported(document) if its_study in (study, None) else []
        found[study] = {path.relative_to(root) for path in code.files(*entries)}
    return found


def dependencies(stage: str, variable: str, root: Path = ROOT, beside: str = "") -> list[str]:
    """Return the ``src`` lines of a stage, the study's name in them written as a variable.

    ``beside`` is a module that is named with what it reaches as well.
    """
    files = reached(stage, root)
    shared = {path.relative_to(root) for path in Code(root).files(*filter(None, [beside]))}
    own: set[Path] = set()
    for study, paths in files.items():
        home = Path(STUDIES, study)
        own |= {path.relative_to(home) for path in paths if home in path.parents}
        shared |= {path for path in paths if home not in path.parents}
    homes = [root / STUDIES / study for study in files]
    lines = _collapsed(shared, [root], Path(FRAMEWORK)) + [
        f"{STUDIES}/{variable}/{path}" for path in _collapsed(own, homes, Path())
    ]
    return sorted(lines)


def _collapsed(paths: Iterable[Path], homes: list[Path], top: Path) -> list[str]:
    """Return paths that exist in all homes: folders for files that are all there or not in all."""
    left, found = set(paths), []
    folders = {folder for path in left for folder in path.parents if top in folder.parents}
    for folder in sorted(folders, key=lambda path: len(path.parts)):
        inside = {path for path in left if folder in path.parents}
        there = {
            path.relative_to(home)
            for home in homes
            for path in (home / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        everywhere = all((home / path).is_file() for home in homes for path in inside)
        if inside and (there <= inside or not everywhere):
            found.append(folder.as_posix())
            left -= inside
    return found + [path.as_posix() for path in left]


def brought_up_to_date(text: str, root: Path = ROOT) -> str:
    """Return a dvc.yaml with the ``src`` lines that its stages should have."""
    for stage in ENTRIES:
        variable = "${key}" if stage in ("check", "prepare") else "${item.study}"
        lines, code = dependencies(stage, variable, root), f"{PREFIX}{stage}"
        if _block(text, code):
            both = dependencies(stage, variable, root, DIGESTS)
            text = _named(text, code, [line for line in both if line.startswith(FRAMEWORK)])
            lines = [line for line in lines if not line.startswith(FRAMEWORK)]
        text = _named(text, stage, lines)
    return text


def _block(text: str, stage: str) -> str:
    """Return the lines of a stage, nothing where it is in another dvc.yaml."""
    found = re.search(rf"^  {stage}:\n(?:    .*\n|\n)*", text, re.M)
    return found[0] if found else ""


def _named(text: str, stage: str, paths: Iterable[str]) -> str:
    """Return a dvc.yaml in which a stage names these paths of ``src`` and no others."""
    block = _block(text, stage)
    deps = re.search(r"^( +)deps:\n((?:\1  - .*\n)*)", block, re.M)
    if not deps:
        return text
    lines = [line for line in deps[2].splitlines() if "- src/" not in line]
    lines += [f"{deps[1]}  - {path}" for path in paths]
    made = block.replace(deps[0], f"{deps[1]}deps:\n" + "".join(f"{x}\n" for x in lines))
    return text.replace(block, made)


def main() -> int:
    """Return the exit status: 0 where the lists are up to date, or have been brought up to date."""
    stale = False
    for file in map(ROOT.joinpath, FILES):
        there = file.read_text("utf-8")
        wanted = brought_up_to_date(there)
        if "--write" in sys.argv[1:]:
            file.write_text(wanted, "utf-8")
        elif wanted != there:
            old, new = ({x for x in t.splitlines() if "- src/" in x} for t in (there, wanted))
            print(*(f"not reached: {x.strip()}" for x in sorted(old - new)), sep="\n")
            print(*(f"not named: {x.strip()}" for x in sorted(new - old)), sep="\n")
            stale = True
    if stale:
        print("The code that stages reach has changed: python tests/stage_dependencies.py --write")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
