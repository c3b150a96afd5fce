"""A verdict chooses the words: sentences of every form under every verdict that it can reach."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.claims.fragility import LeftOut
from uphold.claims.judge import judge
from uphold.claims.sentences import sentence
from uphold.claims.wording import not_after
from uphold.statistics.power import SeedsNeeded
from uphold.testing.mutation import EFFECTS, NOISES, perturbed

from ..conftest import OF_EACH_FORM, STEP

FORMS = {
    **OF_EACH_FORM,
    **{
        expect: {"contrast": STEP, "expect": expect}
        for expect in (
            "increase",
            "decrease",
            "no-effect",
            "no-increase",
            "no-decrease",
            "difference",
        )
    },
    "narrowed": {"contrast": STEP, "where": {"ratio": 0.5}, "expect": "increase"},
    "configurations": {"anova": {"over": "configuration"}},
    "anova-same": {"anova": {"over": ["mixup", "ratio"]}, "expect": "no-effect"},
    "least": {"bound": {"at_least": 0.6}, "where": {"mixup": True}},
    "gain-in-one": {
        "gain": {"at_least": 0.05, "over": {"mixup": False, "ratio": 0}},
        "where": {"mixup": True, "ratio": 0},
    },
    "gain-number": {"gain": {"at_least": 0.05, "over": 0.5}},
}
CASES = [(form, effect, noise) for form in FORMS for effect in EFFECTS for noise in NOISES]
TAKES = ("would take", "Even 100 seeds are too few to", "not shown in")
RESULT = re.compile(
    r" (rises|falls|differ|lie|is within|is beyond|does not|is at (most|least)|by more than noise) "
)


@pytest.fixture
def judged(log_for, claim):
    def at(form, effect, noise):
        c = claim(**FORMS[form])
        return judge({"runs": perturbed(log_for(form), c, effect, noise)}, {form: c})[form]

    return at


@pytest.mark.parametrize(("form", "effect", "noise"), CASES)
def test_an_inconclusive_claim_cannot_read_like_a_result(judged, form, effect, noise):
    j = judged(form, effect, noise)
    measured = j.sentence.split(" Depends on")[0]
    if j.verdict == "inconclusive":
        assert measured.startswith("Undecided. ")
        assert not RESULT.search(measured) or " but this is not shown in " in measured, measured
        assert any(said in measured for said in TAKES), measured
    else:
        assert (
            "Undecided" not in measured
            and "may be" not in measured
            and "would take" not in measured
        )


@pytest.mark.parametrize(("form", "effect", "noise"), CASES)
def test_every_sentence_says_how_large_how_sure_and_from_how_many_runs(judged, form, effect, noise):
    j = judged(form, effect, noise)
    assert "F1" in j.sentence
    assert f"{j.outcome.runs} runs, {j.outcome.seeds} seeds" in j.sentence
    assert re.search(r"(9[05] % interval|may be anything from) −?\d|ω² = ", j.sentence), j.sentence
    assert "nan" not in j.sentence and "{" not in j.sentence
    if j.verdict != "inconclusive":
        assert "adjusted p" in j.sentence


@pytest.mark.parametrize("form", FORMS)
def test_every_form_reaches_verdicts_that_read_otherwise(judged, form):
    found = {(j := judged(form, e, n)).verdict: j.sentence for e in EFFECTS for n in NOISES}
    assert len(found) >= 2 and len(set(found.values())) == len(found)


def test_direction_follows_the_runs(judged):
    went = "when going from mixup off to on"
    assert judged("increase", 10.0, 0.01).sentence.startswith(f"F1 rises {went}: +0.200 (")
    assert judged("increase", -10.0, 0.01).sentence.startswith(f"F1 falls {went}, against the")
    assert "against the claim" in judged("increase", -10.0, 0.01).sentence
    assert "is beyond ±0.02: +0.200 (" in judged("no-effect", 10.0, 0.01).sentence
    assert f"F1 rises by more than 0.02 {went}: +0.2" in judged("no-increase", 10, 0.01).sentence
    assert f"F1 falls by more than 0.02 {went}: −0.2" in judged("no-decrease", -10, 0.01).sentence


def test_what_is_real_and_too_small_is_within_the_margin(log, claim):
    c = claim(contrast=STEP, expect="increase")
    j = judge({"runs": perturbed(log, c, 0.3, 0.05)}, {"it": c})["it"]
    assert (
        j.verdict == "equivalent"
        and "is within ±0.02, on average and in each of 2 settings of other factors: +0.00"
        in j.sentence
    )
    assert j.outcome.p < 0.05


def test_an_effect_that_the_family_leaves_undecided_is_suggestive(log, claim, relog, table):
    c = claim(contrast=STEP, expect="increase")
    off = np.tile([-0.02, 0.0, 0.01, 0.01], 2)
    made = table.assign(f1=0.6 + 0.01 * table.seed)
    made.loc[table.mixup, "f1"] += 0.03 + off
    others = {f"b{i}": claim(bound={"at_most": 0.61 + i / 100}) for i in range(4)}
    j = judge({"runs": relog(made)}, {"it": c, **others})["it"]
    assert j.outcome.p < 0.05 < j.p_adjusted and j.verdict == "inconclusive"
    assert j.sentence.startswith(
        "Undecided. Suggestive, not after 5 claims: F1 rises when going from mixup off to on, +0.03"
    )


@pytest.mark.parametrize(
    ("family", "look", "looks", "after", "said"),
    [
        (1, 0, (), None, "but not enough to decide"),
        (2, 0, (), None, "not after 2 claims"),
        (1, 5, (5,), None, "but not enough to decide"),
        (1, 8, (3, 5, 8, 12), 12, "not at look 3 of 4"),
        (2, 8, (3, 5, 8, 12), 12, "not after 2 claims and at look 3 of 4"),
        (1, 0, (3, 5), 3, "not before the first look at 3"),
        (1, 0, (3, 5), 5, "not before the look at 5"),
        (1, 0, (3, 5), None, "not beyond the last look at 5"),
    ],
)
def test_what_keeps_from_deciding_is_named(judged, family, look, looks, after, said):
    j = replace(judged("increase", 0.3, 0.01), family=family, look=look, looks=looks)
    j = replace(j, next_look=after)
    assert not_after(j) == said
    o = replace(j.outcome, p=0.5, ci_low=-0.01, ci_high=0.01)
    open_one = replace(j, verdict="inconclusive", outcome=o)
    assert f"Suggestive, {said}: the change of F1" in open_one.claim.measured(open_one)


def test_a_bound_says_how_many_break_it_and_that_it_is_not_all_noise(judged):
    j = judged("bound", -10.0, 0.01)
    text = (
        "Of 4 configurations, 4 have a mean F1 above 0.6, one of them at least by more than noise"
    )
    assert text in j.sentence
    assert "the lowest mean" in judged("least", -10.0, 0.01).sentence


def test_a_bound_that_one_configuration_breaks(log, claim):
    c = claim(bound={"at_most": 0.64})
    j = judge({"runs": log}, {"it": c})["it"]
    assert "Of 4 configurations, 1 has a mean F1 above 0.64, and by more than noise" in j.sentence
    c = claim(bound={"at_most": 0.65})
    j = judge({"runs": log}, {"it": c})["it"]
    assert "1 has a mean F1 above 0.65, which may be noise" in j.sentence


ONE = {"where": {"ratio": 0}}  # in several contexts each has to be shown to be inside
OPEN = {
    "no-increase": (
        {"contrast": STEP, "expect": "no-increase", **ONE},
        -0.01,
        "F1 does not rise by 0.02",
    ),
    "rise": ({"contrast": STEP, "expect": "no-increase"}, 0.05, "F1 rises by more than 0.02"),
    "no-decrease": (
        {"contrast": STEP, "expect": "no-decrease", **ONE},
        0.01,
        "F1 does not fall by 0.02",
    ),
    "beyond": ({"contrast": STEP, "expect": "no-effect"}, 0.05, "the change of F1 when going from"),
    "bound": ({"bound": {"at_least": 0.592}}, 0.0, "every mean F1 of 4 configurations is at least"),
    "broken": ({"bound": {"at_most": 0.595}}, 0.0, "of 4 configurations, 4 have a mean F1 above"),
    "differ": ({"anova": {"over": "mixup"}}, 0.05, "the 2 levels of mixup differ in F1 (F("),
    "agree": ({"anova": {"over": "mixup"}}, 0.005, "the 2 levels of mixup lie within ±0.02 of"),
    "apart": ({"anova": {"over": "mixup"}, "expect": "no-effect"}, 0.05, "some of the 2 levels of"),
    "gain": (
        {"gain": {"at_least": 0.02, "over": {"mixup": False}}, "where": {"mixup": True}},
        0.05,
        "the gain in F1 of mixup on over mixup off is +0.0",
    ),
}


@pytest.mark.parametrize("form", OPEN)
def test_what_is_clear_alone_and_not_after_all_claims_is_suggestive(make, claim, form):
    """The runs are made so noisy that the claim's own p is just below .05."""
    parts, effect, said = OPEN[form]
    rows = [(m, r, s) for m in (False, True) for r in (0, 1) for s in range(8)]
    made = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    noise = np.random.default_rng(6).normal(0, 1, len(made))
    mine = claim(**parts)
    for sd in np.geomspace(0.002, 0.2, 60):
        log = make(made.assign(f1=0.6 + effect * made.mixup + sd * noise), ["mixup", "ratio"])
        alone = judge({"runs": log}, {"it": mine}, fragility=False)["it"]
        if 0.02 < alone.p_adjusted < 0.05 and alone.verdict != "inconclusive":
            break
    else:
        pytest.fail("no noise leaves the claim just decided")
    off = {"mixup": False}
    others = {f"b{i}": claim(bound={"at_most": 0.6 + i * 1e-9}, where=off) for i in range(9)}
    j = judge({"runs": log}, {"it": mine, **others}, fragility=False)["it"]
    assert j.verdict == "inconclusive" and j.suggests == alone.verdict
    assert j.sentence.startswith("Undecided. Suggestive, not after 10 claims: " + said), j.sentence
    assert "noise" not in j.sentence and "adjusted" not in j.sentence


def test_the_p_beside_an_f_says_what_it_is_of(table, relog, claim):
    """That all levels agree is not what F tests."""
    log = relog(table.assign(f1=table.f1 - 0.04 * table.mixup * table.ratio))
    c = {
        "differ": claim(anova={"over": "mixup"}),
        "agree": claim(anova={"over": "ratio"}, expect="no-effect"),
        "apart": claim(anova={"over": "mixup"}, expect="no-effect"),
    }
    found = {name: judge({"runs": log}, {name: one})[name] for name, one in c.items()}
    differ, agree, apart = (found[name].sentence for name in c)
    assert "(adjusted p < .001 of F" in differ.replace("\N{NO-BREAK SPACE}", " ")
    assert re.search(r"adjusted p.{1,9} for the equivalence of every pair; F\(1, ", agree)
    assert re.search(r"adjusted p.{1,9} for the clearest pair; F\(1, ", apart)
    assert not re.search(r"F\([^)]*\) = [^;]*p\W", differ + agree + apart)


def test_a_gain_says_what_was_claimed_and_what_was_found(judged):
    found = [judged("gain-in-one", effect, 0.01).sentence for effect in (10.0, -10.0)]
    assert re.search(
        r"is \+0\.\d+, at least \+0\.\d+ with one-sided 95 % confidence, where at least 0\.05 was",
        found[0],
    )
    assert re.search(r"is −0\.\d+, short of the 0\.05 claimed: at most −0\.\d+ with", found[1])


def test_a_gain_that_may_be_a_loss_is_called_one(log, claim, relog, table):
    over = {"over": {"mixup": False}}
    found = {}
    for name, moved in {"kept": 0.02, "lost": -0.05, "open": -0.003}.items():
        off = np.tile([-0.002, 0.0, 0.001, 0.001], 2) * (10 if name == "open" else 1)
        made = table.assign(f1=0.6 + 0.01 * table.seed)
        made.loc[table.mixup, "f1"] += moved + off
        c = claim(gain={"at_least": -0.003, **over}, where={"mixup": True})
        found[name] = judge({"runs": relog(made)}, {"it": c})["it"]
    assert [j.verdict for j in found.values()] == ["supported", "refuted", "inconclusive"]
    kept, lost, left = (j.sentence for j in found.values())
    assert ", where a loss of at most 0.003 was claimed (95 % interval" in kept
    assert "a loss of more than 0.003, against the claim: at most −0.0" in lost
    assert ", where a loss of at most 0.003 is claimed (95 % interval; " in left
    assert all("at least −0.003" not in text for text in (kept, lost, left))


@pytest.mark.parametrize("expect", ["increase", "no-effect"])
def test_the_interval_beside_a_margin_is_the_one_that_it_goes_by(make, claim, expect):
    """The 95 % interval ends beyond -0.02, the one of 90 % does not."""
    rows = [(m, s) for m in (False, True) for s in range(8)]
    made = pd.DataFrame(rows, columns=["mixup", "seed"])
    noise = np.tile([-1.0, 1.0], 4) * 0.022 / np.sqrt(8 / 7)
    made["f1"] = 0.6 + made.mixup * (-0.003 + noise[made.seed])
    j = judge({"runs": make(made, ["mixup"])}, {"it": claim(contrast=STEP, expect=expect)})["it"]
    assert j.outcome.ci_low < -0.02 < j.outcome.lower() and j.outcome.upper() < 0.02
    assert j.verdict == {"increase": "equivalent", "no-effect": "supported"}[expect]
    low, high = (f"{x:.3f}".replace("-", "−") for x in (j.outcome.lower(), j.outcome.upper()))
    assert f"is within ±0.02: −0.003 (90 % interval {low} to {high}; adjusted p" in j.sentence


def test_a_switch_of_a_context_is_on_or_off(make, claim):
    levels = [(o, r) for o in (False, True) for r in (0, 1)]
    rows = [(m, o, r, s) for m in (False, True) for o, r in levels for s in range(6)]
    made = pd.DataFrame(rows, columns=["mixup", "augmented", "ratio", "seed"])
    effect = np.where(made.augmented, 0.018, -0.018)
    noise = np.random.default_rng(0).normal(0, 0.004, len(made))
    log = make(made.assign(f1=0.6 + effect * made.mixup + noise), ["mixup", "augmented", "ratio"])
    j = judge({"runs": log}, {"it": claim(contrast=STEP, expect="no-effect")})["it"]
    assert "augmented on" in j.sentence and "True" not in j.sentence


def test_what_is_suggested_of_the_average_says_after_what(make, claim):
    rows = [(m, r, s) for m in (False, True) for r in range(4) for s in range(5)]
    made = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    effect = np.where(made.ratio % 2, 0.019, -0.019)
    noise = np.random.default_rng(0).normal(0, 0.008, len(made))
    looks = {"looks": [5, 50]}
    log = make(made.assign(f1=0.6 + effect * made.mixup + noise), ["mixup", "ratio"], **looks)
    j = judge({"runs": log}, {"it": claim(contrast=STEP, expect="no-effect")})["it"]
    assert j.on_average == "suggested"
    assert j.sentence.startswith(
        "Undecided. Suggestive, not at look 1 of 2: on average the change of F1 when going from"
    )
    assert (
        f"but this is not shown in {len(j.beyond)} of 4 settings of other factors: " in j.sentence
    )


def test_a_gain_names_what_differs_and_what_is_shared(judged):
    j = judged("gain-in-one", 10.0, 0.01)
    assert "of mixup on over mixup off (with ratio 0)" in j.sentence


def test_why_there_is_no_test(table, relog, claim):
    j = judge({"runs": relog(table.assign(f1=np.nan))}, {"it": claim(contrast=STEP)})["it"]
    assert j.sentence == (
        "Undecided. No test of F1 was possible: none of the runs that it is about has a score. How"
        " many seeds it would take cannot be said before there are such runs."
    )


def test_runs_that_a_claim_hangs_on_are_named_by_what_tells_them_apart(judged):
    j = judged("narrowed", 10.0, 0.01)
    levels = {"mixup": True, "ratio": 0.5, "seed": 1}
    run = LeftOut("run", "mixup=true, ratio=0.5, seed=1", "inconclusive", levels)
    answer = sentence(replace(j, depends_on=(run,)), "seed")
    assert answer.endswith("without the run (mixup on, seed 1).")


def test_a_run_s_own_name_stays_whole_whatever_stands_in_it(judged):
    j = judged("narrowed", 10.0, 0.01)
    run = LeftOut("run", "night, ratio=0.5, take 2", "inconclusive")
    answer = sentence(replace(j, depends_on=(run,)), "seed")
    assert answer.endswith("inconclusive without run night, ratio=0.5, take 2.")


def test_a_sentence_opens_with_a_capital_and_a_column_with_itself(judged):
    j = judged("increase", 10.0, 0.01)
    for label, opening in (
        ("accuracy of A", "Accuracy of A rises"),
        ("loss, low", "Loss, low rises"),
        ("ood_f1", "ood_f1 rises"),
    ):
        answer = sentence(replace(j, metric=j.metric.model_copy(update={"label": label})), "seed")
        assert answer.startswith(opening)


@pytest.mark.parametrize("contexts", [3, 6])
def test_contexts_that_may_be_beyond_the_margin_are_named(make, claim, contexts):
    """Half of them at +.019 and half at -.019, the last two clearly beyond ±.02, on seven seeds."""
    rows = [(m, r, s) for m in (False, True) for r in range(contexts) for s in range(7)]
    made = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    effect = np.where(made.ratio % 2, 0.019, -0.019) + 0.0001 * made.ratio
    noise = np.random.default_rng(0).normal(0, 0.004, len(made))
    log = make(made.assign(f1=0.6 + effect * made.mixup + noise), ["mixup", "ratio"])
    j = judge({"runs": log}, {"it": claim(contrast=STEP, expect="no-effect")})["it"]
    assert j.verdict == "inconclusive" and len(j.beyond) == contexts - (contexts == 6)
    assert j.sentence.startswith("Undecided. On average the change of F1 when going from mixup off")
    shown, text = j.sentence.split("settings of other factors: ")
    assert "is within ±0.02, " in shown and "(90 % interval " in shown
    assert shown.endswith(f"but this is not shown in {len(j.beyond)} of {contexts} ")
    assert all(named in text for named in j.beyond[:3])
    assert ("; and 2 more." in text) == (contexts == 6)


def test_seeds_that_were_enough_are_not_said_to_be_too_few(judged):
    needed = [SeedsNeeded(2, 3), SeedsNeeded(3, 9), SeedsNeeded(3, None)]
    j = judged("increase", 0.3, 0.01)
    wide = replace(j.outcome, p=0.5, ci_low=-0.05, ci_high=0.05, value=0.0, se=0.02)
    j = replace(j, verdict="inconclusive", outcome=wide, alone=wide, beyond=())
    said = [sentence(replace(j, seeds_needed=n, differs=""), "seed") for n in needed]
    assert "there were 4, so that what was seen is not as clear as what was planned" in said[0]
    assert all("and there were 4, which may be too few." in one for one in said[1:])


def test_ensembles_are_counted_as_what_they_are(table, relog, claim):
    """Each of its members' seeds counts, in what was there and in what it would take."""
    pairs = table[table["seed"] % 2 == 1].assign(members=2)
    pairs["run"], pairs["f1"] = pairs["run"] + " +", pairs["f1"] + 0.01 + pairs["seed"] / 1000
    both = pd.concat([table.assign(members=1), pairs], ignore_index=True)
    log = replace(relog(both, factors=["mixup", "ratio", "members"]), members="members")
    claims = {
        "single": claim(contrast=STEP, where={"members": 1}),
        "ensembles": claim(gain={"at_least": 0.6, "over": 0}, where={"members": 2}),
        "both": claim(bound={"at_most": 0.9}),
    }
    judged = judge({"runs": log}, claims, fragility=False)
    assert "; 16 runs, 4 seeds)" in judged["single"].sentence
    assert "; 8 ensembles of 2 runs, 4 seeds)" in judged["ensembles"].sentence
    assert "; 24 runs and ensembles, 4 seeds)" in judged["both"].sentence
    j = replace(judged["ensembles"], verdict="inconclusive", seeds_needed=SeedsNeeded(4, 21))
    assert "would take 8 to 42 seeds instead of 4" in sentence(j, "seed")
    one = replace(j, members=1)
    assert "8 runs, 2 seeds" in sentence(one, "seed")
    assert "would take 4 to 21 seeds instead of 2" in sentence(one, "seed")
