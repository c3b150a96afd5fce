"""``analyze@writeup``: the scores of the write-up's sweeps → its findings.

What comes in: each sweep's folder, the study's metrics, the data card, the archived write-ups as
they were transcribed. What goes out, in the write-up's folder:

``analysis.json``
    All that the write-up shows, sweep by sweep.
``findings.json``
    The numbers to follow from commit to commit, as nested mappings with readable keys, because
    ``dvc metrics diff`` drops lists and nulls: see `uphold.claims.findings`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from uphold.analysis.sweep import analyze, without_nan
from uphold.archive.decide import as_archived
from uphold.audits import Remark, audit
from uphold.claims import findings as judged_findings
from uphold.claims.findings import plain_number
from uphold.claims.judge import Judgement, judge
from uphold.claims.log import TRAINING_SET, Log
from uphold.claims.spec import Claim, Metric
from uphold.format import use_names
from uphold.pipeline.disk import publish
from uphold.pipeline.stages.files import (
    ANALYSIS,
    DESIGN,
    FINDINGS,
    PROMOTION,
    SCORES,
    json_bytes,
    read_csv,
    read_json,
)
from uphold.pipeline.study import Study
from uphold.statistics import Scores
from uphold.statistics.components import by_level
from uphold.statistics.scores import level_text

REPLICATE = "seed"
PROMOTED = ("configuration", "by", "mean", "sd", "n")
EFFECT = {"estimate": "value"} | {key: key for key in ("ci_low", "ci_high", "p", "n")}


def analyze_writeup(
    about: Mapping[str, str],
    study: Study,
    metrics: Mapping[str, Metric],
    primary: str,
    claims: Mapping[str, Claim],
    sweeps: Mapping[str, Path],
    card: Path,
    published: Path,
    out: Path,
    components: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """Write a write-up's analysis and findings.

    Parameters
    ----------
    about : mapping of str to str
        The write-up's name and title, and the scale.
    study : Study
        The study that its sweeps belong to.
    metrics : mapping of str to Metric
        The study's metrics.
    primary : str
        The metric that leads.
    claims : mapping of str to Claim
        The write-up's claims, about any of its sweeps.
    sweeps : mapping of str to Path
        Its sweeps' folders.
    card : Path
        The data card.
    published : Path
        The study's transcriptions of archived write-ups.
    out : Path
        The write-up's folder.
    components : mapping of str to mapping, optional
        What the spread of a sweep's runs is divided among: ``sweep``, ``metric``, ``random``,
        ``by``.

    Returns
    -------
    str
        One line about it.
    """
    use_names(study.names)
    designs = {name: read_json(folder / DESIGN) for name, folder in sweeps.items()}
    claimed = {
        name: {primary, *(c.metric for c in claims.values() if c.sweep in (None, name))}
        for name in sweeps
    }
    logs = {
        name: _log(sweeps[name], designs[name], metrics, claimed[name], study) for name in sweeps
    }
    primary = _leading(logs, metrics, primary)
    judged = judge(logs, claims, f"writeups.{about['name']}.claims")
    audits = {
        name: audit(log, {k: j.claim for k, j in judged.items() if j.log == name})
        for name, log in logs.items()
    }
    analyses = {
        name: {
            "title": designs[name]["title"],
            "design": designs[name],
            "promoted": read_json(sweeps[name] / PROMOTION),
            **analyze(log, designs[name], primary),
        }
        for name, log in logs.items()
    }
    page = {
        **about,
        "study": study.name,
        "study_title": study.title,
        "names": dict(study.names),
        "metrics": {name: metric.model_dump(mode="json") for name, metric in metrics.items()},
        "primary": primary,
        "data": read_json(card),
        "sweeps": analyses,
        "claims": {name: _claim(judgement) for name, judgement in judged.items()},
        "components": {
            name: {**spread, "found": _components(logs[spread["sweep"]], spread)}
            for name, spread in (components or {}).items()
        },
        "archived": as_archived(published, about["name"], claims),
        "audit": {name: [asdict(remark) for remark in found] for name, found in audits.items()},
    }
    publish(out / ANALYSIS, json_bytes(without_nan(page)))
    followed = _findings(judged, logs, audits, analyses, primary)
    if page["components"]:
        followed["components"] = _standard_deviations(page["components"])
    publish(out / FINDINGS, json_bytes(followed))
    verdicts = [j.verdict for j in judged.values()]
    told = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))
    noun = "claim" if len(claims) == 1 else "claims"
    return f"{about['title']}: {len(claims)} {noun} ({told or 'none'})"


def _log(
    folder: Path, design: Mapping, metrics: Mapping[str, Metric], claimed: set[str], study: Study
) -> Log:
    """Read a sweep's scores.

    A metric that these data cannot have (the recall of low-quality calls, where no quality is
    known) is left out, unless something is claimed about it in this sweep.
    """
    table = read_csv(folder / SCORES)
    known = {k: m for k, m in metrics.items() if k in claimed or table[k].notna().any()}
    scores = Scores(table, tuple(design["levels"]), REPLICATE, run="run")
    training = (TRAINING_SET,) if TRAINING_SET in table else ()
    return Log(scores, known, training, data_factors=study.training_set)


def _components(log: Log, spread: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variance components at each level of a factor."""
    found = by_level(log.scores, spread["metric"], spread["random"], spread["by"])
    return {level: asdict(components) for level, components in found.items()}


def _standard_deviations(components: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the findings tell of variance components."""
    found = {
        name: {level: {**c["sds"], "total": c["total_sd"]} for level, c in spread["found"].items()}
        for name, spread in components.items()
    }
    return without_nan(found)


def _leading(logs: Mapping[str, Log], metrics: Mapping[str, Metric], primary: str) -> str:
    """Return the metric that leads: the primary one, or the first that these data have.

    Recordings without a split ood have no OOD scores; then what comes next in params.yaml leads.
    """

    def scored(metric: str) -> bool:
        return any(log.scores.table[metric].notna().any() for log in logs.values())

    tested = [primary, *(name for name, metric in metrics.items() if metric.split == "test")]
    return next(filter(scored, tested), primary)


def _claim(j: Judgement) -> dict[str, Any]:
    """Return what a write-up shows of a judged claim."""
    return {
        "says": j.claim.says,
        "form": j.claim.form,
        "metric": j.claim.metric,
        "sweep": j.log,
        "verdict": j.verdict,
        "sentence": j.sentence,
        "fragile": j.fragile,
        "p_adjusted": j.p_adjusted,
        "detectable": j.detectable,
        "seeds_needed": j.seeds_needed,
        "outcome": asdict(j.outcome),
    }


def _findings(
    judged: Mapping[str, Judgement],
    logs: Mapping[str, Log],
    audits: Mapping[str, Sequence[Remark]],
    analyses: Mapping[str, Mapping],
    primary: str,
) -> dict[str, Any]:
    """Return what ``dvc metrics diff`` follows: see `uphold.claims.findings`."""
    found = judged_findings.findings(judged, logs, audits)
    found["promoted"] = {
        name: {key: _plain(a["promoted"].get(key)) for key in PROMOTED}
        for name, a in analyses.items()
    }
    found["effects"] = {
        name: {
            _step(effect): {key: _plain(effect[place]) for key, place in EFFECT.items()}
            for effect in a["effects"].get(primary, [])
        }
        for name, a in analyses.items()
    }
    return found


def _plain(value: Any) -> Any:
    """Return text as it is, and a number as findings hold it."""
    return value if value is None or isinstance(value, str) else plain_number(value)


def _step(effect: Mapping) -> str:
    return f"{effect['factor']}: {level_text(effect['from'])} → {level_text(effect['to'])}"
