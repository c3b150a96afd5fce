"""The speech page's tables and sentences, from findings that are known."""

import json
from pathlib import Path

import pandas as pd
import pytest

from studies.speech.page import (
    actors,
    as_archived,
    commands,
    components,
    ensembles,
    ladder,
    options,
    recommendations,
    troubles,
    trust,
)
from studies.speech.settings.run import SpeechRun
from uphold.analysis.model.writeup import Claim, Writeup
from uphold.archive.archive import read_archives
from uphold.errors import InputError
from uphold.pages.writeup import Page, Sweep

from ....partly import partly, put

ROOT = Path(__file__).parents[4]
ARMS = ["plain (5)", "plain (5), other actors", "weights (15)"]
SEEDS = (1, 2)


def claim(verdict: str, fragile: bool = False, seeds: int | None = None) -> Claim:
    outcome = {"value": 0.05, "ci_low": 0.01, "ci_high": 0.09}
    found = {
        **{"says": "It helps.", "verdict": verdict, "fragile": fragile},
        **{"seeds_needed": seeds and {"low": seeds, "high": None}, "outcome": outcome},
        "sweep": "speech-ladder",
        "metric": "macro_f1",
    }
    return partly(Claim, found)


def spread(**change) -> dict:
    found = {
        **{"mean": 0.6, "total_sd": 0.05, "apart": 0.139, "runs": 18, "low": 0.5, "high": 0.7},
        **{"apart_low": None, "apart_high": None},
        "sds": {"fold": 0.03, "seed": 0.0, "residual": 0.04},
        "shares": {"fold": 0.36, "seed": 0.0, "residual": 0.64},
        **{"levels": {"fold": 6, "seed": 3}, "method": "REML", "note": ""},
    }
    return found | change


@pytest.fixture
def page(tmp_path):
    """A page with three arms; the second one's runs have failed."""
    rows = [
        {
            **{"arm": arm, "configuration": f"arm={arm}", "seed": seed, "status": "ok"},
            **{"macro_f1": None if "other" in arm else 0.4 + 0.1 * seed, "best_epoch": seed + 3},
            **{"floor_majority": 0.232, "floor_chance": 0.3, "epochs_run": 6},
            **{"split": "grouped", "test_actors": 4, "settings": '{"batch_size": 16}'},
        }
        for arm in ARMS
        for seed in SEEDS
    ]
    folder = tmp_path / "results/speech-f1macro/sweeps/speech-ladder"
    folder.mkdir(parents=True)
    for name in ("scores.csv", "runs.csv"):
        pd.DataFrame(rows).to_csv(folder / name, index=False)
    epochs = [{**row, "epoch": e} for row in rows for e in range(1, 7)]
    for row in epochs:
        row |= {"train_macro_f1": row["epoch"] / 10, "validation_macro_f1": row["epoch"] / 20}
    pd.DataFrame(epochs).to_csv(folder / "histories.csv", index=False)

    def configuration(arm: str) -> dict:
        known = {"mean": 0.55, "sd": 0.07, "sem": 0.05, "ci_low": 0.4, "ci_high": 0.7}
        counts = {"n": 2, "seeds": 2}
        confident = known | counts | {"mean": -0.02}
        metrics = {"macro_f1": known | counts, "ece": known | counts, "overconfidence": confident}
        metrics = {} if "other" in arm else metrics
        return {"configuration": f"arm={arm}", "levels": {"arm": arm}, "metrics": metrics}

    ladder = {
        **{"title": "Ladder", "runs": 6, "failed": {}},
        "design": {
            **{"levels": {"arm": ARMS}, "replicate": ("fold", "seed")},
            "fixed": {"batch_size": 48, "learning_rate": 0.003},
        },
        "configurations": [configuration(arm) for arm in ARMS],
        "effects": {
            "macro_f1": [
                {"from": ARMS[0], "to": ARMS[2], "value": 0.1, "ci_low": 0.02, "ci_high": 0.18}
            ]
        },
    }
    names = ["Original baseline (5 epochs)", "Current baseline (5 epochs)"]
    names += ["+ Class-weighted loss (15 epochs)"]
    printed = zip(names, ("0.732", "0.532", "0.577"), strict=True)
    found = {
        **{"title": "Speech", "scale": "quick", "primary": "macro_f1", "study": "speech"},
        "metrics": {
            name: {"label": name, "margin": 0.02, "better": better}
            for name, better in [
                ("macro_f1", "higher"),
                ("ece", "lower"),
                ("overconfidence", "lower"),
            ]
        },
        "sweeps": {"speech-ladder": ladder},
        "claims": {"a": claim("supported"), "b": claim("refuted", True), "c": claim("equivalent")}
        | {"d": claim("inconclusive", seeds=60), "e": claim("inconclusive")},
        "archived": {
            "tables": {
                "results": [{"Configuration": k, "F1 Score": v} for k, v in printed],
                "command": [{"train_ratio": "0.8", "val_ratio": "0.1"}],
            }
        },
        "components": {"splits": {"metric": "macro_f1", "found": {"grouped": spread()}}},
        "data": {"emotions": {"sad": {"class": "negative", "clips": 1500, "actors": 3}}},
    }
    return Page("speech-f1macro", tmp_path, partly(Writeup, found))


def cells(table) -> list[list[str]]:
    return table._tbl_data.to_numpy().tolist()


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (
            0.12,
            0.32,
            "(95 % interval 0.120 to 0.320): these runs cannot tell whether that explains it.",
        ),
        (0.12, 0.19, "(95 % interval 0.120 to 0.190): that does not explain it."),
        (0.21, 0.32, "(95 % interval 0.210 to 0.320): that explains it."),
        (None, None, "cases; how sure that is cannot be told from these runs."),
    ],
)
def test_the_gap_of_the_archived_baselines_is_held_against_the_interval(page, low, high, says):
    ladder = page.sweep("speech-ladder")
    found = spread(apart_low=low, apart_high=high)
    put(found, page.found, "components", "splits", "found", "grouped")
    text = actors.answer(page, ladder, "splits", ladder)
    assert text.startswith("The archived figures lie 0.200 apart. Runs with another fold and")
    assert f"lie up to 0.139 apart in 95 % of {says if low is None else 'cases ' + says}" in text
    assert "read on a share of 0.1 of the data" in text
    assert text.endswith("ours on 4 actors each, who chose nothing.")
    put(spread(apart=None), page.found, "components", "splits", "found", "grouped")
    assert actors.answer(page, ladder, "splits", ladder) == ""


def test_runs_of_another_recipe_are_not_taken_for_the_baseline(page, monkeypatch):
    ladder = page.sweep("speech-ladder")
    assert "are trained as that baseline is." in actors.answer(page, ladder, "splits", ladder)
    recipes = iter([{"epochs": 30, "fold": 2, "mixup": True}, {"epochs": 5, "mixup": True}])
    monkeypatch.setattr(actors, "settings", lambda *_: next(recipes))
    text = actors.answer(page, ladder, "splits", ladder)
    assert "not that baseline’s: their recipe has epochs 30, the baseline epochs 5." in text


@pytest.mark.parametrize(("groups", "says"), [(2, "every fold"), (24, "2 of the 24 folds")])
def test_how_many_folds_were_trained_follows_the_design(page, groups, says):
    ladder = page.sweep("speech-ladder")
    put({"fold": [0, 1]}, page.found, "sweeps", "speech-ladder", "design", "levels")
    put({"groups": groups}, page.found, "sweeps", "speech-ladder", "design", "fixed")
    assert actors.folds(ladder) == says


def test_where_nothing_is_overconfident_the_page_says_so(page):
    ladder = page.sweep("speech-ladder")
    assert trust.to_lower(ladder).startswith(
        "The arm “plain (5)” is not shown to be overconfident (−0.020, 0.400 to 0.700): if"
    )
    first = page.found.sweeps["speech-ladder"].configurations[0]
    put(0.03, first, "metrics", "overconfidence", "mean")
    assert trust.to_lower(ladder) == ""


def test_training_is_ahead_by_its_lead_after_the_last_epoch(page):
    # 6 / 10 - 6 / 20 in every run
    text = ladder.ahead(page.sweep("speech-ladder"), ["plain (5)"])
    assert "ahead by +0.300 for plain (5)" in text


def test_options_are_explained_and_say_where_nothing_measures_them(page):
    named = {o.claim for o in options.OPTIONS if o.claim}
    put(dict.fromkeys(named, claim("refuted")), page.found, "claims")
    rows = {row[0]: row for row in cells(options.options(page))}
    found = ["model: the network", "+0.050 (0.010 to 0.090)", "◆ refuted"]
    assert rows["--model"][1:] == found
    assert rows["--weight_decay"][2:] == [options.UNMEASURED, "–"]
    assert all(set(o.settings) <= set(SpeechRun.model_fields) for o in options.OPTIONS)


def test_epochs_and_steps_are_told_beside_the_archived_ones(page):
    sweep = page.sweep("speech-ladder")
    text = ladder.epochs(sweep)
    assert "; at this scale 6 are trained, in the same proportions, by steps" in text
    assert "steps of 48 clips and with a learning rate of 0.003 (archived: 16 and 0.0003)" in text
    sweep.runs["settings"] = '{"batch_size": 16, "epochs": 6}'
    assert "; as many are trained here, by steps of 48 clips" in ladder.epochs(sweep)


def test_commands_are_shown_once_for_arms_that_share_them(page):
    put({"mode": "sentiment"}, page.found, "data")
    ((arm, line),) = cells(commands.commands(page, [page.sweep("speech-ladder")]))
    assert arm == ", ".join(ARMS)
    assert line == f"{commands.SCRIPT} --mode sentiment --batch_size 16"


def test_ensembles_stand_beside_their_members_fold_by_fold(page):
    def configuration(members: int, **metrics) -> dict:
        levels = {"fold": 2, "members": members}
        known = {"sd": 0.03, "sem": 0.02, "ci_low": 0.4, "ci_high": 0.7, "n": 3, "seeds": 3}
        described = {name: known | {"mean": mean} for name, mean in metrics.items()}
        return {"configuration": f"members={members}", "levels": levels, "metrics": described}

    label = {"label": "lead", "margin": 0.02, "better": "higher"}
    put(label, page.found, "metrics", "ensemble_gain")
    sweep = "sweeps", "speech-ladder"
    put({"fold": [2], "members": [1, 3]}, page.found, *sweep, "design", "levels")
    both = configuration(1, macro_f1=0.5), configuration(3, macro_f1=0.54, ensemble_gain=0.04)
    put(both, page.found, *sweep, "configurations")
    table = ensembles.ensembles(page.sweep("speech-ladder"))
    assert cells(table) == [["2", "0.500 ± 0.030", "0.540 ± 0.030", "+0.040"]]
    assert list(table._tbl_data.columns)[2] == "ensembles of 3"


def around(mean: float, most: float) -> dict:
    ends = {"ci_low": mean - 0.1, "ci_high": most or mean + 0.1}
    return {"mean": mean, "sd": 0.07, **ends, "n": 2, "seeds": 2}


def scored(page: Page, means: list[float | None], most: float = 0.0) -> Sweep:
    """Return the ladder with these means; intervals are ± 0.1, or end at `most`."""
    found = [
        {
            **{"configuration": f"arm={arm}", "levels": {"arm": arm}},
            "metrics": {"macro_f1": around(mean, most)} if mean else {},
        }
        for arm, mean in zip(ARMS, means, strict=True)
    ]
    put(found, page.found, "sweeps", "speech-ladder", "configurations")
    return page.sweep("speech-ladder")


TRAINED = {
    "plain (5)": {"epochs": 5},
    "plain (5), other actors": {"epochs": 5, "fold": 1},
    "weights (15)": {"epochs": 15, "class_weights": True},
}


def trained(page: Page, **settings: dict) -> Sweep:
    """Return the ladder with the settings of its arms, or others, the best arm the third one."""
    sweep = scored(page, [0.4, 0.5, 0.55])
    table = pd.read_csv(sweep.folder / "runs.csv")
    table["settings"] = [json.dumps(TRAINED[arm] | settings.get(arm, {})) for arm in table["arm"]]
    table.to_csv(sweep.folder / "runs.csv", index=False)
    best_first = sorted(sweep.designed.configurations, key=lambda c: -c.metrics["macro_f1"].mean)
    put(tuple(best_first), page.found, "sweeps", "speech-ladder", "configurations")
    return page.sweep("speech-ladder")


def test_switches_of_arms_are_ticked_and_the_best_is_bold(page):
    table = ladder.switches(trained(page))
    rows = cells(table)
    # other actors are no other arm
    assert [row[:-1] for row in rows] == [
        ["weights (15)", "✓", *"–––––"],
        ["plain (5)", *"––––––"],
    ]
    assert [row[-1].split()[0] for row in rows] == ["0.550", "0.400"]
    html = table.as_raw_html()
    assert html.count("font-weight: bold") >= len(rows[0])
    assert "bold" not in html[html.rindex("plain (5)") - 60 :]


@pytest.mark.parametrize(
    ("setting", "on"),
    [
        ({"specaugment": True}, ["weights", "SpecAugment"]),
        (
            {"specaugment": True, "specaugment_bands": 12},
            ["weights", "SpecAugment", "wide masks"],
        ),
        ({"specaugment_bands": 12}, ["weights"]),
        ({"label_smoothing": 0.05}, ["weights", "smoothing"]),
        ({"loss": "focal", "class_weights": False}, ["weights", "focal loss"]),
        ({"balanced_sampler": True}, ["weights", "sampler"]),
    ],
)
def test_each_switch_is_read_from_the_settings(page, setting, on):
    table = ladder.switches(trained(page, **{"weights (15)": setting}))
    row = table._tbl_data.iloc[0]
    assert [head for head, text in row.items() if text == "✓"] == on


def test_archived_numbers_are_drawn_against_ours_on_one_scale(page):
    (axis,) = as_archived.figure(page, scored(page, [0.4, 0.5, 0.55])).axes
    (drawn,) = axis.containers
    x, y = drawn[0].get_data()
    assert list(x) == [0.577, 0.732, 0.532] and list(y) == pytest.approx([0.55, 0.5, 0.4])
    (bars,) = drawn[2]
    assert [end for _, end in bars.get_segments()[0]] == pytest.approx([0.45, 0.65])
    # the best of ours above; named by the arms
    names = ["weights (15)", "plain (5), other actors", "plain (5)"]
    assert [text.get_text() for text in axis.texts] == names
    places = [text.xyann[1] for text in axis.texts]
    assert places == sorted(places, reverse=True)
    assert axis.get_xlim() == axis.get_ylim() == pytest.approx((0.3, 0.75))
    across, upwards = axis.lines[0].get_data()
    assert list(across) == list(upwards) == pytest.approx([0.3, 0.75])


def test_the_axes_end_where_a_score_does(page):
    (axis,) = as_archived.figure(page, scored(page, [0.4, 0.5, 0.55], most=1.04)).axes
    assert axis.get_ylim()[1] == 1


def test_the_archived_order_is_counted_in_pairs(page):
    # archived: other actors, weights, plain; ours: weights, other actors, plain
    said = as_archived.order(page, scored(page, [0.4, 0.5, 0.55]))
    assert said.startswith("Of 3 pairs of rows, 2 stand in the same order")


def test_archived_rows_without_a_score_are_not_drawn(page):
    (axis,) = as_archived.figure(page, scored(page, [0.5, None, 0.4])).axes
    assert [text.get_text() for text in axis.texts] == ["plain (5)", "weights (15)"]
    sweep = scored(page, [None, None, None])
    assert "no order" in as_archived.order(page, sweep)
    assert "No run" in as_archived.figure(page, sweep).axes[0].texts[0].get_text()


def test_printed_values_stand_beside_ours_and_the_range_of_our_runs(page):
    rows = cells(as_archived.published(page, page.sweep("speech-ladder")))
    assert rows[0][1:] == ["0.732", "plain (5), other actors", "–", "–"]
    assert rows[1][1:] == ["0.532", "plain (5)", "0.550 ± 0.070", "0.500 to 0.600"]
    assert actors.baselines(page) == "0.732 and 0.532"


def test_trust_is_shown_with_its_sign(page):
    table = trust.trust(page.sweep("speech-ladder"))
    assert cells(table)[0] == ["plain (5)", "0.550 ± 0.070", "−0.020 ± 0.070", "2"]
    assert cells(table)[1][1:3] == ["–", "–"]
    assert list(table._tbl_data.columns)[1:3] == ["calibration error", "confidence − accuracy"]


def test_the_ladder_shows_differences_to_its_first_arm(page):
    rows = {row[0]: row for row in cells(ladder.ladder(page.sweep("speech-ladder")))}
    assert rows["plain (5)"][2] == "–"
    assert rows["weights (15)"][2] == "+0.100 (0.020 to 0.180)"
    assert rows["weights (15)"][4] == "4.5 (4 to 5)"


def test_components_are_told_in_words_and_in_a_table(page):
    text = components.sentence(page, "splits")
    assert "36 % is due to the fold, 0 % is due to the seed" in text
    assert text.endswith("within 0.139 of each other in 95 % of cases.")
    ends = spread(apart_low=0.12, apart_high=0.32)
    put(ends, page.found, "components", "splits", "found", "grouped")
    sure = components.sentence(page, "splits")
    assert sure.endswith("in 95 % of cases (95 % interval 0.120 to 0.320).")
    table = cells(components.components(page, "splits"))
    assert table[0][1:4] == ["fold", "0.030", "36 %"]
    assert table[2][4] == "18"


def test_components_that_could_not_be_computed_say_so(page):
    put(spread(total_sd=None), page.found, "components", "splits", "found", "grouped")
    assert "too few" in components.sentence(page, "splits")
    with pytest.raises(InputError, match="declare it"):
        components.sentence(page, "models")


def test_every_archived_row_and_every_option_has_its_counterpart():
    """The arms and claims that the page names are those of the study's params."""
    from pathlib import Path

    import yaml

    params = yaml.safe_load((Path(__file__).parents[4] / "params/speech.yaml").read_text("utf-8"))
    arms = params["sweeps"]["speech-ladder"]["design"]["arms"]
    assert set(as_archived.ARCHIVED.values()) <= set(arms)
    claims = params["writeups"]["speech-f1macro"]["claims"]
    assert {o.claim for o in options.OPTIONS if o.claim} <= set(claims)


def test_an_arm_that_is_not_there_is_named(page):
    with pytest.raises(InputError, match="no arm 'plain'"):
        ladder.gaps(page.sweep("speech-ladder"), ["plain"])


def test_gaps_draw_both_curves_and_every_chosen_epoch(page):
    (axis,) = ladder.gaps(page.sweep("speech-ladder"), ["plain (5)"]).axes
    drawn = [line.get_xdata() for line in axis.get_lines()]
    assert [list(x) for x in drawn if len(x) == 6] == [[1, 2, 3, 4, 5, 6]] * 2
    assert sorted(x[0] for x in drawn if len(x) == 2) == [4, 5]


def test_every_archived_tip_is_held_against_its_claims():
    archive = read_archives(ROOT / "data/published/speech")["macro-f1"]
    sections = {"Troubleshooting", "Tips for Further Improvement"}
    asked = {c for s in archive.sentences.values() if s.section in sections for c in s.claims}
    assert len(asked) > 10
    told = {claim for remedy in troubles.REMEDIES for claim in remedy.claims}
    # an option of the best archived recipe stands among the recommendations
    recommended = {claim for finding in recommendations.FINDINGS for claim in finding.claims}
    assert asked <= told | recommended
