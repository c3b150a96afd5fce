"""Parts of a mean, and how much mixup mixes."""

import pytest

from uphold.archive.sums import Bands, Mixing, mixing
from uphold.archive.tables import Table


def bands(low: str, high: str, overall: str):
    cells = f"run | all | low | high\nA | 0.500 | 0.300 | 0.700\nB | {overall} | {low} | {high}"
    return Bands(
        table="t",
        before={"run": "A"},
        after={"run": "B"},
        overall="all",
        grid={"first": 0, "last": 8, "step": 2},
        bands={"low": {"first": 0, "last": 2}, "high": {"first": 6, "last": 8}},
    )({"t": Table(section="R", cells=cells)})


def test_bands_by_their_share_of_the_conditions():
    # 5 conditions, 2 in each band: 2/5 × .05 − 2/5 × .03 = .008; 4 lies in neither
    found = bands("0.350", "0.670", "0.510")
    assert found.verdict == "contradicted"
    assert found.numbers["bands"] == pytest.approx(0.008)
    assert found.numbers["missing"] == pytest.approx(0.002)
    assert found.numbers["uncovered"] == 1 and "from 4, which" in found.text


def test_bands_that_cancel_within_rounding():
    assert bands("0.350", "0.650", "0.500").verdict == "supported"
    assert bands("0.350", "0.651", "0.500").verdict == "supported"
    assert bands("0.350", "0.655", "0.500").verdict == "contradicted"


def test_the_beta_distribution():
    # R: pbeta(.7,.2,.2)-pbeta(.3,.2,.2); 1-pbeta(.9,.2,.2)+pbeta(.1,.2,.2);
    #    2*integrate(function(x) x*dbeta(x,.2,.2), 0, .5)$value
    assert mixing(0.2, "blended") == pytest.approx(0.1335916, abs=1e-6)
    assert mixing(0.2, "near-pure") == pytest.approx(0.6733796, abs=1e-6)
    assert mixing(0.2, "strength") == pytest.approx(0.1011903, abs=1e-6)
    assert mixing(1, "strength") == pytest.approx(0.25)
    assert mixing(1, "blended") == pytest.approx(0.4)


def test_stated_probabilities():
    asked = {"alpha": 0.2, "quantity": "not near-pure"}
    assert Mixing(stated="~33%", **asked)({}).verdict == "supported"
    found = Mixing(stated="~33%", probability=0.5, **asked)({})
    assert found.verdict == "contradicted"
    assert found.numbers["value"] == pytest.approx(0.1633, abs=1e-4)


def test_a_fallback_is_another_augmentation():
    asked = {"alpha": 0.2, "quantity": "strength"}
    assert Mixing(fallback=1, **asked)({}).verdict == "contradicted"
    assert Mixing(fallback=0.2, **asked)({}).verdict == "supported"
