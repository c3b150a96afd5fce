"""The tables of runs and of effects, from runs whose analysis is known."""

from uphold.pages import run_tables, say

from .conftest import cells


def test_the_best_comes_first_with_its_switches_coloured(page):
    table = run_tables.top(page().sweep("toy"), spread=["ood_f1"], mean=[])
    # .7 + .1 + .01 × 2 + .001 × 2, and the SD of .811, .822, .833.
    assert cells(table)[0] == ["on", "0", "0.822 ± 0.011", "3"]
    html = table.as_raw_html()
    assert html.count(run_tables.SWITCH["on"]) == html.count(">on<") == 2
    assert html.count(run_tables.SWITCH["off"]) == html.count(">off<") == 2


def test_effects_are_over_matched_runs(page):
    rows = cells(run_tables.effects(page().sweep("toy")))
    # .1 + .001 × (1 + 2 + 3) / 3 over six pairs; the ratio does nothing over six others.
    assert rows[0][:3] == ["mixup", "off → on", "+0.102"]
    assert rows[0][5] == rows[1][5] == "6"
    assert rows[1][:3] == ["upsampling ratio", "0 → 0.5", "+0.000"]


def test_terms_and_sentences_have_the_names_of_their_factors(page):
    terms = [row[0] for row in cells(run_tables.anova(page().sweep("toy")))]
    assert terms == ["mixup", "upsampling ratio", "mixup × upsampling ratio"]


def test_a_metric_has_the_same_decimals_in_every_sentence_and_table(page):
    one = page().sweep("toy")
    value = "0.822 ± 0.011"
    assert value in say.headline(one)
    assert value in cells(run_tables.top(one, spread=["ood_f1"], mean=[]))[0]
    assert cells(run_tables.top(one, spread=[], mean=["ood_f1"]))[0][2] == "0.822"
    assert cells(run_tables.splits(one, ["ood_f1"]))[0][1].startswith("0.822 (")
    assert "0.822" in {row[3] for row in cells(run_tables.levels(one))}
    (effect, *_) = cells(run_tables.effects(one))
    (interaction,) = cells(run_tables.interactions(one))
    assert effect[2] == "+0.102" and interaction[1] == "+0.000"
