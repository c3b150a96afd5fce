"""``uphold report RUNS``: anyone's run log → a report, its findings and its tables.

What comes in: a file with one row a run, and a spec that says how to read it. What goes out::

    <out>/report.html  <out>/report.pdf  <out>/findings.json
    <out>/tables/{configurations,effects,anova,claims,audit,published}.csv

What is promised: nothing is written but these files, and none of them before all are made; no
params, no repository and no network are needed; whatever the log holds is data; and the same log
and spec give the same bytes.
"""

import hashlib
import math
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from uphold.analysis.log import Analysis, analyze_log
from uphold.analysis.sweep import without_nan
from uphold.audits import Comparison, Remark, audit, compare_published
from uphold.claims.findings import findings
from uphold.claims.fragility import reach
from uphold.claims.judge import Judgement, judge
from uphold.claims.log import Log
from uphold.claims.spec import Spec
from uphold.errors import InputError
from uphold.format import counted
from uphold.pages.log.names import Names, titled
from uphold.pages.log.page import written
from uphold.pipeline.disk import publish
from uphold.pipeline.stages.files import FINDINGS, json_bytes
from uphold.runlog.audit import read
from uphold.runlog.plan import Next, plan
from uphold.runlog.propose import propose
from uphold.runlog.rows import first_rows
from uphold.runlog.sheets import sheets
from uphold.runlog.tables import read_table

RUNS = "runs"
NAMED_ROWS = 3
REPORT = ("report.html", "report.pdf")
PACKAGES = ("studies", "numpy", "pandas", "scipy", "statsmodels")


def propose_spec(runs: Path) -> str:
    """Return a proposed spec for a run log, as YAML to edit."""
    return propose(read_table(runs))


def report(runs: Path, spec: Path, out: Path) -> tuple[str, bool]:
    """Write the report of a run log.

    Parameters
    ----------
    runs : Path
        CSV, parquet or JSON lines, one row a run.
    spec : Path
        YAML.
    out : Path
        The folder to write to; it is made where it is missing.

    Returns
    -------
    message : str
        One line about it.
    fails : bool
        Whether the audit has an error or a claim is refuted.

    Raises
    ------
    InputError
        The log or the spec cannot be used, or `out` cannot be written to.
    """
    told, log = read(runs, spec)
    judged = judge({RUNS: log}, told.claims, f"{spec}: claims")
    remarks = audit(log, told.claims)
    compared = compare_published(log)
    analysis = analyze_log(log, told.primary)
    made = sheets(log, told.primary, analysis, judged, remarks, compared)
    anovas = {name: a for name, a in analysis.anovas.items() if name not in judged}
    files = {
        FINDINGS: json_bytes(findings(judged, {RUNS: log}, {RUNS: remarks}, anovas)),
        **{f"tables/{name}.csv": content for name, content in made.items()},
    }
    _refuse_overwriting((runs, spec), out, (*REPORT, *files))
    page = _page(told, log, analysis, judged, remarks, compared)
    page["made"] = _made(runs, spec)
    page["source"] = {"log": {"text": runs.name}, "spec": {"text": spec.name}}
    pages = written(_shown(page), titled(told.title or runs.stem))
    try:
        for name, content in {**dict(zip(REPORT, pages, strict=True)), **files}.items():
            publish(out / name, content)
    except OSError as error:
        raise InputError(f"{out} cannot be written to: {error.strerror or error}.") from None
    return _summary(judged, remarks, out), _fails(judged, remarks)


def _fails(judged: Mapping[str, Judgement], remarks: Iterable[Remark]) -> bool:
    refuted = any(j.verdict == "refuted" for j in judged.values())
    return refuted or any(remark.severity == "error" for remark in remarks)


def _summary(judged: Mapping[str, Judgement], remarks: Sequence[Remark], out: Path) -> str:
    verdicts = [j.verdict for j in judged.values()]
    claims = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))
    errors = sum(remark.severity == "error" for remark in remarks)
    return (
        f"{out / REPORT[0]}: {counted(len(verdicts), 'claim')} ({claims or 'none'}),"
        f" {counted(len(remarks), 'remark')} of the audit ({counted(errors, 'error')})"
    )


def _refuse_overwriting(inputs: Iterable[Path], out: Path, names: Iterable[str]) -> None:
    written_to = {(out / name).resolve() for name in names}
    for path in inputs:
        if path.resolve() in written_to:
            raise InputError(f"{path} would be overwritten: choose another folder than {out}.")


def _page(
    spec: Spec,
    log: Log,
    analysis: Analysis,
    judged: Mapping[str, Judgement],
    remarks: Sequence[Remark],
    compared: Sequence[Comparison],
) -> dict[str, Any]:
    """Return what the document shows; sentences stand under the key ``text`` or one like it."""
    left_out = [
        *analysis.left_out,
        reach(len(log.scores.table), [j.outcome for j in judged.values()]) if judged else "",
    ]
    metrics = {
        name: {"label": m.label, "better": m.better, "margin": m.margin}
        for name, m in log.metrics.items()
    }
    return {
        "replicate": log.scores.replicate,
        "primary": spec.primary,
        "metrics": metrics,
        "sweeps": {RUNS: {"title": RUNS, **analysis.found}},
        "left_out": [{"text": sentence} for sentence in left_out if sentence],
        "claims": {name: _claim(j) for name, j in judged.items()},
        "audit": {RUNS: [_remark(remark) for remark in remarks]},
        "published": _published(compared),
        "compared": {
            part: {"count": len(found), "agree": sum(c.agrees for c in found)}
            for part, found in (
                ("values", [c for c in compared if c.quantity != "n"]),
                ("sizes", [c for c in compared if c.quantity == "n"]),
            )
        },
        "next": [_next(step) for step in plan(log, judged, remarks)],
    }


def _claim(j: Judgement) -> dict[str, Any]:
    return {
        "says": j.claim.says or j.id,
        "verdict": j.verdict,
        "fragile": j.fragile,
        "sentence": j.sentence,
        "form": j.claim.form,
        "sweep": RUNS,
        "outcome": {"p": j.outcome.p, "anova": j.outcome.anova and asdict(j.outcome.anova)},
        "detectable": j.detectable,
    }


def _remark(remark: Remark) -> dict[str, Any]:
    rows, more = first_rows(remark, NAMED_ROWS)
    return {
        "check": remark.check,
        "severity": remark.severity,
        "count": remark.count,
        "unit": remark.unit,
        "message": remark.message,
        "rows": [{"text": row} for row in rows],
        "claims": remark.claims,
        "more": more,
    }


def _published(compared: Iterable[Comparison]) -> list[dict[str, Any]]:
    """Return printed values beside recomputed ones: a mean with its SD, or an n."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for c in compared:
        entry = found.setdefault(
            (c.row, c.metric),
            {
                "row": c.row,
                "where": {"text": c.configuration},
                "metric": c.metric,
                "seeds": c.seeds,
                "printed": {},
                "recomputed": {},
                "places": 0,
                "agrees": True,
            },
        )
        entry["printed"][c.quantity] = c.printed
        entry["recomputed"][c.quantity] = c.recomputed
        entry["agrees"] &= c.agrees
        if c.tolerance > 0:  # half a unit of the last decimal
            places = round(-math.log10(2 * c.tolerance))
            entry["places"] = max(entry["places"], places)
    return list(found.values())


def _next(step: Next) -> dict[str, Any]:
    return {"what": {"text": step.what}, "why": {"text": step.why}, "runs": step.runs}


def _made(runs: Path, spec: Path) -> list[dict[str, Any]]:
    """Return the files that the report was made from, and the versions that made it."""
    facts = {
        "runs": f"{runs.name}, SHA-256 {_digest(runs)}",
        "spec": f"{spec.name}, SHA-256 {_digest(spec)}",
        "versions": ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        + f", Python {platform.python_version()}",
    }
    return [{"what": what, "value": {"text": text}} for what, text in facts.items()]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _shown(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return the page with every name as it can be shown, and with how many were shortened."""
    names = Names()
    shown = names.all(without_nan(page))
    return {**shown, "shortened": names.shortened}
