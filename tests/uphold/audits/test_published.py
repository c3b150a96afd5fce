import pytest

from uphold.audits import compare_published

from .conftest import flags


@pytest.fixture
def published() -> list:
    # by hand: .603 .598 .601 .600 and .631 .631 .627 .632
    return [
        {"where": {"mixup": False, "ratio": 0}, "f1": {"mean": 0.60, "sd": 0.002}, "n": 4},
        {"where": {"mixup": True, "ratio": 0}, "f1": {"mean": 0.63}, "n": 4},
    ]


def test_numbers_that_agree_as_printed(table, relog, published):
    log = relog(table, published=published)
    assert "published-mismatch" not in flags(log)
    assert [c.quantity for c in compare_published(log)] == ["mean", "sd", "n", "mean", "n"]


@pytest.mark.parametrize(
    ("row", "change", "severity", "text"),
    [
        (0, {"f1": {"mean": 0.61}}, "error", "row 1, F1 mean: 0.61 printed, 0.601 recomputed"),
        (0, {"f1": {"mean": 0.6, "sd": 0.004}}, "error", "row 1, F1 sd: 0.004 printed, 0.002"),
        (1, {"n": 3}, "warning", "row 2, n: 3 printed, 4 runs from 4 seeds recomputed"),
    ],
)
def test_numbers_that_do_not(table, relog, published, row, change, severity, text):
    published[row] |= change
    found = flags(relog(table, published=published))["published-mismatch"]
    assert found.severity == severity and text in found.rows[0] and found.unit == "cells"


def test_a_recomputed_mean_shows_a_decimal_more_than_the_printed_one(table, relog, published):
    published[0]["f1"] = {"mean": 0.6004}
    found = flags(relog(table, published=published))["published-mismatch"]
    assert "0.6004 printed, 0.60050 recomputed" in found.rows[0]
    assert found.message == "2 of the printed means and SDs are not those of these runs."


def test_means_printed_to_two_decimals_are_compared_to_two(table, relog, published):
    # .6505 prints as .65; the table shows two decimals elsewhere, so that .7 stands for .70
    published.append({"where": {"mixup": True, "ratio": 0.5}, "f1": {"mean": 0.7}})
    assert flags(relog(table, published=published))["published-mismatch"].count == 1


def test_a_configuration_that_was_not_run_is_said_to_be_absent(table, relog, published):
    published[1]["where"] = {"mixup": True, "ratio": 7}
    found = flags(relog(table, published=published))["published-mismatch"]
    assert (found.severity, found.count) == ("error", 2)
    absent = "no run of the log has this configuration, the nearest is mixup on, ratio 0"
    assert found.rows == (
        f"row 2, F1 mean: 0.63 printed, {absent} (mixup on, ratio 7)",
        f"row 2, n: 4 printed, {absent} (mixup on, ratio 7)",
    )
    assert "1 row is of configurations that no run of the log has" in found.message
    assert "printed with another n" not in found.message


def test_a_configuration_without_scores_is_not_absent(table, relog, published):
    table.loc[table.mixup & (table.ratio == 0), "f1"] = None
    found = flags(relog(table, published=published))["published-mismatch"]
    assert "0.63 printed, none of its runs has enough scores" in found.rows[0]
