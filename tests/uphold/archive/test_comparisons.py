"""Welch's t and the F test from printed numbers, beside R."""

import math

import pytest

from uphold.archive.comparisons import sd_ratio_p, welch
from uphold.archive.printed import read


def test_welch_from_printed_numbers():
    # R: a=.11^2/3; b=.02^2/3; t=(.81-.69)/sqrt(a+b); df=(a+b)^2*2/(a^2+b^2); 2*pt(-t,df)
    found = welch(read("0.69 ± 0.11"), read("0.81 ± 0.02"), 3)
    assert (found.difference, found.p) == (pytest.approx(0.12), pytest.approx(0.1962037, abs=1e-6))
    # R: qt(.95,df)*sqrt(a+b)
    assert found.reach == pytest.approx(0.1807575, abs=1e-6)


def test_equal_sds_detect_3_07_sds():
    # R: power.t.test(n=3, sd=.04, power=.8)$delta is 3.07091 * .04
    assert welch(read("0.5 ± 0.04"), read("0.6 ± 0.04"), 3).detectable == pytest.approx(
        3.07091 * 0.04, abs=1e-5
    )


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [("0.5", "0.6", 3), ("0.5 ± 0.1", "0.6 ± 0.1", 1), ("0.5 ± 0.1", "0.6 ± 0.1", None)],
)
def test_without_spread_noise_cannot_be_told(before, after, runs):
    found = welch(read(before), read(after), runs)
    assert math.isnan(found.p) and "the noise is unknown" in found.surely


def test_sds_of_three_runs():
    # R: 2*pf((.09/.07)^2, 2, 2, lower=FALSE)
    assert sd_ratio_p(0.07, 0.09, 3) == pytest.approx(0.7538462)
    assert sd_ratio_p(0.09, 0.07, 3) == sd_ratio_p(0.07, 0.09, 3)
    assert sd_ratio_p(0.05, 0.05, 3) == 1
    assert math.isnan(sd_ratio_p(0.05, 0.05, 1)) and math.isnan(sd_ratio_p(0.0, 0.05, 3))
