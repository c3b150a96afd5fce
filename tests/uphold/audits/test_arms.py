import re

import numpy as np
import pandas as pd
import pytest

from uphold.claims.log import Log
from uphold.statistics.scores import Scores

from ..conftest import STEP
from .conftest import flags

RATIO = {"factor": "ratio", "from": 0, "to": 0.5}


def test_a_constant_factor_that_is_claimed_about(table, relog, claim):
    found = flags(relog(table[table["mixup"]]), {"up": claim(contrast=STEP)})["constant-factor"]
    assert (found.severity, found.count) == ("error", 1)
    assert found.rows == ("up: mixup has only true",)
    assert found.claims == ("up",)
    assert "level-not-run" not in flags(relog(table[table["mixup"]]), {"up": claim(contrast=STEP)})


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({"interaction": {"of": RATIO, "with": {**STEP, "to": "ture"}}}, "interaction.with.to"),
        ({"contrast": {**STEP, "from": "ture"}}, "contrast.from"),
        ({"contrast": RATIO, "where": {"mixup": [False, "ture"]}}, "where.mixup"),
        ({"gain": {"at_least": 0, "over": {"mixup": "ture"}}}, "gain.over.mixup"),
    ],
)
def test_a_level_that_no_run_has(log, claim, form, place):
    found = flags(log, {"it": claim(**form), "other": claim(contrast=STEP)})["level-not-run"]
    assert (found.severity, found.unit, found.count) == ("error", "arms", 1)
    answer = f"it.{place}: no run has mixup = ture (levels: false, true). Did you mean 'true'?"
    assert found.rows == (answer,) and answer in found.message
    assert found.claims == ("it",)
    assert "constant-factor" not in flags(log, {"it": claim(**form)})


def test_flags_count_one_thing_as_one(table, relog, claim):
    published = [{"where": {"mixup": True, "ratio": 0}, "f1": {"mean": 0.9}, "n": 9}]
    twice = pd.concat([table, table.iloc[[0]].assign(f1=0.9, run="r1")], ignore_index=True)
    twice = twice[~(twice["mixup"] & (twice["ratio"] == 0.5) & (twice["seed"] > 1))]
    found = flags(relog(twice, published=published), {"it": claim(contrast=STEP)})
    alone = flags(relog(table[:1].assign(f1=np.nan)))
    gap = flags(relog(table[:12]))
    answer = {**gap, **found, **alone}
    several = "rows|runs|configurations|combinations|pairs|names|times|cells|have|stand|disagree"
    one = re.compile(rf"(?<![\d.])1 ({several})\b")
    wrong = {name: r.message for name, r in answer.items() if one.search(r.message)}
    assert wrong == {} and len(answer) >= 6
    assert "1 row was printed with another n" in found["published-mismatch"].message
    assert "Of 1 pair of runs" in found["same-seed-disagrees"].message


def test_a_level_of_a_factor_without_effect_anywhere_is_not_missing(table, relog, claim):
    about = {"it": claim(contrast=STEP, where={"ratio": 0.5})}
    assert "level-not-run" not in flags(relog(table.assign(ratio=None)), about)


def test_an_anova_of_one_level(table, relog, claim):
    log = relog(table[table["mixup"]])
    assert "constant-factor" in flags(log, {"it": claim(anova={"over": ["mixup", "ratio"]})})
    assert "constant-factor" not in flags(log, {"it": claim(anova={"over": "ratio"})})


def test_a_constant_factor_that_nobody_claims_about_is_nothing(table, relog, claim):
    log = relog(table[table["mixup"]])
    assert "constant-factor" not in flags(log, {"it": claim(contrast=RATIO)})


@pytest.fixture
def upsampled() -> pd.DataFrame:
    """Ratios 0 and .5 train on the same set, 1 on another; the rate has no part in it."""
    rows = [(r, q, s) for r in ("slow", "fast") for q in (0, 0.5, 1) for s in (1, 2)]
    found = pd.DataFrame(rows, columns=["rate", "upsampling", "seed"])
    found["f1"] = 0.5 + np.arange(12) / 100
    found["run"] = [f"r{i}" for i in range(12)]
    return found.assign(training_set=[f"{'big' if q == 1 else 'small'}{s}" for _, q, s in rows])


FACTORS = ["rate", "upsampling"]


def test_arms_that_train_on_the_same_set(upsampled, relog, claim):
    about = {"it": claim(contrast={"factor": "upsampling", "from": 0, "to": 0.5})}
    found = flags(relog(upsampled, factors=FACTORS), about)["no-op-arm"]
    assert (found.severity, found.count, found.unit) == ("error", 4, "arms")
    assert found.rows[0] == "rate slow, upsampling 0 = rate slow, upsampling 0.5"
    assert found.claims == ("it",)
    assert "compare an arm with itself: it" in found.message
    other = {"it": claim(contrast={"factor": "rate", "from": "slow", "to": "fast"})}
    assert flags(relog(upsampled, factors=FACTORS), other)["no-op-arm"].severity == "warning"


def test_sizes_are_weaker_evidence_than_a_digest(upsampled, relog, claim):
    sizes = upsampled.drop(columns="training_set").assign(size=100)
    about = {"it": claim(contrast={"factor": "upsampling", "from": 0, "to": 0.5})}
    log = relog(sizes, factors=FACTORS, training=["size"])
    found = flags(log, about)["no-op-arm"]
    # all three ratios at each rate: the factor's name says that it acts on the data
    assert (found.severity, found.count) == ("warning", 6) and "identical size" in found.message


def test_factors_of_the_model_share_their_training_set_as_they_should(table, relog):
    found = flags(relog(table.assign(size=100), training=["size"]))["no-op-arm"]
    assert (found.severity, found.count) == ("info", 4)


def test_a_factor_with_which_the_set_changes_acts_on_it_whatever_its_name(upsampled, relog):
    renamed = upsampled.rename(columns={"upsampling": "q"})
    found = flags(relog(renamed, factors=["rate", "q"]))["no-op-arm"]
    assert (found.severity, found.count) == ("warning", 4)


def test_what_is_declared_decides(upsampled, log):
    scores = Scores(upsampled, tuple(FACTORS), "seed", "run")
    one = Log(scores, log.metrics, ("training_set",), data_factors=frozenset({"upsampling"}))
    other = Log(scores, log.metrics, ("training_set",), data_factors=frozenset())
    assert flags(one)["no-op-arm"].count == 4 and "no-op-arm" not in flags(other)


def test_different_sets_are_no_flag(upsampled, relog):
    upsampled["training_set"] = [
        f"{q}{s}" for q, s in zip(upsampled.upsampling, upsampled.seed, strict=True)
    ]
    assert "no-op-arm" not in flags(relog(upsampled, factors=FACTORS))


def test_claims_are_named_where_their_own_arms_are_the_same(upsampled, relog, claim):
    """Ratios 0 and .5 are one arm; 1 is another."""
    ratio = {"factor": "upsampling", "from": 0}
    about = {
        "itself": claim(contrast={**ratio, "to": 0.5}),
        "another": claim(contrast={**ratio, "to": 1}),
        "among": claim(anova={"over": "configuration"}),
        "gain": claim(gain={"at_least": 0, "over": {"upsampling": 0}}, where={"upsampling": 0.5}),
        "rate": claim(contrast={"factor": "rate", "from": "slow", "to": "fast"}),
        "bound": claim(bound={"at_most": 1}),
    }
    found = flags(relog(upsampled, factors=FACTORS), about)["no-op-arm"]
    assert found.claims == ("itself", "gain")
    assert "2 groups of 2 arms each" in found.message


def test_a_claim_across_two_groups_is_left_standing(upsampled, relog, claim):
    """Ratios 0 and .5 are one arm and 1 and 2 another, at each rate."""
    more = upsampled[upsampled.upsampling == 1].assign(upsampling=2)
    log = relog(pd.concat([upsampled, more], ignore_index=True), factors=FACTORS)
    steps = {"low": (0, 0.5), "high": (1, 2), "across": (0, 1), "far": (0.5, 2)}
    about = {
        name: claim(contrast={"factor": "upsampling", "from": a, "to": b})
        for name, (a, b) in steps.items()
    }
    about |= {"all": claim(anova={"over": "upsampling"})}
    about |= {"half": claim(anova={"over": "upsampling"}, where={"upsampling": [0, 0.5]})}
    found = flags(log, about)["no-op-arm"]
    assert found.claims == ("low", "high", "half")
    assert found.count == 8 and "4 groups of 2 arms each" in found.message
    assert "each group is one and the same arm" in found.message
    rows = found.rows
    assert rows[0] == "rate slow, upsampling 0 = rate slow, upsampling 0.5" and len(rows) == 4


def test_arms_of_nested_replicates_are_compared_replicate_by_replicate(upsampled, relog):
    """Each data set has its own training set, whichever seed it is."""
    two = pd.concat([upsampled.assign(dataset=d) for d in "xy"], ignore_index=True)
    two["training_set"] += two.dataset
    log = relog(two, factors=FACTORS, replicate=["dataset", "seed"], run=None)
    assert flags(log)["no-op-arm"].count == 4
    # Ratio 0 with seed 1 has the set that ratio .5 has with seed 2, and the reverse.
    swapped = two.assign(seed=two.seed.where(two.upsampling != 0, 3 - two.seed))
    log = relog(swapped, factors=FACTORS, replicate=["dataset", "seed"], run=None)
    assert "no-op-arm" not in flags(log)


def test_a_column_of_digests_decides_and_another_text_does_not(upsampled, relog, claim):
    about = {"it": claim(contrast={"factor": "upsampling", "from": 0, "to": 0.5})}
    sets = upsampled.pop("training_set")
    for text, severity in ((lambda s: f"{s.encode().hex():0<8}", "error"), (str, "warning")):
        log = relog(upsampled.assign(clips=sets.map(text)), factors=FACTORS, training=["clips"])
        assert flags(log, about)["no-op-arm"].severity == severity


def test_a_balanced_loss_is_not_about_the_training_set(upsampled, relog, claim):
    one = upsampled.assign(training_set="0123456789").rename(
        columns={"upsampling": "balanced_loss"}
    )
    about = {"it": claim(contrast={"factor": "balanced_loss", "from": 0, "to": 0.5})}
    found = flags(relog(one, factors=["rate", "balanced_loss"]), about)["no-op-arm"]
    assert found.severity == "info" and not found.claims
