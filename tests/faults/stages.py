"""The stages under test: a small repository as `uphold init` lays it out, and what runs in it.

Each case is a command line of ``uphold`` in the state that the cases before it left, changed or not
by a function. Its study is the scaffold's own, cut down to seconds; all code is the real one.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml
from power import FOLDER, LINK, Tree

from uphold.scaffold import repository

FRAMEWORK = Path(__file__).parents[2]
STUDY, SWEEP, SEARCH = "own", "own-width", "own-search"
PARAMS = f"params/{STUDY}.yaml"
COMMITTER = {
    f"GIT_{role}_{what}": f"somebody{end}"
    for role in ("AUTHOR", "COMMITTER")
    for what, end in (("NAME", ""), ("EMAIL", "@example.org"))
} | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def laid_out(root: Path) -> None:
    """Lay out the repository."""
    os.environ.update(COMMITTER)
    repository.requirement = lambda: "uphold"  # it need not be installed here
    repository.lay_out_repository(root, STUDY)
    change(root, "params.yaml", lambda names: names.update(scale="smoke", searches=_searches()))
    change(root, PARAMS, _small)
    (root / "dvc.yaml").write_text((root / "dvc.yaml").read_text() + CODE_STAGE)
    shutil.copytree(root / "reports" / "example", root / "log")
    commit(root)


CODE_STAGE = """
  code-own:
    cmd: uphold code own
    deps: [params.yaml, src/studies/own]
    outs: [results/code/own.txt]
"""


def _searches() -> dict:
    return {SEARCH: {"study": STUDY, "after": "none"}}


def _small(params: dict) -> None:
    params["sweeps"][SWEEP]["design"]["seeds"] = [1]
    params["sweeps"][SWEEP]["promote"]["confirm"] = 2
    space = {"hidden_units": [4, 8], "learning_rate": [0.01, 0.1]}
    search = {"by": "validation_accuracy", "trials": 2, "seed": 1, "anchors": {}, "space": space}
    params["searches"] = {SEARCH: search}


def change(root: Path, file: str, edit: Callable[[dict], object]) -> None:
    """Edit a file of params."""
    values = yaml.safe_load((root / file).read_text())
    edit(values)
    (root / file).write_text(yaml.safe_dump(values, sort_keys=False))


def commit(root: Path) -> None:
    """Commit all that git does not ignore, in few files."""
    for words in (["add", "--all"], ["commit", "-qm", "A state"], ["gc", "--quiet"]):
        subprocess.run(["git", "-C", str(root), *words], check=True)


def journal(root: Path) -> Path:
    """Return where finished runs are kept."""
    return root / ".uphold" / "journal" / STUDY


def runs(root: Path) -> list[Path]:
    """Return the folders of finished runs."""
    found = (journal(root) / "runs").glob("*")
    return sorted(p for p in found if not p.name.startswith(".") and "." not in p.name)


@dataclass(frozen=True)
class Case:
    """A stage in a state.

    Attributes
    ----------
    name : str
    command : tuple of str
        What comes after ``uphold``.
    before : callable, optional
        Changes the repository into the state in which it runs; it is undone afterwards.
    """

    name: str
    command: tuple[str, ...]
    before: Callable[[Path], object] | None = None
    follows: bool = True
    """Whether later cases begin with what this one has left."""
    needs: bool = True
    """Whether it begins with what those before it have left."""


def _mine(root: Path) -> None:
    """Put a file of the user's beside the outputs of every stage."""
    places = ("results/code", "results/checked", "results/promoted", "results/registration")
    places += (f"results/{STUDY}/sweeps/{SWEEP}", f"results/{STUDY}", "results/front")
    for place in (*places, "reports/_site", "out", "out/tables", ".uphold/journal"):
        (root / place).mkdir(parents=True, exist_ok=True)
        (root / place / "mine.txt").write_text("mine")


def _other_data(root: Path) -> None:
    """Leave data that were prepared by other settings."""
    before = (root / PARAMS).read_text()
    change(root, PARAMS, lambda p: p["scales"]["smoke"]["data"].update(train=60))
    done(root, "prepare", STUDY)
    (root / PARAMS).write_text(before)


def _damaged(root: Path) -> None:
    """Cut the arrays of one finished run."""
    file = runs(root)[0] / "arrays.safetensors"
    file.write_bytes(file.read_bytes()[:100])


def _other_pages(root: Path) -> None:
    """Leave pages that were made of other documents."""
    for document in (root / "reports" / f"{STUDY}.qmd", root / "reports" / "index.qmd"):
        before = document.read_text()
        document.write_text(before + "\n\nA line that is no more there.\n")
        done(root, "render", document.stem)
        document.write_text(before)


def _other_registration(root: Path) -> None:
    """Leave what stood in git before a claim was edited and committed."""
    done(root, "register")
    words = lambda p: p["writeups"][STUDY]["claims"]["wider-is-better"].update(expect="decrease")  # noqa: E731
    change(root, PARAMS, words)
    commit(root)


def _other_report(root: Path) -> None:
    """Leave a report of fewer runs."""
    log = root / "log" / "runs.csv"
    before = log.read_text()
    log.write_text("".join(before.splitlines(keepends=True)[:-4]))
    done(root, "report", "log/runs.csv", "--spec", "log/spec.yaml", "--out", "out")
    log.write_text(before)


def _unused(root: Path) -> None:
    """Let no sweep use the runs any more, one of which is damaged."""
    _damaged(root)
    done(root, "train", SWEEP, "--workers", "1")
    change(root, PARAMS, lambda p: p["sweeps"][SWEEP]["design"].update(seeds=[2]))


def done(root: Path, *words: str) -> None:
    """Run a command to its end, in a process of its own."""
    command = [sys.executable, "-B", "-m", "uphold", *words]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


REPORT = ("report", "log/runs.csv", "--spec", "log/spec.yaml", "--out", "out")
CASES = (
    Case("code", ("code", "own"), _mine, needs=False),
    Case("check", ("check", STUDY), needs=False),
    Case("prepare", ("prepare", STUDY), needs=False),
    Case("prepare over other data", ("prepare", STUDY), _other_data, False, False),
    Case("search", ("search", SEARCH, "--workers", "1")),
    Case("train", ("train", SWEEP, "--workers", "1")),
    Case("train, a run damaged", ("train", SWEEP, "--workers", "1"), _damaged, follows=False),
    Case("evaluate", ("evaluate", SWEEP)),
    Case("confirm", ("confirm", SWEEP, "--workers", "1")),
    Case("analyze", ("analyze", STUDY)),
    Case("register", ("register",)),
    Case("register after a commit", ("register",), _other_registration, follows=False),
    Case("render", ("render", STUDY, "index", "--renderer", "embedded")),
    Case(
        "render over other pages",
        ("render", STUDY, "--renderer", "embedded"),
        _other_pages,
        follows=False,
    ),
    Case("export", ("export", "model", "--sweep", SWEEP, "--promoted"), follows=False),
    Case("journal prune", ("journal", "prune", STUDY, "--delete"), _unused, follows=False),
    Case("report", REPORT, None, False, False),
    Case("report over another", REPORT, _other_report, False, False),
)


# ---- what is compared ---------------------------------------------------------------------------

TIMES = ("started", "finished", "seconds")
"""When a run was trained is another answer each time; all else of it is the same."""


def tree(root: Path) -> Tree:
    """Return what lies in a repository: see `power.Tree`."""
    found: Tree = {}
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = LINK + os.fsencode(path.readlink())
        else:
            found[name] = FOLDER if path.is_dir() else path.read_bytes()
    return found


def compared(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a tree without what differs by right: git's own files, times, holders of locks."""
    return {
        name: alike(PurePosixPath(name).name, content)
        for name, content in found.items()
        if not name.startswith(".git/")
    }


def alike(name: str, content: bytes) -> bytes:
    """Return a file's content without what differs by right."""
    if name.endswith(".lock") and not name.startswith("dvc"):
        return b"who holds or held it"
    if name == "SHA256SUMS":
        lines = content.splitlines()
        return b"\n".join(line for line in lines if not line.endswith(b"record.json"))
    if name in ("training.json", "record.json"):
        with suppress(ValueError):
            return json.dumps(_timeless(json.loads(content)), sort_keys=True).encode()
    return content


def _timeless(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {name: _timeless(inner) for name, inner in value.items() if name not in TIMES}
