"""What a printed design can show."""

import pytest

from uphold.archive.designs import Additive, Apart, FillUp, NamedMetric, Null, detectable
from uphold.errors import InputError

CELLS = {
    "levels": {"table": "design", "row": {"factor": "ratio"}, "column": "values"},
    "seeds": {"table": "design", "row": {"factor": "seeds"}, "column": "values"},
}


@pytest.mark.parametrize(
    ("sd", "least"), [(0.02, 0.061), (0.04, 0.123), (0.07, 0.215), (0.09, 0.276), (0.11, 0.338)]
)
def test_least_difference_of_two_arms_of_three(sd, least):
    # R: power.t.test(n=3, sd=sd, power=.8)$delta
    assert detectable(sd, 2, 3) == pytest.approx(least, abs=0.0006)


def test_least_difference_of_eleven_arms_of_three():
    # R: f=function(d,k=11,n=3) 1-pf(qf(.95,k-1,k*(n-1)),k-1,k*(n-1),ncp=n*d^2/2)
    #    .04*uniroot(function(d) f(d)-.8, c(.1,20))$root
    assert detectable(0.04, 11, 3) == pytest.approx(0.1587225, abs=1e-5)


def test_a_null_result_needs_power(tables):
    found = Null(spread="0.76 ± 0.04", margin=0.02, **CELLS)(tables)
    assert found.verdict == "not shown" and "3 levels with 3 runs" in found.text
    assert Null(spread="0.76 ± 0.001", margin=0.02, **CELLS)(tables).verdict == "supported"
    with pytest.raises(InputError, match="no SD"):
        Null(spread="0.76", margin=0.02, **CELLS)(tables)


def test_a_difference_after_a_null_result(tables):
    found = Null(spread="0.76 ± 0.04", margin=0.02, yet="–0.05 F1", **CELLS)(tables)
    assert found.verdict == "not shown" and "−0.05, is smaller" in found.text
    assert (
        Null(spread="0.76 ± 0.01", margin=0.02, yet="–0.05 F1", **CELLS)(tables).verdict
        == "supported"
    )


def test_one_metric_quoted_for_another():
    assert NamedMetric(about="precision", quoted="F1")({}).verdict == "not shown"
    assert NamedMetric(about="F1", quoted="f1")({}).verdict == "supported"


def test_a_cause_needs_one_difference(tables):
    asked = {"table": "settings", "names": "what", "arms": ["A", "B"]}
    assert Apart(credited="x", **asked)(tables).verdict == "supported"
    found = Apart(credited="y", **asked)(tables)
    assert (found.verdict, found.numbers["settings"]) == ("not shown", 1)


def test_filling_up_classes(tables):
    assert FillUp(ratios=CELLS["levels"], smaller=1)(tables).verdict == "contradicted"
    found = FillUp(ratios=CELLS["levels"], smaller=0.4)(tables)
    assert (found.verdict, found.numbers["adding"]) == ("supported", 2)


def test_gains_are_added_as_if_additive():
    expected = {"a": "2-5%", "b": "1-3%"}
    assert Additive(expected=expected, stated="3-8%")({}).verdict == "not shown"
    assert Additive(expected=expected, stated="3-9%")({}).verdict == "contradicted"
