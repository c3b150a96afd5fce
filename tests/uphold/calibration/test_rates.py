"""What is counted is what was said, and its error is that of so many draws."""

from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from uphold.calibration import rates, tables
from uphold.calibration.case import Case
from uphold.calibration.rates import Counted, Rate, count
from uphold.calibration.scenario import STEP, one, spec
from uphold.calibration.scenarios import SCENARIOS
from uphold.claims import verdicts
from uphold.pages.calibration.say import OVER, held
from uphold.statistics import contrasts

LIMIT = 0.06


@pytest.mark.parametrize(("hits", "draws"), [(0, 20), (3, 50), (50, 50), (61, 1000)])
def test_the_interval_is_wilson_s(hits, draws):
    expected = proportion_confint(hits, draws, method="wilson")
    assert Rate(hits, draws).interval == pytest.approx(expected, abs=1e-12)


def test_a_rate_of_nothing_is_unknown():
    assert np.isnan([Rate(0, 0).value, *Rate(0, 0).interval]).all()


def test_rates_add_up():
    assert Rate(1, 10) + Rate(2, 5) == Rate(3, 15)
    both = Counted.together(
        [
            Counted({"supported": Rate(1, 10)}, Rate(9, 10)),
            Counted({"supported": Rate(2, 5), "refuted": Rate(0, 5)}, Rate(4, 5)),
        ]
    )
    assert both == Counted({"supported": Rate(3, 15), "refuted": Rate(0, 5)}, Rate(13, 15))


def two_claims() -> Case:
    step = {"contrast": STEP, "expect": "difference"}
    made = spec(["arm", "context"], {"a": step, "b": {**step, "where": {"context": 0}}})
    return Case("two", made, tables.arms(2, 5), {"a": 0.0, "b": 0.0})


def test_what_is_counted_is_what_was_judged(monkeypatch):
    """One false verdict of a log's claims is enough, and each interval counts."""
    case = two_claims()
    made = case.judged(np.random.default_rng(1))

    def judged(number: int) -> dict:
        found = {}
        for i, (name, judgement) in enumerate(made.items()):
            inside = (number + i) % 2 == 0
            outcome = replace(judgement.outcome, ci_low=-1.0 if inside else 1.0, ci_high=2.0)
            verdict = "supported" if number in (0, 3) or (number, name) == (4, "b") else "refuted"
            found[name] = replace(judgement, outcome=outcome, verdict=verdict)
        return found

    monkeypatch.setattr(rates, "generator", lambda *purpose: purpose[-1])
    monkeypatch.setattr(Case, "judged", lambda self, number: judged(number))
    found = count(case, range(10), 1)
    # "refuted" is not false of a claim that something differs: it is no verdict about it at all.
    assert found == Counted({"supported": Rate(3, 10)}, Rate(10, 20))


def test_a_draw_depends_on_nothing_but_its_number():
    case = SCENARIOS[0].cases[0]
    whole = count(case, range(8), 5, "here")
    parts = Counted.together(
        [count(case, range(3, 8), 5, "here"), count(case, range(3), 5, "here")]
    )
    assert whole == parts


def wrong(case: Case, draws: int) -> Rate:
    return count(case, range(draws), 11, "mutants").wrong["supported"]


def test_units_that_are_counted_too_often_are_found_out(monkeypatch):
    """Pairs of one seed in many contexts are no independent pairs."""
    case = one("16 contexts, 3 seeds", tables.arms(16, 3, share=0.5))
    assert held(shown(wrong(case, 40)), LIMIT) != OVER
    match = contrasts.match

    def pair_by_pair(*of):
        found = match(*of)
        return replace(found, unit=found.context * 1000 + found.unit)

    monkeypatch.setattr(contrasts, "match", pair_by_pair)
    assert held(shown(wrong(case, 40)), LIMIT) == OVER


def test_a_family_that_is_not_adjusted_is_found_out(monkeypatch):
    family = next(s for s in SCENARIOS if "one family" in s.title).cases[0]
    assert held(shown(wrong(family, 4)), LIMIT) != OVER
    monkeypatch.setattr(verdicts, "step_down", lambda tests, same: list(tests))
    assert held(shown(wrong(family, 4)), LIMIT) == OVER


def shown(rate: Rate):
    from uphold.calibration.calibrate import shown

    return shown(rate)
