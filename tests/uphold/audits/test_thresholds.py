import pytest

from .conftest import COUNTED, flags


def test_thresholds_at_either_end_of_the_grid(counted, logged):
    counted.loc[:2, "threshold"] = [1.0, 0.0, 0.99]
    found = flags(logged(counted))["threshold-at-edge"]
    assert (found.severity, found.count, found.rows) == ("warning", 2, ("r0", "r1"))
    assert "threshold is 0 in 1; threshold is 1 in 1 of 16 runs" in found.message


def test_the_edges_are_the_grids_own(counted, logged):
    threshold = {"column": "threshold", "grid": [0.1, 0.3, 0.5]}
    assert flags(logged(counted, threshold=threshold))["threshold-at-edge"].count == 16


def test_a_threshold_without_a_grid_has_no_edge(counted, logged):
    counted["threshold"] = 1.0
    assert flags(logged(counted, threshold="threshold")) == {}


@pytest.mark.parametrize(
    ("chosen_on", "split", "found"),
    [("test", "test", True), ("validation", "test", False), ("test", "validation", False)],
)
def test_thresholds_chosen_on_the_split_they_are_reported_on(
    counted, logged, chosen_on, split, found
):
    threshold = COUNTED["threshold"] | {"chosen_on": chosen_on}
    flag = flags(logged(counted, threshold=threshold, split=split)).get("selected-on-test")
    assert (flag is not None) is found
    assert flag is None or (flag.severity, flag.count) == ("error", 16)
