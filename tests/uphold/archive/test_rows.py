"""What rows decide: each check can support a sentence and can contradict it."""

import pytest

from uphold.archive.rows import (
    BestRow,
    Effect,
    FromPrecisionAndRecall,
    Gap,
    Mean,
    Shown,
    Spread,
    Within,
)
from uphold.archive.tables import Table


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        ("0.65 ± 0.13", "supported"),
        ("0.70 ± 0.13", "contradicted"),
        ("0.65 ± 0.05", "contradicted"),
    ],
)
def test_mean_of_rows(tables, stated, verdict):
    # (.6 + .8 + .7 + .5) / 4 = .65; SD = sqrt((.05² + .15² + .05² + .15²) / 3) = .1291
    found = Mean(table="runs", column="f1", stated=stated)(tables)
    assert found.verdict == verdict
    assert found.numbers == {"mean": pytest.approx(0.65), "sd": pytest.approx(0.12910, abs=1e-5)}


@pytest.mark.parametrize(
    ("lower", "higher", "at_most", "verdict"),
    [
        ("precision", "recall", 0.3, "supported"),
        ("precision", "recall", 0.02, "contradicted"),
        ("recall", "precision", 0.3, "contradicted"),
    ],
)
def test_gap(tables, lower, higher, at_most, verdict):
    found = Gap(table="runs", lower=lower, higher=higher, at_most=at_most)(tables)
    assert found.verdict == verdict
    assert abs(found.numbers["mean"]) == pytest.approx((0.30 + 0.15 + 0.15 + 0.10) / 4)


def test_levels_that_are_not_shown(tables):
    assert Shown(table="runs", levels={"lr": ["low", "high"]})(tables).verdict == "supported"
    found = Shown(table="runs", levels={"lr": ["low", "middle"], "mixup": ["on"]})(tables)
    assert (found.verdict, found.numbers["missing"]) == ("not shown", 1)
    assert "lr middle, mixup on" in found.text


def effect(tables, name="runs", where=None, **keys):
    asked = {"factor": "mixup", "from_level": "off", "to_level": "on", "stated": "increase"}
    return Effect(table=name, column="f1", where=where or {}, **{**asked, **keys})(tables)


def table(*rows: str) -> dict[str, Table]:
    return {
        "t": Table(section="R", factors=["mixup"], runs=3, cells="mixup | f1\n" + "\n".join(rows))
    }


def test_a_difference_amid_noise_is_not_shown(tables):
    found = effect(tables, where={"lr": "low"})
    assert found.verdict == "not shown"
    assert found.numbers["difference.1"] == pytest.approx(0.2)
    assert "at lr low" in found.text


@pytest.mark.parametrize(
    ("on", "stated", "verdict"),
    [
        ("0.80 ± 0.01", "increase", "supported"),
        ("0.80 ± 0.01", "decrease", "contradicted"),
        ("0.60 ± 0.01", "decrease", "supported"),
        ("0.60 ± 0.01", "increase", "contradicted"),
        ("0.69 ± 0.10", "increase", "not shown"),
        ("0.80 ± 0.01", "no-increase", "contradicted"),
        ("0.70 ± 0.01", "no-increase", "supported"),
        ("0.70 ± 0.10", "no-increase", "not shown"),
        ("0.60 ± 0.01", "no-decrease", "contradicted"),
    ],
)
def test_verdicts_of_an_effect(on, stated, verdict):
    # .01 from 3 runs: a difference of .1 is at t = .1 / (.01 √(2/3)) = 12; a margin of .03 beyond
    # the one-sided bound 2.13 × .0082 = .0174
    found = effect(table("off | 0.70 ± 0.01", f"on | {on}"), "t", stated=stated, margin=0.03)
    assert found.verdict == verdict


def test_single_values_the_other_way_contradict(tables):
    assert effect(tables, "single", where={"lr": "high"}).verdict == "contradicted"
    assert effect(tables, "single", where={"lr": "low"}).verdict == "not shown"


def test_an_effect_without_matched_rows(tables):
    found = effect(tables, to_level="half")
    assert (found.verdict, "No two rows differ" in found.text) == ("not shown", True)


@pytest.mark.parametrize(
    ("sds", "stated", "verdict"),
    [
        (("0.01", "0.20"), "increase", "supported"),
        (("0.01", "0.20"), "decrease", "contradicted"),
        (("0.07", "0.09"), "increase", "not shown"),
    ],
)
def test_spread(sds, stated, verdict):
    # F = 400 on (2, 2): p = 2 / 401 < .05
    rows = table(f"off | 0.7 ± {sds[0]}", f"on | 0.7 ± {sds[1]}")
    found = Spread(
        table="t", column="f1", factor="mixup", from_level="off", to_level="on", stated=stated
    )(rows)
    assert found.verdict == verdict


def test_the_spread_of_one_level_alone(tables):
    asked = {"column": "f1", "factor": "mixup", "from_level": "half", "stated": "increase"}
    found = Spread(table="runs", to_level="on", **asked)(tables)
    assert found.verdict == "not shown" and "0.02 to 0.30" in found.text
    assert Spread(table="runs", to_level="no", **asked)(tables).verdict == "not shown"


def test_best_row(tables):
    assert BestRow(table="runs", column="f1", row={"lr": "low"})(tables).verdict == "supported"
    # .80 ± .30 above .70 ± .02 from three runs each: within noise
    noisy = table("off | 0.70 ± 0.02", "on | 0.80 ± 0.30")
    found = BestRow(table="t", column="f1", row={"mixup": "on"})(noisy)
    assert (found.verdict, found.numbers["lead"]) == ("not shown", pytest.approx(0.1))
    found = BestRow(table="runs", column="f1", row={"lr": "high"})(tables)
    assert found.verdict == "contradicted" and "0.80 ± 0.02 with lr low" in found.text


def test_range_of_rows(tables):
    assert Within(table="runs", column="f1", stated="0.50-0.80")(tables).verdict == "supported"
    assert Within(table="runs", column="f1", stated="0.60-0.80")(tables).verdict == "contradicted"


def f1_bounds(f1: str, precision: str, recall: str, runs: int | None):
    cells = f"f1 | p | r\n{f1} | {precision} | {recall}"
    rows = {"t": Table(section="R", runs=runs, cells=cells)}
    return FromPrecisionAndRecall(table="t", f1="f1", precision="p", recall="r")(rows)


def test_f1_from_precision_and_recall():
    # 2 × .74 × .89 / (.74 + .89) = .8081; with .005 more of each .8132
    found = f1_bounds("0.81", "0.74", "0.89", 3)
    assert found.verdict == "supported"
    assert found.numbers["high.1"] == pytest.approx(2 * 0.745 * 0.895 / 1.64)
    assert f1_bounds("0.82", "0.74", "0.89", 3).verdict == "contradicted"
    # A mean over runs may lie below the F1 of the means, down to P + R - 1; one run may not.
    assert f1_bounds("0.70", "0.74", "0.89", 3).verdict == "supported"
    assert f1_bounds("0.70", "0.74", "0.89", 1).verdict == "contradicted"
    assert f1_bounds("0.60", "0.74", "0.89", 3).verdict == "contradicted"
