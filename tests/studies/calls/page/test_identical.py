"""Arms with one training set among them, in sentence and table."""

from pathlib import Path

import pytest

from studies.calls.page import identical
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page

from ....partly import partly

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
        ((), "In Stage 9, no two of the 4 arms"),
        ((("off, 0", "off, 0.5"), ("on, 0", "on, 0.5")), "4 of 4 arms share their training set"),
        ((("off, 0", "off, 0.5"),), "2 of 4 arms share their training set with another arm"),
        ((tuple(ARMS),), "In Stage 9, all 4 arms have the same training set"),
    ],
)
def test_how_many_arms_are_one(groups, says):
    assert says in identical.sentence(page(*groups).sweep("toy"))


def test_a_factor_that_did_nothing_anywhere_is_named_as_such():
    said = identical.sentence(page(("off, 0", "off, 0.5"), ("on, 0", "on, 0.5")).sweep("toy"))
    assert said.endswith(
        "(2 groups): between these upsampling_ratio did nothing, so that this sweep cannot say"
        " anything about it."
    )
    some = identical.sentence(page(("off, 0", "off, 0.5")).sweep("toy"))
    assert some.endswith("between these upsampling_ratio did nothing.")
    every = identical.sentence(page(tuple(ARMS)).sweep("toy"))
    assert "mixup and upsampling_ratio changed nothing, so that this sweep cannot" in every


def test_the_overview_tells_of_sweeps_with_such_arms_alone():
    assert identical.overview(page()) == ""
    one = page(tuple(ARMS))
    assert identical.overview(one) == identical.sentence(one.sweep("toy"))


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


def test_the_arms_that_are_one_are_listed_without_the_names_of_factors():
    table = identical.table(page(("off, 0", "off, 0.5"), ("on, 0", "on, 0.5")))
    assert table._tbl_data.to_numpy().tolist() == [
        ["Stage 9", "2", "off 0; off 0.5"],
        ["Stage 9", "2", "on 0; on 0.5"],
    ]
    assert identical.table(page())._tbl_data["which"].tolist() == [
        "every arm has a training set of its own"
    ]
