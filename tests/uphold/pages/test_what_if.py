"""A picture of claims carries what is behind its marks, as the page prints it."""

import json
import re
from html import unescape

import pytest

from uphold.analysis.model.what_if import WhatIf
from uphold.analysis.model.writeup import Behind
from uphold.pages import forest, what_if

from ...partly import put


@pytest.fixture
def carrying(page):
    """A page whose one claim has scores behind it, and verdicts under other margins."""
    found = page()
    behind = Behind(arms=("mixup off", "mixup on"), units=("1", "2"), scores=((0.7, 0.71), (0, 1)))
    claim = found.found.claims["mixup"].model_copy(update={"behind": behind, "metric": "ood_f1"})
    put({"mixup": claim}, found.found, "claims")
    asked = WhatIf(
        times=(1.0, 2.0),
        left_out=({"sweep": "toy", "units": ("1", "2")},),
        verdicts={"mixup": ("sse", "eee")},
    )
    put(asked, found.found, "what_if")
    return found


def carried(figure) -> dict:
    (text,) = re.findall(r'<metadata class="data">(.*?)</metadata>', figure._repr_svg_(), re.DOTALL)
    return json.loads(unescape(text))


def test_the_scores_are_printed_as_everywhere(carrying):
    found = carried(forest.primary(carrying))["claims"]["mixup"]
    assert found["scores"] == [["0.700", "0.710"], ["0.000", "1.000"]]
    assert (found["arms"], found["units"]) == (["mixup off", "mixup on"], ["1", "2"])
    assert (found["metric"], found["unit"]) == ("OOD F1", "seed")
    assert found["found"] == "● supported: +0.104 (0.050 to 0.150)"
    assert found["says"] == "Mixup <b>helps</b>."
    assert "<b>" not in forest.primary(carrying)._repr_svg_()  # it is text, wherever it stands


def test_the_first_picture_alone_carries_what_is_asked(carrying):
    found = carried(forest.primary(carrying))
    assert found["verdicts"] == {"mixup": ["sse", "eee"]}
    assert found["times"] == [1, 2]
    assert found["parts"] == [{"title": "", "unit": "seed", "units": ["1", "2"]}]
    assert found["words"]["e"] == "■ no difference that matters"
    assert found["margins"] == ["OOD F1 0.02"]
    assert "verdicts" not in carried(forest.chosen(carrying, "mixup"))


def test_a_page_where_nothing_was_tried_asks_nothing(carrying):
    put(None, carrying.found, "what_if")
    assert what_if.asked(carrying) == {}
    assert set(carried(forest.primary(carrying))) == {"reach", "claims"}


def test_a_claim_without_scores_has_its_words(carrying):
    claim = carrying.found.claims["mixup"].model_copy(update={"behind": None})
    assert set(what_if.behind(carrying, claim)) == {"says", "found"}
