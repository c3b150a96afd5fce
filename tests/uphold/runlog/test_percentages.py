import numpy as np
import pandas as pd
import pytest

from uphold.runlog.percentages import percentages
from uphold.runlog.propose import propose


def test_percentages_are_numbers_in_percent():
    found = percentages(pd.Series(["85.3%", " 86 % ", None, "-1%"], dtype=object))
    assert found.tolist()[:2] == [85.3, 86.0] and np.isnan(found[2]) and found[3] == -1


@pytest.mark.parametrize("cells", [["85%", "0.9"], ["85%", 0.9], ["85%", "off"], [1, 2], [None]])
def test_other_columns_are_left_as_they_are(cells):
    assert percentages(pd.Series(cells, dtype=object)) is None


def test_a_score_in_percent_is_read_and_proposed_and_a_level_stays_text(relog):
    rows = [(d, s) for d in ("10%", "20%") for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["mixup", "seed"]).assign(ratio=1)
    table["f1"] = ["80.1%", "81.3%", "79.9%", "83.2%", "84.4%", "82.0%"]
    log = relog(table, run=None)
    assert log.scores.values("f1").tolist() == [80.1, 81.3, 79.9, 83.2, 84.4, 82.0]
    assert log.scores.levels("mixup") == ["10%", "20%"]
    assert "margin: 2.0\nprimary: f1" in propose(table)


def test_a_number_of_seeds_is_no_replicate_and_the_number_of_a_run_is(relog):
    rows = [(m, 3, r) for m in "ab" for r in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["model", "num_seeds", "run_no"])
    table["test_acc"] = [0.80, 0.81, 0.82, 0.84, 0.85, 0.86]
    assert "\nreplicate: run_no\nfactors:\n- model\nmetrics" in propose(table)
