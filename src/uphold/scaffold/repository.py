"""``uphold init``: an empty folder → a whole repository with one small study in it.

What goes out: the files below ``template/``, the theme that pages take, one study as
``uphold new`` lays it out, and a git repository with a first commit. What is promised: nothing is
written into a folder that holds anything; ``make`` and ``make test`` work in what comes out; and it
takes the framework from where this one came from.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from uphold.disk import naming
from uphold.errors import InputError
from uphold.palette import THEME
from uphold.scaffold.lay_out import check_name, lay_out

TEMPLATE = Path(__file__).with_name("template")
EXTRAS = "studies,test"
HIDDEN = ("ci", "dvc", "dvcignore", "github", "gitignore")
"""Names that begin with a dot in a repository, and without one among the files of a package."""
FIRST_COMMIT = "Lay out a repository of studies"


@dataclass(frozen=True)
class LaidOut:
    """What was laid out.

    Attributes
    ----------
    files : list of Path
        Relative to the repository's root.
    refused : str or None
        Why git did not commit them, where it did not: it may not know its user's name.
    near : str or None
        Where on this machine its requirements take the framework from, if they do.
    """

    files: list[Path]
    refused: str | None
    near: str | None


def lay_out_repository(folder: Path, study: str) -> LaidOut:
    """Lay out a repository.

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
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file: name a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty: name a new folder.")
    check_name(study)
    framework = requirement()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror or error}.") from None
    for name in _template():
        target = folder / _shown(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with naming(target):
            target.write_bytes((TEMPLATE / name).read_bytes())
    (folder / ".ci" / "run").chmod(0o755)
    with naming(folder / "requirements.txt"):
        (folder / "requirements.txt").write_text(f"{framework}\n", "utf-8")
    shutil.copytree(THEME, folder / "reports" / "theme")
    lay_out(study, folder)
    refused = _commit(folder)
    written = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    files = sorted(path for path in written if path.parts[0] != ".git")
    address = framework.partition(" @ ")[2]
    return LaidOut(files, refused, address if urlsplit(address).scheme == "file" else None)


def requirement() -> str:
    """Return the line of a requirements file that installs the framework which is running.

    Installed from a folder, an archive or a repository it is taken from there again, as PEP 610's
    ``direct_url.json`` tells; else by its version from the package index.
    """
    try:
        here = distribution("uphold")
    except PackageNotFoundError:
        raise InputError("uphold is not installed: pip install it, then run this again.") from None
    origin = json.loads(here.read_text("direct_url.json") or "{}")
    if not origin:
        return f"uphold[{EXTRAS}]=={here.version}"
    url = origin["url"]
    if vcs := origin.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    elif urlsplit(url).scheme == "file" and not Path(unquote(urlsplit(url).path)).exists():
        raise InputError(f"uphold was installed from {url}, which is gone: install it again.")
    if inside := origin.get("subdirectory"):
        url += f"#subdirectory={inside}"
    return f"uphold[{EXTRAS}] @ {url}"


def _template() -> list[Path]:
    """Return the files of the template; what tools put beside them begins with a dot or two _."""
    names = (path.relative_to(TEMPLATE) for path in TEMPLATE.rglob("*") if path.is_file())
    return sorted(
        name for name in names if not any(p.startswith((".", "__py")) for p in name.parts)
    )


def _shown(path: Path) -> Path:
    return Path(*(f".{part}" if part in HIDDEN else part for part in path.parts))


def _commit(folder: Path) -> str | None:
    """Make a git repository with a first commit; return why git refuses that, where it does."""
    for command in (["init", "--quiet"], ["add", "--all"]):
        done = _git(folder, *command)
        if done.returncode:
            raise InputError(f"git {command[0]} in {folder}: {done.stderr.strip()}")
    done = _git(folder, "commit", "--quiet", "--message", FIRST_COMMIT)
    return done.stderr.strip() if done.returncode else None


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True
        )
    except FileNotFoundError:
        raise InputError("git is not installed: the pipeline needs it.") from None
