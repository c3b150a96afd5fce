"""A table of texts, from its cells alone."""

import re

from uphold.pages.table import plain


def test_columns_of_numbers_stand_to_the_right_whatever_their_signs():
    rows = [("a", "+0.1", "−0.2", ".034", "0.7 ± 0.1"), ("2", "−3", "–", "<\u00a0.001", "1")]
    html = plain(rows, ["name", "gain", "loss", "p", "mean ± SD"]).as_raw_html()
    sides = re.findall(r'<td[^>]*class="gt_row gt_(\w+)"', html)
    assert sides == ["left", "right", "right", "right", "left"] * 2
    html = plain([("all", "1,200"), ("sum", "")], ["what", "items"]).as_raw_html()
    assert re.findall(r'<td[^>]*class="gt_row gt_(\w+)"', html) == ["left", "right"] * 2
