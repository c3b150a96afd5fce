import numpy as np
import pytest
from scipy.stats import trim_mean

from uphold.statistics import bootstrap
from uphold.statistics.resampling import iqm, mean, median


def test_iqm_is_the_quarter_trimmed_mean():
    values = np.random.default_rng(0).normal(size=(5, 11))
    assert iqm(values) == pytest.approx(trim_mean(values, 0.25, axis=-1))
    assert iqm(values[:, :3]) == pytest.approx(values[:, :3].mean(axis=1))


def test_all_resamples_of_two_runs():
    # Resamples of (0, 1): means 0, .5, .5, 1 in equal parts; the 95 % interval is all of it.
    ends = bootstrap(np.array([[[0.0, 1.0]]]), mean, draws=4000)
    assert ends.tolist() == [[0.0, 1.0]]
    # and the middle 40 % is .5 (25 % lie below, 25 % above)
    assert bootstrap(np.array([[[0.0, 1.0]]]), mean, 4000, level=0.4).tolist() == [[0.5, 0.5]]


def test_runs_stay_in_their_stratum():
    # Two strata without spread, far apart: every resample has the same mean.
    values = np.array([[[1.0, 1.0, 1.0], [9.0, 9.0, 9.0]]])
    assert bootstrap(values, mean, 500).tolist() == [[5.0, 5.0]]


def test_the_mean_of_many_runs_has_the_normal_interval():
    values = np.random.default_rng(1).normal(size=(2, 1, 400))
    ends = bootstrap(values, mean, 10_000)
    half = 1.96 * values.std(axis=2)[:, 0] / 20
    center = values.mean(axis=2)[:, 0]
    assert ends == pytest.approx(np.column_stack([center - half, center + half]), abs=0.006)


def test_equal_arguments_give_equal_intervals_and_another_seed_others():
    values = np.random.default_rng(2).normal(size=(1, 2, 5))
    one = bootstrap(values, median, 500)
    assert (one == bootstrap(values, median, 500)).all()
    assert (one != bootstrap(values, iqm, 500, seed=1)).any()


def test_chunks_do_not_change_the_shape(monkeypatch):
    monkeypatch.setattr("uphold.statistics.resampling.CHUNK", 64)
    ends = bootstrap(np.random.default_rng(3).normal(size=(3, 2, 4)), mean, draws=101)
    assert ends.shape == (3, 2) and (ends[:, 0] < ends[:, 1]).all()
