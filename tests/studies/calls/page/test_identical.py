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
    found = {"title": "Stage 9", "configurations": arms, "identical_arms": groups}
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


def test_the_arms_that_are_one_are_listed_without_the_names_of_factors():
    table = identical.table(page(("off, 0", "off, 0.5"), ("on, 0", "on, 0.5")))
    assert table._tbl_data.to_numpy().tolist() == [
        ["Stage 9", "2", "off 0; off 0.5"],
        ["Stage 9", "2", "on 0; on 0.5"],
    ]
    assert identical.table(page())._tbl_data["which"].tolist() == [
        "every arm has a training set of its own"
    ]
