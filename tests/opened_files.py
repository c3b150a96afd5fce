"""Which files of the code a Python process opens, whatever runs in it.

`hook` writes a hook that every process started with it notes its files by; `code` reads the notes.
"""

from pathlib import Path

HOOK = """
import os, sys

place = os.open(os.environ["OPENED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        os.write(place, (os.path.abspath(arguments[0]) + "\\n").encode())


sys.addaudithook(note)
"""


def hook(folder: Path) -> None:
    """Write the hook; `folder` goes to PYTHONPATH, and OPENED names the file of notes."""
    (folder / "sitecustomize.py").write_text(HOOK)


def code(opened: Path, root: Path) -> set[Path]:
    """Return the files below ``src`` that were opened, relative to the repository's root."""
    paths = {_source_of(Path(line)) for line in opened.read_text().splitlines()}
    found = {p.relative_to(root) for p in paths if root / "src" in p.parents and p.is_file()}
    # An installation leaves its metadata beside the code, and they are none.
    return {path for path in found if not path.parts[1].endswith(".egg-info")}


def _source_of(path: Path) -> Path:
    """Return the source of what was compiled from it, otherwise the path."""
    compiled = path.parent.name == "__pycache__"
    return path.parents[1] / f"{path.name.partition('.')[0]}.py" if compiled else path
