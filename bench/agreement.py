"""Whether what is found at a small scale holds at a larger one: runs it there, keeps the answer.

Clones the checkout's last commit into a folder of its own, sets the scale, keeps the first seeds of
every sweep that makes no ensembles of its runs, and makes each write-up there. Then writes
``results/<write-up>/larger.json`` into the checkout, for git to keep; pages compare it with what
they show whenever they are made. The folder stays: an interrupted run goes on from its journal.

Run it with ``python bench/agreement.py [--scale medium] [--folder FOLDER] [--seeds 3] WRITEUP…`` in
the root of the repository.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from uphold.analysis.larger import kept
from uphold.analysis.model.found import read
from uphold.analysis.model.writeup import Writeup
from uphold.disk import publish
from uphold.errors import InputError
from uphold.pipeline.params import Params, load
from uphold.pipeline.stages.files import ANALYSIS, LARGER, TRAINING, json_bytes, read_json
from uphold.pipeline.stages.paths import Paths

FOLDER = Path("..", "larger")
"""Below the scale's name: where runs at that scale are kept, beside the checkout."""


def main() -> None:
    """Run the write-ups that are named at the larger scale, one after the other."""
    arguments = argparse.ArgumentParser(description=__doc__, add_help=True)
    arguments.add_argument("writeups", nargs="+", metavar="WRITEUP")
    arguments.add_argument("--scale", default="medium")
    arguments.add_argument("--folder", type=Path, help="where it is run, outside the checkout")
    arguments.add_argument("--seeds", type=int, help="how many of each sweep; default: all")
    asked = arguments.parse_args()
    root = Path.cwd().resolve()
    folder = (asked.folder or root / FOLDER / f"{root.name}-{asked.scale}").resolve()
    here = load(root)
    for name in asked.writeups:
        here.writeup(name)
    if folder == root or root in folder.parents:
        raise InputError(f"--folder {folder} lies in the checkout: name one outside it.")
    commit = cloned(root, folder)
    rescale(folder, asked.scale, seeds=asked.seeds)
    for name in asked.writeups:
        _run(folder, name)
        path = Paths(root).findings(name).with_name(LARGER)
        publish(path, larger_json(here, folder, name, commit))
        print(f"{name}: {path.relative_to(root)}", flush=True)


def cloned(root: Path, folder: Path) -> str:
    """Bring the checkout's last commit into the folder, whose journal stays; return the commit."""
    if _git(root, "status", "--porcelain", "--untracked-files=no"):
        print("What is not committed is left out.", flush=True)
    commit = _git(root, "rev-parse", "HEAD")
    if not (folder / ".git").is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        _git(root, "clone", "--quiet", "--no-hardlinks", str(root), str(folder))
    if _git(folder, "rev-parse", "HEAD") != commit:
        _git(folder, "fetch", "--quiet", "origin", commit)
        # outputs and the journal are ignored by git and stay
        _git(folder, "reset", "--quiet", "--hard", commit)
    return commit


def rescale(folder: Path, scale: str, *, seeds: int | None) -> None:
    """Set the scale in the params of a folder, and keep so many of each sweep's seeds.

    Ensembles are made of a sweep's seeds, and keep theirs.
    """
    _edit(folder / "params.yaml", {"scale": scale})
    if seeds is None:
        return
    for path in sorted((folder / "params").glob("*.yaml")):
        values = yaml.safe_load(path.read_text("utf-8"))
        for sweep in values.get("sweeps", {}).values():
            if "members" not in sweep["design"]:
                sweep["design"]["seeds"] = sweep["design"]["seeds"][:seeds]
        _edit(path, values)


def _edit(path: Path, changes: Mapping[str, Any]) -> None:
    values = yaml.safe_load(path.read_text("utf-8")) | changes
    path.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=True), "utf-8")


def larger_json(here: Params, folder: Path, writeup: str, commit: str) -> bytes:
    """Return what is kept of a write-up that was run in the folder."""
    there = load(folder)
    results = Paths(folder).findings(writeup).parent
    found = read(Writeup, results / ANALYSIS, f"dvc repro analyze@{writeup}")
    keys = {sweep: list(read_json(results / "sweeps" / sweep / TRAINING)) for sweep in found.sweeps}
    study = here.writeup(writeup).study
    settings = dict(_differences(_settings(here, study), _settings(there, study)))
    data = _digest_of_data(folder, study)
    return json_bytes(kept(found, keys, settings, commit=commit, data=data).dumped())


def _settings(params: Params, study: str) -> dict[str, Any]:
    data = params.data(study)
    source = getattr(data, "in_force", data.model_dump)()
    return {"data": source, "training": params.defaults(study)}


def _differences(
    here: Mapping[str, Any], there: Mapping[str, Any], under: str = ""
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield what differs between two nested settings, by ``outer.inner``."""
    for name in [*here, *(name for name in there if name not in here)]:
        both = here.get(name), there.get(name)
        if isinstance(both[0], Mapping) and isinstance(both[1], Mapping):
            yield from _differences(both[0], both[1], f"{under}{name}.")
        elif both[0] != both[1]:
            yield under + name, both


def _digest_of_data(folder: Path, study: str) -> str:
    """Return DVC's digest of the prepared data."""
    lock = yaml.safe_load((folder / "dvc.lock").read_text("utf-8"))
    outs = lock["stages"][f"prepare@{study}"]["outs"]
    return str(next(out["md5"] for out in outs if out["path"] == f"data/{study}"))


def _run(folder: Path, writeup: str) -> None:
    """Make a write-up in the folder, by the folder's own code."""
    paths = os.pathsep.join(filter(None, (str(folder / "src"), os.environ.get("PYTHONPATH"))))
    here = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        [sys.executable, "-m", "uphold", "make", writeup],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "PATH": here},
        check=False,
    )
    if done.returncode:
        raise InputError(f"uphold make {writeup} failed in {folder}: run this again there.")


def _git(at: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=at, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"git {arguments[0]} failed in {at}: {done.stderr.strip()}")
    return done.stdout.strip()


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        sys.exit(str(error))
