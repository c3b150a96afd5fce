"""The runs that effects are taken from, where looks are declared."""

import numpy as np
import pytest

from uphold.analysis.analyze import analyze
from uphold.analysis.seen import Seen
from uphold.claims.judge import judge

from ..conftest import STEP


@pytest.fixture
def further(table):
    """The runs of `table`, of which those with mixup at ratio .5 have come to a later look."""
    shuffled = table.assign(f1=table.f1 + np.sin(np.arange(16)) / 50)
    return shuffled[(table.seed <= 2) | (table.mixup & (table.ratio > 0))].reset_index(drop=True)


def test_an_effect_is_that_of_the_claim_about_it(further, relog, claim):
    log = relog(further, looks=[2, 4])
    (effect,) = (e for e in analyze(log, "f1").effects["f1"] if e.factor == "mixup")
    j = judge({"runs": log}, {"it": claim(contrast=STEP)})["it"]
    assert (effect.value, effect.p) == (j.alone.value, j.alone.p)
    assert (effect.seeds, effect.runs, effect.unmatched) == (2, 8, 0)


def test_the_analysis_of_variance_sees_the_look_that_all_have_come_to(table, relog):
    noisy = table.assign(f1=table.f1 + np.sin(np.arange(16)) / 50)
    three = noisy[(noisy.seed <= 3) | (noisy.mixup & (noisy.ratio > 0))].reset_index(drop=True)
    at_look = analyze(relog(three[three.seed <= 2].reset_index(drop=True)), "f1")
    assert analyze(relog(three, looks=[2, 4]), "f1").anova == at_look.anova
    assert analyze(relog(three), "f1").anova != at_look.anova


def test_means_are_over_all_runs(further, relog):
    found = analyze(relog(further, looks=[2, 4]), "f1")
    assert max(c.metrics["f1"].n for c in found.configurations) == 4


@pytest.mark.parametrize("looks", [[], [3, 4], [2]])
def test_without_a_plan_or_before_it_all_runs_are_seen(further, relog, looks):
    seen = Seen(relog(further, looks=looks))
    assert len(seen.common.table) == (8 if looks == [2] else 10)
