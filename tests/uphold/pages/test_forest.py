"""The picture of all claims: marks by verdict, where the estimates lie, and where they lead."""

from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from uphold import palette
from uphold.pages import forest
from uphold.pages.verdicts import LOOKS

from ...partly import put


@pytest.fixture
def of(page):
    """Return a function that gives the page with claims of these parts."""

    def make(**parts):
        found = page()
        one = found.found.claims["mixup"]
        place = one.in_margins
        claims = {}
        for key, part in parts.items():
            part = dict(part)
            if "at" in part:
                value, low, high = part.pop("at")
                ends = {"value": value, "ci_low": low, "ci_high": high}
                part["in_margins"] = place.model_copy(update=ends | part.pop("more", {}))
            claims[key] = one.model_copy(update=part)
        put(claims, found.found, "claims")
        return found

    return make


def marks(figure):
    """Return what stands at the estimates, by where it leads."""
    (axis,) = figure.axes
    return {line.get_url(): line for line in axis.lines if line.get_url()}


def test_each_verdict_has_its_mark_at_the_estimate_and_leads_to_its_claim(of):
    places = {"supported": 0.5, "refuted": -1.0, "equivalent": 0.1, "inconclusive": 0.9}
    claims = {k: {"verdict": k, "at": (x, x - 0.2, x + 0.2)} for k, x in places.items()}
    found = marks(forest.primary(of(**claims)))
    assert set(found) == {f"#claim-{verdict}" for verdict in places}
    for verdict, place in places.items():
        mark = found[f"#claim-{verdict}"]
        assert mark.get_xdata()[0] == pytest.approx(place)
        assert mark.get_marker() == LOOKS[verdict].marker
        assert mark.get_color() == LOOKS[verdict].colour
    assert found["#claim-inconclusive"].get_markerfacecolor() == palette.colour("paper")


def test_what_lies_far_off_points_to_where_it_lies(of):
    figure = forest.primary(of(a={"at": (20.0, 18.0, 22.0)}, b={"at": (-9.0, -10.0, -8.0)}))
    (axis,), found = figure.axes, marks(figure)
    assert axis.get_xlim() == (-forest.FURTHEST, forest.FURTHEST)
    assert found["#claim-a"].get_marker() == ">" and found["#claim-b"].get_marker() == "<"
    assert abs(found["#claim-a"].get_xdata()[0]) < forest.FURTHEST


def test_a_gain_has_a_tick_at_what_is_claimed(of):
    plain = forest.primary(of(a={"at": (0.5, 0.1, 0.9)}))
    gain = forest.primary(of(a={"at": (0.5, 0.1, 0.9), "more": {"claimed": 1.0}}))
    assert len(gain.axes[0].lines) == len(plain.axes[0].lines) + 1
    assert "claimed gain" in [text.get_text() for text in gain.legends[0].get_texts()]
    assert "claimed gain" not in [text.get_text() for text in plain.legends[0].get_texts()]


def test_the_mark_of_what_has_no_direction_stands_at_the_edge_beside_its_words(of):
    figure = forest.primary(of(a={"in_margins": None, "shown": "partial ω² = 0.13"}))
    (mark,) = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert mark.get_transform() == figure.axes[0].get_yaxis_transform()
    assert list(mark.get_xdata()) == [1.0]
    assert "partial ω² = 0.13" in [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("many", [1, 30])
def test_words_have_room_beside_the_axis_and_beside_marks(of, many):
    parts = {
        "says": "Batch normalisation and dropout raise the macro-F1 of MobileNetW with mammograms.",
        "in_margins": None,
        "shown": "partial ω² = 0.44 over 6 levels",
    }
    found = of(**{f"claim-{number}": parts for number in range(many)})
    asked = {
        "Which of many networks make more of women’s mammograms than humans do?": [
            *found.found.claims
        ]
    }
    figure = forest.primary(replace(found, questions=asked))
    FigureCanvasAgg(figure).draw()
    (axis,) = figure.axes
    within = axis.get_window_extent()
    below = axis.xaxis.label.get_window_extent()
    assert 0 < below.x0 < below.x1 < figure.bbox.x1
    assert below.y0 > figure.legends[0].get_window_extent().y1
    for text in axis.texts:
        place = text.get_window_extent()
        left = text.get_horizontalalignment() == "right"
        assert (0 < place.x0 < place.x1 < within.x0) if left else place.x1 < figure.bbox.x1
    (first, *_) = marks(figure).values()
    words = min(t.get_window_extent().x0 for t in axis.texts if t.get_color() == ".3")
    edge = first.get_markeredgewidth() * figure.dpi / 72
    assert first.get_window_extent().x1 + edge < words


def test_an_open_end_goes_to_the_edge(of):
    figure = forest.primary(of(a={"at": (1.0, 0.5, None)}))
    (axis,) = figure.axes
    intervals = [list(line.get_xdata()) for line in axis.lines if len(line.get_xdata()) == 2]
    assert [0.5, axis.get_xlim()[1]] in intervals


def test_who_does_not_see_it_is_told_each_claim_with_its_verdict_and_seeds(of):
    figure = forest.primary(of(a={}))
    assert figure.get_label() == (
        "1 claim with its estimate. Mixup <b>helps</b>: supported, fragile,"
        " +0.104 (0.050 to 0.150)."
    )
    assert figure.axes[0].get_xlabel().endswith(", 95 % intervals over 3 seeds")
    other = of(a={"outcome": of(a={}).claim("a").outcome.model_copy(update={"reason": "none"})})
    assert "helps</b>: not tested" in forest.primary(other).get_label()


def test_what_was_not_tested_has_no_mark_and_says_so(of):
    untested = of(a={}).claim("a").outcome.model_copy(update={"reason": "the arms are one"})
    figure = forest.primary(of(a={"outcome": untested, "in_margins": None}, b={}))
    assert set(marks(figure)) == {"#claim-b"}
    assert figure.data["claims"]["a"]["found"] == "– not tested: the arms are one"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["supported"]


def test_exploratory_claims_stand_apart(of):
    found = of(a={}, b={"role": "secondary"})
    assert set(marks(forest.primary(found))) == {"#claim-a"}
    assert set(marks(forest.exploratory(found))) == {"#claim-b"}
    assert "no such claims" in forest.exploratory(of(a={})).axes[0].texts[0].get_text()


def test_claims_stand_under_the_question_that_they_answer(of):
    found = of(a={}, b={}, c={})
    asked = replace(found, questions={"Does it help?": ["c", "a"], "And this?": ["b"]})
    (axis,) = forest.primary(asked).axes
    words = [text.get_text() for text in axis.texts if text.get_horizontalalignment() == "right"]
    assert [words[0], words[3]] == ["Does it help?", "And this?"]
    assert list(marks(forest.primary(asked))) == ["#claim-c", "#claim-a", "#claim-b"]
    carried = forest.primary(asked).data["claims"]
    assert {key: one["question"] for key, one in carried.items()} == {
        "c": "Does it help?",
        "a": "Does it help?",
        "b": "And this?",
    }


def test_an_interval_is_not_broken_over_two_lines(of):
    shown = "+0.02 (−0.10 to 0.14) in gain of the denoiser in dB"
    (axis,) = forest.primary(of(a={"shown": shown})).axes
    lines = axis.texts[1].get_text().split("\n")
    assert lines[0].startswith("+0.02 (−0.10\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}0.14)")
    assert " ".join(lines).replace("\N{NO-BREAK SPACE}", " ").startswith(shown)


def test_lines_of_a_claim_are_about_as_long():
    text = "Bypassing the denoiser lowers the accuracy of a classifier trained with it"
    lines = forest.wrap(text, 190)
    assert len(lines) == 2 and abs(len(lines[0]) - len(lines[1])) < 10
    assert len(forest.wrap(text, 170, "bold")) > len(forest.wrap(text, 170))
    assert forest.wrap("short", 190) == ["short"]
    assert [forest.wrap(text, 190) for text in ("c", "a b", "")] == [["c"], ["a b"], []]
    assert forest.wrap("a b", 1) == ["a", "b"]
    assert max(map(len, forest.wrap("ab " * 3 + "c" * 50, 50))) == 10
