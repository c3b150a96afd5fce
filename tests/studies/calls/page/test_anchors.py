"""The same comparison on two sets of anchors: whether its verdict is the same."""

from pathlib import Path

import pytest

from studies.calls.page import anchors
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.verdicts import LOOKS
from uphold.pages.writeup import Page

from ....partly import partly

PAIRS = {"helps": "helps-promoted"}
OUTCOME = {"value": 0.03, "ci_low": 0.01, "ci_high": 0.05, "ratio": False}
HELD = {"hidden_units": 512, "mixup": True, "dropout": 0.25, "mixup_alpha": 0.2}


def page(verdict: str, promoted_verdict: str, **promoted_settings: object) -> Page:
    verdicts = {"helps": verdict, "helps-promoted": promoted_verdict}
    claims = {
        name: {"says": "It helps.", "metric": "ood_f1", "verdict": v, "fragile": False}
        | {"form": "contrast", "outcome": OUTCOME, "p_adjusted": 0.01, "shown": "+0.030"}
        for name, v in verdicts.items()
    }
    fixed = {"archived": HELD, "promoted": HELD | promoted_settings}
    sweeps = {
        name: partly(SweepFound, {"title": name.title(), "design": {"fixed": held}})
        for name, held in fixed.items()
    }
    metrics = {"ood_f1": {"label": "OOD F1", "margin": 0.02}}
    found = {"claims": claims, "metrics": metrics, "sweeps": sweeps}
    return Page("p", Path(), partly(Writeup, found))


def test_the_settings_in_which_the_anchors_differ_are_named_and_no_others():
    one = page("supported", "supported", hidden_units=1024, mixup=False)
    said = anchors.sentence(one.sweep("archived"), one.sweep("promoted"))
    assert said == (
        "The archived anchors have hidden_units 512, mixup on; what Stage 2 promoted here has"
        " hidden_units 1024, mixup off."
    )


def test_what_was_promoted_may_be_the_archived_anchors():
    one = page("supported", "supported")
    said = anchors.sentence(one.sweep("archived"), one.sweep("promoted"))
    assert said.endswith("so that both sweeps have the same runs.")


@pytest.mark.parametrize(
    ("verdicts", "stands"),
    [
        (("supported", "supported"), "the same on both"),
        (("inconclusive", "inconclusive"), "undecided on both"),
        (("refuted", "inconclusive"), "decided on the archived anchors alone"),
        (("inconclusive", "equivalent"), "decided on the promoted settings alone"),
        (("supported", "refuted"), "not the same on both"),
    ],
)
def test_whether_a_verdict_depends_on_the_anchors(verdicts, stands):
    one = page(*verdicts)
    assert anchors.conclusion(one, PAIRS) == f"Of 1 key comparison, 1 is {stands}."
    assert anchors.table(one, PAIRS)._tbl_data.to_numpy().tolist() == [
        ["It helps.", *(f"{LOOKS[v].mark} {LOOKS[v].word}: +0.030" for v in verdicts), stands]
    ]
