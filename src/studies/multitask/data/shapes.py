"""The shapes of head A: signed distances in the plane.

In: coordinates ``u`` (to the right) and ``v`` (upwards) in units of the shape's radius, arrays of
one shape. Out: how far a point lies outside the shape's outline, about, in the same units; negative
inside. Every shape lies within the unit circle and touches it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float64]
Shape = Callable[[Plane, Plane], Plane]


def polygon(corners: int) -> Shape:
    """Return the regular polygon with so many corners on the unit circle."""
    sector = 2 * np.pi / corners

    def distance(u: Plane, v: Plane) -> Plane:
        # Folded into one sector, whose middle is the normal of its side.
        angle = np.mod(np.arctan2(v, u), sector) - sector / 2
        return np.hypot(u, v) * np.cos(angle) - np.cos(sector / 2)

    return distance


def disk(u: Plane, v: Plane) -> Plane:
    """Return the full circle."""
    return np.hypot(u, v) - 1


def ring(u: Plane, v: Plane) -> Plane:
    """Return the circle's outer 45 %."""
    return np.abs(np.hypot(u, v) - 0.775) - 0.225


def half_disk(u: Plane, v: Plane) -> Plane:
    """Return the lower half of the circle."""
    return np.maximum(disk(u, v), v)


def crescent(u: Plane, v: Plane) -> Plane:
    """Return the circle less another one beside its centre."""
    return np.maximum(disk(u, v), 0.75 - np.hypot(u - 0.55, v))


def star(u: Plane, v: Plane) -> Plane:
    """Return five rays that round off towards the centre."""
    return np.hypot(u, v) - (0.65 + 0.35 * np.cos(5 * np.arctan2(v, u)))


def bar(u: Plane, v: Plane) -> Plane:
    """Return a rectangle three times as long as wide."""
    return np.maximum(np.abs(u) - 0.95, np.abs(v) - 0.32)


def cross(u: Plane, v: Plane) -> Plane:
    """Return two bars at right angles."""
    return np.minimum(bar(u, v), bar(v, u))


SHAPES: dict[str, Shape] = {
    "disk": disk,
    "ring": ring,
    "half disk": half_disk,
    "crescent": crescent,
    "star": star,
    "bar": bar,
    "cross": cross,
    "triangle": polygon(3),
    "square": polygon(4),
    "hexagon": polygon(6),
}
