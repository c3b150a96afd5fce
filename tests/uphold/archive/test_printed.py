"""Printed numbers keep their rounding."""

import pytest

from uphold.archive.printed import points, range_in, read, read_range
from uphold.errors import InputError


@pytest.mark.parametrize(
    ("text", "value", "half", "about"),
    [
        ("0.81", 0.81, 0.005, False),
        ("≈ 0.70", 0.70, 0.005, True),
        ("-0.54pp", -0.0054, 0.00005, False),
        ("−0.54 pp", -0.0054, 0.00005, False),
        ("–0.05 F1", -0.05, 0.005, False),
        ("~33%", 0.33, 0.005, True),
        ("3", 3, 0.5, False),
    ],
)
def test_one_number(text, value, half, about):
    found = read(text)
    assert (found.value, found.half) == (pytest.approx(value), pytest.approx(half))
    assert (found.about, found.sd) == (about, None)


def test_a_number_with_its_sd():
    found = read("0.81 ± 0.02")
    assert (found.value, found.sd.value, found.sd.half) == (0.81, 0.02, 0.005)


@pytest.mark.parametrize("text", ["", "five", "0.5 or so much", "0.81 ±", "1 2"])
def test_what_is_no_number_is_named(text):
    with pytest.raises(InputError, match="no printed number"):
        read(text)


def test_a_range_is_not_a_difference():
    low, high = read_range("≈ 0.74–0.77")
    assert (low.value, high.value, low.about) == (0.74, 0.77, True)
    assert [e.value for e in read_range("5-13%")] == pytest.approx([0.05, 0.13])
    with pytest.raises(InputError, match="no printed range"):
        read_range("0.74")


def test_a_sentence_has_the_one_range_that_it_prints():
    low, high = range_in("Combined: 5-13% boost, for the “Top 20%” of 2025")
    assert (low.value, high.value) == (pytest.approx(0.05), pytest.approx(0.13))
    with pytest.raises(InputError, match="prints no ranges"):
        range_in("It will gain 5%.")
    with pytest.raises(InputError, match="prints 2 ranges"):
        range_in("Mixup gains 2-5%, smoothing 1-3%.")


def test_rounding_is_no_disagreement():
    assert read("0.1648").agrees(0.16485, 0.000005)  # both may be 0.16485
    assert not read("0.1648").agrees(0.1656, 0.00005)
    assert read("0.70").agrees(0.7049) and not read("0.70").agrees(0.705)
    assert not read("0.80").agrees(0.81, 0.005)


def test_about_is_read_generously():
    assert read("~13.5%").agrees(0.1336) and not read("13.5%").agrees(0.1336)
    assert not read("≈ 0.70").agrees(0.646)


def test_points_of_proportions():
    assert points(-0.00615) == "−0.62 pp" and points(0.0001) == "+0.01 pp"
    assert points(-0.000001) == "−0.0001 pp"
