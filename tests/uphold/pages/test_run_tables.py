"""The tables of runs and of effects, from runs whose analysis is known."""

from uphold.analysis.model.runs import Short
from uphold.format import MISSING
from uphold.pages import run_tables, say
from uphold.palette import colour

from ...partly import put
from .conftest import cells


def test_the_best_comes_first_with_its_switches_coloured(page):
    table = run_tables.top(page().sweep("toy"), spread=["ood_f1"], mean=[])
    # .7 + .1 + .01 × 2 + .001 × 2, and the SD of .811, .822, .833.
    assert cells(table)[0][:4] == ["✓", "0", "0.822 ± 0.011", "3"]
    html = table.as_raw_html()
    assert html.count(run_tables.SWITCH["✓"]) == html.count(">✓<") == 2
    assert html.count(">–<") == 2
    verdicts = ("holds", "fails", "same", "open")
    assert not [name for name in verdicts if f"background-color: {colour(name)}" in html]


def test_the_last_column_says_what_may_be_lacking_to_the_best(page):
    table = run_tables.top(page().sweep("toy"), spread=["ood_f1"], mean=[], more=["f1_gap"])
    assert table._tbl_data.columns[-1] == "short of the best"
    # By .102 ± .001 / √3 and t(1 - .05; 2) = 2.92: the two with mixup are one, as those without.
    assert [row[-1] for row in cells(table)] == ["≤ 0.000", "≤ 0.000", "≤ 0.104", "≤ 0.104"]
    # .001 ± the same error: with mixup by less than .0007, without it by .0027.
    small = run_tables.top(page(-0.001).sweep("toy"), spread=[], mean=[])
    assert [row[-1] for row in cells(small)] == ["≤ 0.001", "≤ 0.001", "≤ 0.003", "≤ 0.003"]


def test_what_was_not_compared_with_the_best_has_no_number(page):
    sweep = page().sweep("toy")
    put(None, sweep.found.configurations[0], "short")
    put(Short(most=None, candidate=True), sweep.found.configurations[1], "short")
    last = [row[-1] for row in cells(run_tables.top(sweep, spread=[], mean=[]))]
    assert last[:2] == [MISSING, MISSING] and last[2] == "≤ 0.104"


def test_effects_have_one_value_a_seed(page):
    table = run_tables.effects(page().sweep("toy"))
    rows = cells(table)
    assert table._tbl_data.columns[5] == "seeds"
    # .1 + .001 × (1 + 2 + 3) / 3 over three seeds, each the mean of both ratios; the ratio does
    # nothing.
    assert rows[0][:3] == ["mixup", "off → on", "+0.102"]
    assert rows[0][5] == rows[1][5] == "3"
    # ± t(.975; 2) × .001 / √3.
    assert rows[0][3] == "0.100 to 0.104"
    assert rows[1][:3] == ["upsampling ratio", "0 → 0.5", "+0.000"]


def test_what_is_counted_has_the_name_of_what_is_replicated(page):
    sweep = page().sweep("toy")
    put(("fold",), sweep.found.design, "replicate")
    for table in (run_tables.effects(sweep), run_tables.interactions(sweep)):
        heads = list(table._tbl_data.columns)
        assert "folds" in heads and "seeds" not in heads


def test_without_effects_the_table_says_that_factors_of_many_levels_have_none(page):
    sweep = page().sweep("toy")
    put((), sweep.found.effects, "ood_f1")
    html = run_tables.effects(sweep).as_raw_html()
    assert "no factor of two levels or a few is there to compare" in html


def test_splits_leave_out_what_no_configuration_has(page):
    one = page().sweep("toy")
    heads = list(run_tables.splits(one, ["ood_f1", "f1_gap"])._tbl_data)
    assert heads == ["configuration", "OOD F1", "gap"]
    for configuration in one.configurations:
        configuration.metrics.pop("f1_gap", None)
    assert list(run_tables.splits(one, ["ood_f1", "f1_gap"])._tbl_data) == heads[:2]


def test_terms_and_sentences_have_the_names_of_their_factors(page):
    terms = [row[0] for row in cells(run_tables.anova(page().sweep("toy")))]
    assert terms == ["mixup", "upsampling ratio", "mixup × upsampling ratio"]


def test_a_metric_has_the_same_decimals_in_every_sentence_and_table(page):
    one = page().sweep("toy")
    value = "0.822 ± 0.011"
    assert value.split()[0] in say.headline(one)
    assert value in cells(run_tables.top(one, spread=["ood_f1"], mean=[]))[0]
    assert cells(run_tables.top(one, spread=[], mean=["ood_f1"]))[0][2] == "0.822"
    assert cells(run_tables.splits(one, ["ood_f1"]))[0][1].startswith("0.822 (")
    assert "0.822" in {row[3] for row in cells(run_tables.levels(one))}
    (effect, *_) = cells(run_tables.effects(one))
    (interaction,) = cells(run_tables.interactions(one))
    assert effect[2] == "+0.102" and interaction[1] == "+0.000"
