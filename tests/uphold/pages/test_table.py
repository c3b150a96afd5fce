"""A table of texts, from its cells alone."""

import re

from uphold.pages.table import DIGIT, POINT, anchored, bold, plain


def test_columns_of_numbers_stand_to_the_right_whatever_their_signs():
    rows = [("a", "+0.1", "−0.2", ".034", "0.7 ± 0.1"), ("2", "−3", "–", "<\u00a0.001", "1")]
    html = plain(rows, ["name", "gain", "loss", "p", "mean ± SD"]).as_raw_html()
    sides = re.findall(r'<td[^>]*class="gt_row gt_(\w+)"', html)
    assert sides == ["left", "right", "right", "right", "right"] * 2
    html = plain([("all", "1,200"), ("sum", "")], ["what", "items"]).as_raw_html()
    assert re.findall(r'<td[^>]*class="gt_row gt_(\w+)"', html) == ["left", "right"] * 2


def shown(*column: str) -> list[str]:
    """Return the side of a column and its cells, with marks for its blanks."""
    html = plain([("x", text) for text in column], ["what", "n"]).as_raw_html()
    found = re.findall(r'<td[^>]*class="gt_row gt_(\w+)">([^<]*)</td>', html)[1::2]
    blanks = str.maketrans({DIGIT: "_", POINT: "'"})
    (side,) = {side for side, _ in found}
    return [side, *(text.translate(blanks) for _, text in found)]


def test_points_of_numbers_stand_below_each_other():
    assert shown("1", ".557", "<\u00a0.001") == ["right", "1'___", ".557", "&lt;\u00a0.001"]
    assert shown("0.5", "0.575", "–", "1") == ["right", "0.5__", "0.575", "–", "1'___"]
    assert shown("12 %", "100 %") == ["right", "12 %", "100 %"]
    assert shown("8,343", "12") == ["right", "8,343", "12"]


def test_spreads_and_ends_of_intervals_are_numbers_too():
    assert shown("0.029 ± 0.048", "−0.005 ± 0.097")[0] == "right"
    assert shown("−0.0004 to 0.01", "0.004 to 0.011") == [
        "right", "−0.0004 to 0.01_", "0.004 to 0.011"
    ]  # fmt: skip


def test_a_word_among_numbers_is_no_reason_to_turn_them_round():
    assert shown("3.5 %", "1.5 %", "refuses")[0] == "right"
    assert shown("3.5 %", "refuses")[0] == "left"
    assert shown("3.5 %", "1.5 %", "no 3")[0] == "left"


def test_points_of_estimates_stand_below_each_other():
    assert shown("8.5 (4 to 12)", "11 (4 to 15)", "–") == [
        "left",
        "_8.5 (4 to 12)",
        "11 (4 to 15)",
        "–",
    ]
    mixed = ["left", "8.5 (4 to 12)", "11 (4 to 15)", "the lowest of 4"]
    assert shown(*mixed[1:]) == mixed


def test_rows_of_one_group_stand_under_its_name():
    html = plain([("a", "1"), ("b", "2")], ["what", "n"], ["first", "second"]).as_raw_html()
    assert html.index("first") < html.index(">a<") < html.index("second") < html.index(">b<")
    assert ">first<" not in plain([("a", "1")], ["what", "n"], ["first"]).as_raw_html()


def test_a_row_can_be_led_to_by_its_name_and_its_text_stays_text():
    html = anchored(plain([("<b>", "1"), ("c", "2")], ["what", "n"]), "what", ["x", "y"])
    html = html.as_raw_html()
    assert '<span id="x">&lt;b&gt;</span>' in html and '<span id="y">c</span>' in html


def test_rows_are_set_in_bold():
    rows = [("a", "1"), ("b", "2")]
    html = bold(plain(rows, ["what", "n"]), [1]).as_raw_html()
    assert re.findall(r"font-weight: bold;[^>]*>(\w)<", html) == ["b", "2"]
    html = bold(plain(rows, ["what", "n"]), []).as_raw_html()
    assert not re.findall(r"font-weight: bold;[^>]*>(\w)<", html)
