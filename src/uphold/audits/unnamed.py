"""Checks of settings that a log holds and that the spec does not name.

What is named nowhere is taken for nothing: an effect that goes with it is put down to what is
claimed, and runs that differ in it alone are taken for repeats.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from uphold.audits.confounding import listed
from uphold.audits.flag import AuditFlag, affected_claims, every_metric, identity, replicates_text
from uphold.audits.tested import each_run_apart
from uphold.audits.units import counts_within
from uphold.claims.claim import Claim
from uphold.claims.forms.anova import Variance
from uphold.claims.linear import Linear
from uphold.claims.log import Log
from uphold.claims.spread import Spread
from uphold.format import counted, name, named
from uphold.statistics.scores import codes


def unnamed_difference(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Claims whose arms also differ, in every run, in a setting that the spec does not name."""
    if not log.unnamed:
        return None
    factors = (*log.scores.factors, *log.unnamed)
    as_factors = replace(log, scores=replace(log.scores, factors=factors))
    found = {}
    for claim, test in each_run_apart(as_factors, claims).items():
        if not isinstance(test, Linear | Spread | Variance):
            continue
        runs = test.runs if isinstance(test, Variance) else test.matching
        if apart := [column for column in runs.confounded if column in log.unnamed]:
            found[claim] = apart
    if not found:
        return None
    columns = list(dict.fromkeys(column for apart in found.values() for column in apart))
    them, they_follow = ("them", "they follow") if len(columns) > 1 else ("it", "it follows")
    told = listed(f"{claim} ({named(apart)})" for claim, apart in found.items())
    return AuditFlag(
        "unnamed-difference",
        "warning",
        len(found),
        "claims",
        "The arms that claims compare also differ, in every run, in what the spec does not name:"
        f" {told}. What is claimed may be the work of {them}. Name {them} under `factors`, or take"
        f" {them} out of the file where {they_follow} from what is compared.",
        tuple(f"{claim}: also {named(apart)} in every run" for claim, apart in found.items()),
        tuple(found),
    )


def unnamed_setting(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Runs of one configuration and seed that differ in a setting which the spec does not name."""
    columns = crossed_unnamed(log)
    if not columns:
        return None
    scores = log.scores
    cell = codes(scores.table, identity(scores))
    several = np.bincount(cell)[cell] > 1
    seed, unit = replicates_text(scores), name(scores.replicate)
    outer = ", ".join([columns[0], *scores.replicates])
    return AuditFlag(
        "unnamed-setting",
        "warning",
        int(several.sum()),
        "runs",
        f"{counted(int(several.sum()), 'run')} with the same configuration and {seed} differ in"
        f" {named(columns)}, which the spec does not name. They are no repeats, and are averaged"
        f" before anything is tested: n counts each {unit} once. Name"
        f" {'them' if len(columns) > 1 else 'it'} under `factors`, or set `replicate: [{outer}]` to"
        f" speak of others like {'them' if len(columns) > 1 else 'it'}.",
        claims=affected_claims(scores, claims, every_metric(log, several)),
    )


def crossed_unnamed(log: Log) -> list[str]:
    """Return the settings without a name in the spec that were run with one seed on purpose.

    Most seeds of a configuration that have several rows have the same several values, each as
    often: so do data sets or splits, and no outcome, which is as it comes.
    """
    table = log.scores.table
    cell = codes(table, identity(log.scores))
    several = np.flatnonzero(np.bincount(cell)[cell] > 1)
    if len(set(cell[several])) < 2:
        return []
    found = []
    for column in log.unnamed:
        if counts_within(column):
            continue
        levels = pd.Series(codes(table, [column])[several])
        sets = Counter(levels.groupby(cell[several]).agg(_equally_often))
        most, cells = sets.most_common(1)[0]
        if len(most) > 1 and cells > sets.total() / 2:
            found.append(column)
    return found


def _equally_often(values: pd.Series) -> frozenset[int]:
    """Return the values that are there, none where one is there more often than another."""
    often = Counter(values)
    return frozenset(often) if len(set(often.values())) == 1 else frozenset()
