"""``uphold report RUNS``: anyone's run log → a report, its findings and its tables.

What comes in: a file or a folder of runs, and a spec that says how to read it. What goes out::

    <out>/report.html  <out>/report.pdf  <out>/findings.json
    <out>/tables/{configurations,effects,anova,claims,audit,published}.csv
    <out>/.written.json

What is promised: nothing is written but these files, none of them before all are made, and none
over a file of that name that no report wrote (the last one tells: `uphold.pipeline.owned`); no
params, no repository and no network are needed; whatever the log holds is data; and the same log
and spec give the same bytes.
"""

import hashlib
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from uphold.analysis.analyze import RUNS
from uphold.analysis.findings import claim_of, findings, metrics_of
from uphold.analysis.judged import judged as judge_log
from uphold.analysis.model.report import Agreement, Fact, FirstRows, Next, Printed, Report
from uphold.analysis.model.runs import Runs as Found
from uphold.analysis.model.writeup import Claim
from uphold.analysis.what_if import what_if
from uphold.audits import AuditFlag, Comparison, compare_published
from uphold.claims.fragility import reach
from uphold.claims.judge import Judgement
from uphold.claims.log import Log
from uphold.errors import InputError
from uphold.format import counted
from uphold.pages.log.names import Names, titled
from uphold.pages.log.page import written
from uphold.pipeline.owned import MOVE, publish_all, refuse_no_folders, refuse_overwriting
from uphold.pipeline.stages.files import FINDINGS, json_bytes
from uphold.runlog.audit import without_claim
from uphold.runlog.csv_tables import TABLES, csv_tables
from uphold.runlog.importers.imported import Imported
from uphold.runlog.plan import plan
from uphold.runlog.read import read
from uphold.runlog.rows import first_rows

NAMED_ROWS = 3
REPORT = ("report.html", "report.pdf")
WRITTEN = (*REPORT, FINDINGS, *(f"tables/{name}.csv" for name in TABLES))
PACKAGES = ("uphold", "numpy", "pandas", "scipy", "statsmodels")


def report(runs: Path, spec: Path, out: Path, *, force: bool = False) -> tuple[str, bool]:
    """Write the report of a run log.

    Parameters
    ----------
    runs : Path
        A file or a folder of runs.
    spec : Path
        YAML.
    out : Path
        The folder to write to; it is made where it is missing. Other files in it stay.
    force : bool
        Whether a file that no report wrote, or that was changed since, is overwritten where it has
        the name of one of the report's.

    Returns
    -------
    message : str
        One line about it, and one for each note of how the runs were read.
    fails : bool
        Whether the audit has an error or a claim is refuted.

    Raises
    ------
    InputError
        The log or the spec cannot be used, or `out` cannot be written to.
    """
    _refuse_overwriting((runs, spec), out, WRITTEN)
    it = read(runs, spec)
    described, log = it.spec, it.log
    primary = described.primary
    found, judged, beside, flags = judge_log(log, described.claims, primary, f"{spec}: claims")
    compared = compare_published(log)
    tables = csv_tables(log, primary, found, judged, flags, compared)
    files = {
        FINDINGS: json_bytes(findings(judged, {RUNS: log}, {RUNS: flags}, found.anova)),
        **{f"tables/{name}.csv": content for name, content in tables.items()},
    }
    if force:
        refuse_no_folders(out, WRITTEN)
    else:
        refuse_overwriting(out, WRITTEN, f"{MOVE}, or let --force overwrite it")
    page = Report(
        title="",
        replicate=log.scores.replicate,
        primary=primary,
        metrics=metrics_of(log),
        sweeps={RUNS: _with_reach(found, log, judged)},
        claims={name: _claim(j, log) for name, j in judged.items()},
        audit={RUNS: [_first_rows(flag) for flag in flags]},
        published=_published(compared),
        compared={
            "values": _agreement(c for c in compared if c.quantity != "n"),
            "sizes": _agreement(c for c in compared if c.quantity == "n"),
        },
        next=[*_unread(it.source), *map(Next.model_validate, plan(log, judged, flags))],
        made=_made(runs, it.source, spec),
        log_file=runs.resolve().name,
        read_as=" ".join([f"{it.said()}.", *it.source.notes]),
        spec_file=spec.name,
        what_if=what_if({RUNS: log}, described.claims, f"{spec}: claims", beside, judged),
    )
    pages = written(_shown(page) | {"title": titled(described.title or runs.resolve().stem)})
    try:
        publish_all(out, {**dict(zip(REPORT, pages, strict=True)), **files})
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{out} is a file, or lies below one: name a folder.") from None
    except OSError as error:
        raise InputError(f"{out} cannot be written to: {error.strerror or error}.") from None
    nothing = without_claim(described, spec)
    notes = [f"\n  note: {note}" for note in it.source.notes]
    return "".join([_summary(judged, nothing, flags, out), *notes]), _fails(judged, flags)


def _fails(judged: Mapping[str, Judgement], flags: Iterable[AuditFlag]) -> bool:
    refuted = any(j.verdict == "refuted" for j in judged.values())
    return refuted or any(flag.severity == "error" for flag in flags)


def _unread(source: Imported) -> list[Next]:
    """Return what stands first in a report where runs could not be read: to have them."""
    if not source.damaged:
        return []
    what = "runs that can be read in place of damaged ones"
    return [Next(what=what, why=source.notes[0], runs=source.damaged)]


def _summary(
    judged: Mapping[str, Judgement], nothing: str, flags: Sequence[AuditFlag], out: Path
) -> str:
    verdicts = [j.verdict for j in judged.values()]
    claims = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))
    errors = sum(flag.severity == "error" for flag in flags)
    return (
        f"{out / REPORT[0]}: {counted(len(verdicts), 'claim')} ({claims or nothing}),"
        f" {counted(len(flags), 'flag')} of the audit ({counted(errors, 'error')})"
    )


def _refuse_overwriting(inputs: Iterable[Path], out: Path, names: Iterable[str]) -> None:
    written_to = {(out / name).resolve() for name in names}
    for path in inputs:
        if path.resolve() in written_to:
            raise InputError(f"{path} would be overwritten: choose another folder than {out}.")


def _with_reach(found: Found, log: Log, judged: Mapping[str, Judgement]) -> Found:
    """Return what was found, with what the search for fragile claims left out."""
    unreached = reach(len(log.scores.table), [j.outcome for j in judged.values()])
    left_out = (*found.left_out, unreached) if judged and unreached else found.left_out
    return found.model_copy(update={"left_out": left_out})


def _claim(j: Judgement, log: Log) -> Claim:
    """Return a claim without the runs that found no partner: their names would fill books."""
    claim = claim_of(j, log)
    return claim.model_copy(update={"outcome": claim.outcome.model_copy(update={"unmatched": ()})})


def _first_rows(flag: AuditFlag) -> FirstRows:
    rows, more = first_rows(flag, NAMED_ROWS)
    return FirstRows(**vars(flag) | {"rows": rows, "more": more})


def _agreement(compared: Iterable[Comparison]) -> Agreement:
    agrees = [c.agrees for c in compared]
    return Agreement(count=len(agrees), agree=sum(agrees))


def _published(compared: Iterable[Comparison]) -> list[Printed]:
    """Return printed values beside recomputed ones: a mean with its SD, or an n."""
    rows: dict[tuple[int, str], list[Comparison]] = {}
    for c in compared:
        rows.setdefault((c.row, c.metric), []).append(c)
    return [
        Printed(
            row=row,
            where=group[0].configuration,
            metric=metric,
            seeds=group[0].seeds,
            printed={c.quantity: c.printed for c in group},
            recomputed={c.quantity: c.recomputed for c in group},
            places=max(c.places for c in group),
            agrees=all(c.agrees for c in group),
        )
        for (row, metric), group in rows.items()
    ]


def _made(runs: Path, source: Imported, spec: Path) -> list[Fact]:
    """Return the files that the report was made from, and the versions that made it."""
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return [
        Fact(what="runs", text=_runs_digest(runs, source)),
        Fact(what="spec", text=f"{spec.name}, SHA-256 {_digest(spec)}"),
        Fact(what="versions", text=f"{versions}, Python {platform.python_version()}"),
    ]


def _runs_digest(runs: Path, source: Imported) -> str:
    """Return a file with its digest, or a folder with that of the table that it was read as."""
    if runs.is_file():
        return f"{runs.name}, SHA-256 {_digest(runs)}"
    table = source.table.to_csv(index=False).encode("utf-8", "replace")
    digest = hashlib.sha256(table).hexdigest()[:16]
    return f"{runs.resolve().name}, a folder, SHA-256 {digest} of its table as CSV"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from its source, without installation
        return "from source"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _shown(page: Report) -> dict[str, Any]:
    """Return the page with every name as it can be shown, and with how many were shortened."""
    names = Names()
    shown = names.all(page.dumped())
    return {**shown, "shortened": names.shortened}
