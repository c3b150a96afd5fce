"""Claims about slopes over the trials of a search: tested, refused, worded and made to fail."""

import numpy as np
import pandas as pd
import pytest

from uphold.claims.judge import judge
from uphold.claims.slope import beside, of_levels
from uphold.claims.spec import Spec
from uphold.errors import InputError
from uphold.runlog.make_log import make_log
from uphold.testing.mutation import perturbed, reachable
from uphold.validation import validated

MARGIN = 0.02


def search(trials=40, seed=1, noise=0.01, bend=0.0, momentum=True):
    """Return trials in which a tenfold rate loses .03, and 0.1 of dropout gains .01."""
    rng = np.random.default_rng(seed)
    rate, dropout = 10 ** rng.uniform(-4, 0, trials), rng.uniform(0, 0.5, trials)
    sgd = rng.random(trials) < 0.5
    decades = np.log10(rate) + 2
    score = 0.7 - 0.03 * decades - bend * decades**2 + 0.1 * dropout + 0.05 * sgd
    table = pd.DataFrame(
        {
            "trial": np.arange(trials),
            "lr": rate,
            "dropout": dropout,
            "optimizer": np.where(sgd, "sgd", "adam"),
            "f1": score + noise * rng.standard_normal(trials),
        }
    )
    return table.assign(momentum=np.where(sgd, rng.uniform(0.5, 0.9, trials), np.nan))


def spec(claims, **more):
    values = {
        "replicate": "trial",
        "factors": ["optimizer"],
        "numeric": {"lr": "log", "dropout": "linear", "momentum": "linear"},
        "metrics": {"f1": {"label": "F1", "better": "higher", "margin": MARGIN}},
        "primary": "f1",
        "claims": {name: {"metric": "f1", **claim} for name, claim in claims.items()},
    }
    return validated(Spec, values | more, "spec.yaml")


def judged(table, claim, **more):
    described = spec({"it": claim}, **more)
    return judge({"runs": make_log(table, described, "runs.csv")}, described.claims)["it"]


def plain(text):
    """Return a text without spaces that do not break."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


RATE = {"slope": {"of": "lr", "per": 10}}


def test_a_tenfold_rate_loses_what_it_loses():
    j = judged(search(), {**RATE, "expect": "decrease"})
    assert j.verdict == "supported"
    assert j.outcome.value == pytest.approx(-0.03, abs=0.004)
    assert j.outcome.ci_low < -0.03 < j.outcome.ci_high
    assert (j.outcome.runs, j.outcome.seeds) == (40, 40)
    assert j.sentence.startswith("F1 falls when lr is 10 times as large: −0.030 (")
    assert "40 runs, 40 trials). Adjusted for dropout, momentum and optimizer" in j.sentence
    assert j.brief.startswith("Yes: −0.030 (−0.03")
    assert " for 10 times as much." in j.brief
    assert judged(search(), {**RATE, "expect": "increase"}).verdict == "refuted"


def test_a_linear_setting_is_told_by_how_much_more():
    j = judged(search(noise=0.002), {"slope": {"of": "dropout", "per": 0.5}, "expect": "increase"})
    assert j.verdict == "supported" and j.outcome.value == pytest.approx(0.05, abs=0.005)
    assert j.sentence.startswith("F1 rises when dropout rises by 0.5: +0.0")
    assert " for 0.5 more" in j.brief


def test_twice_the_step_is_twice_the_effect():
    once, twice = (
        judged(search(), {"slope": {"of": "lr", "per": per}, "expect": "difference"}).outcome
        for per in (10, 100)
    )
    assert twice.value == pytest.approx(2 * once.value) and twice.p == pytest.approx(once.p)


def test_what_goes_with_another_setting_is_adjusted_for():
    table = search(noise=0.002)
    mixed = table.assign(width=table.lr**0.5 * np.exp(np.random.default_rng(2).normal(size=40)))
    numeric = {"lr": "log", "width": "log"}
    width = {"slope": {"of": "width", "per": 10}, "expect": "difference"}
    assert judged(mixed, width, numeric={"width": "log"}).verdict == "supported"
    assert judged(mixed, width, numeric=numeric | {"dropout": "linear"}).verdict != "supported"
    told = judged(table.assign(width=table.lr**2), width, numeric=numeric)
    assert told.outcome.reason.startswith("what is compared is confounded with lr")


def test_what_has_a_summit_is_not_judged_and_says_where():
    j = judged(search(bend=0.03), {**RATE, "expect": "difference"})
    assert j.verdict == "inconclusive" and np.isnan(j.outcome.p) and np.isnan(j.outcome.ci_low)
    assert j.outcome.reason.startswith("F1 follows no line in lr, but is highest near 0.003")
    assert "(p < .001), so that no one slope says what it does" in plain(j.outcome.reason)
    assert j.brief.startswith("Not tested: F1 follows no line in lr")
    valley = judged(search(bend=-0.03), {**RATE, "expect": "difference"})
    assert "is lowest near" in valley.outcome.reason
    low = {"slope": {"of": "lr", "per": 10, "within": [0, 0.002]}, "expect": "increase"}
    assert judged(search(bend=0.03, noise=0.002), low).verdict == "supported"


def test_what_bends_and_does_not_turn_is_judged_and_said_to_bend():
    j = judged(search(bend=0.005, noise=0.002), {**RATE, "expect": "decrease"})
    assert j.verdict == "supported"
    said = "It is no straight line (p < .001): −0.015 near 0.00034, −0.048 near 0.62."
    assert said in plain(j.sentence)


def test_no_effect_holds_at_both_ends_or_is_not_shown():
    flat = search().assign(f1=0.7 + 0.003 * np.random.default_rng(3).normal(size=40))
    claim = {**RATE, "expect": "no-effect"}
    assert judged(flat, claim).verdict == "supported"
    # A bend that noise hides: the line is level, both ends are steeper than the margin.
    hidden = search(trials=15, noise=0.0)
    decades = np.log10(hidden.lr) + 2
    hidden["f1"] = 0.7 - 0.012 * decades**2 + 0.004 * np.random.default_rng(8).normal(size=15)
    line = judged(hidden, {**claim, "where": {}}, numeric={"lr": "log"}).outcome
    assert line.same_p(MARGIN) > line.equivalence_p(MARGIN)


def test_trials_are_units_whatever_runs_each_has():
    table = pd.concat([search(), search(seed=1).assign(f1=search().f1 + 0.004)])
    twice = judged(table, RATE).outcome
    once = judged(search(), RATE).outcome
    assert (twice.runs, twice.seeds) == (80, 40)
    assert twice.value == pytest.approx(once.value) and twice.se == pytest.approx(once.se)


def test_seeds_that_trials_share_are_no_units():
    j = judged(search().assign(trial=np.arange(40) % 3), RATE)
    assert j.outcome.reason == "40 trials share 3 trials, and of a slope each trial is a unit"
    assert "name under `replicate` the column that numbers the trials" in j.sentence


def test_runs_without_the_setting_or_a_score_do_not_count():
    claim = {"slope": {"of": "momentum", "per": 0.1}}
    table = search()
    j = judged(table, claim)
    assert j.outcome.runs == int(table.momentum.notna().sum())
    assert "optimizer" not in j.outcome.adjusted
    table.loc[0, "f1"] = np.nan
    assert judged(table, RATE).outcome.runs == 39


def test_one_value_too_few_trials_and_none_have_no_test():
    assert "confounded" in judged(search().assign(lr=0.1), RATE).outcome.reason
    few = judged(search(trials=7), RATE)
    assert few.outcome.reason == "there are too few runs to know their spread"
    none = judged(search(), {"slope": {"of": "lr", "per": 10, "within": [5, 6]}})
    assert none.outcome.reason == "none of the runs that it is about has a score"
    exact = judged(search(noise=0.0), RATE, numeric={"lr": "log", "dropout": "linear"})
    assert "leaves no noise" in exact.sentence


def test_a_long_search_has_no_plan_that_ends_at_fewer_trials():
    table = search(trials=120, noise=0.5)
    j = judged(table, {**RATE, "expect": "no-effect"})
    assert j.verdict == "inconclusive" and j.seeds_needed is None
    assert j.sentence.endswith("optimizer, as if they did not interact.")
    assert "How many more than the 120 trials it would take is not planned." in j.sentence
    few = judged(search(trials=30, noise=0.05, seed=4), {**RATE, "expect": "no-effect"})
    assert few.verdict == "inconclusive" and "trials instead of 30" in few.sentence


@pytest.mark.parametrize("expect", ["difference", "increase", "decrease", "no-effect"])
def test_made_up_scores_decide_it_either_way(expect):
    described = spec({"it": {**RATE, "expect": expect}})
    log = make_log(search(), described, "runs.csv")
    found = reachable({"runs": log}, described.claims)["it"]
    assert "supported" in found and "inconclusive" in found
    assert ("refuted" in found) == (expect != "difference")


def test_made_up_scores_have_the_slope_that_is_asked_for():
    described = spec({"it": RATE})
    made = perturbed(make_log(search(), described, "runs.csv"), described.claims["it"], 10, 0.01)
    outcome = judge({"runs": made}, described.claims)["it"].outcome
    assert outcome.value == pytest.approx(10 * MARGIN, rel=0.01)


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ({"slope": {"of": "rate", "per": 10}}, r"slope\.of: there is no numeric setting 'rate'"),
        ({"slope": {"of": "optimizer", "per": 10}}, r"there is no numeric setting 'optimizer'"),
        ({"slope": {"of": "lr", "per": 0}}, r"it\.slope\.per"),
        ({"slope": {"of": "lr"}}, r"it\.slope\.per is missing"),
        ({"slope": {"of": "lr", "per": 10, "within": [2, 1]}}, "the lowest value and then"),
        ({**RATE, "expect": "no-increase"}, "cannot expect 'no-increase'"),
        ({**RATE, "about": "items-like-these"}, "is not known of this form"),
    ],
)
def test_what_is_wrong_with_it_is_said(claim, message):
    from uphold.claims.spec import check_spec

    with pytest.raises(InputError, match=message):
        check_spec(spec({"it": claim}), "spec.yaml")


def test_squares_of_others_are_told_where_half_of_the_runs_are_left():
    described = spec({"it": RATE})
    for trials, columns in ((40, 6), (14, 4)):  # dropout, momentum, whether there is one, optimizer
        log = make_log(search(trials=trials), described, "runs.csv")
        found, varied = beside(log.scores, np.arange(trials), log.numeric, "lr")
        assert found.shape == (trials, columns)
        assert varied == ("dropout", "momentum", "optimizer")


def test_levels_have_a_column_each_but_the_first():
    table = search(trials=4).assign(optimizer=["a", "b", None, "a"])
    log = make_log(table, spec({}), "runs.csv")
    assert of_levels(log.scores, np.arange(4), "optimizer").tolist() == [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
    ]
