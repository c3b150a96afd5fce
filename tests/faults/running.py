"""The campaign as a process of its own, under the library: so tests and ``make`` start it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # its parts are scripts, and lie beside it

import shim

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
MEMORY = Path("/dev/shm")


def missing() -> str:
    """Return what this machine lacks to run it, nothing where it lacks nothing."""
    if sys.platform != "linux":
        return "calls are caught on Linux alone"
    return "" if shim.COMPILER else "there is no C compiler, which builds what catches calls"


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder in memory where there is one: thousands of flushes to a disk take minutes."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="faults-", dir=place) as made:
        yield Path(made)


def environment(base: Path) -> dict[str, str]:
    """Return the environment of a process whose calls are caught, its page in `base`."""
    return paths() | shim.environment(shim.build(base), base / "page")


def paths() -> dict[str, str]:
    """Return the environment of a process that finds the framework of this repository."""
    found = [str(ROOT / "src"), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(found), "OMP_NUM_THREADS": "1"}
    return env | {"PYTHONDONTWRITEBYTECODE": "1"}


def campaign(cases: Sequence[str], *options: str, timeout: float | None = None) -> dict[str, Any]:
    """Run the campaign over some cases and return what it found, as ``campaign.py`` prints it."""
    with folder() as base:
        script = [sys.executable, str(HERE / "campaign.py"), str(base), ";".join(cases), *options]
        done = subprocess.run(
            script, env=environment(base), capture_output=True, text=True, timeout=timeout
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


def kills(*options: str) -> dict[str, Any]:
    """Run the kills of DVC and return what was found, as ``kills.py`` prints it."""
    with folder() as base:
        script = [sys.executable, str(HERE / "kills.py"), str(base), *options]
        done = subprocess.run(script, env=paths(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def strace() -> str | None:
    """Return where strace is."""
    return shutil.which("strace")
