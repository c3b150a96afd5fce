"""Tables that are made up spread as they say."""

import numpy as np
import pandas as pd
import pytest

from uphold.calibration import tables
from uphold.calibration.tables import BASE, NOISE

MANY = 4000
RNG = [1, 2]


def drawn(draw) -> pd.DataFrame:
    return draw(np.random.default_rng(RNG))


def wide(table: pd.DataFrame, *index: str) -> pd.DataFrame:
    """Return the scores in units of the noise, a column an arm."""
    both = table.pivot_table(index=list(index), columns="arm", values="score", dropna=False)
    return (both - BASE) / NOISE


def test_one_row_a_run_with_the_columns_of_the_design():
    table = drawn(tables.arms(4, 5))
    assert list(table) == ["arm", "context", "seed", "score"]
    assert len(table) == 2 * 4 * 5 == len(table.drop_duplicates(["arm", "context", "seed"]))


def test_the_effect_is_that_of_the_second_arm():
    both = wide(drawn(tables.arms(1, MANY, effect=2 * NOISE)), "seed")
    assert both.mean().to_numpy() == pytest.approx([0, 2], abs=0.06)
    assert both.std().to_numpy() == pytest.approx([1, 1], abs=0.05)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5])
def test_a_seed_s_share_is_that_of_the_variance_of_a_run(share):
    both = wide(drawn(tables.arms(2, MANY, share=share)), "seed", "context").unstack()  # noqa: PD010
    assert both.std().to_numpy() == pytest.approx(1, abs=0.05)
    correlation = both.corr().to_numpy()
    assert correlation[0, 1] == pytest.approx(share, abs=0.05)  # one arm, two contexts
    assert correlation[0, 2] == pytest.approx(0, abs=0.05)  # two arms


def test_a_seed_s_shift_is_the_same_in_both_arms():
    both = wide(drawn(tables.arms(1, MANY, shift=3.0)), "seed")
    assert both.std().to_numpy() == pytest.approx(np.sqrt(10), rel=0.05)
    assert (both[1] - both[0]).std() == pytest.approx(np.sqrt(2), rel=0.05)


def test_arms_may_spread_unequally_and_runs_be_missing():
    both = wide(drawn(tables.arms(1, MANY, spread=(1.0, 3.0), missing=0.1)), "seed")
    assert both.std().to_numpy() == pytest.approx([1, 3], rel=0.05)
    assert both.isna().mean().to_numpy() == pytest.approx(0.1, abs=0.02)


def test_one_arm_collapses_and_may_be_lifted_to_the_same_mean():
    both = wide(drawn(tables.one_collapses(MANY, 0.1, 0.5, lift=0.05)), "seed") * NOISE + BASE
    fallen = both[1] < 0.6
    assert fallen.mean() == pytest.approx(0.1, abs=0.02) and not (both[0] < 0.6).any()
    assert both[1][~fallen].mean() - both[0].mean() == pytest.approx(0.05, abs=0.001)
    assert both[1].mean() == pytest.approx(both[0].mean(), abs=4 * 0.15 / np.sqrt(MANY))


def test_units_of_an_arm_are_in_all_contexts_and_in_no_other_arm():
    table = drawn(tables.units_of_an_arm(4, (MANY, MANY), (0.5, 3.0), 0.15))
    assert not set(table["seed"][table["arm"] == 0]) & set(table["seed"][table["arm"] == 1])
    assert (table.groupby("seed")["context"].nunique() == 4).all()
    spread = table.groupby("arm")["score"].std().to_numpy() / NOISE
    assert spread == pytest.approx(np.sqrt([0.5, 9.25]), rel=0.05)
    assert table["score"].isna().mean() == pytest.approx(0.15, abs=0.02)


def test_the_last_level_may_spread_further():
    spread = drawn(tables.levels(3, MANY, widest=3.2)).groupby("arm")["score"].std().to_numpy()
    assert spread / NOISE == pytest.approx([1, 1, 3.2], rel=0.05)


def test_noise_has_variance_one_and_collapsed_runs_are_at_chance():
    rng = np.random.default_rng(RNG)
    assert tables.normal(rng, (100_000,)).std() == pytest.approx(1, abs=0.02)
    assert tables.heavy(rng, (400_000,)).std() == pytest.approx(1, abs=0.1)
    score = BASE + NOISE * tables.collapsing(rng, (100_000,))
    low = score < 0.6
    assert low.mean() == pytest.approx(1 / 20, abs=0.005)
    assert score[low].mean() == pytest.approx(0.5, abs=0.01)


def test_every_run_may_have_its_own_seed():
    table = drawn(tables.own_seeds(4, (3, 5), effect=NOISE))
    assert table["seed"].is_unique
    assert table.groupby(["arm", "context"]).size().tolist() == [3] * 4 + [5] * 4


def test_the_effect_differs_from_data_set_to_data_set():
    both = wide(drawn(tables.data_sets(MANY, 4)), "dataset", "seed")
    effect = (both[1] - both[0]).groupby(level="dataset").mean()
    assert effect.mean() == pytest.approx(0, abs=0.1)
    # Two units apart, and the noise of four pairs.
    assert effect.std() == pytest.approx(np.sqrt(4 + 2 / 4), rel=0.05)


def test_proportions_are_shares_of_items():
    score = drawn(tables.proportions(MANY, 200, 0.985))["score"]
    assert (200 * score).to_numpy() == pytest.approx((200 * score).round().to_numpy())
    assert score.mean() == pytest.approx(0.985, abs=0.001)


def test_configurations_have_the_means_that_were_asked_for():
    table = drawn(tables.configurations(np.array([0.0, 0.5]), MANY))
    means = (table.groupby("arm")["score"].mean() - BASE) / NOISE
    assert means.to_numpy() == pytest.approx([0, 0.5], abs=0.06)


@pytest.mark.parametrize("draw", [tables.variants, tables.tasks])
def test_families_have_their_effects(draw):
    effects = np.array([0.0, 3.0, 5.0]) * NOISE
    table = drawn(draw(effects, MANY))
    if draw is tables.variants:
        means = table.groupby("arm")["score"].mean()
        found = (means[1:] - means[0]).to_numpy()
    else:
        means = table.groupby(["arm", "task"])["score"].mean().unstack("task")  # noqa: PD010
        found = (means.loc[1] - means.loc[0]).to_numpy()
    assert found / NOISE == pytest.approx(effects / NOISE, abs=0.1)


def test_arms_of_a_family_may_spread_unequally():
    rng = np.random.default_rng(RNG)
    table = tables.tasks(np.zeros(500), 40, unequal=0.6)(rng)
    spread = np.log(table[table["arm"] == 0].groupby("task")["score"].std())
    assert spread.std() == pytest.approx(0.6, abs=0.08)


def test_one_task_may_be_noisier_and_runs_of_families_be_missing():
    none = np.zeros(3)
    spread = drawn(tables.tasks(none, MANY, noisiest=3.0)).groupby(["task", "arm"])["score"].std()
    expected = [3, 3, 1, 1, 1, 1]
    assert (spread / NOISE).to_numpy() == pytest.approx(expected, rel=0.05)
    for draw in (tables.tasks, tables.variants):
        score = drawn(draw(none, MANY, missing=0.1))["score"]
        assert score.isna().mean() == pytest.approx(0.1, abs=0.01)


def test_contexts_have_the_effects_that_were_asked_for():
    both = wide(drawn(tables.apart(NOISE * np.array([-1.0, 2.0]), MANY)), "context", "seed")
    effect = (both[1] - both[0]).groupby(level="context").mean()
    assert effect.to_numpy() == pytest.approx([-1, 2], abs=0.1)
