"""Rendered figures: a shape with a texture at one of four places, small or large.

In: settings and nothing else. Out: `PreparedMultitask`. Promised: everything follows from
the seed, and more images in one split change none of the others, in this split or another.

========  ====================================================================================
head A    the figure's shape, one of 10 (`shapes`), tilted by up to a quarter of a radian
head B    its texture, one of 8 (`textures`), times its place, one of the four quarters: the
          class is ``4 * texture + place``
head C    its size: 0 is a radius of 5.5 pixels, 1 one of 9.5
========  ====================================================================================

Behind the figure lie two waves and three strokes about as bright as the figure itself; noise covers
both. All classes are equally frequent, and no head tells of another.

Images are computed in double precision and rounded to `STEP`, which makes them equal on every
processor (`uphold.rounding`).
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from studies.multitask.data.prepared import SIDE, PreparedMultitask
from studies.multitask.data.shapes import SHAPES
from studies.multitask.data.textures import TEXTURES
from studies.multitask.settings.data import Data, Synthetic
from uphold.randomness import generator
from uphold.rounding import rounded
from uphold.splits import SPLITS

PLACES = {
    "upper left": (10.0, 10.0),
    "upper right": (22.0, 10.0),
    "lower left": (10.0, 22.0),
    "lower right": (22.0, 22.0),
}
RADIUS = (5.5, 9.5)
TILT = 0.25
JITTER = 1.0
PERIOD = (5.5, 6.5)
BRIGHTNESS = (0.9, 1.1)
WAVES, STROKES = 2, 3
WAVELENGTH = (12.0, 40.0)
STROKE_LENGTH, STROKE_WIDTH = (4.0, 10.0), 1.0

STEP = 2.0**-10
"""Of a pixel's brightness, where the noise of each pixel is 120 times as large."""

TURN = 2 * np.pi

Images = NDArray[np.float64]


def make(settings: Data) -> PreparedMultitask:
    """Return the synthetic data set."""
    ours = settings.synthetic
    parts = [figures(ours, split) for split in SPLITS]
    x, a, b, c = (np.concatenate(part) for part in zip(*parts, strict=True))
    counts = [getattr(ours, split) for split in SPLITS]
    return PreparedMultitask(
        x=x,
        a=a,
        b=b,
        c=c,
        split=np.repeat(np.arange(len(SPLITS), dtype=np.uint8), counts),
        names_a=list(SHAPES),
        names_b=[f"{texture}, {place}" for texture in TEXTURES for place in PLACES],
        about={"heads": {"a": "shape", "b": "texture and place", "c": "size"}},
        decisions=["Every image is rendered by the project; none is a photograph."],
    )


def figures(
    settings: Synthetic, split: str
) -> tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]:
    """Return the images of one split and the labels of their three heads.

    Returns
    -------
    x : ndarray of float32, shape (n, 32, 32)
    a, b : ndarray of uint8, shape (n,)
    c : ndarray of float32, shape (n,)
    """
    count = getattr(settings, split)
    index = np.arange(count)
    a = index % len(SHAPES)
    b = index // len(SHAPES) % (len(TEXTURES) * len(PLACES))
    draws = Draws(settings.seed, split, count)
    noise = generator(settings.seed, "noise", split)
    c = draws(0, 1, "size")
    x = settings.clutter * (_waves(draws) + _strokes(draws))
    x += _figures(a, b, c, settings.contrast, draws)
    x += settings.noise * noise.standard_normal(x.shape, dtype=np.float32).astype(np.float64)
    return rounded(x, STEP), a.astype(np.uint8), b.astype(np.uint8), c.ravel().astype(np.float32)


class Draws:
    """Uniform numbers for the images of one split: a stream for each thing that is drawn."""

    def __init__(self, seed: int, split: str, count: int) -> None:
        self.seed, self.split, self.count = seed, split, count

    def __call__(self, low: float, high: float, *what: str | int) -> Images:
        """Return a number between two limits for each image, shape (n, 1, 1).

        The first numbers do not depend on how many follow.
        """
        drawn = generator(self.seed, "figures", self.split, *what).random(self.count)
        return (low + (high - low) * drawn)[:, None, None]


def _pixels() -> tuple[np.ndarray, np.ndarray]:
    """Return the middles of the pixels: x, shape (1, 1, 32), and y, downwards, (1, 32, 1)."""
    at = np.arange(SIDE) + 0.5
    return at[None, None, :], at[None, :, None]


def _figures(
    a: NDArray[np.integer], b: NDArray[np.integer], c: Images, contrast: float, draws: Draws
) -> Images:
    texture, place = np.divmod(b, len(PLACES))
    middles = np.array(list(PLACES.values()))[place].T[:, :, None, None]
    px, py = _pixels()
    x = px - middles[0] - draws(-JITTER, JITTER, "x")
    y = py - middles[1] - draws(-JITTER, JITTER, "y")
    radius = RADIUS[0] + (RADIUS[1] - RADIUS[0]) * c
    outside = _chosen(SHAPES, a, *_turned(x, -y, draws(-TILT, TILT, "angle"), radius))
    period = draws(*PERIOD, "period")
    phases = draws(0, 1, "phase", 1), draws(0, 1, "phase", 2)
    pattern = _chosen(TEXTURES, texture, x / period, y / period, *phases)
    brightness = draws(*BRIGHTNESS, "brightness") * (1 + contrast * pattern)
    # A pixel on the outline is covered in part.
    return np.clip(0.5 - outside * radius, 0, 1) * brightness


def _chosen(
    functions: Mapping[str, Callable[..., Images]], which: NDArray[np.integer], *values: Images
) -> Images:
    """Return for each image what the function of its class makes of the image's values."""
    out = np.empty((len(which), SIDE, SIDE))
    for number, function in enumerate(functions.values()):
        here = which == number
        out[here] = function(*(value[here] for value in values))
    return out


def _turned(x: Images, y: Images, angle: Images, scale: Images) -> tuple[Images, Images]:
    cos, sin = np.cos(angle) / scale, np.sin(angle) / scale
    return x * cos + y * sin, y * cos - x * sin


def _waves(draws: Draws) -> Images:
    """Return brightness that changes slowly over the image."""
    px, py = _pixels()
    total: Images = np.zeros(())
    for k in range(WAVES):
        angle, length = draws(0, TURN, "wave angle", k), draws(*WAVELENGTH, "wave length", k)
        along, _ = _turned(px, py, angle, length)
        total = total + np.sin(TURN * (along + draws(0, 1, "wave phase", k)))
    return total / WAVES


def _strokes(draws: Draws) -> Images:
    """Return short bright and dark lines, anywhere."""
    px, py = _pixels()
    total: Images = np.zeros(())
    for k in range(STROKES):
        x, y = px - draws(0, SIDE, "stroke x", k), py - draws(0, SIDE, "stroke y", k)
        along, across = _turned(x, y, draws(0, TURN, "stroke angle", k), np.ones(()))
        half = draws(*STROKE_LENGTH, "stroke length", k) / 2
        outside = np.maximum(np.abs(along) - half, np.abs(across) - STROKE_WIDTH)
        total = total + np.clip(0.5 - outside, 0, 1) * draws(-1, 1, "stroke brightness", k)
    return total
