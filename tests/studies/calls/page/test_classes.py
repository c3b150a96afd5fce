"""What balancing and a ratio do depends on the classes that there are."""

from pathlib import Path

import pytest

from studies.calls.page import classes
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page

from ....partly import partly


def page(folder: Path, labels: dict[str, int], *runs: tuple[int, int, int]) -> Page:
    clips = {label: {"unspecified": {"unspecified": n}} for label, n in labels.items()}
    names = [name for name in labels if name not in ("noise", "a,b")]
    data = {"classes": names, "counts": {"train": {"r": clips}}}
    toy = partly(SweepFound, {"title": "Stage 9"})
    one = Page("p", folder, partly(Writeup, {"sweeps": {"toy": toy}, "data": data}))
    one.sweep("toy").folder.mkdir(parents=True)
    rows = ["train_positive,train_negative,train_added", *(",".join(map(str, run)) for run in runs)]
    (one.sweep("toy").folder / "scores.csv").write_text("\n".join(rows))
    return one


@pytest.mark.parametrize(
    ("run", "says"),
    [
        ((20, 60, 0), "calls are the smaller class, and a ratio acts"),
        ((60, 20, 0), "other clips are the smaller class, and a ratio acts"),
        ((60, 60, 0), "there are as many calls as other clips, so that a ratio adds none either."),
    ],
)
def test_the_smaller_class_of_two_is_the_one_that_is_smaller(tmp_path, run, says):
    one = page(tmp_path, {"call": 20, "noise": 60}, run, (60, 60, 40))
    assert says in classes.rule(one, one.sweep("toy"))
    assert classes.overview(one) == ""


def test_with_several_labels_clips_without_one_are_no_class(tmp_path):
    one = page(tmp_path, {"a": 20, "b": 25, "a,b": 5, "noise": 60}, (50, 60, 0))
    said = classes.rule(one, one.sweep("toy"))
    assert "The training split holds 25 of a and 30 of b, and 60 clips without a label." in said
    assert "equally frequent" not in said and "smaller class" not in said
    assert "a ratio then evens out the labels" in classes.overview(one)


def test_labels_that_are_equally_frequent_leave_nothing_to_fill_up(tmp_path):
    one = page(tmp_path, {"seven": 29, "three": 29, "noise": 58}, (58, 58, 0))
    said = classes.rule(one, one.sweep("toy"))
    assert said.endswith("so that no ratio up to one adds a clip.")
