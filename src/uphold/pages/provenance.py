"""What made a page, and how to cite it: commit, params, data, versions, hardware, runs, time.

What comes in: a write-up's analysis, the times of its runs and, where it is at hand, the
repository's history. What goes out: a table. Commit, params, versions and machine are
those of the rendering, and say so: they stay true when what came later changes nothing of the page.
"""

import hashlib
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from great_tables import GT

from uphold.format import counted
from uphold.pages.run_tables import runs_text
from uphold.pages.table import plain
from uphold.pages.writeup import Page

PACKAGES = ("torch", "numpy", "pandas", "scipy", "statsmodels", "dvc")
SOURCES = ("src", "params.yaml", "params", "dvc.yaml", "reports")


def table(page: Page) -> GT:
    """What made this page: commit, params, data, versions, hardware, runs, time."""
    return plain(list(facts(page).items()), ["what", "value"])


def facts(page: Page) -> dict[str, str]:
    """Return what made a page, readable name to readable value."""
    commit = _commit(page.root)
    return {
        "cite as": _citation(page, commit),
        "code when rendered": commit,
        "params when rendered": _digest(
            page.root / "params.yaml", page.root / "params" / f"{page.writeup.study}.yaml"
        ),
        "scale": page.writeup.scale,
        "data": f"{page.writeup.data['source']}, digest {page.writeup.data['digest'][:12]}",
        "runs": "; ".join(f"{s.name} {runs_text(s)}" for s in page.sweeps),
        "training": _training(page),
        "arithmetic": _arithmetic(page),
        "versions": ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
        "rendered on": f"{platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, {counted(os.cpu_count() or 1, 'core')}",
    }


def _citation(page: Page, commit: str) -> str:
    """Return how to cite a page: its title, the commit, and when its runs were finished."""
    return f"“{page.title}”, {commit}, runs finished {page.finished}"


def _commit(root: Path) -> str:
    def git(*args: str) -> str:
        command = ["git", "-C", str(root), *args]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    try:
        head = git("rev-parse", "--short=7", "HEAD")
        # What the pipeline itself writes does not make the code another one.
        changed = git("status", "--porcelain", "--", *SOURCES)
    except (OSError, subprocess.CalledProcessError):
        return "not in a git repository"
    return f"commit {head}, with uncommitted changes" if changed else f"commit {head}"


def _training(page: Page) -> str:
    """Tell how long the runs trained, and where; runs that sweeps share count once."""
    runs = {key: run for sweep in page.sweeps for key, run in sweep.training.items()}.values()
    hours, seconds = divmod(round(sum(run["seconds"] for run in runs)), 3600)
    minutes, seconds = divmod(seconds, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
    took = " ".join(counted(n, noun) for n, noun in parts if n) or "less than a second"
    devices = ", ".join(sorted({one for run in runs for one in run["device"].split(", ")}))
    first, last = (f(run["finished"] for run in runs) for f in (min, max))
    return (
        f"{took} of training, summed over {counted(len(runs), 'distinct run')}, on {devices};"
        f" finished from {first} to {last}"
    )


def _arithmetic(page: Page) -> str:
    """Tell whether the machines that trained compute as the reference one does."""
    runs = {key: run for sweep in page.sweeps for key, run in sweep.training.items()}
    if any(run["as_reference"] is None for run in runs.values()):
        return "the program’s own"
    alike = sum(run["as_reference"] for run in runs.values())
    as_it = "to the bit as the reference, x86-64 with AVX2"
    return f"{'all' if alike == len(runs) else f'{alike} of {len(runs)}'} runs {as_it}"


def _digest(*paths: Path) -> str:
    together = b"\0".join(path.read_bytes() for path in paths)
    return f"digest {hashlib.sha256(together).hexdigest()[:12]}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
