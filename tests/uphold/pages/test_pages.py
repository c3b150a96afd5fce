"""Tables, figures and sentences of a write-up, from runs whose analysis is known."""

import json
import re

import pandas as pd
import pytest

from uphold.analysis.analyze import analyze
from uphold.analysis.model.estimates import Description
from uphold.analysis.model.runs import Design, Promoted
from uphold.analysis.model.writeup import Writeup
from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.errors import InputError
from uphold.format import p_text, use_names
from uphold.pages import figures, say, tables
from uphold.pages.writeup import Page, writeup
from uphold.statistics import Scores

from ...partly import partly, put

METRICS = {
    "ood_f1": Metric(label="OOD F1", better="higher", margin=0.02),
    "f1_gap": Metric(label="gap", better="lower", margin=0.02),
}
LEVELS = {"mixup": [False, True], "upsampling_ratio": [0, 0.5]}
SEEDS = (1, 2, 3)
PROMOTED = Promoted(
    **dict.fromkeys(("configuration", "settings", "mean", "sd")),
    **dict.fromkeys(("n", "stable", "configurations"), 0),
    **{"by": "validation_f1", "rule_met": False},
)
SPLITS = {"train": {"recorders": ["a", "b"]}, "ood": {"recorders": ["c"]}}


def runs(effect: float) -> pd.DataFrame:
    """Return runs in which mixup does `effect`, and the ratio nothing: its arms are identical."""
    rows = [
        {
            "run": f"mixup={str(mixup).lower()}, upsampling_ratio={ratio:g}, seed={seed}",
            "configuration": f"mixup={str(mixup).lower()}, upsampling_ratio={ratio:g}",
            **{"mixup": mixup, "upsampling_ratio": ratio, "seed": seed},
            **{"status": "ok", "failure": None, "training_set": f"digest of seed {seed}"},
            **{"ood_f1": 0.7 + effect * mixup + 0.01 * seed + 0.001 * mixup * seed},
            **{"f1_gap": 0.1 * seed - 0.05},
        }
        for mixup in LEVELS["mixup"]
        for ratio in LEVELS["upsampling_ratio"]
        for seed in SEEDS
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def page(tmp_path):
    """Return a function that gives a page about runs with an effect."""

    def make(effect: float = 0.1) -> Page:
        scores = Scores(runs(effect), tuple(LEVELS), "seed", run="run")
        acting = frozenset({"upsampling_ratio"})
        log = Log(scores, METRICS, ("training_set",), data_factors=acting)
        design = Design(title="a sweep", kind="grid", levels=LEVELS, seeds=list(SEEDS))
        sweep = analyze(log, "ood_f1", design, PROMOTED).dumped()
        claim = {"says": "Mixup <b>helps</b>.", "verdict": "supported", "fragile": True}
        flag = {"check": "no-op-arm", "severity": "error", "count": 4, "unit": "arms"}
        found = {
            **{"title": "A page", "scale": "quick", "primary": "ood_f1"},
            "names": {"upsampling_ratio": "upsampling ratio"},
            "metrics": {name: m.model_dump() for name, m in METRICS.items()},
            "data": {"source": "synthetic", "positive": "call", "splits": SPLITS},
            "sweeps": {"toy": sweep},
            "claims": {"mixup": claim | {"sentence": "It does.", "sweep": "toy"}},
            "audit": {"toy": [flag | {"message": "They are one arm.", "claims": ["mixup"]}]},
        }
        use_names(found["names"])
        return Page("toy-page", tmp_path, partly(Writeup, json.loads(json.dumps(found))))

    return make


def cells(table) -> list[list[str]]:
    return table._tbl_data.to_numpy().tolist()


def test_the_best_comes_first_with_its_switches_coloured(page):
    table = tables.top(page().sweep("toy"), spread=["ood_f1"], mean=[])
    # .7 + .1 + .01 × 2 + .001 × 2, and the SD of .811, .822, .833.
    assert cells(table)[0] == ["on", "0", "0.822 ± 0.011", "3"]
    html = table.as_raw_html()
    assert html.count(tables.SWITCH["on"]) == html.count(">on<") == 2
    assert html.count(tables.SWITCH["off"]) == html.count(">off<") == 2


def test_effects_are_over_matched_runs(page):
    rows = cells(tables.effects(page().sweep("toy")))
    # .1 + .001 × (1 + 2 + 3) / 3 over six pairs; the ratio does nothing over six others.
    assert rows[0][:3] == ["mixup", "off → on", "+0.102"]
    assert rows[0][5] == rows[1][5] == "6"
    assert rows[1][:3] == ["upsampling ratio", "0 → 0.5", "+0.000"]


def test_a_claim_that_the_audit_doubts_says_so(page):
    ((says, verdict, sentence),) = cells(tables.claims(page()))
    assert verdict == "supported, fragile"
    assert sentence == "It does. The audit objects: no-op-arm."
    assert says == "Mixup <b>helps</b>."
    assert "<b>" not in tables.claims(page()).as_raw_html()


@pytest.mark.parametrize("effect", [0.1, 0.0])
def test_the_headline_calls_a_lead_noise_where_it_is(page, effect):
    """The two best arms differ in the ratio alone, which does nothing."""
    text = say.headline(page(effect).sweep("toy"))
    assert "more than noise" not in re.sub("not more than noise", "", text)


def test_the_headline_names_the_metric_as_it_is_labelled(page):
    sweep = page().sweep("toy")
    put("mean F1 of two heads", sweep.page.found, "metrics", "ood_f1", "label")
    assert say.headline(sweep).startswith("First by mean F1 of two heads: mixup on, ")


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
        tables.top(sweep, spread=["odd_f1"], mean=[])


def test_the_audit_s_errors_are_held_against_a_claim_once_and_nothing_else_is(page):
    one = page()
    (flag,) = one.found.audit["toy"]
    below = flag.model_copy(update={"check": "below-chance"})
    warning = flag.model_copy(update={"check": "threshold-at-edge", "severity": "warning"})
    elsewhere = flag.model_copy(update={"check": "nonfinite", "claims": ("another",)})
    put({"toy": [flag, below, warning, elsewhere], "other": [flag]}, one.found, "audit")
    assert say.held_against(one, "mixup") == "The audit objects: no-op-arm, below-chance."
    assert say.held_against(one, "none") == ""


def test_the_interpretation_says_no_more_than_the_verdicts_and_the_audit(page):
    one = page()
    assert say.interpretation(one) == (
        "Supported by these runs: ‘Mixup <b>helps</b>’ (to which the audit objects)."
    )
    put({}, one.found, "audit")
    assert say.interpretation(one) == "Supported by these runs: ‘Mixup <b>helps</b>’."


def test_the_banner_names_source_and_scale(page):
    assert say.made_by(page()).startswith("Data: synthetic, scale: quick.")


def test_a_metric_has_the_same_decimals_in_every_sentence_and_table(page):
    one = page().sweep("toy")
    value = "0.822 ± 0.011"
    assert value in say.headline(one)
    assert value in cells(tables.top(one, spread=["ood_f1"], mean=[]))[0]
    assert cells(tables.top(one, spread=[], mean=["ood_f1"]))[0][2] == "0.822"
    assert cells(tables.splits(one, ["ood_f1"]))[0][1].startswith("0.822 (")
    assert "0.822" in {row[3] for row in cells(tables.levels(one))}
    (effect, *_) = cells(tables.effects(one))
    (interaction,) = cells(tables.interactions(one))
    assert effect[2] == "+0.102" and interaction[1] == "+0.000"


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


def test_two_p_values_of_one_term_are_explained_where_they_differ(page):
    one = page()
    (anova,) = [a for a in one.found.sweeps["toy"].anova if len(a.term) == 2]
    (matched,) = one.found.sweeps["toy"].interactions
    put([anova.model_copy(update={"p": 0.521})], one.found, "sweeps", "toy", "anova")
    put([matched.model_copy(update={"p": 0.4})], one.found, "sweeps", "toy", "interactions")
    assert say.two_tests(one.sweep("toy")).endswith("still holds it.")
    put([matched.model_copy(update={"p": 0.006})], one.found, "sweeps", "toy", "interactions")
    assert say.two_tests(one.sweep("toy")).endswith(
        f"Here they differ on mixup × upsampling ratio ({p_text(0.006)} by matched runs,"
        f" {p_text(0.521)} by analysis of variance)."
    )
    put([anova.model_copy(update={"p": 0.01})], one.found, "sweeps", "toy", "anova")
    assert say.two_tests(one.sweep("toy")).endswith("still holds it.")


def test_a_factor_that_is_called_as_a_term_would_be_is_one_factor(page):
    one = page()
    (anova,) = [a for a in one.found.sweeps["toy"].anova if len(a.term) == 2]
    (matched,) = one.found.sweeps["toy"].interactions
    put({"a × b": [0, 1], "c": [0, 1]}, one.found, "sweeps", "toy", "design", "levels")
    tested = anova.model_copy(update={"term": ("a × b", "c"), "p": 0.521})
    put([tested], one.found, "sweeps", "toy", "anova")
    paired = matched.model_copy(update={"of": "a × b", "by": "c", "p": 0.006})
    put([paired], one.found, "sweeps", "toy", "interactions")
    assert "Here they differ on a × b × c (" in say.two_tests(one.sweep("toy"))


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


def test_a_page_without_analysis_says_what_to_run(tmp_path):
    with pytest.raises(Exception, match="run dvc repro analyze@missing first"):
        writeup("missing", tmp_path)


def test_terms_and_sentences_have_the_names_of_their_factors(page):
    terms = [row[0] for row in cells(tables.anova(page().sweep("toy")))]
    assert terms == ["mixup", "upsampling ratio", "mixup × upsampling ratio"]


def test_columns_of_numbers_stand_to_the_right_whatever_their_signs():
    rows = [("a", "+0.1", "−0.2", ".034", "0.7 ± 0.1"), ("2", "−3", "–", "<\u00a0.001", "1")]
    html = tables.plain(rows, ["name", "gain", "loss", "p", "mean ± SD"]).as_raw_html()
    sides = re.findall(r'<td[^>]*class="gt_row gt_(\w+)"', html)
    assert sides == ["left", "right", "right", "right", "left"] * 2
    html = tables.plain([("all", "1,200"), ("sum", "")], ["what", "items"]).as_raw_html()
    assert re.findall(r'<td[^>]*class="gt_row gt_(\w+)"', html) == ["left", "right"] * 2
