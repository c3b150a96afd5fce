"""How many clips runs learn from: a sweep in which upsampling added none is told as such."""

from pathlib import Path

import pytest

from studies.calls.page import sizes
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page, Sweep

from ....partly import partly


def sweep(folder: Path, *runs: tuple[int, int, int], classes: tuple[str, ...] = ("a",)) -> Sweep:
    toy = partly(SweepFound, {"title": "Stage 9"})
    found = partly(Writeup, {"sweeps": {"toy": toy}, "data": {"classes": list(classes)}})
    one = Page("p", folder, found).sweep("toy")
    one.folder.mkdir(parents=True)
    rows = ["train_positive,train_negative,train_added", *(",".join(map(str, run)) for run in runs)]
    (one.folder / "scores.csv").write_text("\n".join(rows))
    return one


@pytest.mark.parametrize(
    ("runs", "says"),
    [
        ([(205, 205, 0)] * 3, "205 calls and 205 other clips; upsampling added none."),
        (
            [(205, 630, 0), (1378, 630, 1173)],
            "205 to 1,378 calls and 630 other clips; upsampling added up to 1,173.",
        ),
    ],
)
def test_what_training_sets_hold(tmp_path, runs, says):
    assert sizes.sentence(sweep(tmp_path, *runs)) == f"In Stage 9, a run learns from {says}"


def test_clips_of_several_labels_are_not_all_calls(tmp_path):
    said = sizes.sentence(sweep(tmp_path, (58, 58, 0), classes=("seven", "three")))
    assert "a run learns from 58 clips with a label and 58 without one; upsampling" in said
