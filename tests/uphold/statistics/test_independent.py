"""The change between two estimates, against Welch's test of two samples."""

import numpy as np
import pytest
from scipy import stats

from uphold.statistics.estimate import Estimate
from uphold.statistics.independent import change


def of_mean(values) -> Estimate:
    n = len(values)
    se = np.std(values, ddof=1) / np.sqrt(n)
    return Estimate.from_t(np.mean(values), se, n - 1, n=n, runs=n, seeds=n, method="t")


def test_it_is_welch_s_test_of_two_samples():
    first, second = np.array([1.0, 2.5, 3.0]), np.array([2.0, 2.2, 4.1, 3.9, 5.0])
    found = change(of_mean(first), of_mean(second))
    welch = stats.ttest_ind(second, first, equal_var=False)
    low, high = welch.confidence_interval(0.95)
    assert found.value == pytest.approx(second.mean() - first.mean())
    assert (found.p, found.df) == (pytest.approx(welch.pvalue), pytest.approx(welch.df))
    assert (found.ci_low, found.ci_high) == (pytest.approx(low), pytest.approx(high))


def test_errors_that_are_known_for_sure_give_a_normal_interval():
    sure = Estimate.from_t(1.0, 0.3, np.inf, n=3, runs=6, seeds=3, method="t")
    found = change(sure, sure)
    assert found.value == 0
    assert found.ci_high == pytest.approx(stats.norm.ppf(0.975) * 0.3 * np.sqrt(2))


@pytest.mark.parametrize("se", [np.nan, 0.0])
def test_without_an_error_the_value_stands_alone(se):
    plain = Estimate(
        **{"value": 1.0, "ci_low": np.nan, "ci_high": np.nan, "n": 1, "runs": 1, "seeds": 1},
        **{"method": "none", "p": np.nan, "se": se, "df": np.nan},
    )
    other = Estimate.from_t(3.0, 0.3 if np.isnan(se) else 0.0, 2, n=3, runs=3, seeds=3, method="t")
    found = change(plain, other)
    assert found.value == 2
    assert np.isnan(found.ci_low) and np.isnan(found.p)
