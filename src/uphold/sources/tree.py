"""A folder of recordings as people have it → its sounds, what is ignored by rule, and the rest.

In: a folder, nested as deep as it is, with links in it. Out: `Tree`. Promised: every file below the
folder is in one of its lists; each folder is read once, wherever links lead, so that a link to
where it came from ends there; what is ignored is named.

Ignored are hidden files and folders (names that start with a dot), what systems leave behind
(``Thumbs.db``, ``desktop.ini``, ``__MACOSX``, …), and documents (``.md``, ``.txt``, ``.csv``,
``.pdf`` or without a suffix) at the top of the folder.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from uphold.errors import InputError
from uphold.sources.audio import SUFFIXES

LEFT_BEHIND = frozenset(
    {
        *("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"),
        *("__macosx", "@eadir", "$recycle.bin", "system volume information"),
    }
)
"""By Windows, macOS and network drives; in any case."""
DOCUMENTS = frozenset({".md", ".txt", ".csv", ".pdf", ""})
UNREAD = frozenset({".m4a", ".mp4", ".aac", ".wma", ".amr", ".3gp", ".webm", ".mka", ".ape", ".wv"})
"""Sound that libsndfile does not decode."""


@dataclass
class Tree:
    """What lies below a folder; all paths are relative to it, with ``/``.

    Attributes
    ----------
    sounds : list of str
        Files with a suffix of `SUFFIXES`, in any case.
    folders : list of str
        All that were read.
    linked : list of str
        Those of them that links lead to.
    ignored : list of str
        What falls under the rule; a folder ends with ``/``.
    others : list of str
        All other files.
    dangling : list of str
        Links that lead nowhere.
    """

    sounds: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    dangling: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Return a sentence on all files of a kind that can neither be read nor ignored."""
        return [*_dangling(self.dangling), *_by_suffix(self.others)]

    def decisions(self, study: str) -> list[str]:
        """Return sentences on what a data card tells of the folder; ``study`` prepares it."""
        said = []
        if self.linked:
            said.append(
                f"Folders that are links: {', '.join(sorted(self.linked))}. DVC does not see"
                f" changes behind them: after one, run dvc repro --force prepare@{study}."
            )
        if self.ignored:
            said.append(f"Files ignored by rule: {', '.join(self.ignored)}.")
        return said


def read(root: Path) -> Tree:
    """Read what lies below a folder.

    Raises
    ------
    InputError
        A folder cannot be read.
    """
    tree = Tree()
    # A link to what holds the folder would lead through everything else, and back.
    seen = {_place(above): "what holds it" for above in root.resolve().parents}
    folders, links = deque([root]), deque[Path]()
    # Links last: what is there as a folder has its own name.
    while folders or links:
        folder = folders.popleft() if folders else links.popleft()
        name = folder.relative_to(root).as_posix()
        where = _place(folder)
        if where in seen:
            tree.ignored.append(f"{name}/ (a link to {seen[where]}, which is not read twice)")
            continue
        seen[where] = "the folder itself" if folder == root else name
        if folder != root:
            tree.folders.append(name)
        for path in _entries(folder):
            _sort_in(path, path.relative_to(root).as_posix(), tree, folder == root, folders, links)
    tree.sounds.sort()
    return tree


def _sort_in(
    path: Path, name: str, tree: Tree, top: bool, folders: deque[Path], links: deque[Path]
) -> None:
    is_folder = path.is_dir()  # a link in a circle is none
    suffix = path.suffix.lower()
    if path.name.startswith(".") or path.name.lower() in LEFT_BEHIND:
        tree.ignored.append(f"{name}/" if is_folder else name)
    elif is_folder and path.is_symlink():
        tree.linked.append(name)
        links.append(path)
    elif is_folder:
        folders.append(path)
    elif not path.exists():
        tree.dangling.append(name)
    elif suffix in SUFFIXES:
        tree.sounds.append(name)
    elif top and suffix in DOCUMENTS:
        tree.ignored.append(name)
    else:
        tree.others.append(name)


def _dangling(links: list[str]) -> list[str]:
    """Return a sentence on links that lead nowhere."""
    if len(links) < 2:
        return [f"{link} is a link to something that is not there" for link in links]
    return [f"{links[0]} and {len(links) - 1:,} more are links to something that is not there"]


def _by_suffix(files: list[str]) -> list[str]:
    """Return a sentence for each kind of file, with its first one."""
    kinds = Counter(PurePosixPath(file).suffix.lower() for file in files)
    sentences = []
    for kind, count in kinds.items():
        first = next(file for file in files if PurePosixPath(file).suffix.lower() == kind)
        more = f" and {count - 1:,} more {kind or 'without a suffix'}" if count > 1 else ""
        if kind in UNREAD:
            wav = PurePosixPath(first).with_suffix(".wav")
            what = (
                f"cannot be read here: convert to WAV (ffmpeg -i '{first}' '{wav}') and move "
                f"{kind} elsewhere"
            )
        else:
            what = f"{'are' if more else 'is'} no recording: convert, or move elsewhere"
        sentences.append(f"{first}{more} {what}")
    return sentences


def _place(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be read: {error.strerror}.") from error
