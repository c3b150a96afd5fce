"""What the call-detection write-ups say and draw of their splits."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from studies.calls.page import splits
from uphold.analysis.model.runs import SweepFound
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
    assert splits.recorders(one) == "The only recorder of the OOD split appears in no other split."
    two = page(**HEARD | {"ood": {"recorders": ["c", "d"]}})
    assert splits.recorders(two) == "The 2 recorders of the OOD split appear in no other split."


def test_recorders_that_are_heard_elsewhere_are_named():
    heard = HEARD | {"ood": {"recorders": ["c", "a"]}}
    assert splits.recorders(page(**heard)) == "Heard in the OOD split and elsewhere too: a."


def test_data_without_an_ood_split_leave_it_to_the_head_of_the_page():
    assert splits.recorders(page(iid={"recorders": []})) == ""


def test_recorders_without_a_name_are_not_known_to_be_others():
    said = splits.recorders(page(**HEARD | {"ood": {"recorders": ["unspecified"]}}))
    assert said.startswith("Clips of the OOD split name no recorder")


@pytest.mark.parametrize(
    ("gaps", "says"),
    [
        ([0.02, 0.05], "All 2 configurations score higher on known recorders (IID) than on new"),
        ([-0.01, 0.05, None], "1 of 2 configurations score higher"),
        ([None], "Without OOD scores there is no gap to report."),
    ],
)
def test_how_far_known_and_new_recorders_lie_apart(gaps, says):
    arms = [{"metrics": {"f1_gap": {"mean": gap}}} for gap in gaps]
    sweeps = {"toy": partly(SweepFound, {"configurations": arms})}
    metrics = METRICS | {"f1_gap": {"label": "gap", "margin": 0.02}}
    found = partly(Writeup, {"metrics": metrics, "sweeps": sweeps})
    said = splits.gap(Page("p", Path(), found).sweep("toy"))
    assert said.startswith(says)
    assert (
        gaps == [None] or f"lies between {'0.020' if gaps[0] > 0 else '−0.010'} and 0.050" in said
    )


def test_where_detectors_are_to_hold_up_depends_on_the_splits():
    assert splits.place(page(**HEARD)) == "on recorders that it has never heard"
    assert "no recorder was held out" in splits.place(page(iid={"recorders": []}))


@pytest.mark.parametrize(
    ("calls", "says"),
    [
        ({"high": 3, "low": 1}, "here they hold high and medium quality, as it says"),
        ({"high": 3, "unspecified": 1}, "as it says (and calls that are marked with none)"),
        ({"unspecified": 4}, "here no call is marked with a quality, so that none is left out"),
    ],
)
def test_qualities_are_those_that_calls_are_marked_with(calls, says):
    clips = {"call": {"growl": calls}, "noise": {"unspecified": {"unspecified": 9}}}
    found = {"data": {"classes": ["call"], "counts": {"train": {"a": clips}}}}
    assert says in splits.qualities(Page("p", Path(), partly(Writeup, found)))


def metric(mean: float, low: float, high: float) -> dict:
    return {"mean": mean, "ci_low": low, "ci_high": high, "seeds": 3}


def test_one_metric_against_another_is_drawn_with_the_intervals_of_both():
    configurations = [
        {"metrics": {"iid_f1": metric(0.9, 0.85, 0.97), "ood_f1": metric(0.7, 0.6, 0.75)}},
        {"metrics": {"iid_f1": metric(0.8, 0.7, 0.82), "ood_f1": metric(0.5, 0.4, 0.55)}},
    ]
    found = {"configurations": configurations, "effects": {"iid_f1": [], "ood_f1": []}}
    found["design"] = {"replicate": ["seed"]}
    metrics = {"iid_f1": {"label": "IID F1"}, "ood_f1": {"label": "OOD F1"}}
    writeup = {"metrics": metrics, "sweeps": {"toy": partly(SweepFound, found)}}
    sweep = Page("p", Path(), partly(Writeup, writeup)).sweep("toy")
    figure = splits.against(sweep, "iid_f1", "ood_f1")
    assert "2 of 2 configurations lie below the dashed line" in figure.get_label()
    assert "95 % intervals over 3 seeds" in figure.get_suptitle()
    (axis,) = figure.axes
    drawn = axis.containers[0]
    assert drawn.get_label() == "configuration"
    for lines, name, across in zip(drawn.lines[2], ("iid_f1", "ood_f1"), (0, 1), strict=True):
        ends = [tuple(points[:, across]) for points in lines.get_segments()]
        of = [c["metrics"][name] for c in configurations]
        assert ends == [pytest.approx((m["ci_low"], m["ci_high"])) for m in of]


@pytest.mark.parametrize(
    ("iid", "ood", "says"),
    [
        (0.462, 0.462, "an F1 of 0.462 on IID and on OOD alike."),
        (0.462, 0.4, "an F1 of 0.462 on IID and 0.400 on OOD."),
        (0.462, float("nan"), "an F1 of 0.462 on IID."),
    ],
)
def test_calling_every_clip_positive_is_told_once_where_it_scores_the_same(iid, ood, says):
    scores = pd.DataFrame({"iid_floor_f1": [iid], "ood_floor_f1": [ood]})
    sweep = SimpleNamespace(scores=scores, page=SimpleNamespace(digits=lambda _: 3))
    assert splits.floors(sweep).endswith(says)
