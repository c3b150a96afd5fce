"""A sweep is told with its arms, how many of them are distinct, and what their runs learn from."""

from pathlib import Path

import pytest

from studies.calls.page import sizes
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page, Sweep

from ....partly import partly


def sweep(
    folder: Path,
    *runs: tuple[int, int],
    same: tuple[tuple[str, ...], ...] = (),
    classes: tuple[str, ...] = ("a",),
) -> Sweep:
    levels = {"ratio": [0, 0.5, 1]}
    arms = [{"configuration": str(x), "levels": {"ratio": x}} for x in levels["ratio"]]
    toy = {"title": "Stage 9", "configurations": arms, "identical_arms": same, "runs": 6}
    toy = partly(SweepFound, toy | {"design": {"levels": levels}})
    found = partly(Writeup, {"sweeps": {"toy": toy}, "data": {"classes": list(classes)}})
    one = Page("p", folder, found).sweep("toy")
    one.folder.mkdir(parents=True)
    rows = ["train_positive,train_negative", *(",".join(map(str, run)) for run in runs)]
    (one.folder / "scores.csv").write_text("\n".join(rows))
    return one


@pytest.mark.parametrize(
    ("runs", "same", "row"),
    [
        ([(205, 205)] * 3, (("0", "0.5", "1"),), ["1", "6", "205", "205"]),
        ([(205, 630), (1378, 630)], (("0", "0.5"),), ["2", "6", "205 to 1,378", "630"]),
        ([(205, 630), (1378, 630)], (), ["3", "6", "205 to 1,378", "630"]),
    ],
)
def test_what_training_sets_hold(tmp_path, runs, same, row):
    table = sizes.table(sweep(tmp_path, *runs, same=same))._tbl_data
    assert table.to_numpy().tolist() == [["Stage 9", "ratio (3)", "3", *row]]


def test_clips_of_several_labels_are_not_all_calls(tmp_path):
    table = sizes.table(sweep(tmp_path, (58, 58), classes=("seven", "three")))._tbl_data
    assert list(table)[-2:] == ["clips with a label", "clips without"]
