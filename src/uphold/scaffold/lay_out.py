"""``uphold new``: a name → a whole small study under that name, in this repository.

What goes out: the package ``src/studies/<name>``, its blocks in ``params.yaml``, its write-up, and
the two folders of its own in git. What is promised: nothing that exists is overwritten, the
comments of ``params.yaml`` stay, and what comes out passes the contract as it stands.
"""

import re
from pathlib import Path

import yaml

from uphold.errors import InputError

HERE = Path(__file__).parent
SECTIONS = ("studies", "sweeps", "writeups")
NAME = re.compile(r"[a-z][a-z0-9_]*")
TAKEN = re.compile(r"index|none")


def lay_out(name: str, root: Path) -> list[Path]:
    """Lay out a new study and return what was written, relative to `root`.

    Parameters
    ----------
    name : str
        Lower-case letters, digits and ``_``: it becomes a package's name.
    root : Path
        The repository.

    Raises
    ------
    InputError
        Where the name cannot be one, or something of that name is there already.
    """
    if not NAME.fullmatch(name) or TAKEN.fullmatch(name):
        raise InputError(
            f"A study cannot be called {name!r}: it becomes a package, so take lower-case letters, "
            "digits and _, a letter first."
        )
    package = root / "src" / "studies" / name
    texts = {
        package / path.relative_to(HERE / "study"): path
        for path in sorted((HERE / "study").rglob("*.py"))
    }
    texts |= {
        root / "reports" / f"{name}.qmd": HERE / "report.qmd",
        root / "data" / f"{name}-files" / "README.md": HERE / "files.md",
        root / "data" / "published" / name / "README.md": HERE / "published.md",
    }
    for path in (package, *texts):
        if path.exists():
            raise InputError(f"{path} exists already: take another name, or remove it.")
    params, ignored = root / "params.yaml", root / ".gitignore"
    blocks = _with_blocks(params.read_text("utf-8"), _renamed(HERE / "params.yaml", name), name)
    for target, source in texts.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_renamed(source, name), "utf-8")
    params.write_text(blocks, "utf-8")
    # Data folders are the pipeline's and not git's; this one holds what people put there.
    with ignored.open("a", encoding="utf-8") as file:
        file.write(f"!data/{name}-files/\n")
    return [path.relative_to(root) for path in (*texts, params, ignored)]


def _renamed(path: Path, name: str) -> str:
    text = path.read_text("utf-8").replace("uphold.scaffold.study", f"studies.{name}")
    title = name.replace("_", " ").capitalize()
    return _sorted(text.replace("blueprint", name).replace("Blueprint", title))


def _sorted(text: str) -> str:
    """Bring imports into the order that the linter asks for, which depends on the name."""
    imports = re.compile(r"(?:^from (?:studies|uphold)\..*\n)+", re.M)
    return imports.sub(lambda block: "".join(sorted(block[0].splitlines(keepends=True))), text)


def _with_blocks(params: str, blocks: str, name: str) -> str:
    """Return the params with each section's block at the end of that section."""
    there = yaml.safe_load(params)
    for section, entries in yaml.safe_load(blocks).items():
        for entry in entries:
            if entry in there[section]:
                raise InputError(
                    f"params.yaml: {section}.{entry} exists already: take another name."
                )
        _, _, rest = blocks.partition(f"{section}:\n")
        block = re.split(r"^\S", rest, maxsplit=1, flags=re.M)[0].rstrip()
        head, key, body = params.partition(f"\n{section}:\n")
        if not key:
            raise InputError(f"params.yaml has no section {section!r} in a line of its own.")
        end = following.start() if (following := re.search(r"^\S", body, re.M)) else len(body)
        params = f"{head}{key}{body[:end].rstrip()}\n\n{block}\n"
        params += f"\n{body[end:]}" if body[end:] else ""
    return params
