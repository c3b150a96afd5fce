"""What single printed values decide."""

import pytest

from uphold.archive.values import Best, Delta, Same


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        (["0.16485", "0.1648"], "supported"),
        (["0.16485", "0.1656"], "contradicted"),
        (["0.80 ± 0.02", "0.80 ± 0.04"], "contradicted"),
        (["≈ 0.89", "0.89"], "supported"),
        (["on", "on"], "supported"),
        (["on by default", "off by default"], "contradicted"),
    ],
)
def test_one_quantity_in_two_places(values, verdict):
    assert Same(quantity="It", values=values)({}).verdict == verdict


def test_a_cell_beside_a_quotation(tables):
    cell = {"table": "runs", "row": {"lr": "low", "mixup": "on"}, "column": "f1"}
    assert Same(quantity="It", values=[cell, "0.80 ± 0.02"])(tables).verdict == "supported"
    assert Same(quantity="It", values=[cell, "0.81 ± 0.02"])(tables).verdict == "contradicted"


def test_a_stated_difference():
    found = Delta(of=["0.1656"], minus=["0.1710"], stated="-0.54pp")({})
    assert (found.verdict, found.numbers["difference.1"]) == ("supported", pytest.approx(-0.0054))
    found = Delta(of=["0.1656", "0.16485"], minus=["0.1710"], stated="-0.54pp")({})
    assert found.verdict == "contradicted"
    assert "−0.54 pp in one place and −0.62 pp in another" in found.text
    found = Delta(of=["0.6393"], minus=["0.6397"], stated="-0.0014")({})
    assert (found.verdict, found.text) == (
        "contradicted",
        "Printed values give −0.0004, not -0.0014.",
    )


def test_the_best_beside_a_larger_one():
    assert Best(best="0.63930", beside=["0.63933"])({}).verdict == "contradicted"
    assert Best(best="0.63685", beside=["0.63684"])({}).verdict == "supported"
