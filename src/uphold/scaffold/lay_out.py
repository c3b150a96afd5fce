"""``uphold new``: a name → a whole small study under that name, in this repository.

What goes out: the package ``src/studies/<name>``, its file ``params/<name>.yaml``, its names in
``params.yaml``, its write-up with a line in the list of pages and a replication of nothing, and
``data/published/<name>``. The last two have to be there: DVC runs no stage that depends on
something missing, and one folder for all studies would judge every study again when a table of one
is transcribed. What is promised: nothing that exists is overwritten, now or when the study is
prepared, trained and rendered; the comments of
``params.yaml`` stay; and what comes out passes the contract as it stands.
"""

import keyword
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from uphold.disk import naming, publish
from uphold.errors import InputError
from uphold.pipeline.owned import overlap
from uphold.pipeline.params import NOTHING, RESERVED
from uphold.pipeline.stages.files import LARGER, REPLICATION, json_bytes
from uphold.pipeline.stages.paths import Paths
from uphold.pipeline.yaml_text import means_itself
from uphold.scaffold import site

HERE = Path(__file__).parent
NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST = 60
"""Names become parts of names of files, which end at 255 bytes."""


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
    texts = {
        root / "params" / f"{name}.yaml": _renamed(HERE / "study.yaml", name),
        root / "reports" / f"{name}.qmd": _renamed(HERE / "report.qmd", name),
    }
    return lay_out_study(name, root, HERE / "study", texts, _renamed(HERE / "params.yaml", name))


def lay_out_study(
    name: str,
    root: Path,
    blueprint: Path,
    texts: Mapping[Path, str],
    added: str,
    given: Collection[Path] = (),
) -> list[Path]:
    """Lay out a study of some kind and return what was written, relative to `root`.

    Parameters
    ----------
    name : str
    root : Path
    blueprint : Path
        The package that is copied under the new name.
    texts : mapping of Path to str
        Other files.
    added : str
        The lines that ``params.yaml`` gains.
    given : collection of Path
        What it reads that is there already.

    Raises
    ------
    InputError
        As `lay_out`.
    """
    check_name(name)
    package = root / "src" / "studies" / name
    texts = {
        package / path.relative_to(blueprint): _renamed(path, name)
        for path in sorted(blueprint.rglob("*"))
        if path.suffix in (".py", ".md")
    } | {
        **texts,
        root / "data" / "published" / name / "README.md": _renamed(HERE / "published.md", name),
    }
    params = root / "params.yaml"
    try:
        there = params.read_text("utf-8")
    except FileNotFoundError:
        raise InputError(
            f"{params} is missing: run this in the root of a repository of studies, or lay one out"
            " with uphold init."
        ) from None
    places = [package, *texts]
    _refuse_taken(name, root, places, yaml.safe_load(there), yaml.safe_load(added), given)
    edited = {params: with_blocks(there, added, "params.yaml")}
    writeups = yaml.safe_load(added).get("writeups", {})
    if (pages := root / site.FILE).is_file():
        edited[pages] = pages.read_text("utf-8")
        for writeup, block in writeups.items():
            edited[pages] = site.with_page(edited[pages], writeup, block["title"])
    for target, text in texts.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with naming(target):
            target.write_text(text, "utf-8")
    findings = [Paths(root).findings(writeup) for writeup in writeups]
    empty = [path.with_name(name) for path in findings for name in (REPLICATION, LARGER)]
    for path in empty:
        publish(path, json_bytes({}))
    for path, text in edited.items():
        publish(path, text.encode())
    return [path.relative_to(root) for path in (*texts, *empty, *edited)]


def check_name(name: str) -> None:
    """Raise `InputError` where a study cannot have a name."""
    if name in RESERVED:
        raise InputError(
            f"A study cannot be called {name!r}, a name of the pipeline's own: take another name."
        )
    if len(name) > LONGEST:
        raise InputError(f"A study's name has at most {LONGEST} letters, not {len(name):,}.")
    if not means_itself(name):
        raise InputError(
            f"A study cannot be called {name!r}, which is no text in YAML but a truth value or a "
            "number: take another name."
        )
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise InputError(
            f"A study cannot be called {name!r}: it becomes a package, so take lower-case letters, "
            "digits and _, a letter first, and no word of Python."
        )


def _refuse_taken(
    name: str,
    root: Path,
    written: list[Path],
    there: Mapping[str, Any],
    added: Mapping[str, Any],
    given: Collection[Path],
) -> None:
    """Refuse a name for which anything is there that the study, or a stage for it, would write."""
    paths = Paths(root)
    writeups, sweeps = _section(added, "writeups"), _section(added, "sweeps")
    read = [root / s["path"] for s in added["studies"].values()]
    data = [paths.data(name), *(path for path in read if path not in given)]
    results = [paths.findings(writeup).parent for writeup in writeups]
    places = [*written, *data, paths.published(name), *results]
    places += [paths.promoted(sweep) for sweep in sweeps]
    places += [paths.site / f"{w}.{kind}" for w in writeups for kind in ("html", "pdf")]
    if there_already := list(dict.fromkeys(str(p) for p in places if os.path.lexists(p))):
        exist, them = ("exists", "it") if len(there_already) == 1 else ("exist", "them")
        raise InputError(
            f"{', '.join(there_already)} {exist} already: take another name, or move {them} away."
        )
    # what other stages read or write, whether it is there yet or not
    others = {"the manifests": paths.manifests, "what was published": paths.published(name)}
    others |= {"what sweeps promote": paths.promoted(NOTHING)}
    others |= {
        f"the files of studies.{study}": root / block["path"]
        for study, block in _section(there, "studies").items()
    }
    for what, other in others.items():
        for path in (*data, *results):
            if overlap(path, other):
                raise InputError(f"{path} is where {what} lie: take another name than {name!r}.")


def _renamed(path: Path, name: str) -> str:
    text = path.read_text("utf-8").replace("uphold.scaffold.study", f"studies.{name}")
    title = name.replace("_", " ").capitalize()
    of_classes = name.title().replace("_", "")
    text = re.sub("Blueprint(?=[A-Z])", of_classes, text)
    return _sorted(text.replace("blueprint", name).replace("Blueprint", title))


def _sorted(text: str) -> str:
    """Bring imports into the order that the linter asks for, which depends on the name."""
    imports = re.compile(r"(?:^from (?:studies|uphold)\..*\n)+", re.M)
    return imports.sub(lambda block: "".join(sorted(block[0].splitlines(keepends=True))), text)


def with_blocks(params: str, blocks: str, source: str) -> str:
    """Return the text of params with each section's block at the end of that section."""
    there = yaml.safe_load(params)
    for section, entries in yaml.safe_load(blocks).items():
        for entry in entries:
            if entry in _section(there, section):
                raise InputError(f"{source}: {section}.{entry} exists already: take another name.")
        _, _, rest = blocks.partition(f"{section}:\n")
        block = re.split(r"^\S", rest, maxsplit=1, flags=re.M)[0].rstrip()
        key = re.search(rf"^{section}:(?: *\{{ *\}})?( *(?: #.*)?)$", params, re.M)
        if not key:
            raise InputError(f"{source} has no section {section!r} in a line of its own.")
        head, body = params[: key.start()], params[key.end() + 1 :]
        end = following.start() if (following := re.search(r"^\S", body, re.M)) else len(body)
        entries_there = body[:end].rstrip()
        params = f"{head}{section}:{key[1].rstrip()}\n"
        params += f"{entries_there}\n\n{block}\n" if entries_there else f"{block}\n"
        params += f"\n{body[end:]}" if body[end:] else ""
    return params


def _section(params: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    """Return a section's entries; before the first study it may be empty in any way."""
    return params.get(section) or {}
