"""Bands and curves of a sweep as the radio page shows them."""

import pandas as pd
import pytest

from studies.radio.page.bands import parts, sentence, spans
from studies.radio.page.curves import lines
from studies.radio.settings.evaluation import Evaluation
from uphold.analysis.model.writeup import Writeup
from uphold.errors import InputError
from uphold.pages.writeup import Page

from ....partly import partly, put


def estimate(value: float) -> dict:
    return {"value": value, "ci_low": value - 0.01, "ci_high": value + 0.01, "p": 0.2, "n": 3}


def part(items: int, value: float, added: float) -> dict:
    return {"items": items, "difference": estimate(value), "contribution": estimate(added)}


@pytest.fixture
def sweep(tmp_path):
    step = {"low": part(30, 0.1, 0.075), "high": part(10, -0.02, -0.005)}
    step["overall"] = part(40, 0.07, 0.07)
    breakdowns = {"accuracy": [{"from": "A0", "to": "A1", "parts": step, "sum": 0.07}]}
    arms = [{"configuration": f"arm={a}", "levels": {"arm": a}} for a in ("A0", "A1")]
    found = {
        "metrics": {
            "accuracy": {"label": "accuracy", "margin": 0.005, "bands": {"low": "accuracy_low"}},
            "accuracy_low": {"label": "low", "margin": 0.01},
        },
        "sweeps": {"toy": {"breakdowns": breakdowns, "configurations": arms}},
    }
    folder = tmp_path / "results" / "page" / "sweeps" / "toy"
    folder.mkdir(parents=True)
    points = [
        {"configuration": f"arm={a}", "split": "test", "metric": "accuracy", "x": x, "y": x / 10}
        | {"y_low": x / 10 - 0.1, "y_high": x / 10 + 0.1}
        for a in ("A0", "A1")
        for x in (1, 2)
    ]
    pd.DataFrame(points).to_csv(folder / "curves.csv", index=False)
    return Page("page", tmp_path, partly(Writeup, found)).sweep("toy")


def test_a_step_shows_its_bands_and_their_sum(sweep):
    rows = parts(sweep, "accuracy")._tbl_data.to_numpy().tolist()
    assert [row[1] for row in rows] == ["low", "high", "overall", "sum of the bands"]
    # a band has the decimals that its own margin asks for, its share those of the whole
    assert [row[3] for row in rows[:3]] == ["+0.100", "−0.0200", "+0.0700"]
    assert [row[2] for row in rows[:3]] == ["30", "10", "40"]
    assert [row[6] for row in rows] == ["+0.0750", "−0.0050", "+0.0700", "+0.0700"]
    assert len(parts(sweep, "accuracy", [("A1", "A2")])._tbl_data) == 0


def test_a_curve_a_configuration_with_its_interval(sweep):
    (axis,) = lines(sweep, "accuracy", "SNR", "accuracy", only=[{"arm": "A1"}]).axes
    (line,) = axis.lines
    assert line.get_ydata().tolist() == [0.1, 0.2]
    assert len(axis.collections) == 1
    with pytest.raises(InputError, match="no curve"):
        lines(sweep, "loss", "SNR", "loss")


@pytest.mark.parametrize(("kind", "ends"), [("accuracy", (0, 1)), ("score", (-0.4, 1.1))])
def test_the_interval_of_an_accuracy_ends_where_accuracies_do(sweep, kind, ends):
    put(kind, sweep.page.found, "metrics", "accuracy", "kind")
    sweep.curves["y_low"], sweep.curves["y_high"] = -0.4, 1.1
    (axis,) = lines(sweep, "accuracy", "SNR", "accuracy", only=[{"arm": "A1"}]).axes
    (shade,) = axis.collections
    heights = shade.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx(ends)


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
