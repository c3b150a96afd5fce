"""How values and names are spelled."""

import math

import pytest

from uphold import format


@pytest.fixture
def names():
    """Let settings have names for the length of a test."""
    format.use_names({"label_smoothing": "label smoothing", "film": "FiLM", "all-losses": "all"})


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (-0.0123, "−0.012"),
        (0.5, "0.500"),
        (0.0001, "0.000"),
        (None, "–"),
        (math.nan, "–"),
        (-3.2e12, "−3.2e+12"),
    ],
)
def test_numbers(value, printed):
    assert format.number(value) == printed


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        (-0.0004, 3, "−0.0004"),
        (-0.00003, 3, "−0.00003"),
        (-0.3, 0, "−0.3"),
        (-0.0, 3, "0.000"),
        (-1e-17, 3, "0.000"),
    ],
)
def test_a_minus_is_not_lost_to_rounding(value, digits, printed):
    assert format.number(value, digits) == printed


@pytest.mark.parametrize(
    ("value", "printed"), [(0.01, "+0.010"), (-0.01, "−0.010"), (None, "–"), (0.0, "+0.000")]
)
def test_differences_carry_their_sign(value, printed):
    assert format.signed(value, 3) == printed


@pytest.mark.parametrize(
    ("size", "printed"),
    [(30309, "30000"), (123, "120"), (99.6, "100"), (8, "8.0"), (0.0125, "0.013"), (0, "0")],
)
def test_how_large_something_is_takes_two_figures(size, printed):
    assert format.rough(size) == printed


def test_a_difference_has_its_interval_where_there_is_one():
    estimate = format.Ends(-0.003, 0.027, 0.012)
    assert format.difference(estimate, 3) == "+0.012 (−0.003 to 0.027)"
    assert format.difference(estimate._replace(ci_low=None), 2) == "+0.01"
    assert format.interval(estimate, 3) == "−0.003 to 0.027"
    assert format.interval(format.Ends(None, None), 3) == "–"


def test_an_interval_that_is_not_known_is_one_dash():
    assert format.interval(format.Ends(None, None), 3) == "–"
    assert format.interval(format.Ends(None, 0.5), 3) == "– to 0.500"


@pytest.mark.parametrize(
    ("p", "printed"),
    [(0.0004, "<\N{NO-BREAK SPACE}.001"), (0.0345, ".035"), (1.0, "1"), (0.9996, "1"), (None, "–")],
)
def test_p_values(p, printed):
    assert format.p_value(p) == printed


def test_a_p_value_is_spelled_alike_in_sentences_and_tables_and_stays_on_one_line():
    for p, printed in ((0.34, "p = .340"), (0.0001, "p < .001")):
        assert format.p_text(p) == printed.replace(" ", "\N{NO-BREAK SPACE}")
        assert format.p_text(p).endswith(format.p_value(p))


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [(0.615, 2, "0.62"), (-0.615, 2, "−0.62"), (0.4625, 3, "0.463"), (0.5955, 3, "0.596")],
)
def test_halves_are_rounded_away_from_zero_whatever_their_binary_neighbour(value, digits, printed):
    assert format.number(value, digits) == printed


def test_what_a_sum_of_binary_fractions_leaves_over_decides_no_rounding():
    assert format.number(0.8 - 0.185, 2) == "0.62"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "on"),
        (False, "off"),
        (512, "512"),
        (512.0, "512"),
        (0.0005, "0.0005"),
        (1234567.0, "1234567"),
        (-6.0, "−6"),
        (-6, "−6"),
        (["high", "low"], "high+low"),
        ("linear", "linear"),
        ("True", "True"),
        (None, "–"),
    ],
)
def test_levels(value, shown):
    assert format.level(value) == shown


def test_names_are_looked_up_and_otherwise_stand_as_they_are(names):
    assert format.name("label_smoothing") == "label smoothing"
    assert format.name("label_smoothing_2") == "label_smoothing_2"
    assert format.level("all-losses") == "all"
    assert format.crossed(("film", "label_smoothing")) == "FiLM × label smoothing"


def test_configurations_in_few_words(names):
    levels = {"units": 512, "label_smoothing": True, "focal": False}
    assert format.short(levels) == "units 512, label smoothing on"
    assert format.settings(levels) == "units 512, label smoothing on, focal off"
    assert format.short({"mixup": False}) == "all off"


def test_counts_and_shares():
    assert [format.count(many) for many in (7, 1234, 1234567.0)] == ["7", "1,234", "1,234,567"]
    assert format.counted(1, "run") == "1 run"
    assert format.counted(1234, "run") == "1,234 runs"
    assert format.counted(20, "run_index") == "20 run_indexes"
    assert format.counted(1, "params.seed") == "1 value of params.seed"
    assert format.counted(2, "class", "classes") == "2 classes"
    assert format.percent(0.364) == "36 %"
    assert format.percent(None) == "–"
    assert [format.cell(share) for share in (0.686, 0.0, 0.996)] == [".69", ".00", "1"]


@pytest.mark.parametrize(("margin", "digits"), [(0.02, 3), (0.005, 4), (1, 1), (100, 0)])
def test_margins_are_shown_to_two_figures(margin, digits):
    assert format.digits_of(margin) == digits
    assert format.exact(-margin) == f"−{margin}"


@pytest.mark.parametrize(
    ("noun", "one", "many"),
    [
        ("seed", "a seed", "seeds"),
        ("episode", "an episode", "episodes"),
        ("episodes", "an episode", "episodes"),
        ("pass", "a pass", "pass"),
        ("unit", "a unit", "units"),
        ("epoch", "an epoch", "epochs"),
        ("index", "an index", "indexes"),
        ("batch", "a batch", "batches"),
        ("run_index", "a run_index", "run_indexes"),
        ("params.seed", "a params.seed", "values of params.seed"),
    ],
)
def test_names_of_columns_as_nouns(noun, one, many):
    assert (format.a(noun), format.several(noun)) == (one, many)


def test_a_day_stays_in_one_line():
    assert format.day("2026-11-28").split("\N{NON-BREAKING HYPHEN}") == ["2026", "11", "28"]
