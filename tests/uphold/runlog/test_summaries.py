import pandas as pd
import pytest

from uphold.runlog.summaries import summaries


@pytest.mark.parametrize(
    "cell",
    [
        *("85.3 ± 0.4", "85.3±0.4", "85.3 (0.4)", "85.3(0.4)", "85.3 +/- 0.4", "85.3 +- .4"),
        *("85.3% ± 0.4%", "$85.3 \\pm 0.4$", " 8.53e1 ± 4e-1 "),
    ],
)
def test_a_mean_with_its_spread(cell):
    found = summaries(pd.Series([cell, None, cell]))
    assert found["mean"].tolist()[::2] == [85.3, 85.3] and found["spread"].tolist()[0] == 0.4
    assert found["mean"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize("cells", [["85.3 ± 0.4", "85"], ["a (b)", "c"], [1.0, 2.0], [None]])
def test_what_is_none(cells):
    assert summaries(pd.Series(cells, dtype=object)) is None
