"""The check of whether units act differently on different arms, and of what to share next."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from uphold.audits.flag import MOST_ROWS, AuditFlag, Severity
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.training_identity import trained_alike
from uphold.error_rates import ALPHA
from uphold.format import a, counted, name, number, p_text, percent, several
from uphold.statistics.families import step_up
from uphold.statistics.unit_by_level import UnitByLevel, unit_by_level

DEAR = 1.25
"""Sharing costs power where it makes a standard error so many times as large."""
OF_THE_VARIANCE = " of the variance between runs of one configuration"
MOST_TOLD = 4

_DRAWN = re.compile(r"seed|rng|random|run|rep|trial", re.IGNORECASE)


class _Found(NamedTuple):
    factor: str
    test: UnitByLevel


def seed_by_factor(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Seeds that act differently on different levels of a factor.

    All factors and metrics are tested, and adjusted together for the rate of false discoveries: a
    log in which every seed acts alike on all arms is flagged in at most 5 % of cases.
    """
    tests = _tests(log)
    adjusted = step_up([np.array([one.test.p]) for one in tests])
    found = [one for one, p in zip(tests, adjusted, strict=True) if p[0] < ALPHA]
    if not found:
        return None
    touched = _touched(log, claims, found)
    claimed = [one for of in touched.values() for one in of]
    dearest = max(claimed or found, key=lambda one: one.test.cost)
    severity: Severity = "warning" if claimed and dearest.test.cost >= DEAR else "info"
    seed = name(log.scores.replicate)
    largest = sorted(found, key=lambda one: -one.test.share)
    first, *others = (
        f"{_named(log, one)} ({_share(one)}{'' if i else OF_THE_VARIANCE})"
        for i, one in enumerate(largest[:MOST_TOLD])
    )
    if len(found) > MOST_TOLD:
        others.append(f"and {counted(len(found) - MOST_TOLD, 'other')}")
    message = (
        f"Effects differ from {seed} to {seed}, in {len(found)} of {counted(len(tests), 'test')} of"
        f" {seed} × factor (F, adjusted for their number): {', '.join([first, *others])}. Runs that"
        f" share {a(seed)} then err together, and many configurations do not make up for few"
        f" {several(seed)}. {_advice(log, dearest)}"
    )
    return AuditFlag(
        "seed-by-factor",
        severity,
        len(found),
        "tests",
        message,
        tuple(_row(log, one) for one in largest[:MOST_ROWS]),
        tuple(touched),
    )


def _touched(log: Log, claims: Mapping[str, Claim], found: list[_Found]) -> dict[str, list[_Found]]:
    """Return what was found of the factors that each claim compares, and of its metric."""
    about = {(one.factor, one.test.metric): one for one in found}
    every = {
        claim: [
            about[factor, c.metric]
            for factor in c.differ_in(log.scores.factors)
            if (factor, c.metric) in about
        ]
        for claim, c in claims.items()
    }
    return {claim: of for claim, of in every.items() if of}


def _share(one: _Found) -> str:
    return percent(one.test.share) if one.test.share >= 0.005 else "less than 1 %"


def _named(log: Log, one: _Found) -> str:
    return f"{name(one.factor)} in {log.label(one.test.metric)}"


def _row(log: Log, one: _Found) -> str:
    test, seed = one.test, name(log.scores.replicate)
    return (
        f"{_named(log, one)}: F({test.df}, {test.df_resid}) = {number(test.F, 1)},"
        f" {p_text(test.p)}, {_share(one)} of the variance, standard error"
        f" {number(test.cost, 1)} times that with own {several(seed)}"
    )


def _tests(log: Log) -> list[_Found]:
    """Return all tests, of runs that were trained apart."""
    # An arm that was run under two names would stand for two contexts that agree in their noise.
    replicates = list(log.scores.replicates)
    trained = log.scores.table[replicates].assign(**{_ALIKE: trained_alike(log)})
    known = log.scores.only(~trained.duplicated().to_numpy())
    return [
        _Found(factor, test)
        for factor in log.scores.factors
        for test in unit_by_level(known, log.metrics, factor)
    ]


def _advice(log: Log, dearest: _Found) -> str:
    """Return what the next sweep should share, by the claim for which sharing is dearest."""
    unit, cost = name(log.scores.replicate), dearest.test.cost
    units = several(unit)
    if log.scores.within:
        inner = name(log.scores.within[0])
        return (
            f"Further {units} make effects surer, and further {several(inner)} within"
            f" {a(unit)} hardly do."
        )
    if not _DRAWN.search(log.scores.replicate):
        return f"Further {units} make effects surer, and further runs of each {unit} hardly do."
    if cost <= 1:
        return (
            f"What {a(unit)} does to all of them alike is larger still: go on with shared"
            f" {units} (`sharing: all`)."
        )
    if cost < DEAR:
        return (
            f"With {a(unit)} of its own for every run standard errors would hardly be smaller:"
            f" {units} may be shared as they are (`sharing: all`)."
        )
    return (
        f"With {a(unit)} of its own for every run (`sharing: none`), as many runs would give the"
        f" effect of {_named(log, dearest)} with a standard error {number(cost, 1)} times smaller."
    )


_ALIKE = "\0alike"
