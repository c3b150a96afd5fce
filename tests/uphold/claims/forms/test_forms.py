"""What each form answers when it is asked, beside its verdicts and sentences.

Those are tried in ``test_judge``, ``test_verdicts``, ``test_sentences`` and ``test_degenerate``,
form by form; what an audit finds for each in ``tests/uphold/audits/test_flag.py``.
"""

from importlib import import_module
from inspect import isabstract
from pkgutil import iter_modules

import numpy as np
import pytest

from uphold.claims import forms
from uphold.claims.claim import Claim
from uphold.claims.forms import FORMS
from uphold.testing.mutation import reachable

from ...conftest import NUMERIC, OF_EACH_FORM, STEP

CLAIMS = {
    **OF_EACH_FORM,
    "contrast": {"contrast": STEP, "where": {"ratio": [0, 0.5]}},
    "configurations": {"anova": {"over": "configuration"}},
    "bound": {"bound": {"at_most": 0.9}, "where": {"mixup": True}},
    "gain-number": {"gain": {"at_least": 0.01, "over": 0.5}},
    "stability": {"stability": STEP, "where": {"ratio": [0, 0.5]}},
}


@pytest.mark.parametrize(
    ("name", "factors", "levels", "differ"),
    [
        (
            "contrast",
            {"where.ratio": "ratio", "contrast.factor": "mixup"},
            {"contrast.from": [False], "contrast.to": [True], "where.ratio": [0, 0.5]},
            ["mixup"],
        ),
        (
            "interaction",
            {"interaction.of.factor": "mixup", "interaction.with.factor": "ratio"},
            {
                "interaction.of.from": [False],
                "interaction.of.to": [True],
                "interaction.with.from": [0],
                "interaction.with.to": [0.5],
            },
            ["mixup", "ratio"],
        ),
        ("anova", {"anova.over.0": "mixup", "anova.over.1": "ratio"}, {}, ["mixup", "ratio"]),
        ("configurations", {}, {}, ["mixup", "ratio", "third"]),
        ("bound", {"where.mixup": "mixup"}, {"where.mixup": [True]}, []),
        (
            "gain",
            {"where.mixup": "mixup", "gain.over.mixup": "mixup"},
            {"where.mixup": [True], "gain.over.mixup": [False]},
            ["mixup"],
        ),
        ("gain-number", {}, {}, []),
        (
            "stability",
            {"where.ratio": "ratio", "stability.factor": "mixup"},
            {"stability.from": [False], "stability.to": [True], "where.ratio": [0, 0.5]},
            ["mixup"],
        ),
    ],
)
def test_the_factors_and_levels_that_it_names(claim, name, factors, levels, differ):
    c = claim(**CLAIMS[name])
    assert c.factors() == factors
    found = {}
    for place, _, level in c.levels():
        found.setdefault(place, []).append(level)
    assert found == levels
    assert c.differ_in(["mixup", "ratio", "third"]) == differ


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("contrast", range(16)),
        ("interaction", range(16)),
        ("anova", range(16)),
        ("configurations", range(16)),
        ("bound", range(8, 16)),
        ("gain", range(16)),
        ("gain-number", range(16)),
        ("stability", range(16)),
    ],
)
def test_the_runs_that_it_rests_on(log, claim, name, rows):
    c = claim(**CLAIMS[name])
    assert np.flatnonzero(c.rests_on(log.scores)).tolist() == list(rows)
    tested = c.test(log, np.arange(16)).rows
    assert tested.tolist() == list(rows)


@pytest.mark.parametrize("name", CLAIMS)
def test_made_up_scores_decide_it_either_way(log_for, claim, name):
    found = reachable({"runs": log_for(name)}, {"it": claim(**CLAIMS[name])})["it"]
    assert "supported" in found and len(found) > 1


def test_each_form_is_known_by_its_own_key(claim):
    for name, kind in FORMS.items():
        assert kind.form == name and name in kind.model_fields
        assert type(claim(**{**CLAIMS, **NUMERIC}[name])) is kind


def test_no_form_is_forgotten():
    modules = (import_module(f"{forms.__name__}.{m.name}") for m in iter_modules(forms.__path__))
    written = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Claim) and not isabstract(kind)
    }
    assert written == set(FORMS.values())


@pytest.mark.parametrize(
    ("name", "word"), [("contrast", "difference"), ("anova", "difference"), ("gain", "gain")]
)
def test_what_is_expected_unless_it_is_said(claim, name, word):
    assert claim(**CLAIMS[name]).expectation == word


def test_fewer_seeds_are_needed_for_a_wider_margin(table, relog, claim):
    noisy = relog(table.assign(f1=np.random.default_rng(1).normal(0.6, 0.05, 16)))
    for name, parts in CLAIMS.items():
        if name == "stability":  # its margin is a ratio: see `tests/uphold/claims/test_spread.py`
            continue
        c = claim(**parts)
        o = c.test(noisy, np.arange(16)).outcome()
        narrow, wide = (c.seeds_it_takes(o, margin, 0.05) for margin in (0.02, 0.04))
        assert narrow.high is None or narrow.high > wide.high
        assert 1 < wide.low <= narrow.low
        assert c.detectable(o, 0.05) > 0
