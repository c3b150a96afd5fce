"""What a person names on the command line → findings, and what may tell why they changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from uphold.comparison.findings import Findings, as_findings, read_findings, refuse_huge
from uphold.comparison.revisions import FINDINGS, Revision
from uphold.errors import InputError

Kind = Literal["revision", "findings.json", "run log"]


@dataclass(frozen=True)
class Source:
    """One side of a comparison.

    Attributes
    ----------
    name : str
        As it was named.
    kind : str
    pages : mapping of str to Findings
        By write-up; a report and a run log have one page without a name.
    revision : Revision or None
    seeds : frozenset of str or None
        The units of a run log.
    """

    name: str
    kind: Kind
    pages: Mapping[str, Findings]
    revision: Revision | None = None
    seeds: frozenset[str] | None = None


def read_sources(a: str, b: str, spec: Path | None = None) -> tuple[Source, Source]:
    """Return both sides of a comparison.

    Raises
    ------
    InputError
        A side cannot be read, or they are not of one kind.
    """
    kinds = [_kind(name, spec) for name in (a, b)]
    if kinds[0] != kinds[1]:
        raise InputError(
            f"{a} is a {kinds[0]} and {b} a {kinds[1]}: name two revisions, two findings.json (or"
            " folders that hold one), or two run logs with --spec."
        )
    first, second = (_source(name, kinds[0], spec) for name in (a, b))
    return first, second


def _kind(name: str, spec: Path | None) -> Kind:
    path = Path(name)
    if spec is not None:
        if (path / FINDINGS).is_file() or path.name == FINDINGS:
            raise InputError(f"{name} is findings already: leave out --spec.")
        if not path.exists():
            raise InputError(f"{name} is missing: --spec reads run logs, two files of runs.")
        return "run log"
    if path.is_file():
        if path.suffix.lower() == ".json":
            return "findings.json"
        raise InputError(
            f"{name} is no findings.json: where it is a run log, say by --spec how it is read."
        )
    if (path / FINDINGS).is_file():
        return "findings.json"
    if path.is_dir() and name.endswith(("/", ".")):
        raise InputError(f"The folder {name} holds no {FINDINGS}: uphold report writes one.")
    return "revision"


def _source(name: str, kind: Kind, spec: Path | None) -> Source:
    if kind == "revision":
        revision = Revision(name)
        return Source(name, kind, revision.findings(), revision)
    path = Path(name)
    if kind == "findings.json":
        path = path / FINDINGS if path.is_dir() else path
        try:
            refuse_huge(path.stat().st_size, str(path))
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
        return Source(name, kind, {"": read_findings(content, str(path))})
    assert spec is not None
    # pandas and the statistics, which findings that are there already do without
    from uphold.comparison.run_logs import judged_log

    found, seeds = judged_log(path, spec)
    return Source(name, kind, {"": as_findings(found, name)}, seeds=seeds)
