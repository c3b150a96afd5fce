import numpy as np
import pytest

from studies.multitask.data.shapes import SHAPES, polygon

AXIS = np.linspace(-1.5, 1.5, 1000)
U, V = (part.astype(np.float32) for part in np.meshgrid(AXIS, AXIS))


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_lies_in_the_unit_circle_and_reaches_it(name):
    inside = SHAPES[name](U, V) < 0
    farthest = np.hypot(U, V)[inside].max()
    assert 0.9 < farthest < 1.02


def area(name: str) -> float:
    return float((SHAPES[name](U, V) < 0).mean() * 9)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("disk", np.pi),
        ("half disk", np.pi / 2),
        ("ring", np.pi * (1 - 0.55**2)),
        ("triangle", 3 * np.sqrt(3) / 4),
        ("square", 2.0),
        ("hexagon", 3 * np.sqrt(3) / 2),
        ("bar", 1.9 * 0.64),
        ("cross", 2 * 1.9 * 0.64 - 0.64**2),
    ],
)
def test_areas_are_those_of_geometry(name, expected):
    assert area(name) == pytest.approx(expected, rel=0.02)


def test_a_polygon_has_a_corner_on_the_circle_to_the_right():
    on_the_right = polygon(5)(np.array([0.99, 1.01], np.float32), np.zeros(2, np.float32))
    assert on_the_right[0] < 0 < on_the_right[1]
