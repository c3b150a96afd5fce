import itertools

import numpy as np
import pandas as pd
import pytest

from uphold.claims.judge import judge
from uphold.errors import InputError

from ..conftest import OF_EACH_FORM, STEP


def only(log, claim):
    return judge({"runs": log}, {"it": claim})["it"]


def test_a_contrast(log, claim):
    # R, one difference a seed: t.test((c(28,33,26,32) + c(51,47,52,53)) / 2000)
    j = only(log, claim(contrast=STEP, expect="increase"))
    assert j.verdict == "supported" and not j.fragile and j.seeds_needed is None
    o = j.outcome
    assert (o.n, o.runs, o.seeds, o.df) == (4, 16, 4, 3) and o.value == pytest.approx(0.04025)
    assert (o.ci_low, o.ci_high) == pytest.approx((0.0377763430829, 0.0427236569171), rel=1e-10)
    assert j.p_adjusted == o.p == pytest.approx(1.58608143553e-05, rel=1e-9)


def test_the_family_is_all_claims_of_a_role_of_all_logs_whatever_their_form(log, claim):
    claims = {
        "a": claim(contrast=STEP, sweep="one"),
        "b": claim(
            interaction={"of": STEP, "with": {"factor": "ratio", "from": 0, "to": 0.5}}, sweep="two"
        ),
        "c": claim(anova={"over": "ratio"}, sweep="one"),
        "d": claim(bound={"at_least": 0.5}, sweep="one"),
        "e": claim(gain={"at_least": 0, "over": 0.5}, sweep="two"),
    }
    found = judge({"one": log, "two": log}, claims)
    p = {name: [d.p for d in c.decisions(found[name].outcome, 0.02)] for name, c in claims.items()}
    assert {len(own) for own in p.values()} == {2}
    surest = min(p, key=lambda name: min(p[name]))
    assert found[surest].p_adjusted == pytest.approx(5 * min(p[surest]))
    for name, j in found.items():
        assert j.family == 5 and 5 * min(p[name]) >= j.p_adjusted >= min(p[name])
    two = {"a": claims["a"], "e": claims["e"].model_copy(update={"role": "secondary"})}
    again = judge({"one": log, "two": log}, two)
    assert [again[name].family for name in "ae"] == [1, 1]
    assert again["a"].p_adjusted == pytest.approx(min(p["a"]))


def test_secondary_claims_are_called_exploratory_and_cost_the_primary_ones_nothing(log, claim):
    many = {f"s{i}": claim(bound={"at_least": 0.5 + i / 1000}, role="secondary") for i in range(9)}
    mine = claim(contrast=STEP)
    found = judge({"runs": log}, {"it": mine, **many})
    assert found["it"].p_adjusted == found["it"].outcome.p
    assert found["s0"].verdict == "supported" and found["s0"].sentence.startswith("Exploratory. ")
    assert "Exploratory" not in found["it"].sentence


def test_one_test_under_two_names_counts_once(log, claim):
    one = judge({"runs": log}, {"it": claim(contrast=STEP)})["it"]
    twice = {n: claim(contrast=STEP, says=n) for n in ("more", "again")}
    assert {j.p_adjusted for j in judge({"runs": log}, twice).values()} == {one.p_adjusted}


def test_a_level_of_the_page_is_that_of_the_claim_beside_it(log, claim):
    """One question has one p: an analysis of variance of two levels is the contrast."""
    found = [only(log, claim(contrast=STEP)), only(log, claim(anova={"over": "mixup"}))]
    assert found[0].p_adjusted == pytest.approx(found[1].p_adjusted)


CONFOUNDED = {
    "increase": {"contrast": STEP, "expect": "increase"},
    "no-effect": {"contrast": STEP, "expect": "no-effect"},
    "anova": {"anova": {"over": "mixup"}},
    "anova-same": {"anova": {"over": "mixup"}, "expect": "no-effect"},
    "gain": {"gain": {"at_least": 0.01, "over": {"mixup": False}}, "where": {"mixup": True}},
}


@pytest.mark.parametrize("form", CONFOUNDED)
def test_arms_that_differ_in_another_factor_in_every_run_are_not_compared_in_silence(
    table, relog, claim, form
):
    """Mixup always at one ratio, and only the ratio acts."""
    one = table[table.mixup == (table.ratio > 0)]
    log = relog(one.assign(f1=0.6 + 0.1 * (one.ratio > 0) + (one.f1 - 0.6) / 10))
    j = only(log, claim(**CONFOUNDED[form]))
    assert j.verdict == "inconclusive" and "confounded with ratio in every run" in j.sentence
    assert j.sentence.endswith(
        "No number of seeds decides it: run one side with the other's ratio."
    )


def fraction(make, arm, acts):
    """Return runs with one arm at each combination of three factors, and what acts on them."""
    levels = list(itertools.product((0, 1), repeat=3))
    rows = [("off" if arm(*of) else "on", *of, s) for of in levels for s in range(5)]
    runs = pd.DataFrame(rows, columns=["mixup", "rate", "size", "depth", "seed"])
    noise = np.random.default_rng(0).normal(0, 0.004, len(runs))
    return make(runs.assign(f1=0.5 + acts(runs) + noise), ["mixup", "rate", "size", "depth"])


TURNED_ON = {"factor": "mixup", "from": "off", "to": "on"}


@pytest.mark.parametrize(
    "form",
    [
        {"contrast": TURNED_ON, "expect": "increase"},
        {"contrast": TURNED_ON, "expect": "no-effect"},
        {"gain": {"at_least": 0, "over": {"mixup": "off"}}, "where": {"mixup": "on"}},
        {"stability": TURNED_ON, "expect": "decrease"},
    ],
)
def test_arms_that_go_with_two_factors_together_are_not_compared(make, claim, form):
    """Mixup does nothing; rate and size interact, which no run tells from mixup."""
    log = fraction(make, lambda r, s, d: r ^ s, lambda t: 0.1 * t["rate"] * t["size"])
    j = only(log, claim(**form))
    assert j.verdict == "inconclusive" and np.isnan(j.outcome.value)
    assert (
        "what is compared goes with rate and size together: they cannot be told apart if those"
        " interact" in j.sentence
    )
    assert j.sentence.endswith(
        "No number of seeds decides it: run each combination of rate and size with both sides."
    )


def test_what_an_effect_was_adjusted_for_is_told(make, claim):
    log = fraction(make, lambda r, s, d: r ^ s ^ d, lambda t: 0.1 * (t["mixup"] == "on"))
    j = only(log, claim(contrast=TURNED_ON, expect="increase"))
    assert j.verdict == "supported" and j.outcome.value == pytest.approx(0.1, abs=0.01)
    assert "Adjusted for rate, size and depth, as if they did not interact." in j.sentence


def test_levels_that_belong_to_one_side_each_are_told(make, claim):
    rows = [(k, d, s) for k, d in zip("nnfff", (1, 2, 10, 20, 30), strict=True) for s in range(4)]
    runs = pd.DataFrame(rows, columns=["kind", "depth", "seed"])
    noise = np.random.default_rng(0).normal(0, 0.004, 20)
    log = make(runs.assign(f1=0.6 + 0.1 * (runs.kind == "f") + noise), ["kind", "depth"])
    step = {"factor": "kind", "from": "n", "to": "f"}
    j = only(log, claim(contrast=step, expect="increase"))
    assert j.verdict == "supported" and j.outcome.n == 4
    assert "Each level of depth belongs to one side, and is a part of it." in j.sentence


def test_a_claim_among_several_logs_names_its_own(log, claim):
    with pytest.raises(InputError, match=r"claims\.it\.sweep is missing.*one, two"):
        judge({"one": log, "two": log}, {"it": claim(contrast=STEP)})
    with pytest.raises(InputError, match=r"no sweep 'ones'.*'one'"):
        judge({"one": log, "two": log}, {"it": claim(contrast=STEP, sweep="ones")})


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"contrast": STEP, "metric": "f1_"}, r"no metric 'f1_'.*'f1'"),
        ({"contrast": {**STEP, "factor": "mixupp"}}, r"no factor 'mixupp'.*'mixup'"),
        ({"contrast": STEP, "where": {"ration": 0}}, r"where\.ration: there is no factor.*'ratio'"),
        ({"anova": {"over": ["mixup", "rate"]}}, r"anova\.over\.1: there is no factor 'rate'"),
        ({"gain": {"at_least": 1, "over": {"mixed": 1}}}, r"no factor 'mixed'"),
    ],
)
def test_unknown_names_are_errors(log, claim, parts, message):
    with pytest.raises(InputError, match=message):
        only(log, claim(**parts))


FORMS = {
    **OF_EACH_FORM,
    "increase": {"contrast": STEP, "expect": "increase"},
    "no-effect": {"contrast": STEP, "expect": "no-effect"},
    "configurations": {"anova": {"over": "configuration"}},
    "kept": {"bound": {"at_most": 0.9}},
    "broken": {"bound": {"at_most": 0.1}},
    "over-number": {"gain": {"at_least": 0.01, "over": 0.1}},
}


@pytest.mark.parametrize("form", FORMS)
def test_one_seed_decides_nothing(table, relog, claim, form):
    j = only(relog(table[table["seed"] == 1]), claim(**FORMS[form]))
    assert j.verdict == "inconclusive" and "seed" in j.outcome.reason
    assert j.sentence.startswith("Undecided.")


@pytest.mark.parametrize("form", FORMS)
def test_nothing_but_failed_runs_decides_nothing(table, relog, claim, form):
    j = only(relog(table.assign(f1=np.nan)), claim(**FORMS[form]))
    assert j.verdict == "inconclusive" and j.outcome.reason and j.seeds_needed is None


@pytest.mark.parametrize("form", FORMS)
def test_one_run_decides_nothing(table, relog, claim, form):
    assert only(relog(table[:1]), claim(**FORMS[form])).verdict == "inconclusive"


@pytest.mark.parametrize(
    "form",
    [
        {"contrast": {"factor": "ratio", "from": 0, "to": 0.7}, "expect": "no-effect"},
        {"contrast": STEP, "where": {"ratio": [0.5, 0.7]}},
        {"interaction": {"of": STEP, "with": {"factor": "ratio", "from": 0.7, "to": 0}}},
        {"bound": {"at_most": 1}, "where": {"ratio": 0.7}},
        {"gain": {"at_least": 0, "over": {"ratio": 0.7}}},
    ],
)
def test_a_level_that_no_run_has_decides_nothing(log, claim, form):
    j = only(log, claim(**form))
    assert j.verdict == "inconclusive" and j.seeds_needed is None
    assert "no run has ratio = 0.7 (levels: 0, 0.5)" in j.sentence
    assert "No number of seeds decides it" in j.sentence


def test_a_factor_of_one_level_decides_nothing(table, relog, claim):
    log = relog(table[table["mixup"]])
    for form in ({"contrast": STEP}, {"anova": {"over": ["mixup", "ratio"]}}):
        j = only(log, claim(**form))
        assert j.verdict == "inconclusive" and j.outcome.reason == "mixup has only true"


@pytest.mark.parametrize("level", ["true", True])
def test_a_quoted_level_is_the_one_without_quotes(log, claim, level):
    j = only(log, claim(contrast={"factor": "mixup", "from": False, "to": level}))
    assert j.verdict == "supported" and j.outcome.runs == 16


LINEAR = {
    **{
        expect: {"contrast": STEP, "expect": expect}
        for expect in ("increase", "decrease", "no-effect", "no-increase", "no-decrease")
    },
    "difference": {"contrast": STEP},
    "interaction": FORMS["interaction"],
    "gain": FORMS["gain"],
}


@pytest.mark.parametrize("form", LINEAR)
@pytest.mark.parametrize("difference", [0.0, 0.005, 0.1])
def test_without_noise_there_is_no_test_whatever_the_differences_are(
    table, relog, claim, form, difference
):
    """All runs agree, or differ by less than the margin, or by five of them: always the same."""
    both = table.mixup & (table.ratio == 0.5) if form == "interaction" else table.mixup
    j = only(
        relog(table.assign(f1=0.5 + 0.01 * table.seed + difference * both)), claim(**LINEAR[form])
    )
    assert j.verdict == "inconclusive" and not j.fragile
    assert j.outcome.value == pytest.approx(difference)
    assert np.isnan([j.outcome.p, j.outcome.ci_low, j.p_adjusted]).all()
    assert "no noise" in j.sentence and "without noise" in j.sentence


def test_levels_that_agree_in_every_match_are_not_tested(table, relog, claim):
    """The ratio varies and mixup does nothing: a level of noise, but none of mixup's."""
    log = relog(table.assign(f1=0.5 + 0.01 * table.seed + 0.003 * table.ratio * table.seed))
    for expect in ("difference", "no-effect"):
        j = only(log, claim(anova={"over": "mixup"}, expect=expect))
        assert j.verdict == "inconclusive" and "no noise" in j.outcome.reason


def test_a_constant_score_neither_meets_a_bound_nor_breaks_it(table, relog, claim):
    """One rule for noise: without any there is no test, on either side."""
    log = relog(table.assign(f1=0.5))
    for limit in (0.4, 0.9):
        j = only(log, claim(bound={"at_most": limit}))
        assert j.verdict == "inconclusive" and j.outcome.unknown == 4 and np.isnan(j.p_adjusted)


def test_a_bound_is_an_intersection_union_and_costs_nothing_for_its_number(make, claim):
    """32 configurations, each 3 of its own standard errors above: all are shown to be."""
    rng = np.random.default_rng(0)
    runs = pd.DataFrame([(c, s) for c in range(32) for s in range(5)], columns=["c", "seed"])
    log = make(runs.assign(f1=0.6 + rng.normal(0, 0.01, 160)), ["c"])
    j = only(log, claim(bound={"at_least": 0.58}))
    o = j.outcome
    assert j.verdict == "supported" and j.p_adjusted == o.inside_p < 0.05 < 32 * o.inside_p


def test_means_that_pass_a_limit_by_chance_refute_nothing(make, claim):
    """32 configurations half an SD above the limit: a third of the means are seen below it."""
    refuted = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        runs = pd.DataFrame([(c, s) for c in range(32) for s in range(3)], columns=["c", "seed"])
        log = make(runs.assign(f1=0.6 + rng.normal(0, 0.01, 96)), ["c"])
        j = judge({"runs": log}, {"it": claim(bound={"at_least": 0.595})}, fragility=False)["it"]
        assert j.outcome.breaking
        refuted += j.verdict == "refuted"
    # of 40 at .05: 2 on average, and 7 in one of 400 such tests
    assert refuted <= 6


def trained(table, **more):
    """Return runs whose training set is the seed's alone, so that the ratio makes no other."""
    return table.assign(training_set=[f"{s:08x}" for s in table.seed], **more)


SAMPLED = {"factors": ["mixup", "upsampling"]}
UPSAMPLING = {"factor": "upsampling", "from": 0, "to": 0.5}
NOTHING_COMPARED = {
    "contrast": {"contrast": UPSAMPLING, "expect": "no-effect"},
    "one-sided": {"contrast": UPSAMPLING, "expect": "no-increase"},
    "anova": {"anova": {"over": "upsampling"}, "expect": "no-effect"},
    "interaction": {"interaction": {"of": STEP, "with": UPSAMPLING}},
    "gain": {
        "gain": {"at_least": -1, "over": {"upsampling": 0}},
        "where": {"upsampling": 0.5},
    },
}


@pytest.mark.parametrize("form", NOTHING_COMPARED)
def test_arms_that_trained_on_the_same_sets_are_not_compared(table, relog, claim, form):
    log = relog(trained(table.rename(columns={"ratio": "upsampling"})), **SAMPLED)
    j = only(log, claim(**NOTHING_COMPARED[form]))
    assert j.verdict == "inconclusive" and not j.fragile and j.seeds_needed is None
    assert "nothing was compared, since the arms trained on the same sets" in j.sentence
    assert j.sentence.endswith("No number of seeds decides it.") and not j.outcome.seeds_help
    assert np.isnan([j.outcome.p, j.outcome.ci_low, j.p_adjusted]).all()


@pytest.mark.parametrize("form", NOTHING_COMPARED)
def test_arms_of_which_one_trained_on_another_set_are_compared(table, relog, claim, form):
    table = trained(table.rename(columns={"ratio": "upsampling"}))
    table.loc[table.upsampling == 0.5, "training_set"] = [f"{s:08x}" for s in range(16, 24)]
    j = only(relog(table, **SAMPLED), claim(**NOTHING_COMPARED[form]))
    assert not j.outcome.reason


def test_a_factor_of_the_model_is_compared_on_one_training_set(table, relog, claim):
    log = relog(trained(table.rename(columns={"ratio": "upsampling"})), **SAMPLED)
    assert only(log, claim(contrast=STEP, expect="increase")).verdict == "supported"
    assert only(log, claim(anova={"over": "configuration"})).verdict == "supported"


def test_a_claim_that_compares_nothing_was_declared_and_counts(table, relog, claim):
    log = relog(trained(table.rename(columns={"ratio": "upsampling"})), **SAMPLED)
    claims = {"up": claim(contrast=STEP), "nothing": claim(contrast=UPSAMPLING)}
    found = judge({"runs": log}, claims)["up"]
    assert found.p_adjusted == pytest.approx(2 * found.outcome.p)


def test_the_same_runs_on_both_sides_are_not_compared(table, relog, claim):
    """1 is true, where a column holds 0 and 1."""
    log = relog(table.assign(mixup=table.mixup.astype(int), f1=table.f1 + table.ratio))
    j = only(log, claim(contrast={"factor": "mixup", "from": True, "to": "1"}, expect="no-effect"))
    assert "the same runs stand on both sides" in j.sentence


def test_one_side_without_runs_is_named(table, relog, claim):
    log = relog(table.assign(f1=table.f1.where(~table.mixup)))
    assert "none of the runs with mixup on has a score" in only(log, claim(contrast=STEP)).sentence


def test_one_side_with_one_seed_is_named(table, relog, claim):
    log = relog(table[~table.mixup | (table.seed == 1)])
    j = only(log, claim(contrast=STEP))
    assert j.verdict == "inconclusive" and "all runs with mixup on share one seed" in j.sentence
    apart = relog(table[(~table.mixup & (table.seed > 1)) | (table.mixup & (table.seed == 1))])
    assert "all runs with mixup on share one seed" in only(apart, claim(contrast=STEP)).sentence


def test_repeats_of_one_seed_are_no_spread_between_seeds(table, relog, claim):
    """Each configuration four times with a seed of its own: no interval, so no bound is met."""
    seed = 10 * table.mixup + (table.ratio > 0)
    j = only(relog(table.assign(seed=seed)), claim(bound={"at_most": 0.9}))
    assert j.verdict == "inconclusive" and j.outcome.unknown == 4
    assert "4 means cannot be given an interval" in j.sentence


def test_one_configuration_with_enough_runs_may_meet_a_bound(table, relog, claim):
    log = relog(table[table.mixup & (table.ratio == 0.5)])
    j = only(log, claim(bound={"at_least": 0.5}))
    assert j.verdict == "supported" and j.outcome.levels == 1
    assert "The mean F1 of 1 configuration is at least 0.5" in j.sentence
    assert only(log, claim(gain={"at_least": 0.1, "over": 0.5})).verdict == "supported"


@pytest.mark.parametrize(("kind", "factor"), [("f1", 1), ("recall", 100), ("error", 100)])
def test_an_interval_of_a_proportion_ends_where_proportions_do(table, relog, claim, kind, factor):
    wild = table.assign(f1=factor * np.tile([0.05, 0.9, 0.2, 0.99], 4))
    o = only(relog(wild, metric={"kind": kind}), claim(bound={"at_most": 0.8 * factor})).outcome
    assert (o.ci_low, o.ci_high) == (0, factor)
    free = only(
        relog(wild, metric={"kind": "score"}), claim(bound={"at_most": 0.8 * factor})
    ).outcome
    assert free.ci_low < 0 and free.ci_high > factor


@pytest.mark.parametrize("form", [f for f in FORMS if "bound" not in FORMS[f]])
def test_a_log_pasted_twice_is_no_more_evidence(table, relog, claim, form):
    once = only(relog(table), claim(**FORMS[form])).outcome
    twice = only(relog(pd.concat([table, table])), claim(**FORMS[form])).outcome
    assert (once.value, once.p, once.se) == pytest.approx(
        (twice.value, twice.p, twice.se), nan_ok=True
    )


def test_scores_that_never_vary_decide_nothing(table, relog, claim):
    log = relog(table.assign(f1=1.0))
    for form in ({"contrast": STEP, "expect": "no-effect"}, {"anova": {"over": "mixup"}}):
        j = only(log, claim(**form))
        assert j.verdict == "inconclusive" and "no noise" in j.outcome.reason


def test_the_order_of_rows_and_of_claims_is_nothing(table, log, relog, claim):
    claims = {name: claim(**parts) for name, parts in FORMS.items()}
    backwards = dict(reversed(claims.items()))
    one = judge({"runs": log}, claims)
    other = judge({"runs": relog(table.sample(frac=1, random_state=1))}, backwards)
    for name in claims:
        assert one[name].verdict == other[name].verdict
        assert one[name].p_adjusted == pytest.approx(other[name].p_adjusted, nan_ok=True)
        assert {x.name for x in one[name].depends_on} == {x.name for x in other[name].depends_on}


def test_a_bound_counts_what_breaks_it(log, claim):
    j = only(log, claim(bound={"at_most": 0.62}))
    assert j.verdict == "refuted"
    # means: .6005 and .59975 without mixup; .63025 and .6505 with it
    assert (j.outcome.levels, j.outcome.breaking) == (4, 2)
    assert j.outcome.value == pytest.approx(0.6505)
    lowest = only(log, claim(bound={"at_least": 0.5}))
    assert lowest.verdict == "supported" and lowest.outcome.value == pytest.approx(0.59975)


def test_a_gain_is_matched_and_its_sign_is_what_is_better(table, relog, claim):
    parts = {
        "where": {"mixup": True, "ratio": 0.5},
        "gain": {"at_least": 0.04, "over": {"mixup": False, "ratio": 0}},
    }
    j = only(relog(table), claim(**parts))
    # seeds 1 to 4 by hand: .650-.603, .649-.598, .652-.601, .651-.600
    assert j.outcome.value == pytest.approx(0.05) and j.outcome.n == 4
    assert j.verdict == "supported"
    worse = only(relog(table, metric={"better": "lower"}), claim(**parts))
    assert worse.outcome.value == pytest.approx(-0.05) and worse.verdict == "refuted"


def test_a_gain_over_a_number(log, claim):
    j = only(log, claim(where={"mixup": True}, gain={"at_least": 0.02, "over": 0.6}))
    # R, one value a seed: x <- (c(631,631,627,632) + c(650,649,652,651)) / 2000; t.test(x - .6)
    assert j.outcome.value == pytest.approx(0.040375) and (j.outcome.n, j.outcome.runs) == (4, 8)
    assert j.outcome.ci_low == pytest.approx(0.03901623456, rel=1e-8)
    # one-sided, against the gain that is claimed; R: t.test(x - .62, alternative="greater")
    assert j.verdict == "supported" and j.p_adjusted == pytest.approx(1.015e-05, rel=1e-2)


def test_a_gain_of_noiseless_runs_over_a_number_is_not_judged(table, relog, claim):
    for constant in (0.0, 0.3):
        j = only(relog(table.assign(f1=constant)), claim(gain={"at_least": 0.02, "over": 0.2}))
        assert j.verdict == "inconclusive" and "no noise" in j.outcome.reason


def test_an_interaction_of_a_factor_without_effect_anywhere_is_not_judged(table, relog, claim):
    ratio = {"factor": "ratio", "from": 0, "to": 0.5}
    log = relog(table.assign(mixup=None))
    j = only(log, claim(interaction={"of": STEP, "with": ratio}))
    assert j.verdict == "inconclusive"


def test_an_inconclusive_claim_says_what_it_would_take(table, relog, claim):
    rng = np.random.default_rng(1)
    j = only(
        relog(table.assign(f1=rng.normal(0.6, 0.1, 16))), claim(contrast=STEP, expect="increase")
    )
    assert j.verdict == "inconclusive" and j.detectable > 0.02
    low, high = j.seeds_needed
    assert low > 4 and high is None
    assert j.sentence.endswith(
        f"To see a change of 0.02 with 80 % power would take from {low} to more than 100 seeds"
        " instead of 4."
    )


def test_a_larger_family_takes_more_seeds(table, relog, claim):
    log = relog(table.assign(f1=np.random.default_rng(1).normal(0.6, 0.02, 16)))
    mine, ratio = claim(contrast=STEP), {"factor": "ratio", "from": 0, "to": 0.5}
    others = {f"b{i}": claim(bound={"at_least": 0.5 + i / 1000}) for i in range(9)}
    crowd = {"it": mine, "ratio": claim(contrast=ratio), **others}
    alone, crowded = (judge({"runs": log}, c)["it"] for c in ({"it": mine}, crowd))
    assert alone.verdict == crowded.verdict == "inconclusive"
    assert crowded.seeds_needed.low > alone.seeds_needed.low


def test_what_is_beyond_the_margin_by_no_more_than_noise_is_suggestive_at_most(table, relog, claim):
    """Below .05 alone, not so after five claims."""
    off = np.array([-3, 1, 1, 1]) / 1000
    lift = 0.0035 + np.tile(off, 2)
    log = relog(table.assign(f1=0.6 + 0.001 * table.seed + np.tile(lift, 2) * table.mixup))
    mine = claim(contrast=STEP, expect="increase")
    others = {f"b{i}": claim(bound={"at_least": 0.7 + i / 1000}) for i in range(9)}
    j = judge({"runs": relog(log.scores.table)}, {"it": mine, **others})["it"]
    assert j.verdict == "equivalent" or "Suggestive, not after 10 claims" in j.sentence


def without_c(table):
    """Add a third level, of which every run failed."""
    failed = table[table.ratio == 0].assign(ratio=1.0, f1=np.nan)
    return pd.concat([table, failed.assign(run=[f"x{i}" for i in range(len(failed))])])


def test_all_is_not_shown_where_one_of_them_failed_in_every_run(table, relog, claim):
    table = table.assign(f1=table.f1 - table.mixup * (0.03 + 0.04 * table.ratio))
    claims = {
        "bound": claim(bound={"at_least": 0.5}),
        "ratio": claim(anova={"over": "ratio"}, expect="no-effect"),
        "either": claim(anova={"over": "ratio"}),
        "every": claim(anova={"over": "configuration"}, expect="no-effect"),
    }
    whole, without = (
        {n: judge({"runs": relog(t)}, {n: c})[n] for n, c in claims.items()}
        for t in (table, without_c(table))
    )
    assert {n: j.verdict for n, j in whole.items()} == {
        "bound": "supported",
        "ratio": "supported",
        "either": "equivalent",
        "every": "supported",
    }
    assert {j.verdict for j in without.values()} == {"inconclusive"}
    assert "No run with ratio 1 has a score." in without["ratio"].sentence
    assert "with mixup off, ratio 1 or mixup on, ratio 1 has" in without["bound"].sentence
    for name in ("bound", "ratio", "every"):
        assert "No number of seeds shows it of all" in without[name].sentence
    narrowed = claim(bound={"at_least": 0.5}, where={"ratio": [0, 0.5]})
    again = judge({"runs": relog(without_c(table))}, {"it": narrowed})["it"]
    assert again.verdict == "supported" and "has a score" not in again.sentence


def test_what_failed_does_not_keep_a_claim_about_all_from_being_refuted(table, relog, claim):
    claims = {
        "bound": claim(bound={"at_least": 0.7}),
        "mixup": claim(anova={"over": "configuration"}, expect="no-effect"),
    }
    found = {n: judge({"runs": relog(without_c(table))}, {n: c})[n] for n, c in claims.items()}
    assert {j.verdict for j in found.values()} == {"refuted"}


def test_a_configuration_of_which_some_runs_failed_is_judged_by_the_others(table, relog, claim):
    lost = table.assign(f1=table.f1.mask((table.ratio == 0) & (table.seed == 1)))
    j = judge({"runs": relog(lost)}, {"it": claim(bound={"at_least": 0.5})})["it"]
    assert j.verdict == "supported" and not j.outcome.unscored


BACK = {"factor": "mixup", "from": True, "to": False}
RATIO = {"factor": "ratio", "from": 0, "to": 0.5}
LESS = {"factor": "ratio", "from": 0.5, "to": 0}


def test_one_test_gets_one_verdict_whatever_role_it_stands_in(table, relog, claim):
    off = np.tile([-0.02, 0.0, 0.01, 0.01], 2)
    made = table.assign(f1=0.6 + 0.01 * table.seed)
    made.loc[table.mixup, "f1"] += 0.03 + off
    both = {
        "first": claim(contrast=STEP, expect="increase"),
        "again": claim(contrast=BACK, expect="decrease", role="secondary"),
        **{f"b{i}": claim(bound={"at_most": 0.61 + i / 100}) for i in range(4)},
    }
    found = judge({"runs": relog(made)}, both)
    first, again = found["first"], found["again"]
    assert (again.verdict, again.p_adjusted) == (first.verdict, first.p_adjusted)
    assert first.verdict == "inconclusive" and first.family == again.family == 5
    assert again.claim.role == "primary" and again.seeds_needed == first.seeds_needed
    assert "from mixup on to off" in again.sentence


SAME = [
    ({"contrast": STEP, "expect": "increase"}, {"contrast": BACK, "expect": "decrease"}),
    ({"contrast": STEP, "expect": "no-increase"}, {"contrast": BACK, "expect": "no-decrease"}),
    ({"contrast": STEP, "expect": "no-effect"}, {"contrast": BACK, "expect": "no-effect"}),
    ({"contrast": STEP}, {"contrast": BACK, "expect": "difference"}),
    (
        {"contrast": STEP, "where": {"ratio": [0, 0.5]}},
        {"contrast": STEP, "where": {"ratio": [0.5, 0.0]}},
    ),
    ({"contrast": STEP, "where": {"ratio": 0}}, {"contrast": STEP, "where": {"ratio": [0.0]}}),
    (
        {"interaction": {"of": STEP, "with": RATIO}, "expect": "increase"},
        {"interaction": {"of": BACK, "with": RATIO}, "expect": "decrease"},
    ),
    (
        {"interaction": {"of": STEP, "with": RATIO}, "expect": "no-increase"},
        {"interaction": {"of": LESS, "with": BACK}, "expect": "no-increase"},
    ),
    ({"anova": {"over": ["mixup", "ratio"]}}, {"anova": {"over": ["ratio", "mixup"]}}),
    (
        {
            "gain": {"at_least": 0, "over": {"mixup": False, "ratio": [0, 0.5]}},
            "where": {"mixup": True},
        },
        {
            "gain": {"at_least": 0.0, "over": {"ratio": [0.5, 0.0], "mixup": [False]}},
            "where": {"mixup": True},
        },
    ),
    (
        {"stability": STEP, "expect": "decrease"},
        {"stability": {**BACK, "by": 1.5}, "expect": "increase"},
    ),
]
APART = [
    ({"contrast": STEP, "expect": "increase"}, {"contrast": STEP, "expect": "no-increase"}),
    ({"contrast": STEP}, {"contrast": STEP, "where": {"ratio": 0}}),
    ({"contrast": STEP}, {"contrast": STEP, "about": "items-like-these"}),
    ({"stability": STEP}, {"stability": {**STEP, "by": 2}}),
    ({"bound": {"at_most": 0.6}}, {"bound": {"at_least": 0.6}}),
    ({"interaction": {"of": STEP, "with": RATIO}}, {"contrast": STEP}),
]


@pytest.mark.parametrize(("one", "other"), SAME)
@pytest.mark.parametrize("own_seeds", [False, True])
def test_one_test_written_in_two_ways_counts_once(make, claim, one, other, own_seeds):
    """Also where its p comes from random rearrangements of units that no arm shares."""
    rng = np.random.default_rng(3)
    rows = [(m, r, s) for m in (False, True) for r in (0, 0.5) for s in range(16)]
    runs = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    runs["f1"] = 0.6 + rng.normal(0, 0.02 + 0.02 * runs.mixup)
    if own_seeds:
        runs["seed"] = np.arange(len(runs))
    log = make(runs, ["mixup", "ratio"])
    claims = {"one": claim(**one), "other": claim(**other, role="secondary")}
    assert claims["one"].same_test() == claims["other"].same_test()
    found = judge({"runs": log}, claims)
    assert found["one"].family == found["other"].family == 1
    assert found["one"].verdict == found["other"].verdict
    assert found["one"].p_adjusted == found["other"].p_adjusted
    o, back = (j.outcome for j in found.values())
    assert o.p == pytest.approx(back.p) and o.se == pytest.approx(back.se, nan_ok=True)


@pytest.mark.parametrize("effect", [0.04, 0.0])
@pytest.mark.parametrize("step", [{"contrast": STEP}, {"interaction": {"of": STEP, "with": RATIO}}])
def test_a_rise_a_fall_and_any_difference_are_one_test(make, claim, step, effect):
    rng = np.random.default_rng(3)
    rows = [(m, r, s) for m in (False, True) for r in (0, 0.5) for s in range(16)]
    runs = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    up = runs.mixup * np.where(runs.ratio > 0, 2 * effect, 0)
    runs["f1"] = 0.6 + up + rng.normal(0, 0.005, len(runs))
    claims = {e: claim(**step, expect=e) for e in ("increase", "decrease", "difference")}
    found = judge({"runs": make(runs, ["mixup", "ratio"])}, claims)
    assert {j.family for j in found.values()} == {1}
    assert len({j.p_adjusted for j in found.values()}) == 1
    told = [found[e].verdict for e in claims]
    assert told == (["supported", "refuted", "supported"] if effect else ["equivalent"] * 3)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_is_another_test_counts_by_itself(claim, one, other):
    assert claim(**one).same_test() != claim(**other).same_test()


def test_what_could_have_been_found_is_told_at_the_level_of_the_claim(table, relog, claim):
    """Of ten claims, and of one look of two, more than of one claim judged once."""
    noisy = table.assign(f1=np.random.default_rng(1).normal(0.6, 0.02, 16))
    mine = {"it": claim(contrast=STEP), "levels": claim(anova={"over": "ratio"})}
    others = {f"b{i}": claim(bound={"at_most": 0.6 + i * 1e-9}) for i in range(8)}

    def found(more, **keys):
        judged = judge({"runs": relog(noisy, **keys)}, {**mine, **more}, fragility=False)
        return {name: judged[name] for name in mine}

    few, many, early = found({}), found(others), found({}, looks=[4, 8])
    for name in mine:
        assert few[name].level == 0.05 / 2 and many[name].level == 0.05 / 10
        assert early[name].detectable > few[name].detectable < many[name].detectable
        assert np.isnan(found({}, looks=[5])[name].detectable)
        o = few[name].outcome
        assert few[name].detectable == mine[name].detectable(o, 0.025)
    assert f"{many['levels'].detectable:.3f} apart with 80" in many["levels"].sentence


def test_a_secondary_claim_is_planned_at_the_level_that_its_family_leaves(table, relog, claim):
    """One of ten others is decided: two times .05 / 11."""
    log = relog(table.assign(f1=np.random.default_rng(1).normal(0.6, 0.02, 16)))
    off = {"role": "secondary"}
    claims = {"it": claim(contrast=STEP, **off), "far": claim(bound={"at_least": 0.2}, **off)}
    claims |= {f"b{i}": claim(bound={"at_most": 0.6 + i * 1e-9}, **off) for i in range(9)}
    found = judge({"runs": log}, claims, fragility=False)
    assert [n for n, j in found.items() if j.verdict != "inconclusive"] == ["far"]
    j = found["it"]
    assert j.level == pytest.approx(2 * 0.05 / 11)
    assert j.seeds_needed == j.claim.seeds_it_takes(j.alone, 0.02, j.level)


@pytest.mark.parametrize("expect", ["no-effect", "no-increase", "no-decrease", "increase"])
def test_no_effect_anywhere_is_not_shown_by_the_contexts_that_have_scores(
    table, relog, claim, expect
):
    """Of the third ratio one arm failed in every run, so that its effect is not known."""
    flat = table.assign(f1=table.f1 - table.mixup * (0.03 + 0.04 * table.ratio))
    more = flat[flat.ratio == 0].assign(ratio=1.0)
    more = more.assign(f1=more.f1.mask(more.mixup), run=[f"x{i}" for i in range(len(more))])
    mine = claim(contrast=STEP, expect=expect)
    whole = judge({"runs": relog(flat)}, {"it": mine})["it"]
    j = judge({"runs": relog(pd.concat([flat, more]))}, {"it": mine})["it"]
    assert whole.verdict == ("equivalent" if expect == "increase" else "supported")
    assert j.verdict == "inconclusive"
    assert "No run with mixup on, ratio 1 has a score." in j.sentence
    assert ("No number of seeds shows it of all" in j.sentence) == (expect != "increase")
    narrowed = mine.model_copy(update={"where": {"ratio": [0, 0.5]}})
    again = judge({"runs": relog(pd.concat([flat, more]))}, {"it": narrowed})["it"]
    assert again.verdict == whole.verdict and "has a score" not in again.sentence


def test_a_context_that_failed_does_not_keep_an_effect_from_being_shown(table, relog, claim):
    lost = table.assign(f1=table.f1.mask(table.mixup & (table.ratio == 0)) + 0.1 * table.mixup)
    found = judge(
        {"runs": relog(lost)},
        {
            "up": claim(contrast=STEP, expect="increase"),
            "no": claim(contrast=STEP, expect="no-effect"),
        },
    )
    assert {n: j.verdict for n, j in found.items()} == {"up": "supported", "no": "refuted"}
