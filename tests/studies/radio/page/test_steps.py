"""Tables of sweeps of named arms: what arms change, how they score, whether single arms add up."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from studies.radio.page import steps, switches
from uphold.analysis.model.writeup import Writeup
from uphold.errors import InputError
from uphold.pages import arms
from uphold.pages.writeup import Page, Sweep

from ....partly import partly

BASE = {"denoiser": False, "dropout": 0.15, "mixup": "none"}
SETTINGS = {"A0": BASE, "A1": {**BASE, "denoiser": True}, "A2": {**BASE, "dropout": 0.2}}
LABELS = {"accuracy": "overall", "error": "error, dB"}


def described(mean: float | None, n: int = 3) -> dict:
    values = {"mean": mean, "sd": 0.01, "ci_low": None, "ci_high": None, "n": n, "seeds": n}
    return values if mean is None else values | {"ci_low": mean - 0.02, "ci_high": mean + 0.02}


def estimate(value: float, half: float | None = 0.01) -> dict:
    ends = (None, None) if half is None else (value - half, value + half)
    return {"value": value, "ci_low": ends[0], "ci_high": ends[1], "p": 0.03, "seeds": 3}


@pytest.fixture
def sweep(tmp_path: Path):
    """Return a function that gives a sweep of three arms, its excess being what is asked."""

    def make(excess: dict, kind: str = "listed", settings: dict = SETTINGS) -> Sweep:
        configurations = [
            {
                **{"configuration": f"arm={arm}", "levels": {"arm": arm}},
                "metrics": {"accuracy": described(mean), "error": described(error, n)},
            }
            for arm, mean, error, n in [
                ("A2", 0.6, 2.0, 3),
                ("A0", 0.5, None, 0),
                ("A1", 0.4, 1.5, 2),
            ]
        ]
        single = {"arm=A1": estimate(0.02), "arm=A2": estimate(0.01)}
        joined = {"alone": single, "total": estimate(0.03), "joint": estimate(0.01)}
        metrics = {
            "accuracy": {"label": "accuracy", "margin": 0.005, "better": "higher"},
            "error": {"label": "error", "margin": 0.25, "better": "lower"},
            "missing": {"label": "missing", "margin": 0.25, "better": "lower"},
        }
        found = {
            "metrics": metrics,
            "sweeps": {
                "toy": {
                    "design": {"kind": kind, "levels": {"arm": ["A0", "A1", "A2"]}},
                    "configurations": configurations,
                    "together": {"accuracy": {**joined, "excess": excess}},
                }
            },
        }
        folder = tmp_path / "results" / "page" / "sweeps" / "toy"
        folder.mkdir(parents=True, exist_ok=True)
        runs = [
            {
                **{"configuration": f"arm={arm}", "arm": arm, "seed": seed, "parameters": 20_729},
                "settings": json.dumps(values),
            }
            for arm, values in settings.items()
            for seed in (2, 1)
        ]
        pd.DataFrame(runs).to_csv(folder / "runs.csv", index=False)
        return Page("page", tmp_path, partly(Writeup, found)).sweep("toy")

    return make


def cells(table) -> list[list[str]]:
    return table._tbl_data.to_numpy().tolist()


@pytest.mark.parametrize(
    ("fixed", "words"),
    [
        ({}, "Every run goes on to its last epoch."),
        ({"patience": 1}, "Runs end after 1 epoch without a better one."),
        ({"patience": 5, "flat_patience": 9},
         "Runs end after 5 epochs without a better one or once flat for 9 epochs."),
    ],
)  # fmt: skip
def test_the_rules_by_which_runs_end_are_told(sweep, fixed, words):
    one = sweep(estimate(0))
    one.designed.design.fixed.update(fixed)
    assert steps.stopping(one) == words


def test_an_arm_of_a_ladder_is_told_by_the_one_before_it(sweep):
    assert cells(arms.design(sweep(estimate(0), "ladder"))) == [
        ["A0", "starts here", "20,729"],
        ["A1", "denoiser on", "20,729"],
        ["A2", "denoiser off, dropout 0.2", "20,729"],
    ]


def test_an_arm_of_a_list_is_told_by_the_first(sweep):
    assert [row[1] for row in cells(arms.design(sweep(estimate(0))))][1:] == [
        "denoiser on",
        "dropout 0.2",
    ]


def test_scores_come_in_the_order_of_the_design_and_gaps_are_gaps(sweep):
    one = sweep(estimate(0))
    assert cells(steps.scores(one, LABELS)) == [
        ["A0", "0.5000 ± 0.0100", "–", "3"],
        ["A1", "0.4000 ± 0.0100", "1.50 ± 0.01", "3"],
        ["A2", "0.6000 ± 0.0100", "2.00 ± 0.01", "3"],
    ]
    nothing = steps.scores(one, {**LABELS, "missing": "no band"})
    assert list(nothing._tbl_data.columns) == ["arm", *LABELS.values(), "runs"]


def test_the_best_by_each_metric_is_bold(sweep):
    text = steps.scores(sweep(estimate(0)), LABELS).as_raw_html()
    # the lowest error, and the highest accuracy
    bold = re.findall(r"<td[^>]*font-weight: bold[^>]*>([^<]*)", text)
    assert bold == ["1.50 ± 0.01", "0.6000 ± 0.0100"]


def test_each_setting_that_arms_change_is_a_row(sweep):
    settings = {**SETTINGS, "A2": {**BASE, "dropout": 0.2, "mixup": "all-losses"}}
    table = switches.table(sweep(estimate(0), settings=settings))
    assert list(table._tbl_data.columns) == ["setting", "A0", "A1", "A2"]
    assert cells(table) == [
        ["denoiser", "–", "✓", "–"],
        ["dropout", "0.15", "0.15", "0.2"],
        ["mixup", "–", "–", "all-losses"],
        ["parameters", "20,729", "20,729", "20,729"],
    ]


def test_a_setting_that_rests_on_a_default_is_asked_for(sweep):
    settings = {**SETTINGS, "A1": {"denoiser": True, "dropout": 0.2, "mixup": "none", "shift": 1}}
    with pytest.raises(InputError, match=r"shift is set in some arms only.*toy\.design\.anchors"):
        arms.design(sweep(estimate(0), settings=settings))


def test_single_arms_their_sum_and_all_at_once(sweep):
    rows = cells(steps.together(sweep(estimate(-0.02, None)), {"accuracy": "overall"}))
    assert [row[0] for row in rows] == [
        "A1",
        "A2",
        "sum of these",
        "all at once",
        "all at once less the sum",
    ]
    assert rows[2][1] == "+0.0300 (0.0200 to 0.0400)"
    assert rows[4][1] == "−0.0200"
    assert [row[2] for row in rows] == ["3"] * 5
    with pytest.raises(InputError, match="no arm that joins"):
        steps.together(sweep(estimate(0)), {"error": "error"})


@pytest.mark.parametrize(
    ("excess", "said"),
    [
        (estimate(0.02), "No, together they give more than their sum, p = .030"),
        (estimate(-0.02), "No, together they give less than their sum, p = .030"),
        (estimate(0.001, 0.003), "Yes, within the smallest difference that matters"),
        (estimate(0.001, 0.01), "These runs cannot tell"),
        (estimate(0.001, None), "Too few seeds to tell"),
        ({**estimate(0.02), "p": 1e-5}, "No, together they give more than their sum, p < .001"),
    ],
)
def test_whether_gains_add_up_is_said_as_far_as_it_is_known(sweep, excess, said):
    text = steps.adds_up(sweep(excess), {"accuracy": "overall"})
    said = re.sub(r"p ([=<]) ", "p\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", said)
    assert text == f"Do the single changes add up to the joint one? {said} (overall)."
