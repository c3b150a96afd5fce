import pytest

from uphold.errors import InputError
from uphold.runlog.importers.last_values import of_lines, of_table, results, value_of


def written(tmp_path, text):
    path = tmp_path / "steps"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_last_cell_that_is_not_empty_counts_with_its_line(tmp_path):
    path = written(tmp_path, "a,b,c\n1,x,\n2,,\n")
    assert of_table(path, []) == {"a": (3, "2"), "b": (2, "x")}
    assert of_table(written(tmp_path, ""), []) == {}


def test_the_last_value_of_lines_counts_and_null_is_none(tmp_path):
    notes = []
    path = written(tmp_path, '{"a": 1, "b": 2}\n\n{"a": null, "b": 3}\n{"b": ')
    assert of_lines(path, notes) == {"a": 1, "b": 3}
    assert notes == [f"The last line of {path} is cut: it was left out."]


@pytest.mark.parametrize("text", ["[1]\n", '{"a": 1}\n{\n'])
def test_a_line_that_is_no_object_is_named(tmp_path, text):
    with pytest.raises(InputError, match=r"line \d is no"):
        of_lines(written(tmp_path, text), [])


def test_numbers_are_results_and_texts_tags():
    values = {"a": {"b": 1, "c": "x"}, "d": True, "e": [1], "f": None, "g": 0.5}
    assert results(values, "m.") == {
        "metrics.m.a.b": 1,
        "tags.m.a.c": "x",
        "tags.m.d": True,
        "metrics.m.g": 0.5,
    }


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1", 1), ("1e-3", 0.001), ("True", True), ("false", False), ("1_0", "1_0"), ("x", "x")],
)
def test_a_cell_is_what_it_says(cell, value):
    found = value_of(cell)
    assert found == value and type(found) is type(value)
