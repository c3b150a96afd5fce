"""Tables keep what was printed, and name what is not there."""

import pytest
from pydantic import ValidationError

from uphold.archive.tables import Cell, Table, levels_text, named, printed_text
from uphold.errors import InputError


def test_cells_keep_every_digit(tables):
    assert tables["runs"].rows[1]["f1"] == "0.80 ± 0.02"
    assert [v.value for v in tables["runs"].values("f1", {"mixup": "on"})] == [0.80, 0.50]


def test_a_row_of_another_width_is_refused():
    with pytest.raises(ValidationError, match="line 2 has 1 cells, the first 2"):
        Table(section="Results", cells="a | b\n1")


def test_pairs_agree_in_everything_else(tables):
    found = [(a["f1"], b["f1"]) for a, b in tables["runs"].pairs("mixup", "off", "on", {})]
    assert found == [("0.60 ± 0.10", "0.80 ± 0.02"), ("0.70 ± 0.02", "0.50 ± 0.30")]


def test_an_open_cell_agrees_with_none():
    table = Table(section="R", factors=["a", "b"], cells="a | b | f1\nx | – | 1\ny | – | 2")
    assert list(table.pairs("a", "x", "y", {})) == []


def test_only_varied_factors_tell_rows_apart():
    table = Table(section="R", factors=["a", "b"], cells="a | b | f1\nx | 1 | 1\ny | 1 | 2")
    assert table.varied == ["a"]


def test_what_is_not_there_is_named(tables):
    with pytest.raises(InputError, match="Did you mean 'runs'"):
        named(tables, "run")
    with pytest.raises(InputError, match="Did you mean 'mixup'"):
        tables["runs"].where({"mixups": "on"})
    with pytest.raises(InputError, match="2 rows"):
        Cell(table="runs", row={"mixup": "on"}, column="f1").text(tables)
    with pytest.raises(InputError, match="no row"):
        Cell(table="runs", row={"mixup": "half"}, column="f1").text(tables)


def test_a_value_is_a_cell_or_what_a_sentence_quotes(tables):
    cell = Cell(table="runs", row={"lr": "low", "mixup": "on"}, column="recall")
    assert printed_text(cell, tables) == "0.90"
    assert printed_text("≈ 0.89", tables) == "≈ 0.89"


def test_a_printed_switch_is_spelled_as_switches_are_elsewhere():
    levels = {"Mixup": "True", "focal loss": "no", "SpecAugment": "moderate", "LR": "1e-3"}
    assert levels_text(levels) == "Mixup on, focal loss off, SpecAugment moderate, LR 1e-3"
