"""Claims about how far scores spread over units: verdicts, sentences, what is not told."""

import itertools

import numpy as np
import pandas as pd
import pytest
import yaml

from uphold.analysis.findings import claim_of, findings
from uphold.audits import audit
from uphold.calibration.tables import arms, own_seeds
from uphold.claims.judge import judge
from uphold.claims.spec import read_spec
from uphold.claims.spread import fewest, planned
from uphold.errors import InputError
from uphold.statistics.power import SeedsNeeded
from uphold.testing.mutation import reachable

STEP = {"factor": "arm", "from": 0, "to": 1}
ALIKE, NARROWER, WIDER = (1.0, 1.0), (4.0, 1.0), (1.0, 4.0)


@pytest.fixture
def judged(make, claim):
    """Judge one claim, stability unless another is given, about a table of scores."""

    def only(table: pd.DataFrame, expect: str = "decrease", by: float = 1.5, **more):
        c = claim(stability={**STEP, "by": by}, expect=expect, **more)
        return judge({"runs": log(make, table)}, {"it": c})["it"]

    return only


def log(make, table: pd.DataFrame, **keys):
    return make(table.rename(columns={"score": "f1"}), ["arm", "context"], **keys)


def runs(spread, contexts=4, seeds=10, **more) -> pd.DataFrame:
    return arms(contexts, seeds, spread=spread, **more)(np.random.default_rng(2))


VERDICTS = {
    "increase": ("refuted", "equivalent", "supported"),
    "decrease": ("supported", "equivalent", "refuted"),
    "difference": ("supported", "equivalent", "supported"),
    "no-effect": ("refuted", "supported", "refuted"),
    "no-increase": ("supported", "supported", "refuted"),
    "no-decrease": ("refuted", "supported", "supported"),
}


@pytest.mark.parametrize("expect", VERDICTS)
def test_verdicts_by_what_is_expected(judged, expect):
    found = [judged(runs(s, 8, 12), expect) for s in (NARROWER, ALIKE, WIDER)]
    assert tuple(j.verdict for j in found) == VERDICTS[expect]
    sentences = [j.sentence for j in found]
    assert len(set(sentences)) == 3
    for j in found:
        assert "12 seeds" in j.sentence and " % interval " in j.sentence
        assert "is within" not in j.sentence or "(90 % interval" in j.sentence
        assert j.outcome.ci_low < j.outcome.value < j.outcome.ci_high


def test_the_sentence_of_a_fall(judged):
    table = runs(NARROWER)
    j = judged(table)
    sd = table.groupby(["arm", "context"]).score.var().groupby("arm").mean() ** 0.5
    assert j.outcome.value == pytest.approx(sd[1] / sd[0])
    assert j.sentence.startswith(
        f"The SD of F1 over seeds falls when going from arm 0 to 1: {sd[1]:.3f} instead of"
        f" {sd[0]:.3f}, {sd[1] / sd[0]:.2f} times as large (95 % interval 0."
    )
    assert "against the claim" in judged(runs(WIDER)).sentence


def test_what_is_not_shown_says_what_it_may_be_and_what_it_would_take(judged):
    j = judged(runs(ALIKE, 2, 7), by=1.25)
    assert j.verdict == "inconclusive"
    assert "The SD of F1 over seeds may be anything from 0." in j.sentence
    assert "To see the SD change by a factor of 1.25 with 80 % power would take from" in j.sentence
    assert judged(runs(ALIKE, 2, 7), by=3.0).seeds_needed.low < j.seeds_needed.low
    assert j.detectable > 1.25
    assert "rule out a rise of the SD by a factor of" in judged(
        runs(ALIKE, 2, 7), "no-increase", by=1.01
    ).sentence  # fmt: skip


def test_a_margin_is_a_ratio_and_not_in_the_metric_s_unit(judged):
    table = runs(ALIKE, 8, 12)
    percent = table.assign(score=100 * table.score)
    one, hundred = judged(table), judged(percent)
    assert one.verdict == hundred.verdict == "equivalent"
    assert one.p_adjusted == hundred.p_adjusted


@pytest.mark.parametrize(("expect", "seeds"), [("decrease", 5), ("no-increase", 4)])
def test_too_few_units_are_told_with_those_that_would_do(judged, expect, seeds):
    j = judged(runs(NARROWER, 8, seeds), expect)
    assert j.verdict == "inconclusive" and np.isnan([j.outcome.p, j.outcome.ci_low]).all()
    assert j.sentence.startswith(
        f"Undecided. No test of F1 was possible: {seeds} seeds are too few to tell how far scores"
        f" spread ({16 * seeds} runs, {seeds} seeds). It would take {seeds + 1} seeds at least, and"
        f" {seeds + 1} to "
    )
    assert j.sentence.endswith("by a factor of 1.5 with 80 % power.")
    assert np.isnan(j.detectable)
    assert judged(runs(NARROWER, 8, seeds + 1), expect).verdict == "supported"


def test_the_fewest_units_of_which_an_exchange_is_rare_enough():
    # 2 / 2⁶ and 1 / 2⁵ are below .05; of own units 2 of 4-over-8 ways, and of (3-over-6)² ways.
    assert (fewest(2, 0.05, 0), fewest(1, 0.05, 0)) == (6, 5)
    assert (fewest(2, 0.05, 1), fewest(2, 0.05, 2)) == (4, 3)
    assert fewest(2, 0.05 / 10, 0) == 9


def test_what_is_planned_from_too_few_is_what_normal_scores_would_do():
    """A two-sided z test at .05 with 80 % power: ((1.96 + .84) / ln 1.5)² over the contexts."""
    assert planned(3, 1, np.log(1.5), "difference") == SeedsNeeded(48, 48)
    assert planned(3, 4, np.log(1.5), "difference") == SeedsNeeded(12, 48)
    assert planned(3, 1, np.log(1.05), "difference") == SeedsNeeded(None, None)


def test_a_large_family_needs_more_units(make, claim):
    table = runs(NARROWER, 8, 6)
    claims = {"it": claim(stability=STEP, expect="decrease")}
    claims |= {f"b{i}": claim(bound={"at_most": 0.7 + i / 1000}) for i in range(3)}
    found = judge({"runs": log(make, table)}, claims)["it"]
    assert found.outcome.p == 2 / 64 and found.verdict == "inconclusive"
    assert found.seeds_needed.low >= fewest(2, 0.05 / 4, 0) > 6
    assert found.sentence.startswith("Undecided. Suggestive, not after 4 claims: the SD of F1 over")


def test_claims_beside_it_are_moderated_without_it(make, claim):
    table = runs(NARROWER, 8, 8)
    contrast = claim(contrast=STEP)
    alone = judge({"runs": log(make, table)}, {"c": contrast})["c"]
    both = judge(
        {"runs": log(make, table)}, {"c": contrast, "s": claim(stability=STEP)}
    )  # fmt: skip
    assert both["c"].outcome.se == alone.outcome.se
    assert both["s"].outcome == both["s"].alone


def test_runs_on_seeds_of_their_own(make, claim):
    table = own_seeds(4, (8, 8), spread=(4.0, 1.0))(np.random.default_rng(1))
    c = claim(stability=STEP, expect="decrease")
    j = judge({"runs": log(make, table)}, {"it": c})["it"]
    assert j.verdict == "supported" and j.outcome.method == "exchanged between units"


def test_seeds_within_data_sets_are_averaged_first(make, claim):
    rng = np.random.default_rng(1)
    rows = [(a, d, s) for a in (0, 1) for d in range(8) for s in range(5)]
    table = pd.DataFrame(rows, columns=["arm", "dataset", "seed"])
    shift = rng.normal(0, 1, 8)
    table["f1"] = (
        0.5
        + 0.05 * np.where(table.arm == 0, 4, 1) * shift[table.dataset]
        + 0.001 * rng.normal(size=80)
    )
    data = make(table, ["arm"], replicate=["dataset", "seed"])
    j = judge({"runs": data}, {"it": claim(stability=STEP, expect="decrease")})["it"]
    assert j.verdict == "supported" and (j.outcome.seeds, j.outcome.runs) == (8, 80)
    assert "over datasets falls" in j.sentence


def test_a_failed_run_takes_its_partner_with_it(judged):
    table = runs(NARROWER, 1, 8)
    table.loc[3, "score"] = np.nan
    j = judged(table)
    assert (j.outcome.runs, j.outcome.seeds, len(j.outcome.unmatched)) == (14, 7, 1)


def test_a_verdict_may_depend_on_a_unit(judged):
    table = runs(ALIKE, 1, 8)
    table["score"] += 0.5 * (table.arm == 1) * (table.seed == 2)
    without = {x.name for x in judged(table, "no-increase", by=30.0).depends_on}
    assert without == set() or "2" in without
    alike = runs((1.0, 4.0), 4, 6)
    assert {x.kind for x in judged(alike, "increase").depends_on} >= {"seed"}


def test_arms_that_are_confounded(make, claim):
    c = claim(stability=STEP)
    table = runs(ALIKE, 1, 6).assign(context=lambda t: t.arm)
    mixed = log(make, table)
    assert "confounded with context" in judge({"runs": mixed}, {"it": c})["it"].sentence
    assert "confounded" in [flag.check for flag in audit(mixed, {"it": c})]


def test_what_acts_on_the_data_and_changes_nothing_is_flagged(make, claim):
    table = runs(ALIKE, 2, 6).rename(columns={"arm": "upsampling"})
    table["training_set"] = [f"{seed:08x}" for seed in table.seed]
    made = make(
        table.rename(columns={"score": "f1"}), ["upsampling", "context"], training=["training_set"]
    )
    c = claim(stability={**STEP, "factor": "upsampling"})
    flag = next(f for f in audit(made, {"it": c}) if f.check == "no-op-arm")
    assert flag.claims == ("it",)
    assert "nothing was compared" in judge({"runs": made}, {"it": c})["it"].sentence


def test_arms_without_a_common_setting_are_not_adjusted(make, claim):
    """Each combination of two of the other factors is met in both arms, but none of all three."""
    rows = [
        (x ^ y ^ z, x, y, z, seed)
        for x, y, z in itertools.product((0, 1), repeat=3)
        for seed in range(6)
    ]
    table = pd.DataFrame(rows, columns=["arm", "x", "y", "z", "seed"])
    table["f1"] = np.random.default_rng(0).normal(size=48)
    j = judge({"runs": make(table, ["arm", "x", "y", "z"])}, {"it": claim(stability=STEP)})["it"]
    assert "no setting was run with two seeds on either side" in j.sentence


@pytest.mark.parametrize("expect", VERDICTS)
def test_made_up_scores_decide_it_either_way(make, claim, expect):
    data = log(make, runs(ALIKE, 8, 12))
    found = reachable({"runs": data}, {"it": claim(stability=STEP, expect=expect)})["it"]
    assert "supported" in found and len(found) > 1


def test_findings_and_pages_have_the_ratio(make, claim):
    data = log(make, runs(NARROWER))
    found = judge({"runs": data}, {"it": claim(stability=STEP, expect="decrease")})
    values = findings(found, {"runs": data}, {})["claims"]["it"]
    assert 0 < values["ci_low"] < values["estimate"] < values["ci_high"] < 1
    assert claim_of(found["it"], data).outcome.ratio
    assert claim_of(found["it"], data).form == "stability"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"by": 1}, r"it\.stability\.by is 1: it should be more than 1, such as by: "),
        ({"by": 0.8}, r"it\.stability\.by is 0\.8: it should be more than 1, such as by: "),
        ({"buy": 2}, r"it\.stability\.buy is not a key\. Did you mean 'by'"),
        ({"to": False}, r"'from' and 'to' are one level"),
        ({"factor": "mixp"}, r"stability\.factor: there is no factor 'mixp'\. Did you mean"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(values, wrong, message):
    step = {"factor": "mixup", "from": False, "to": True} | wrong
    text = yaml.safe_dump({**values, "claims": {"it": {"metric": "f1", "stability": step}}})
    with pytest.raises(InputError, match=message):
        read_spec(text, "spec.yaml")
