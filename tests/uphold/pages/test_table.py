"""A table of texts, from its cells alone."""

import re

from uphold.pages.table import anchored, bold, plain


def test_columns_of_numbers_stand_to_the_right_whatever_their_signs():
    rows = [("a", "+0.1", "−0.2", ".034", "0.7 ± 0.1"), ("2", "−3", "–", "<\u00a0.001", "1")]
    html = plain(rows, ["name", "gain", "loss", "p", "mean ± SD"]).as_raw_html()
    sides = re.findall(r'<td[^>]*class="gt_row gt_(\w+)"', html)
    assert sides == ["left", "right", "right", "right", "left"] * 2
    html = plain([("all", "1,200"), ("sum", "")], ["what", "items"]).as_raw_html()
    assert re.findall(r'<td[^>]*class="gt_row gt_(\w+)"', html) == ["left", "right"] * 2


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
