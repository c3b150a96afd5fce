"""Judgements, descriptions and audits → ``findings.json``, and a page's claims.

In: what was judged, the logs, their audits, and further ANOVAs by name. Out: nested dicts with
readable keys, so that ``dvc metrics diff`` shows a claim that flipped. Promised: no lists, no NaN
and no Infinity (null where there is no number), and numbers to nine figures, which is far beyond
what they mean and short of what differs between machines.

::

    claims.<id>.{role, verdict, estimate, ci_low, ci_high, p, p_adjusted, n, units, fragile}
    anova.<claim id or name>.{F, p, df, df_resid, eta_sq_partial, omega_sq_partial, p_permutation}
    configurations.<"factor=value, …">.<metric>.{mean, sd, sem, n, seeds}
    audit.<check>.{severity, count, unit, message}

Of a claim, ``estimate`` is the difference, the mean closest to a bound, the gain less what it is
measured over, or an ANOVA's partial omega squared; ``p`` is that of the test which the verdict
rests on, or that came closest to one, before it was adjusted to ``p_adjusted`` for the other claims
(of an ANOVA that levels differ that of F*, or by permutation, while ``anova`` has the classic one).
An ANOVA that is no claim has its factor's name, ``"by mode"``. A configuration is named by the
factors in the spec's order; one without effect in it (a mode of upsampling at ratio 0) is left out,
and two configurations that would be of one name all the same, since their levels are text like
``"1, mode=x"``, are told apart by ``" (2)"``, ``" (3)"``, … in the order of their first runs.

With several sweeps, configurations and checks carry the sweep's name in front (``"calls-balancing:
upsampling_ratio=0"``), at the same depth, so that a page that gains a sweep changes no other path
than these; claims and ANOVAs have ids that are the page's own. A write-up adds by sweep what later
sweeps start from, and what each level does to the primary metric, claimed or not, and the standard
deviations that the spread of its runs is divided among::

    promoted.<sweep>.{configuration, by, mean, sd, n}
    effects.<sweep>.<"factor: level → level">.{estimate, ci_low, ci_high, p, n}
    components.<name>.<level>.{<component>, total}

where a promotion is confirmed, what fresh seeds say of it, by score::

    promoted.<sweep>.fresh.<score>.{chosen, mean, sd, n, optimism, ci_low, ci_high}

and how many decisive verdicts there are, how many of them fresh seeds alone tried, and with what
outcome; what was tried in an earlier state does not count as tried::

    replication.{decisive, tried, earlier, held, not_decided, contradicted}
    replication.claims.<id>.{outcome, verdict, estimate, ci_low, ci_high, p_adjusted, n}
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from itertools import chain, count
from types import MappingProxyType
from typing import Any

import numpy as np

from uphold.analysis.contexts import contexts
from uphold.analysis.items import over_items
from uphold.analysis.model.estimates import Anova, Effect, Metric
from uphold.analysis.model.replication import Tried
from uphold.analysis.model.runs import Confirmed, SweepFound
from uphold.analysis.model.writeup import Behind, Claim, InMargins, Outcome, SeedsNeeded, Spread
from uphold.audits import AuditFlag
from uphold.claims.behind import behind
from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.statistics.descriptions import describe
from uphold.statistics.scores import level_text, name_cell, records

FIGURES = 9
MOST_BEHIND = 200
"""So many scores behind a claim can be looked at one by one."""
ANOVA_KEYS = ("F", "p", "df", "df_resid", "eta_sq_partial", "omega_sq_partial", "p_permutation")
PROMOTED = ("configuration", "by", "mean", "sd", "n")
EFFECT = {"estimate": "value"} | {key: key for key in ("ci_low", "ci_high", "p", "n")}
FRESH = {"estimate": "value", "n": "units"}
FRESH |= {key: key for key in ("ci_low", "ci_high", "p_adjusted")}
DESCRIPTION_KEYS = ("mean", "sd", "sem", "n", "seeds")


def findings(
    judged: Mapping[str, Judgement],
    logs: Mapping[str, Log],
    audits: Mapping[str, Iterable[AuditFlag]],
    anovas: Iterable[Anova] = (),
) -> dict[str, Any]:
    """Return the findings of a page; see the module's docstring for their shape.

    Parameters
    ----------
    judged : mapping of str to Judgement
    logs : mapping of str to Log
    audits : mapping of str to iterable of AuditFlag
        By the name of the log.
    anovas : iterable of Anova, optional
        Further ones, each named by its term, such as ``"by mode"``.
    """
    prefix = {name: "" if len(logs) == 1 else f"{name}: " for name in logs}
    return {
        "claims": {name: _claim(j) for name, j in judged.items()},
        "anova": {name: _anova(a) for name, a in tested(judged, anovas).items()},
        "configurations": {
            prefix[name] + configuration: scores
            for name, log in logs.items()
            for configuration, scores in configurations(log).items()
        },
        "audit": {
            prefix[name] + flag.check: _flag(flag)
            for name, flags in audits.items()
            for flag in flags
        },
    }


def tested(judged: Mapping[str, Judgement], anovas: Iterable[Anova]) -> dict[str, Anova]:
    """Return the ANOVAs that are claimed and further ones, each by its name."""
    claimed = {name: j.outcome.anova for name, j in judged.items() if j.outcome.anova}
    by_term = {f"by {' × '.join(a.term)}": a for a in anovas}
    return {name: Anova.model_validate(a) for name, a in claimed.items()} | {
        name: a for name, a in by_term.items() if name not in judged
    }


def configurations(log: Log) -> dict[str, dict[str, dict[str, float | int | None]]]:
    """Return the description of every metric by configuration, named as in the findings."""
    found: dict[str, dict[str, dict[str, float | int | None]]] = {}
    for metric in log.metrics:
        table = describe(log.scores, metric)
        names = _names(table.index.to_frame().to_dict("records"))
        for name, row in zip(names, records(table, list(DESCRIPTION_KEYS)), strict=True):
            numbers = {key: plain_number(value) for key, value in row.items()}
            found.setdefault(name, {})[metric] = numbers
    return found


def _names(cells: list[dict[str, Any]]) -> list[str]:
    """Return a name of its own for each configuration."""
    names: dict[str, None] = {}
    for levels in cells:
        name = name_cell(levels) or "all"
        numbered = (f"{name} ({number})" for number in count(2))
        names[next(n for n in chain([name], numbered) if n not in names)] = None
    return list(names)


def metrics_of(log: Log) -> dict[str, Metric]:
    """Return what a page of a log says of its metrics."""
    return {
        name: Metric(label=metric.label, better=metric.better, margin=metric.margin)
        for name, metric in log.metrics.items()
    }


def claim_of(j: Judgement, log: Log) -> Claim:
    """Return what a page shows of a judgement about a log."""
    standing = j.stand
    return Claim(
        says=j.claim.says or j.id,
        form=j.claim.form,
        estimates=j.claim.estimates,
        role=j.claim.role,
        metric=j.claim.metric,
        sweep=j.log,
        verdict=j.verdict,
        sentence=j.sentence,
        brief=j.brief,
        answer=j.answer,
        shown="" if j.outcome.reason else j.claim.shown(j.outcome, j.metric),
        in_margins=_in_margins(j),
        behind=_behind(j),
        fragile=j.fragile,
        p_adjusted=j.p_adjusted,
        detectable=j.detectable,
        seeds_needed=j.seeds_needed and SeedsNeeded(**j.seeds_needed._asdict()),
        seeds_as_seen=j.as_seen and SeedsNeeded(**j.as_seen.needed._asdict()),
        outcome=Outcome.model_validate(j.outcome),
        about=j.claim.about,
        items_=over_items(j),
        look=j.look,
        looks=j.looks,
        next_look=j.next_look,
        contexts=contexts(j, log.scores),
        test=_digest_of_test(j),
        direction=standing.direction,
        beyond=standing.beyond,
        most_units=j.most_units,
        members=max(j.members, 1),
    )


def _in_margins(j: Judgement) -> InMargins | None:
    found = None if j.outcome.reason else j.claim.in_margins(j.outcome, j.metric)
    return found and InMargins(**found._asdict())


def _behind(j: Judgement) -> Behind | None:
    found = behind(j)
    if found is None or found.scores.size > MOST_BEHIND:
        return None
    scores = tuple(tuple(arm) for arm in found.scores.tolist())
    return Behind(arms=found.arms, units=found.units, scores=scores)


def _digest_of_test(j: Judgement) -> str:
    claimed = {
        "test": j.claim.as_written(),
        "role": j.claim.role,
        "margin": j.metric.margin,
        "better": j.metric.better,
    }
    return hashlib.sha256(json.dumps(claimed, sort_keys=True).encode()).hexdigest()[:16]


def followed(
    sweeps: Mapping[str, SweepFound],
    primary: str,
    components: Mapping[str, Spread],
    replication: Mapping[str, Tried] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return what the findings of a write-up have beyond those of a log."""
    found: dict[str, Any] = {
        "promoted": {
            name: {key: _plain(getattr(sweep.promoted, key)) for key in PROMOTED}
            | ({"fresh": _confirmed(sweep.confirmed)} if sweep.confirmed else {})
            for name, sweep in sweeps.items()
        },
        "effects": {
            name: {
                step(effect): {
                    key: plain_number(getattr(effect, part)) for key, part in EFFECT.items()
                }
                for effect in sweep.effects.get(primary, ())
            }
            for name, sweep in sweeps.items()
        },
    }
    if components:
        found["components"] = {
            name: {level: {**c.sds, "total": c.total_sd} for level, c in spread.found.items()}
            for name, spread in components.items()
        }
    return found | {"replication": _replication(replication)}


def _confirmed(found: Confirmed) -> dict[str, Any]:
    return {
        score: {
            "chosen": plain_number(one.chosen.mean),
            "mean": plain_number(one.fresh.mean),
            "sd": plain_number(one.fresh.sd),
            "n": one.fresh.n,
            "optimism": plain_number(one.value),
            "ci_low": plain_number(one.ci_low),
            "ci_high": plain_number(one.ci_high),
        }
        for score, one in found.scores.items()
    }


def _replication(standing: Mapping[str, Tried]) -> dict[str, Any]:
    outcomes = [one.outcome for one in standing.values()]
    tried = {
        name: {
            "outcome": one.outcome,
            "verdict": one.found.fresh.verdict,
            **{key: plain_number(getattr(one.found.fresh, part)) for key, part in FRESH.items()},
        }
        for name, one in standing.items()
        if one.found
    }
    return {
        "decisive": len(standing),
        "tried": len(tried),
        "earlier": outcomes.count("of an earlier state"),
        "held": outcomes.count("held"),
        "not_decided": outcomes.count("not decided again"),
        "contradicted": outcomes.count("contradicted"),
        **({"claims": tried} if tried else {}),
    }


def _plain(value: Any) -> Any:
    """Return text as it is, and a number as findings hold it."""
    return value if isinstance(value, str) else plain_number(value)


def step(effect: Effect) -> str:
    """Return the name of an effect: its factor and the levels that it goes from and to."""
    return f"{effect.factor}: {level_text(effect.from_)} → {level_text(effect.to)}"


def plain_number(value: float | int | None) -> float | int | None:
    """Return a number as JSON can hold it: None for NaN and infinity, nine figures otherwise."""
    if value is None:
        return None
    if isinstance(value, int | np.integer):
        return int(value)
    value = float(value)
    return float(f"{value:.{FIGURES}g}") if math.isfinite(value) else None


def _claim(j: Judgement) -> dict[str, Any]:
    o = j.outcome
    return {
        "role": j.claim.role,
        "verdict": j.verdict,
        "estimate": plain_number(o.value),
        "ci_low": plain_number(o.ci_low),
        "ci_high": plain_number(o.ci_high),
        "p": plain_number(j.p),
        "p_adjusted": plain_number(j.p_adjusted),
        "n": o.n,
        "units": o.seeds,
        "fragile": j.fragile,
        **_items(j),
    }


def _items(j: Judgement) -> dict[str, Any]:
    """Return what a primary claim's error comes from, and how sure it is on items like these."""
    found = over_items(j) if j.claim.role == "primary" else None
    if found is None:
        return {}
    parts = {"seeds": found.seeds, "items": found.items_, "groups": found.groups}
    wide = list(found.like_these.values())[-1]
    return {
        "items": {name: plain_number(share) for name, share in parts.items()}
        | {"ci_low": plain_number(wide.ci_low), "ci_high": plain_number(wide.ci_high)}
        | {"verdict": found.verdict}
    }


def _anova(a: Anova) -> dict[str, float | int | None]:
    return {key: plain_number(getattr(a, key)) for key in ANOVA_KEYS}


def _flag(flag: AuditFlag) -> dict[str, Any]:
    keys = ("severity", "count", "unit", "message")
    return {key: getattr(flag, key) for key in keys}
