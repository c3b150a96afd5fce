"""What the multitask page says, from findings that are known."""

import json
import os
import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.container import ErrorbarContainer

from studies.multitask.page import ensembles, expected, recommendations, upgrades
from uphold.analysis.model import runs
from uphold.analysis.model.writeup import Writeup
from uphold.archive.archive import read_archives
from uphold.archive.printed import range_in, read_range
from uphold.errors import InputError
from uphold.pages import implications
from uphold.pages.writeup import Page, Sweep

from ....partly import partly, put

ROOT = Path(__file__).parents[4]
FACTORS = {
    "mixup": [False, True],
    "label_smoothing": [False, True],
    "schedule": ["plateau", "cosine"],
    "stem_width": [32, 64],
}


def estimate(value: float, half: float = 0.01) -> dict:
    ends = {"ci_low": value - half, "ci_high": value + half}
    return {"value": value, "p": 0.04, "n": 3, "seeds": 3, **ends}


@pytest.fixture
def page() -> Page:
    gains = dict(zip(FACTORS, (0.031, 0.012, -0.02, 0.004), strict=True))
    together = {
        "alone": {k: estimate(v) for k, v in gains.items()},
        "in_company": {k: estimate(v / 2) for k, v in gains.items()},
        "joint": estimate(0.01),
        "total": estimate(0.027),
        "excess": estimate(-0.017),
    }
    booster = {
        "title": "upgrades",
        "design": {"levels": FACTORS},
        "additivity": together,
        "effects": {
            metric: [{"factor": k, **estimate(v * by)} for k, v in gains.items()]
            for metric, by in (("accuracy", 2), ("accuracy_b", 4))
        },
    }
    names = ["mixup", "label-smoothing", "cosine-decay", "wider-stem", "combined"]
    ranges = ["3-5%", "1-3%", "1-2%", "2-3%", "5-13%"]
    claims = ["mixup", "smoothing", "cosine", "stem", "combined"]
    claims += ["ensemble-gains-a", "ensemble-gains-b"]
    verdicts = ["supported", "equivalent", "refuted", "inconclusive", "refuted"]
    verdicts += ["supported", "inconclusive"]
    found = {
        "primary": "accuracy",
        "scale": "quick",
        "metrics": {"accuracy": {"label": "accuracy", "margin": 0.01, "better": "higher"}},
        "sweeps": {"booster": booster},
        "data": {"source": "synthetic"},
        "archived": {
            "sentences": {
                n: {"says": f"{n} will gain {r}"} for n, r in zip(names, ranges, strict=True)
            }
        },
        "claims": {
            name: {"says": f"{name}?", "verdict": v, "fragile": name == "mixup"}
            | {"outcome": {"reason": ""}}
            for name, v in zip(claims, verdicts, strict=True)
        },
    }
    return Page("page", ROOT, partly(Writeup, json.loads(json.dumps(found))))


@pytest.fixture
def sweep(page) -> Sweep:
    return page.sweep("booster")


def cells(table) -> list[list[str]]:
    return table._tbl_data.to_numpy().tolist()


def test_expected_stands_beside_what_was_measured(page, sweep):
    rows = cells(expected.table(page, sweep))
    assert rows[0][:3] == ["mixup", "0.030 to 0.050", "+0.031 (0.021 to 0.041)"]
    assert rows[0][3].startswith("+0.016 ") or rows[0][3].startswith("+0.015 ")
    assert rows[2][4] == "−0.040 (−0.050 to −0.030)"
    # the stem's range is about head B
    assert rows[3][:2] == ["wider stem", "–"] and rows[3][2].startswith("+0.004")
    assert rows[4] == ["stem (head B)", "0.020 to 0.030", "–", "–", "+0.016 (0.006 to 0.026)"]
    together = ["all at once", "0.050 to 0.130", "+0.010 (0.000 to 0.020)", "–", "–"]
    assert rows[5] == together


@pytest.mark.parametrize(
    ("cuts", "words"),
    [
        ([0, 0, None], "In 2 runs it never stalled: at this length of training"),
        ([0, 2, 1, None], "happened in 2 of the 3 runs without cosine decay; the others"),
        ([1, 2], "happened in each of the 2 runs"),
    ],
)
def test_the_page_says_in_how_many_runs_the_rate_was_lowered(page, tmp_path, cuts, words):
    folder = tmp_path / "results" / "page" / "sweeps" / "booster"
    folder.mkdir(parents=True)
    pd.DataFrame({"rate_cuts": cuts}).to_csv(folder / "runs.csv", index=False)
    assert words in upgrades.plateaus(Page("page", tmp_path, page.found).sweep("booster"))


ALONE = {"mixup": False, "label_smoothing": False, "schedule": "plateau", "stem_width": 32}
ALL = {"mixup": True, "label_smoothing": True, "schedule": "cosine", "stem_width": 64}
TRAINED = {
    **{"baseline": ALONE, "mixup": ALONE | {"mixup": True}},
    "label smoothing": ALONE | {"label_smoothing": True},
    "cosine decay": ALONE | {"schedule": "cosine"},
    "wider stem": ALONE | {"stem_width": 64},
    **{"all at once": ALL, "in company": ALL | {"mixup": False}},
}


@pytest.fixture
def trained(page, tmp_path) -> Sweep:
    """Return the sweep with runs of two seeds; the wider stem has 1,050 parameters for 1,000."""
    found = [{"configuration": n, "levels": levels} for n, levels in TRAINED.items()]
    put(found, page.found, "sweeps", "booster", "configurations")
    folder = tmp_path / "results" / "page" / "sweeps" / "booster"
    folder.mkdir(parents=True)
    names = [name for name in TRAINED for _ in range(2)]
    sizes = [1050 if TRAINED[name]["stem_width"] == 64 else 1000 for name in names]
    runs = pd.DataFrame({"configuration": names, "parameters": sizes})
    runs.to_csv(folder / "runs.csv", index=False)
    rows = [
        {
            **{"run": f"{name}, {seed}", "configuration": name, "seed": seed},
            **{"epoch": epoch, "a": 10 * at + seed + epoch},
        }
        for at, name in enumerate(TRAINED)
        for seed in (1, 3)
        for epoch in (1, 2)
    ]
    pd.DataFrame(rows).to_csv(folder / "histories.csv", index=False)
    return Page("page", tmp_path, page.found).sweep("booster")


def test_what_each_upgrade_adds_in_parameters(trained):
    assert cells(upgrades.sizes(trained)) == [
        ["baseline", "1,000", "–"],
        *([name, "1,000", "none"] for name in ("mixup", "label smoothing", "cosine decay")),
        ["wider stem", "1,050", "50 (+5.0 %)"],
        ["all at once", "1,050", "50 (+5.0 %)"],
    ]


def test_histories_show_each_upgrade_beside_the_baseline(trained):
    figure = upgrades.histories(trained, {"a": "head A"}, "accuracy")
    assert [axis.get_title() for axis in figure.axes] == list(TRAINED)[:6]
    drawn = [[line.get_ydata().tolist() for line in axis.lines] for axis in figure.axes]
    # means over the seeds 1 and 3, grey the baseline's
    assert drawn[0] == [[3, 4]]
    assert drawn[1:] == [[[3, 4], [10 * at + 3, 10 * at + 4]] for at in range(1, 6)]
    assert "mixup, head A: from 13.00 to 14.00" in figure.get_label()
    assert "means over 2 runs each" in figure.get_suptitle()


def test_every_place_in_the_code_is_there(sweep):
    rows = cells(upgrades.upgrades(sweep))
    mixup = "(../../src/uphold/training/mixup.py)"
    assert rows[0][3].replace("\u200b", "") == (
        f"[src/uphold/training/mixup.py: draw]{mixup}; "
        f"[src/uphold/training/mixup.py: mix]{mixup}; "
        "[src/studies/multitask/training/learner.py: mixed]"
        "(../../src/studies/multitask/training/learner.py)"
    )
    assert [row[2] for row in rows] == [
        "mixup: off → on",
        "label_smoothing: off → on",
        "schedule: plateau → cosine",
        "stem_width: 32 → 64",
    ]


def test_links_into_the_code_lead_from_the_pages_to_the_files(sweep):
    pages = ROOT / "reports" / "_site"
    table = upgrades.upgrades(sweep)
    targets = re.findall(r"\]\(([^)]+)\)", " ".join(row[3] for row in cells(table)))
    assert len(targets) == sum(len(u.code) for u in upgrades.UPGRADES)
    assert all(Path(os.path.normpath(pages / target)).is_file() for target in targets)
    assert 'href="../../src/uphold/training/step_rates.py"' in table.as_raw_html()


@pytest.mark.parametrize(
    ("value", "half", "answer"),
    [
        (-0.017, 0.01, "less than the sum"),
        (0.017, 0.01, "more than the sum"),
        (0.001, 0.005, "add up within the smallest difference"),
        (0.001, 0.05, "cannot tell whether the gains of all together add up"),
    ],
)
def test_what_is_said_of_additivity_follows_its_interval(page, value, half, answer):
    put(estimate(value, half), page.found, "sweeps", "booster", "additivity", "excess")
    assert answer in upgrades.adds_up(page, page.sweep("booster"))


def test_nothing_is_said_of_additivity_without_an_interval(page):
    open_ended = estimate(0.01) | {"ci_low": None}
    put(open_ended, page.found, "sweeps", "booster", "additivity", "excess")
    assert "cannot be said" in upgrades.adds_up(page, page.sweep("booster"))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((0.001, -0.002), "In none of 2 pairs is one shown to change what the other gives."),
        ((0.012, -0.002), "in 1 of 2 pairs one changes what the other gives, by intervals"),
    ],
)
def test_pairs_that_change_each_other_are_told_where_the_whole_is_open(page, values, says):
    made = [
        {"of": "mixup", "by": by, **estimate(v)}
        for by, v in zip(("schedule", "stem_width"), values, strict=True)
    ]
    put(made, page.found, "sweeps", "booster", "interactions")
    said = upgrades.pairs(page, page.sweep("booster"))
    assert says in said
    assert ("(mixup with schedule, +0.012 (0.002 to 0.022))" in said) == (values[0] > 0.01)


def advice(page) -> dict[str, str]:
    table = implications.table(page, recommendations.FINDINGS)
    return {row[0]: row[2] for row in cells(table)}


def test_recommendations_follow_verdicts(page):
    rows = advice(page)
    assert rows["Mixup pays."].startswith("Holds in these runs. No advice: it depends on one")
    for upgrade in ("Label smoothing", "Cosine decay"):
        assert rows[f"{upgrade} pays."].startswith("Does not hold in these runs.")
    assert rows["A wider stem pays."].startswith("Open: these runs cannot decide it.")


def test_every_upgrade_has_a_recommendation():
    asked = {claim for finding in recommendations.FINDINGS for claim in finding.claims}
    assert {u.claims for u in upgrades.UPGRADES} <= asked
    assert upgrades.COMBINED in asked


def test_the_gains_are_drawn_three_ways_on_what_was_expected(page, sweep):
    figure = expected.figure(page, sweep)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["alone", "with the others", "over all", "archived expectation"]
    rows = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    stem = ["wider stem", "stem (head B)"]
    assert rows == ["mixup", "label smoothing", "cosine decay", *stem, "all at once"]


def test_what_was_expected_lies_behind_the_gain_that_it_is_about(page, sweep):
    (axis,) = expected.figure(page, sweep).axes
    bars = [bar for bar in axis.patches if bar.get_height() == pytest.approx(0.8)]
    ends = {round(bar.get_y() + 0.4): (bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars}
    # the stem's range is about head B, so that the row of the mean of both heads has none
    assert list(ends) == [0, 1, 2, 4, 5]
    assert [end for row in ends.values() for end in row] == pytest.approx(
        [0.03, 0.05, 0.01, 0.03, 0.01, 0.02, 0.02, 0.03, 0.05, 0.13]
    )
    dots = [each[0] for each in axis.containers if isinstance(each, ErrorbarContainer)]
    values = [(dot.get_ydata()[0], dot.get_xdata()[0]) for dot in dots]
    assert [x for y, x in values if y == 4] == pytest.approx([4 * 0.004])
    assert [x for y, x in values if y == 5] == pytest.approx([0.01])


def test_gains_are_held_against_what_was_expected(page, sweep):
    # over all: 0.062, 0.024, -0.04, and 0.016 on head B, each ± 0.01; 0.01 for all at once
    assert expected.sentence(page, sweep) == (
        "Over all combinations, the interval lies below the expected range for cosine decay and all"
        " at once; in or above it for mixup and label smoothing; partly in it, and so open,"
        " for stem (head B)."
    )


def test_without_an_interval_nothing_is_said_of_an_expectation(page):
    put(estimate(0.01) | {"ci_high": None}, page.found, "sweeps", "booster", "additivity", "joint")
    assert "all at once" not in expected.sentence(page, page.sweep("booster"))


def test_ranges_of_the_archived_sentences_are_those_that_the_audit_adds():
    (archive,) = read_archives(ROOT / "data" / "published" / "multitask").values()
    (check,) = archive.sentences["combined"].checks
    printed = {u.name: range_in(archive.sentences[u.archived].says) for u in upgrades.UPGRADES}
    assert printed == {name: read_range(text) for name, text in check.additive.expected.items()}
    assert range_in(archive.sentences["combined"].says) == read_range(check.additive.stated)


def test_ensembles_are_told_where_they_are(page):
    def metric(value: float | None) -> dict:
        ends = dict.fromkeys(("ci_low", "ci_high"), value)
        return {"mean": value, "sd": value, "n": 0 if value is None else 3, **ends}

    scored = ("accuracy", "accuracy_a", "accuracy_b", "mae_c", "ece_a", "ece_b")
    gains = ("ensemble_gain_a", "ensemble_gain_b", "ensemble_gain_mae")
    for name in (*scored, *gains):
        put({"label": name, "margin": 0.02}, page.found, "metrics", name)
    rows = [
        {
            "levels": {"arm": "all", "members": members},
            "metrics": {m: metric(0.5) for m in scored}
            | {m: metric(0.02 if members == 3 else None) for m in gains},
        }
        for members in (3, 1)
    ]
    design = {"levels": {"arm": ["all"], "members": [1, 3]}}
    sweep = Sweep(
        "ensemble", partly(runs.SweepFound, {"configurations": rows, "design": design}), page
    )
    assert [row[:2] for row in cells(ensembles.ensembles(page, sweep))] == [
        ["all", "1"],
        ["all", "3"],
    ]
    (lead,) = cells(ensembles.leads(page, sweep))
    assert lead[:3] == ["all", "3", "+0.020 (0.020 to 0.020)"]


def ensemble(page: Page, members: list[int]) -> Sweep:
    design = {"levels": {"arm": ["all"], "members": members}}
    return Sweep("ensemble", partly(runs.SweepFound, {"design": design}), page)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([1, 3], "3 runs"),
        ([1, 4], "4 runs"),
        ([5, 1, 3], "3 or 5 runs"),
        ([2, 3, 4], "2, 3 or 4 runs"),
    ],
)
def test_how_many_runs_an_ensemble_averages_is_told_by_its_design(page, members, said):
    assert ensembles.averaged(ensemble(page, members)) == said


def test_a_sweep_without_ensembles_is_an_error(page):
    with pytest.raises(InputError, match="ensemble has no ensembles"):
        ensembles.averaged(ensemble(page, [1]))


def test_what_params_decide_is_no_number_in_words(page, sweep):
    """How many members, factors and channels there are: other params, other numbers."""
    tables = (
        upgrades.upgrades(sweep),
        upgrades.additivity(page, sweep),
        expected.table(page, sweep),
    )
    firsts = " ".join(cell for table in tables for row in cells(table) for cell in row[:2])
    words = "two|three|four|five|six|twice|doubles?|triples?"
    assert re.findall(rf"\b(?:{words})\b", firsts) == []
