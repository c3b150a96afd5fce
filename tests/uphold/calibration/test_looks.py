"""Looks: the same runs are judged, and declared looks spend the level."""

import numpy as np
import pytest

from uphold.calibration import case as case_module
from uphold.calibration import looks
from uphold.calibration.truth import false_verdicts


@pytest.mark.parametrize("verdict", looks.CASES)
def test_each_kind_of_false_verdict_has_a_log_in_which_it_is_false(verdict):
    case = looks.CASES[verdict]
    false = false_verdicts(case.spec.claims["claim"], case.effect["claim"], case.margin)
    assert verdict in false


def test_a_look_judges_the_first_seeds_of_one_log(monkeypatch):
    seen = []

    def judged(table, spec):
        seen.append((sorted(table["seed"].unique()), tuple(spec.looks)))
        return case_module.judged(table, spec)

    monkeypatch.setattr(looks, "judged", judged)
    looks.given_at_any_look(looks.CASES["supported"], "supported", np.random.default_rng(1))
    assert seen == [(list(range(n)), plan) for n in looks.LOOKS for plan in ((), looks.LOOKS)]


def test_looking_is_wrong_more_often_where_it_was_not_declared():
    both = [
        looks.given_at_any_look(looks.CASES["supported"], "supported", np.random.default_rng(i))
        for i in range(40)
    ]
    naive, declared = np.array(both).sum(axis=0)
    assert naive > declared
