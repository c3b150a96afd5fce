"""What was found in a log → CSV tables.

What comes in: the log, its analysis, judgements, flags and comparisons. What goes out: the bytes
of each table by name. What is promised: names are whole, as they stand in the log; numbers read
back exactly; and what a spreadsheet would run as a formula has an apostrophe before it, also in the
middle of a text: a spreadsheet that parts cells at semicolons finds it there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import pandas as pd

from uphold.analysis.analyze import ranked
from uphold.analysis.findings import tested
from uphold.analysis.model.estimates import Anova
from uphold.analysis.model.runs import Runs
from uphold.audits import AuditFlag, Comparison
from uphold.claims.judge import Judgement
from uphold.claims.log import Log
from uphold.runlog.cells import NUMBER
from uphold.statistics.descriptions import describe

TABLES = ("configurations", "effects", "anova", "claims", "audit", "published")
DESCRIPTION = ["n", "seeds", "failed", "mean", "sd", "sem", "ci_low", "ci_high"]
EFFECT = [
    "value",
    "ci_low",
    "ci_high",
    "p",
    "n",
    "runs",
    "seeds",
    "hedges_g",
    "unmatched",
    "method",
]
OUTCOME = ["value", "ci_low", "ci_high", "p", "n", "runs", "seeds", "method"]
COMPARISON = [field.name for field in fields(Comparison)]
ANOVA = list(Anova.model_fields)

_FORMULA = re.compile(
    # Where a cell begins, for whatever spreadsheet, …
    r"(^[\t\r]?|[;|\t\r\n])"
    # … with anything of what formulas begin with, in letters of full width too, …
    r"(?=[\s\ufeff\u200b]*[=+\-@＝＋－＠]|(?<=^)[\t\r])"
    # … and it is no number.
    rf"(?!\s*{NUMBER}\s*(?:[;|\t\r\n]|$))"
)


def csv_tables(
    log: Log,
    primary: str,
    found: Runs,
    judged: Mapping[str, Judgement],
    flags: Sequence[AuditFlag],
    compared: Iterable[Comparison],
) -> dict[str, bytes]:
    """Return the tables by name."""
    steps = [
        {"metric": metric} | effect.dumped()
        for metric, effects in found.effects.items()
        for effect in effects
    ]
    anovas = [
        {"name": name} | a.dumped() | {"term": " × ".join(a.term)}
        for name, a in tested(judged, found.anova).items()
    ]
    tables = {
        "configurations": _configurations(log, primary),
        "effects": _table(steps, ["metric", "factor", "from", "to", *EFFECT]),
        "anova": _table(anovas, ["name", *ANOVA]),
        "claims": _table([_claim(j, flags) for j in judged.values()], CLAIM).astype(
            dict.fromkeys(SEEDS, "Int64")
        ),
        "audit": _table(
            [asdict(r) | {"rows": "; ".join(r.rows), "claims": "; ".join(r.claims)} for r in flags],
            ["check", "severity", "count", "unit", "message", "claims", "rows"],
        ),
        "published": _table(
            [asdict(c) | {"agrees": c.agrees} for c in compared], [*COMPARISON, "agrees"]
        ),
    }
    return {name: _csv(tables[name]) for name in TABLES}


def harmless(text: Any) -> Any:
    """Return a text that no spreadsheet runs: what begins like a formula gets an apostrophe."""
    return _FORMULA.sub(r"\1'", text) if isinstance(text, str) else text


def _configurations(log: Log, primary: str) -> pd.DataFrame:
    """Return every configuration with every metric, the best first."""
    described = {name: describe(log.scores, name) for name in log.metrics}
    parts = [described[primary].index.to_frame(index=False)]
    parts += [
        table[DESCRIPTION].rename(columns=lambda c, name=name: f"{name} {c}").reset_index(drop=True)
        for name, table in described.items()
    ]
    means = described[primary]["mean"].to_numpy()
    return pd.concat(parts, axis=1).iloc[ranked(means, log.metrics[primary])]


SEEDS = ["seeds_low", "seeds_high", "seeds_as_seen_low", "seeds_as_seen_high"]
CLAIM = [
    *("id", "says", "form", "metric", "role", "verdict", "fragile", *OUTCOME, "p_adjusted"),
    *(*SEEDS, "detectable", "depends_on", "objections", "sentence"),
]


def _claim(j: Judgement, flags: Iterable[AuditFlag]) -> dict[str, Any]:
    held_against = [r.check for r in flags if r.severity == "error" and j.id in r.claims]
    return {
        **{key: getattr(j, key) for key in ("id", "verdict", "fragile", "p_adjusted", "sentence")},
        **{key: getattr(j.claim, key) for key in ("says", "form", "metric", "role")},
        **{key: getattr(j.outcome, key) for key in OUTCOME},
        # That of the test whose adjusted p stands beside it.
        "p": j.p,
        "seeds_low": j.seeds_needed and j.seeds_needed.low,
        "seeds_high": j.seeds_needed and j.seeds_needed.high,
        "seeds_as_seen_low": j.as_seen and j.as_seen.needed.low,
        "seeds_as_seen_high": j.as_seen and j.as_seen.needed.high,
        "detectable": j.detectable,
        "depends_on": "; ".join(f"{x.verdict} without {x.kind} {x.name}" for x in j.depends_on),
        "objections": "; ".join(held_against),
    }


def _table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def _csv(table: pd.DataFrame) -> bytes:
    text = table.select_dtypes(include=["object", "str"]).columns
    safe = table.assign(**{name: table[name].map(harmless) for name in text})
    safe.columns = [harmless(name) for name in safe.columns]
    lines: str = safe.to_csv(index=False, lineterminator="\n")
    # A lone surrogate, which JSON can hold, is in no encoding.
    return lines.encode("utf-8", "replace")
