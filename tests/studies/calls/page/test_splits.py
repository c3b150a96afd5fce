"""Sentences of the call-detection write-ups."""

from pathlib import Path

from studies.calls.page import splits
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page

from ....partly import partly

METRICS = {"ood_f1": {"label": "OOD F1"}}
HEARD = {"train": {"recorders": ["a", "b"]}, "ood": {"recorders": ["c"]}}


def page(**heard: dict) -> Page:
    found = {"primary": "ood_f1", "metrics": METRICS, "data": {"splits": heard}}
    return Page("p", Path(), partly(Writeup, found))


def test_recorders_that_are_heard_nowhere_else():
    one = page(**HEARD)
    assert splits.recorders(one) == "The only recorder of the OOD split is heard there alone."
    two = page(**HEARD | {"ood": {"recorders": ["c", "d"]}})
    assert splits.recorders(two) == "The 2 recorders of the OOD split are heard there alone."


def test_recorders_that_are_heard_elsewhere_are_named():
    heard = HEARD | {"ood": {"recorders": ["c", "a"]}}
    assert splits.recorders(page(**heard)) == "Heard in the OOD split and elsewhere too: a."


def test_data_without_an_ood_split_say_so():
    text = splits.recorders(page(iid={"recorders": []}))
    assert "OOD scores are missing" in text
    assert "ranked by OOD F1" in text
