"""Figures and sentences of a write-up, from runs whose analysis is known."""

import re
from dataclasses import replace
from itertools import combinations

import pytest

from uphold.analysis.model.estimates import Description
from uphold.analysis.model.runs import Best, Confirmed
from uphold.errors import InputError
from uphold.pages import drawing, figures, run_tables, say
from uphold.pages.writeup import writeup
from uphold.rendering.outputs import title

from ...partly import put
from .conftest import runs


def alone(page):
    """Return the sweep with its first configuration a little ahead of its like."""
    one, second, *_ = page.found.sweeps["toy"].configurations
    put(one.metrics["ood_f1"].mean - 0.001, second, "metrics", "ood_f1", "mean")
    return page.sweep("toy")


@pytest.mark.parametrize(
    ("effect", "others"),
    [
        # The two with mixup differ in the ratio alone, which does nothing.
        (0.1, "1 of the 3 others cannot be told from it."),
        (-0.001, "None of the 3 others can be told from it."),
    ],
)
def test_the_headline_says_how_many_cannot_be_told_from_the_best(page, effect, others):
    assert say.headline(alone(page(effect))).endswith(f" (mean ± SD, 3 runs). {others}")


@pytest.mark.parametrize(
    ("best", "end"),
    [
        (Best(compared=4, candidates=1), "runs). It can be told from each of the 3 others."),
        (Best(compared=2, candidates=2), "runs). The other one cannot be told from it."),
        (Best(compared=2, candidates=1), "runs). It can be told from the other one."),
        (None, " (mean ± SD, 3 runs)."),
    ],
)
def test_the_headline_of_a_best_that_stands_alone_or_was_not_compared(page, best, end):
    sweep = alone(page())
    put(best, sweep.page.found, "sweeps", "toy", "best")
    assert say.headline(sweep).endswith(end)


def test_the_headline_names_the_metric_as_it_is_labelled(page):
    sweep = alone(page())
    put("mean F1 of two heads", sweep.page.found, "metrics", "ood_f1", "label")
    assert say.headline(sweep).startswith("First by mean F1 of two heads: mixup on, ")


def test_configurations_that_tie_for_the_first_place_are_named(page):
    tied = "Tied for the first place by OOD F1, with a mean of 0.822 each: mixup on, upsampling"
    said = say.headline(page().sweep("toy"))
    assert said.startswith(f"{tied} ratio 0; mixup on, upsampling ratio 0.5. 2 of the 4 conf")
    one = page()
    found = one.found.sweeps["toy"]
    put([found.configurations[0]] * 7, one.found, "sweeps", "toy", "configurations")
    assert f"{'; '.join(['mixup on, upsampling ratio 0'] * 5)}; and 2 more." in say.headline(
        one.sweep("toy")
    )


def test_levels_are_drawn_in_the_order_of_the_design(page):
    sweep = page().sweep("toy")
    levels = {"mixup": [False, True], "upsampling_ratio": [5, 10, 0]}
    put(levels, sweep.found, "design", "levels")
    for pair in sweep.found.pairs["ood_f1"]:
        described = dict.fromkeys(Description.model_fields)
        put([{**described, "a": True, "b": x, "mean": x} for x in (0, 10, 5)], pair, "rows")
    rows = figures._pair(sweep, "ood_f1", "upsampling_ratio", "mixup", True)
    assert [at for at, _ in rows] == [5, 10, 0]


def test_a_factor_or_metric_that_is_not_there_is_named(page):
    sweep = page().sweep("toy")
    with pytest.raises(InputError, match=r"has no factor 'mixp'\. Did you mean 'mixup'"):
        figures.interaction(sweep, "mixp", "upsampling_ratio")
    with pytest.raises(InputError, match=r"has no metric 'odd_f1'\. Did you mean 'ood_f1'"):
        run_tables.top(sweep, spread=["odd_f1"], mean=[])


def test_the_audit_s_errors_are_held_against_a_claim_once_and_nothing_else_is(page):
    one = page()
    (flag,) = one.found.audit["toy"]
    below = flag.model_copy(update={"check": "below-chance"})
    warning = flag.model_copy(update={"check": "threshold-at-edge", "severity": "warning"})
    elsewhere = flag.model_copy(update={"check": "nonfinite", "claims": ("another",)})
    put({"toy": [flag, below, warning, elsewhere], "other": [flag]}, one.found, "audit")
    assert say.held_against(one, "mixup") == "The audit objects: no-op-arm, below-chance."
    assert say.held_against(one, "none") == ""


def test_the_banner_names_source_scale_and_the_day_of_the_last_run(page):
    day = "2026-01-02".replace("-", "\N{NON-BREAKING HYPHEN}")
    assert say.on_data(page()) == f"Data: synthetic, at scale quick. Last run: {day}."


def test_the_banner_says_that_an_archived_design_has_other_numbers_here(page):
    one = page()
    assert "archived" not in say.made_by(one)
    put({"title": "an archived page"}, one.found, "archived")
    assert "the numbers are not the archived ones" in say.made_by(one)


def test_the_banner_says_how_much_of_real_data_was_used(page):
    one = page()
    put("folder", one.found, "data", "source")
    used = {"noun": "frame", "used": 3960, "of": 220000, "at_most": 4000}
    put(used, one.found, "data", "used")
    assert "3,960 of 220,000 frames were used: the limit is 4,000." in say.made_by(one)
    put(used | {"at_most": None}, one.found, "data", "used")
    assert say.made_by(one).endswith("3,960 of 220,000 frames were used.")
    put(used | {"used": 220000}, one.found, "data", "used")
    assert "All 220,000 frames were used." in say.made_by(one)


@pytest.mark.parametrize("source", ["synthetic", "folder"])
def test_the_banner_says_by_how_much_training_is_shorter(page, source):
    one = page()
    put(source, one.found, "data", "source")
    put(None, one.found, "archived")
    assert "shorter" not in say.made_by(one)
    put({"epochs": {"here": 12, "full": 50}}, one.found, "shorter")
    assert say.made_by(one).endswith("Training is shorter than at scale full: 12 of 50 epochs.")
    put({"title": "an archived page"}, one.found, "archived")
    short = "Training is shorter than in the archived sweeps"
    assert say.made_by(one).endswith(f"{short}: 12 of 50 epochs.")
    put({"epochs": 50}, one.found, "sweeps", "toy", "design", "fixed")
    assert say.made_by(one).endswith(f"{short}, except in “a sweep”: 12 of 50 epochs.")
    put({"epochs_scale": {"here": 0.3, "full": 1}}, one.found, "shorter")
    assert say.made_by(one).endswith(f"{short}: 30 % of the epochs.")


def promoted(page, design: dict, settings: dict) -> str:
    """Return the sentence on promoted settings."""
    one = page()
    found = {"settings": settings, "mean": 0.61, "sd": 0.01, "n": 3, "by": "ood_f1"}
    for part, value in found.items():
        put(value, one.found, "sweeps", "toy", "promoted", part)
    for part, value in design.items():
        put(value, one.found, "sweeps", "toy", "design", part)
    return say.promotion(one.sweep("toy"))


def test_promoted_settings_come_in_the_order_of_the_design(page):
    settings = {"dropout": 0.1, "mixup": True, "rotation": False, "upsampling_ratio": 0.5}
    text = promoted(page, {}, settings)
    assert "mixup on, upsampling ratio 0.5, dropout 0.1, rotation off, with 0.610 ± 0.010" in text
    arms = {"A0": {}, "A1": {"rotation": False}, "A2": {"mixup": True, "dropout": 0.1}}
    text = promoted(page, {"levels": {"arm": list(arms)}, "arms": arms}, settings)
    assert "rotation off, mixup on, dropout 0.1, upsampling ratio 0.5, with" in text


def test_what_all_configurations_share_is_not_promoted(page):
    settings = {"dropout": 0.1, "mixup": True, "upsampling_ratio": 0.5}
    text = promoted(page, {"fixed": {"dropout": 0.1, "epochs": 50}}, settings)
    assert "configurations): mixup on, upsampling ratio 0.5, with 0.610" in text
    text = promoted(page, {"fixed": settings}, settings)
    assert "configurations): mixup on, upsampling ratio 0.5, dropout 0.1, with 0.610" in text


@pytest.mark.parametrize(
    ("chosen", "better", "costs"),
    [
        (True, "higher", ""),
        (True, "lower", "mixup on, OOD F1 +0.102"),
        (False, "higher", "mixup off, OOD F1 −0.102"),
        (False, "lower", ""),
    ],
)
def test_a_promotion_names_what_its_settings_cost(page, chosen, better, costs):
    one = page(0.1)
    put(better, one.found, "metrics", "ood_f1", "better")
    put({"mixup": chosen}, one.found, "sweeps", "toy", "promoted", "settings")
    said = say.harm(one.sweep("toy"))
    assert said.startswith(f"What it costs, setting by setting: {costs}") if costs else said == ""
    alone = say.cost(one.sweep("toy"), "mixup", chosen)
    assert alone.startswith(f"The price: {costs.partition(', ')[2]}") if costs else alone == ""


def test_a_factor_that_the_promoted_settings_lack_costs_nothing(page):
    one = page(-0.1)
    put({"dropout": 0.1}, one.found, "sweeps", "toy", "promoted", "settings")
    assert say.harm(one.sweep("toy")) == ""


def test_what_was_promoted_is_told_on_fresh_seeds_too(page):
    one = page()
    assert say.confirmation(one.sweep("toy")) == ""
    chosen, fresh = {"mean": 0.821, "sd": 0.01, "n": 3}, {"mean": 0.799, "sd": 0.02, "n": 4}
    by = {"value": 0.022, "ci_low": -0.011, "ci_high": 0.055}
    scores = {
        "ood_f1": {"chosen": chosen, "fresh": fresh, **dict.fromkeys(by)},
        "validation_f1": {"chosen": chosen, "fresh": fresh, **by},
    }
    found = {"configuration": "a", "seeds": [7, 8, 9, 10, 11], "failed": 1, "scores": scores}
    put(Confirmed.model_validate(found), one.found, "sweeps", "toy", "confirmed")
    assert say.confirmation(one.sweep("toy")) == (
        "On 5 fresh seeds that chose nothing, of which 1 failed, its validation_f1 is 0.799 and was"
        " 0.821 where it was chosen (0.022 higher on the runs that chose it than on fresh ones,"
        " −0.011 to 0.055); its OOD F1 is 0.799 and was 0.821."
    )


def test_a_promoted_score_may_be_worse_where_it_was_chosen_and_is_matched_by_outer_units(page):
    one = page()
    found = {
        "configuration": "a",
        **{"seeds": [7, 8], "failed": 0},
        "scores": {
            "ood_f1": {
                "chosen": {"mean": 0.78, "sd": 0.01, "n": 2},
                "fresh": {"mean": 0.783, "sd": 0.01, "n": 2},
                **{"value": -0.004, "ci_low": -0.015, "ci_high": 0.009},
            }
        },
    }
    put(Confirmed.model_validate(found), one.found, "sweeps", "toy", "confirmed")
    assert (
        "was 0.780 (0.004 lower on the runs that chose it than on fresh ones, −0.009 to 0.015)."
        in say.confirmation(one.sweep("toy"))
    )
    put(("fold", "seed"), one.found, "sweeps", "toy", "design", "replicate")
    text = say.confirmation(one.sweep("toy"))
    assert "(matched by fold, 0.004 lower on the runs that chose it than on fresh ones, " in text


def test_a_score_that_is_the_same_to_the_last_digit_is_neither_higher_nor_lower(page):
    one = page()
    sides = {side: {"mean": 0.861, "sd": 0.01, "n": 2} for side in ("chosen", "fresh")}
    by = {"value": -0.0003, "ci_low": -0.011, "ci_high": 0.011}
    found = {"configuration": "a", "seeds": [7, 8], "failed": 0, "scores": {"ood_f1": sides | by}}
    put(Confirmed.model_validate(found), one.found, "sweeps", "toy", "confirmed")
    assert (
        "(the same on the runs that chose it as on fresh ones, −0.011 to 0.011)"
        in say.confirmation(one.sweep("toy"))
    )


def test_a_score_of_which_less_is_better_was_lower_where_it_flattered(page):
    one = page()
    sides = {side: {"mean": 0.1, "sd": 0.01, "n": 2} for side in ("chosen", "fresh")}
    by = {"value": 0.004, "ci_low": -0.009, "ci_high": 0.015}
    found = {"configuration": "a", "seeds": [7, 8], "failed": 0, "scores": {"f1_gap": sides | by}}
    put(Confirmed.model_validate(found), one.found, "sweeps", "toy", "confirmed")
    assert (
        "(0.004 lower on the runs that chose it than on fresh ones, −0.009 to 0.015)"
        in say.confirmation(one.sweep("toy"))
    )


def claims(*parts: tuple[str, int]) -> dict:
    """Return claims of these roles and seeds."""
    return {
        f"claim {i}": {"role": role, "outcome": {"seeds": seeds}}
        for i, (role, seeds) in enumerate(parts)
    }


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([], ""),
        (
            [("primary", 8)],
            "The tests aim at a chance of 5 % that a verdict on the primary claim is wrong.",
        ),
        (
            [("primary", 3), ("primary", 3), ("secondary", 3)],
            "The tests aim at a chance of 5 % that a verdict on any of 2 primary claims is wrong."
            " 1 secondary claim is exploratory: there the aim is that on average"
            " at most 5 % of the decisive verdicts are wrong."
            " With 3 seeds every verdict depends on each"
            " of them.",
        ),
        (
            [("secondary", 5), ("secondary", 4)],
            "No claim is primary, so that nothing here is more than a lead to follow."
            " 2 secondary claims are exploratory: there the aim is that on average"
            " at most 5 % of the decisive verdicts are wrong."
            " A verdict from fewer than 5 seeds depends"
            " on each of them.",
        ),
    ],
)
def test_families_are_told_by_role_and_few_seeds_once(page, parts, text):
    one = page()
    put(claims(*parts), one.found, "claims")
    assert say.families(one) == text


def test_the_unit_of_replication_is_what_the_sweeps_replicate(page):
    one = page()
    assert say.reading(one).endswith("the unit of replication is the seed.")
    put(["dataset", "seed"], one.found, "sweeps", "toy", "design", "replicate")
    put(claims(("primary", 3)), one.found, "claims")
    assert "the unit of replication is the dataset." in say.reading(one)
    assert say.families(one).endswith("With 3 datasets every verdict depends on each of them.")


def test_runs_of_one_unit_are_told_by_what_they_share(page):
    sweep = page().sweep("toy")
    metric = sweep.metric(sweep.configurations[0], "ood_f1")
    put(5, metric, "n")
    assert run_tables.runs(sweep, metric) == "5 from 3 seeds"
    put(["dataset", "seed"], sweep.page.found, "sweeps", "toy", "design", "replicate")
    assert run_tables.runs(sweep, metric) == "5 from 3 datasets"


def test_configurations_with_more_seeds_than_others_are_told_as_a_range(page):
    sweep = page().sweep("toy")
    assert say.size(sweep) == "4 configurations with 3 seeds each, 12 runs, none of which failed"
    put(8, sweep.found.configurations[0].metrics["ood_f1"], "n")
    assert say.size(sweep).startswith("4 configurations with 3 to 8 seeds, 12 runs")


def test_ensembles_are_counted_beside_the_runs_that_they_are_made_of(page):
    sweep = page().sweep("toy")
    assert run_tables.runs_text(sweep) == "12 (0 failed)"
    put(3, sweep.found, "ensembles")
    put(3, sweep.found.configurations[0], "levels", "members")
    assert run_tables.runs_text(sweep) == "12 (0 failed), and 3 ensembles of them"
    assert say.size(sweep) == (
        "3 configurations with 3 seeds each, 12 runs, none of which failed, and 3 ensembles of them"
    )


def test_a_long_configuration_is_named_whole_beside_its_runs(page, monkeypatch):
    text = "hidden units 1024, learning rate 0.0005, label smoothing on, mixup on, focal loss on"
    monkeypatch.setattr(figures, "short", lambda levels: text)
    one = page()
    folder = one.folder / "sweeps" / "toy"
    folder.mkdir(parents=True, exist_ok=True)
    runs(0.1).to_csv(folder / "scores.csv", index=False)
    (axis,) = figures.configurations(one.sweep("toy")).axes
    assert {" ".join(t.get_text().split()) for t in axis.get_yticklabels()} == {text}


def test_figures_show_themselves_and_are_the_same_each_time(page):
    sweep = page().sweep("toy")
    one, two = figures.effects(sweep)._repr_svg_(), figures.effects(sweep)._repr_svg_()
    assert one == two
    assert "<svg" in one
    assert figures.effects(page(0.5).sweep("toy"))._repr_svg_() != one


def test_what_stands_under_panels_side_by_side_does_not_run_together(page):
    sweep = page().sweep("toy")
    metrics = ["ood_f1", "second", "third", "fourth"]
    for metric in metrics[1:]:
        put(sweep.page.found.metrics["ood_f1"], sweep.page.found, "metrics", metric)
        put(sweep.found.effects["ood_f1"], sweep.found, "effects", metric)
    figure = figures.effects(sweep, metrics)
    assert len(figure.axes) == len(metrics)
    figure.draw_without_rendering()
    texts = [text for axis in figure.axes for text in (axis.xaxis.label, axis.title)]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    assert len(boxes) >= len(metrics)
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def test_a_page_without_analysis_says_what_to_run(tmp_path):
    with pytest.raises(Exception, match="run dvc repro analyze@missing first"):
        writeup("missing", tmp_path)


def scales(svg: str) -> list[float]:
    """Return the sizes of type in a drawing, in points of its own."""
    return [100 * float(scale) for scale in re.findall(r"scale\((0\.\d+) -0\.\d+\)", svg)]


@pytest.mark.parametrize("size", [(6.0, 3.0), (12.0, 3.0), (7.0, 16.0)])
def test_the_type_of_a_figure_can_be_read_on_paper(size):
    figure, axis = drawing.axes(*size)
    axis.plot([0, 1], [0, 1], label="line")
    axis.text(0, 0, "small", fontsize=3)
    figure.legend(fontsize="x-small")
    smaller = max(1, size[0] / drawing.LINE, size[1] / drawing.PAGE)
    assert min(scales(figure._repr_svg_())) / smaller >= 7


@pytest.mark.parametrize("said", ["", "Two & two"])
def test_a_drawing_is_told_by_its_own_words_and_not_by_the_name_of_its_program(said):
    figure, _ = drawing.axes(2, 1)
    figure.set_label(said)
    assert title(figure._repr_svg_()) == said


def test_a_picture_says_no_more_of_a_place_than_can_be_seen():
    """A hundredth of a point; sizes of letters and pictures keep their digits."""
    figure, axis = drawing.axes(4, 3)
    axis.plot([1 / 3, 1 / 7, 1 / 11], [1 / 9, 1 / 13, 1 / 17])
    svg = figure._repr_svg_()
    paths = re.findall(r' d="([^"]*)"', svg)
    assert not [path for path in paths if re.search(r"\.\d{3}", path)]
    assert re.search(r"scale\(0\.\d{3,}", svg)


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        ({"Q?": ["a", "x"]}, "has no claim 'x'"),
        ({"Q?": ["a", "b", "explored"]}, "'explored', which is no primary claim"),
        ({"Q?": ["a", "b"], "R?": ["b"]}, "'b' under two questions"),
        ({"Q?": ["a"]}, "no question for b: put each primary claim under one"),
    ],
)
def test_each_primary_claim_answers_one_question(page, questions, says):
    found = page()
    one = found.found.claims["mixup"]
    claims = {"a": one, "b": one, "explored": one.model_copy(update={"role": "secondary"})}
    put(claims, found.found, "claims")
    with pytest.raises(InputError, match=re.escape(says)):
        replace(found, questions=questions)
    asked = replace(found, questions={"Q?": ["b"], "R?": ["a"]})
    assert [*asked.primary_claims] == ["b", "a"]
