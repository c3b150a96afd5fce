"""Arms with one training set among them, in sentence and table."""

from pathlib import Path

import pytest

from studies.calls.page import identical
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page

from ....partly import partly, put

ARMS = {"off, 0": (False, 0), "off, 0.5": (False, 0.5), "on, 0": (True, 0), "on, 0.5": (True, 0.5)}


def page(*groups: tuple[str, ...]) -> Page:
    arms = [
        {"configuration": arm, "levels": {"mixup": mixup, "upsampling_ratio": ratio}}
        for arm, (mixup, ratio) in ARMS.items()
    ]
    design = {"levels": {"mixup": [False, True], "upsampling_ratio": [0, 0.5]}}
    found = {"title": "Stage 9", "configurations": arms, "identical_arms": groups}
    found["design"] = design
    return Page("p", Path(), partly(Writeup, {"sweeps": {"toy": partly(SweepFound, found)}}))


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ((("off, 0", "off, 0.5"), ("on, 0", "on, 0.5")), "4 of 4 arms share their training set"),
        ((("off, 0", "off, 0.5"),), "2 of 4 arms share their training set with another arm"),
        ((tuple(ARMS),), "In Stage 9, all 4 arms have the same training set"),
    ],
)
def test_how_many_arms_are_one(groups, says):
    assert says in identical.overview(page(*groups))


def test_a_factor_that_did_nothing_anywhere_is_named_as_such():
    said = identical.overview(page(("off, 0", "off, 0.5"), ("on, 0", "on, 0.5")))
    assert said.endswith(
        "(2 groups): between these upsampling_ratio did nothing, so that this sweep cannot say"
        " anything about it."
    )
    some = identical.overview(page(("off, 0", "off, 0.5")))
    assert some.endswith("between these upsampling_ratio did nothing.")
    every = identical.overview(page(tuple(ARMS)))
    assert "mixup and upsampling_ratio changed nothing, so that this sweep cannot" in every


def test_nothing_is_said_where_no_arms_are_one():
    assert identical.overview(page()) == ""


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ((), "The other 3 arms of the main sweep learn from other clips."),
        ((("off, 0", "off, 0.5"),), "Of the other 3 arms of the main sweep, 1 learn"),
        ((tuple(ARMS),), "The other 3 arms of the main sweep learn from the very same clips."),
    ],
)
def test_arms_beside_one_may_learn_from_its_clips(groups, says):
    levels = {"mixup": False, "upsampling_ratio": 0}
    assert identical.beside(page(*groups).sweep("toy"), levels).startswith(says)


def described(mean: float | None) -> dict[str, object]:
    return {"n": 3, "seeds": 3, "failed": 0, "mean": mean, "sd": 0.02, "sem": 0.012}


def scored(*groups: tuple[str, ...]) -> Page:
    """Return a page whose arms have scores, ratio 0.5 before 0."""
    one = page(*groups)
    arms = one.found.sweeps["toy"].configurations
    for at, arm in enumerate(arms):
        put({"ood_f1": described(0.7 + 0.01 * at), "recall": described(0.8)}, arm, "metrics")
    metrics = {"ood_f1": {"label": "OOD F1", "margin": 0.02}, "recall": {"label": "recall"}}
    metrics["recall"]["margin"] = 0.02
    put(metrics, one.found, "metrics")
    put(None, one.found, "stood_in")
    put(arms[::-1], one.found, "sweeps", "toy", "configurations")
    return one


def test_arms_with_one_training_set_are_one_row():
    sweep = scored(("off, 0", "off, 0.5")).sweep("toy")
    assert [len(group) for group in identical.distinct(sweep)] == [1, 1, 2]
    table = identical.scores(sweep, ["ood_f1"], ["recall"])._tbl_data
    assert list(table) == ["mixup, upsampling_ratio", "OOD F1", "SEM", "recall", "runs"]
    assert table.to_numpy().tolist() == [
        ["on 0.5", "0.730 ± 0.020", "0.012", "0.800", "3"],
        ["on 0", "0.720 ± 0.020", "0.012", "0.800", "3"],
        ["off 0; off 0.5", "0.710 ± 0.020", "0.012", "0.800", "3"],
    ]


def test_arms_that_are_all_one_are_counted_and_none_is_the_best():
    table = identical.scores(scored(tuple(ARMS)).sweep("toy"), ["ood_f1"], [])
    assert table._tbl_data["mixup, upsampling_ratio"].tolist() == ["all 4 arms"]
    assert not table._styles
    assert identical.scores(scored().sweep("toy"), ["ood_f1"], [])._styles
