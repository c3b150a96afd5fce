"""``uphold init``: an empty folder → a whole repository with one small study in it.

What goes out: the files below ``repository/``, one study as ``uphold new`` lays it out, the theme
that pages take, and a git repository with a first commit. What is promised: nothing is written into
a folder that holds anything; ``make`` and ``make test`` work in what comes out; and it takes the
framework from where this one came from.
"""

import json
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit

from uphold.errors import InputError
from uphold.scaffold.lay_out import lay_out

TEMPLATE = Path(__file__).with_name("repository")
EXTRAS = "studies,test"
HIDDEN = ("ci", "dvc", "dvcignore", "gitignore")
"""Names that begin with a dot in a repository, and without one among the files of a package."""
FIRST_COMMIT = "Lay out a repository of studies"


def lay_out_repository(folder: Path, study: str) -> list[Path]:
    """Lay out a repository and return what was written, relative to `folder`.

    Parameters
    ----------
    folder : Path
        Is made; or it is there and empty.
    study : str
        The name of its first study.

    Raises
    ------
    InputError
        Where the folder holds anything, or the name cannot be one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not empty: name a new folder.")
    for source in sorted(path for path in TEMPLATE.rglob("*") if path.is_file()):
        if "__pycache__" in source.parts:
            continue
        target = folder / _shown(source.relative_to(TEMPLATE))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    (folder / ".ci" / "run").chmod(0o755)
    (folder / "requirements.txt").write_text(f"{requirement()}\n", "utf-8")
    lay_out(study, folder)
    _commit(folder)
    written = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder) for path in written if ".git" not in path.parts)


def requirement() -> str:
    """Return the line of a requirements file that installs the framework which is running.

    Installed from a folder, an archive or a repository it is taken from there again, as PEP 610's
    ``direct_url.json`` tells; else by its version from the package index.
    """
    try:
        here = distribution("uphold")
    except PackageNotFoundError:
        raise InputError("uphold is not installed: pip install it, then run this again.") from None
    told = json.loads(here.read_text("direct_url.json") or "{}")
    if not told:
        return f"uphold[{EXTRAS}]=={here.version}"
    url = told["url"]
    if vcs := told.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    elif urlsplit(url).scheme == "file" and not Path(urlsplit(url).path).exists():
        raise InputError(f"uphold was installed from {url}, which is gone: install it again.")
    return f"uphold[{EXTRAS}] @ {url}"


def _shown(path: Path) -> Path:
    first, *rest = path.parts
    return Path(f".{first}" if first in HIDDEN else first, *rest)


def _commit(folder: Path) -> None:
    """Make a git repository with a first commit; without a name for it, git is left to the user."""
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", FIRST_COMMIT, check=False)


def _git(folder: Path, *arguments: str, check: bool = True) -> None:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise InputError("git is not installed: the pipeline needs it.") from None
    if check and done.returncode:
        raise InputError(f"{' '.join(command)}: {done.stderr.strip()}")
