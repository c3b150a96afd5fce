"""Looks: the same runs are judged, and declared looks spend the level."""

import numpy as np
import pytest

from uphold.calibration import case as case_module
from uphold.calibration import looks
from uphold.calibration.truth import false_verdicts


def test_the_runs_of_the_family_are_partly_missing():
    table = looks.CASES["family"][1].draw(np.random.default_rng(1))
    assert table["score"].isna().mean() == pytest.approx(0.1, abs=0.04)


@pytest.mark.parametrize("verdict", looks.CASES)
def test_each_kind_of_false_verdict_has_a_log_in_which_it_is_false(verdict):
    false_there, case = looks.CASES[verdict]
    for name, claim in case.spec.claims.items():
        assert false_there in false_verdicts(claim, case.effect[name], case.margin)


def test_a_look_judges_the_first_seeds_of_one_log(monkeypatch):
    seen = []

    def judged(table, spec):
        seen.append((sorted(table["seed"].unique()), tuple(spec.looks)))
        return case_module.judged(table, spec)

    monkeypatch.setattr(looks, "judged", judged)
    both = [(list(range(n)), plan) for n in looks.LOOKS for plan in ((), looks.LOOKS)]
    verdict, case = looks.CASES["supported"]
    assert looks.given_at_any_look(case, verdict, np.random.default_rng(1)) == (False, False)
    assert seen == both
    seen.clear()
    looks.given_at_any_look(case, verdict, np.random.default_rng(1), naively=False)
    assert seen == [one for one in both if one[1]]


def test_looking_is_wrong_more_often_where_it_was_not_declared():
    verdict, case = looks.CASES["supported"]
    both = [looks.given_at_any_look(case, verdict, np.random.default_rng(i)) for i in range(40)]
    naive, declared = np.array(both).sum(axis=0)
    assert naive > declared
