"""Fields of a command are replaced within their argument, and nowhere else."""

import pytest

from uphold.command.arguments import fields, filled

HOSTILE = ["; rm -rf ~", "$(reboot)", "a b", "`id`", "'", '"', "{seed}", "", "-rf", "\n", "*"]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_level_is_one_argument_whatever_it_holds(value):
    assert filled(["run", "--level={level}", "{level}"], {"level": value}) == [
        "run",
        f"--level={value}",
        value,
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (0.001, "0.001"), (1e-7, "1e-07"), (3, "3"), ("adam", "adam"), (2.0, "2.0")],
)
def test_values_are_written_so_that_programs_read_them(value, text):
    assert filled(["{x}"], {"x": value}) == [text]


def test_a_flag_is_there_where_its_setting_is_true():
    texts = ["train", "{mixup?--mixup}", "x"]
    assert filled(texts, {"mixup": True}) == ["train", "--mixup", "x"]
    assert filled(texts, {"mixup": False}) == ["train", "x"]


def test_double_braces_are_braces():
    assert filled(['{{"lr": {lr}}}'], {"lr": 0.1}) == ['{"lr": 0.1}']


def test_fields_are_told_once_in_their_order():
    assert fields(["{b}", "{a}-{b}", "{c?--c}", "{{d}}"]) == ["b", "a", "c"]


@pytest.mark.parametrize("text", ["{", "}", "{A}", "{a b}", "{}", "{a", "x{a!r}", "{a?}", "{a:3}"])
def test_a_brace_without_a_field_is_refused(text):
    with pytest.raises(ValueError, match="belongs to no field"):
        fields([text])
