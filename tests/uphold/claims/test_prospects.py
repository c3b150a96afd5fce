"""The chance that a claim which is open now is decided with more units."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr

from uphold.claims.judge import judge
from uphold.claims.prospects import chance
from uphold.error_rates import POWER
from uphold.randomness import generator
from uphold.statistics.looks import nominal_levels
from uphold.statistics.power import SeedsNeeded

from ..conftest import STEP

MARGIN = 0.02
LOOKS = (4, 8, 16)
# Four differences with a mean of 0 and a standard deviation of 1.
SHAPE = np.array([-1.0, 1.0, 0.5, -0.5]) / np.std([-1.0, 1.0, 0.5, -0.5], ddof=1)


@pytest.fixture
def judged(make, claim):
    """Return a function that judges a claim on four seeds with this effect and noise."""

    def of(effect: float, noise: float, form: dict | None = None, **keys):
        rows = [(on, seed) for on in (False, True) for seed in range(4)]
        table = pd.DataFrame(rows, columns=["mixup", "seed"])
        table["f1"] = 0.5 + 0.01 * table["seed"]
        table["f1"] += table["mixup"] * (effect + noise * SHAPE[table["seed"]])
        one = claim(**(form or {"contrast": STEP, "expect": "increase"}))
        return judge({"runs": make(table, ["mixup"], **keys)}, {"up": one})["up"]

    return of


def simulated(effect: float, noise: float, units: int, one_sided: float, two_sided: float) -> float:
    """Return how often runs that are drawn decide it by these levels.

    The true noise and effect are drawn as four seeds leave them uncertain; then the runs that are
    still lacking. Then a direction is tested, and equivalence, by all runs.
    """
    draw, times = generator(0, "prospects"), 40_000
    true = noise * np.sqrt(3 / draw.chisquare(3, times))
    truth = effect + true / 2 * draw.standard_normal(times)
    more = truth[:, None] + true[:, None] * draw.standard_normal((times, units - 4))
    runs = np.column_stack([np.tile(effect + noise * SHAPE, (times, 1)), more])
    mean = runs.mean(axis=1)
    se, df = runs.std(axis=1, ddof=1) / np.sqrt(units), units - 1
    apart = 2 * stdtr(df, -np.abs(mean) / se) < two_sided
    same = stdtr(df, (np.abs(mean) - MARGIN) / se) < one_sided
    return float(np.mean(apart | same))


@pytest.mark.parametrize("units", [8, 16])
@pytest.mark.parametrize(
    ("effect", "noise"), [(0.02, 0.02), (0.03, 0.04), (0.0, 0.015), (0.01, 0.03)]
)
def test_it_is_what_runs_that_are_drawn_give(judged, effect, noise, units):
    """One look: the levels are .05, of two sides for a direction, of one for equivalence."""
    found = chance(judged(effect, noise), units, (), 0.05)
    assert found == pytest.approx(simulated(effect, noise, units, 0.05, 0.05), abs=0.03)


@pytest.mark.parametrize("units", [8, 16])
def test_several_looks_ask_for_more_as_their_levels_say(judged, units):
    open_claim = judged(0.03, 0.04)
    found = chance(open_claim, units, LOOKS, 0.05)
    levels = [nominal_levels(LOOKS, 0.05, sides)[LOOKS.index(units)] for sides in (1, 2)]
    assert found == pytest.approx(simulated(0.03, 0.04, units, *levels), abs=0.03)
    assert found <= chance(open_claim, units, (), 0.05)


def test_it_rises_with_units_and_with_the_effect_and_falls_with_the_level(judged):
    by_units = [chance(judged(0.03, 0.04), n, (), 0.05) for n in (6, 10, 20, 50)]
    assert by_units == sorted(by_units) and by_units[0] < by_units[-1] - 0.2
    by_effect = [chance(judged(e, 0.05), 16, (), 0.05) for e in (0.0, 0.025, 0.05)]
    assert by_effect == sorted(by_effect) and by_effect[0] < by_effect[-1] - 0.2
    by_level = [chance(judged(0.03, 0.04), 16, (), a) for a in (0.001, 0.01, 0.05)]
    assert by_level == sorted(by_level) and by_level[0] < by_level[-1]


def test_before_the_first_look_nothing_can_be_decided(judged):
    assert chance(judged(0.03, 0.04), 6, (8, 16), 0.05) == 0
    assert chance(judged(0.06, 0.04), 8, (8, 16), 0.05) > 0


def test_no_seed_helps_where_there_is_nothing_to_compare(judged):
    nowhere = judged(0.03, 0.04, {"contrast": {**STEP, "to": True}, "where": {"mixup": False}})
    assert nowhere.alone.reason and chance(nowhere, 16, (), 0.05) == 0
    open_claim = judged(0.03, 0.04)
    never = replace(open_claim, alone=replace(open_claim.alone, seeds_help=False))
    assert chance(never, 16, (), 0.05) == 0
    agree = judged(0.0, 0.0)
    assert chance(agree, 16, (), 0.05) == 0


def test_the_unmoderated_error_is_what_further_seeds_are_drawn_by(judged):
    open_claim = judged(0.03, 0.04)
    moderated = replace(open_claim, outcome=open_claim.outcome.with_error(1e-6, 100.0))
    assert chance(moderated, 16, (), 0.05) == chance(open_claim, 16, (), 0.05)


@pytest.mark.parametrize(
    ("needed", "units", "expected"),
    [
        ((6, 12), 5, 0.0),
        ((6, 12), 6, POWER / 2),
        ((6, 12), 11, POWER / 2),
        ((6, 12), 12, POWER),
        ((6, None), 90, POWER / 2),
        ((None, None), 90, 0.0),
        (None, 90, 0.0),
    ],
)
def test_what_has_no_single_effect_goes_by_its_plan(judged, needed, units, expected):
    bound = judged(0.0, 0.04, {"bound": {"at_most": 0.53}})
    assert not bound.alone.scale > 0
    planned = replace(bound, seeds_needed=needed and SeedsNeeded(*needed))
    assert chance(planned, units, (), 0.05) == expected
