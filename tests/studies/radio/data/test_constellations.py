"""Points of the linear modulations, against closed forms and counts by hand."""

import numpy as np
import pytest

from studies.radio.data.constellations import CONSTELLATIONS


def moments(name):
    x = CONSTELLATIONS[name]
    c40 = np.mean(x**4) - 3 * np.mean(x**2) ** 2
    c42 = np.mean(abs(x) ** 4) - abs(np.mean(x**2)) ** 2 - 2 * np.mean(abs(x) ** 2) ** 2
    return abs(c40), c42


@pytest.mark.parametrize("name", sorted(CONSTELLATIONS))
def test_as_many_different_points_as_the_name_says_at_mean_power_1(name):
    points = CONSTELLATIONS[name]
    named = {"OOK": 2, "BPSK": 2, "QPSK": 4}
    digits = "".join(c for c in name if c.isdigit())
    assert len(points) == (named.get(name) or int(digits))
    distance = abs(points[:, None] - points) + 9 * np.eye(len(points))
    assert distance.min() > 0.05
    assert np.mean(abs(points) ** 2) == pytest.approx(1)


# Swami & Sadler 2000, table I. Square QAM of M points: |C40| = −C42 = 3/5 (M + 1)/(M − 1);
# M amplitudes: twice 3/5 (M² + 1)/(M² − 1). The cross of 32 points by hand: levels ±1, ±3, ±5
# without the corners have mean power 20 and mean squared power 524, so C42 = 524/400 − 2.
@pytest.mark.parametrize(
    ("name", "c40", "c42"),
    [
        ("BPSK", 2, -2),
        ("QPSK", 1, -1),
        ("8PSK", 0, -1),
        ("16PSK", 0, -1),
        ("32PSK", 0, -1),
        ("4ASK", 1.36, -1.36),
        ("8ASK", 1.2 * 65 / 63, -1.2 * 65 / 63),
        ("16QAM", 0.68, -0.68),
        ("64QAM", 0.6 * 65 / 63, -0.6 * 65 / 63),
        ("256QAM", 0.6 * 257 / 255, -0.6 * 257 / 255),
    ],
)
def test_cumulants_are_the_published_ones(name, c40, c42):
    assert moments(name) == pytest.approx((c40, c42), abs=1e-9)


def test_crosses_are_squares_without_their_corners():
    assert moments("32QAM")[1] == pytest.approx(-0.69)
    for name, side, corner in (("32QAM", 6, 1), ("128QAM", 12, 2)):
        points = CONSTELLATIONS[name]
        step = 2 / np.min(abs(points[1:] - points[0]))
        levels = {(round(p.real), round(p.imag)) for p in points * step}
        edge = side - 1
        assert max(x for x, _ in levels) == max(y for _, y in levels) == edge
        missing = [(edge - 2 * k, edge - 2 * m) for k in range(corner) for m in range(corner)]
        assert levels.isdisjoint(missing)
        assert len(levels) == side**2 - 4 * corner**2


@pytest.mark.parametrize(
    ("name", "counts", "ratios"),
    [
        ("16APSK", [4, 12], [2.85]),
        ("32APSK", [4, 12, 16], [2.84, 5.27]),
        ("64APSK", [8, 16, 20, 20], [2.2, 3.6, 5.2]),
        ("128APSK", [16, 16, 16, 16, 16, 48], [1.715, 2.118, 2.681, 2.75, 3.819]),
    ],
)
def test_rings_are_those_of_the_standard(name, counts, ratios):
    radii, found = np.unique(abs(CONSTELLATIONS[name]).round(9), return_counts=True)
    assert found.tolist() == counts
    assert radii[1:] / radii[0] == pytest.approx(ratios, rel=1e-6)


def test_a_quadrant_of_128apsk_is_the_mirror_image_of_the_next():
    points = CONSTELLATIONS["128APSK"]
    for mirrored in (-points.conj(), points.conj()):
        assert abs(points[:, None] - mirrored).min(axis=1).max() < 1e-12
