"""Bands of SNR as the radio page tells them."""

import pytest

from studies.radio.page.bands import adds, sentence, spans
from studies.radio.settings.evaluation import Evaluation
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page

from ....partly import partly


def part(added: float) -> dict:
    return {"contribution": {"value": added}}


@pytest.fixture
def sweep(tmp_path):
    step = {"low": part(0.075), "high": part(-0.005), "no band": part(0.01), "overall": part(0.08)}
    breakdowns = {"accuracy": [{"from": "A0", "to": "A1", "parts": step, "sum": 0.08}]}
    found = {
        "metrics": {"accuracy": {"label": "accuracy", "margin": 0.005}},
        "sweeps": {"toy": {"breakdowns": breakdowns}},
    }
    return Page("page", tmp_path, partly(Writeup, found)).sweep("toy")


def test_a_difference_is_told_with_what_each_band_adds_to_it(sweep):
    assert adds(sweep, "accuracy", "A0", "A1") == (
        "A1 minus A0 is +0.0800 overall. Weighted by their shares of the frames, the parts of this"
        " difference are +0.0750 from the low band, −0.0050 from the high band and +0.0100 from the"
        " SNRs of no band."
    )


def test_bands_that_params_leave_out_are_those_that_runs_were_scored_by(tmp_path):
    """The page has them from its analysis, and needs no params."""
    data = {"snrs": [-20, -10, 0, 10, 18], "splits": {"test": {"items": 50}}}
    found = {"data": data, "evaluation": Evaluation().model_dump(mode="json")}
    page = Page("page", tmp_path, partly(Writeup, found))
    assert spans(page) == {"low": (-14, -6), "mid": (-4, 6), "high": (10, 18)}
    assert sentence(page) == (
        "Bands of SNR, in dB, and in brackets their test frames: low −14 to −6 (10), mid −4 to 6"
        " (10), high 10 to 18 (20). No band holds −20 (10)."
    )
