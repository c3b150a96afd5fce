"""What figures say of their marks, and to whoever cannot see them."""

import re

import pandas as pd
import pytest

from uphold.pages import drawing, explained, figures
from uphold.rendering.outputs import title

from ...partly import put


@pytest.mark.parametrize(
    ("units", "text"),
    [
        ([("seed", 8)], "95 % intervals over 8 seeds"),
        ([("seed", 8), ("seed", 5)], "95 % intervals over 5 to 8 seeds"),
        ([("seed", 3), ("tested fold", 8)], "95 % intervals over 3 seeds or 8 tested folds"),
        ([], "95 % intervals"),
    ],
)
def test_intervals_are_told_with_their_level_and_over_how_many(units, text):
    assert explained.over(units) == text


def test_what_has_no_interval_is_not_counted(page):
    sweep = page().sweep("toy")
    step, *others = sweep.found.effects["ood_f1"]
    assert explained.intervals(sweep, [step, *others]) == "95 % intervals over 3 seeds"
    for end in ("ci_low", "ci_high"):
        put(None, step, end)
    put(2, step, "seeds")
    assert explained.intervals(sweep, [step, *others]) == "95 % intervals over 3 seeds"


@pytest.mark.parametrize("size", [(4.6, 3), (7, 3), (12, 3), (7, 16)])
def test_the_line_stands_inside_the_figure_above_all_else(size):
    figure, axis = drawing.axes(*size)
    axis.set_title("a panel")
    marks = "Dots: means. Lines through them: 95 % intervals over 5 to 8 tested folds. " * 2
    explained.explain(figure, marks, "A panel.")
    figure._repr_svg_()
    (line,) = [t for t in figure.texts if t.get_text()]
    box = line.get_window_extent()
    assert figure.bbox.x0 <= box.x0
    assert box.x1 <= figure.bbox.x1
    assert box.y1 <= figure.bbox.y1
    assert box.y0 >= axis.title.get_window_extent().y1


def test_the_alternative_text_is_what_is_seen_and_never_who_drew(page):
    figure = figures.effects(page().sweep("toy"))
    said = title(figure._repr_svg_())
    assert said.startswith("Differences in OOD F1: mixup off → on +0.102 (")
    assert "95 % intervals over 3 seeds" in said
    bare, _ = drawing.axes(3, 2)
    assert title(bare._repr_svg_()) == ""


def test_a_curve_is_told_by_its_ends_and_turns():
    assert explained.course(pd.Series({1: 0.6, 12: 0.39, 50: 0.41})) == (
        "from 0.60 to 0.41, lowest 0.39 at 12"
    )
    assert explained.course(pd.Series({1: 0.002, 2: 0.0002})) == "from 0.0020 to 0.00020"


def test_many_parts_are_counted():
    text = explained.listed([f"part {n}" for n in range(explained.MOST + 3)])
    assert text.endswith("; and 3 more.")
    assert len(re.findall("part", text)) == explained.MOST
