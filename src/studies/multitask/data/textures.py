"""The textures of head B: patterns in the plane.

In: coordinates ``x`` (to the right) and ``y`` (downwards) in periods of the pattern, from the
figure's centre, and two phases in periods. Out: values from −1 to 1. Textures do not turn with
their figure, so that stripes across and stripes down are different classes.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float64]
Texture = Callable[[Plane, Plane, Plane, Plane], Plane]

TURN = 2 * np.pi
SLANT = np.sqrt(0.5)


def plain(x: Plane, y: Plane, p: Plane, q: Plane) -> Plane:
    """Return nothing but the figure's own brightness."""
    return np.zeros(np.broadcast_shapes(x.shape, y.shape))


def across(x: Plane, y: Plane, p: Plane, q: Plane) -> Plane:
    """Return stripes that run from left to right."""
    return np.sin(TURN * (y + p)) + 0 * x


def down(x: Plane, y: Plane, p: Plane, q: Plane) -> Plane:
    """Return stripes that run from top to bottom."""
    return np.sin(TURN * (x + p)) + 0 * y


def falling(x: Plane, y: Plane, p: Plane, q: Plane) -> Plane:
    """Return stripes that run from the upper left to the lower right."""
    return np.sin(TURN * (SLANT * (x - y) + p))


def rising(x: Plane, y: Plane, p: Plane, q: Plane) -> Plane:
    """Return stripes that run from the lower left to the upper right."""
    return np.sin(TURN * (SLANT * (x + y) + p))


def checks(x: Plane, y: Plane, p: Plane, q: Plane) -> Plane:
    """Return a chess board with soft edges."""
    return np.sin(TURN * (x + p)) * np.sin(TURN * (y + q))


def dots(x: Plane, y: Plane, p: Plane, q: Plane) -> Plane:
    """Return bright dots on a darker ground."""
    crests = (1 + np.sin(TURN * (x + p))) * (1 + np.sin(TURN * (y + q)))
    return crests / 2 - 1


def rings(x: Plane, y: Plane, p: Plane, q: Plane) -> Plane:
    """Return waves around the figure's centre."""
    return np.sin(TURN * (np.hypot(x, y) + p))


TEXTURES: dict[str, Texture] = {
    "plain": plain,
    "across": across,
    "down": down,
    "falling": falling,
    "rising": rising,
    "checks": checks,
    "dots": dots,
    "rings": rings,
}
