"""``uphold audit RUNS --spec SPEC``: a run log → what is wrong with it, as text.

What comes in: a file or a folder of runs, and a spec that says how to read it. What goes out: one
paragraph a check, errors first, with the first of its rows. Nothing is written.
"""

import textwrap
from pathlib import Path

from uphold.audits import AuditFlag, audit
from uphold.claims.spec import Spec
from uphold.format import count
from uphold.pages.log.names import in_one_line
from uphold.runlog.read import read
from uphold.runlog.rows import first_rows

NAMED = 10
WIDTH = 100


def audit_log(runs: Path, spec: Path) -> tuple[str, bool]:
    """Audit a run log.

    Parameters
    ----------
    runs : Path
        A file or a folder of runs.
    spec : Path
        YAML.

    Returns
    -------
    text : str
        What the audit found.
    fails : bool
        Whether it has an error.

    Raises
    ------
    InputError
        The log or the spec cannot be used.
    """
    it = read(runs, spec)
    described, log = it.spec, it.log
    flags = audit(log, described.claims)
    head = "\n".join([f"{runs.resolve().name}: {it.said()}", *it.source.notes])
    paragraphs = [paragraph(flag) for flag in flags] or ["The audit found nothing."]
    if said := without_claim(described, spec):
        paragraphs.append(f"info: no-claims\n  {said[0].upper()}{said[1:]}.")
    return "\n\n".join([head, *paragraphs]), any(r.severity == "error" for r in flags)


def without_claim(described: Spec, spec: Path) -> str:
    """Say how to make a claim, where a spec makes none: as a first step that is no mistake."""
    return "" if described.claims else f"no claim is made: add one under `claims` in {spec.name}"


def paragraph(flag: AuditFlag) -> str:
    """Return a flag as a paragraph for a terminal, the first of its rows below."""
    unit = flag.unit if flag.count != 1 else flag.unit.removesuffix("s")
    text = in_one_line(flag.message)
    named, more = first_rows(flag, NAMED)
    lines = [
        f"{flag.severity}: {flag.check}, {count(flag.count)} {unit}",
        textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  "),
        *(f"  - {in_one_line(row)}" for row in named),
    ]
    if more:
        lines.append(f"  - … {count(more)} more")
    return "\n".join(lines)
