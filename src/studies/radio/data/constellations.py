"""Constellations: the points that the linear digital modulations choose from.

In: a modulation's name. Out: its points, at mean power 1. No bit labels: which bits a point stands
for has no bearing on the waveform.

Amplitude keying is on–off for OOK and bipolar with equal steps for 4ASK and 8ASK. QAM of an odd
number of bits is a cross: a square grid without its corners. The rings of APSK are those of DVB-S2
and DVB-S2X:

==========  ===========================================  ==================================
modulation  rings, inside out, radii over the first      source
==========  ===========================================  ==================================
16APSK      4 + 12; 2.85                                 ETSI EN 302 307-1, code rate 3/4
32APSK      4 + 12 + 16; 2.84, 5.27                      ETSI EN 302 307-1, code rate 3/4
64APSK      8 + 16 + 20 + 20; 2.2, 3.6, 5.2              ETSI EN 302 307-2, code rate 4/5
128APSK     5 × 16 + 48; 1.715, 2.118, 2.681, 2.75,      ETSI EN 302 307-2, code rate 135/180
            3.819
==========  ===========================================  ==================================
"""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.complex128]

RINGS = {
    "16APSK": ((4, 1.0), (12, 2.85)),
    "32APSK": ((4, 1.0), (12, 2.84), (16, 5.27)),
    "64APSK": ((8, 1.0), (16, 2.2), (20, 3.6), (20, 5.2)),
}
# Radius, and the angles in the first quadrant in steps of π/5040; they are not evenly spaced.
RINGS_128APSK = (
    (1.0, (332, 927, 1593, 2187)),
    (1.715, (242, 1017, 1503, 2278)),
    (2.118, (414, 845, 1673, 2106)),
    (2.681, (427, 834, 1686, 2094)),
    (2.75, (133, 1126, 1393, 2387)),
    (3.819, (111, 330, 528, 732, 929, 1149, 1372, 1590, 1789, 1993, 2190, 2408)),
)


def amplitudes(levels: int) -> Points:
    """Return equal steps on the real axis, centred."""
    return _unit_power(np.arange(levels) - (levels - 1) / 2)


def phases(levels: int) -> Points:
    """Return equal steps on the unit circle, from 0 (BPSK) or half a step (the others)."""
    start = 0 if levels == 2 else 0.5
    return np.exp(2j * np.pi * (np.arange(levels) + start) / levels)


def grid(levels: int) -> Points:
    """Return a square grid, or a cross where the number of bits is odd.

    A cross of 2 · 4^k points is a square of side 6 · 2^(k−2) without squares of side 2^(k−2) at its
    corners.
    """
    bits = levels.bit_length() - 1
    corner = 0 if bits % 2 == 0 else 2 ** ((bits - 5) // 2)
    side = 2 ** (bits // 2) if bits % 2 == 0 else 6 * corner
    steps = np.arange(side) - (side - 1) / 2
    x, y = np.meshgrid(steps, steps)
    inside = side / 2 - corner
    kept = (abs(x) < inside) | (abs(y) < inside) if corner else np.ones_like(x, dtype=bool)
    return _unit_power((x + 1j * y)[kept])


def rings(layout: tuple[tuple[int, float], ...]) -> Points:
    """Return rings of evenly spaced points, each turned by half its step.

    Parameters
    ----------
    layout : tuple of (int, float)
        Number of points and radius of each ring.
    """
    return _unit_power(
        np.concatenate(
            [radius * np.exp(2j * np.pi * (np.arange(n) + 0.5) / n) for n, radius in layout]
        )
    )


def _mirrored(layout: tuple[tuple[float, tuple[int, ...]], ...]) -> Points:
    """Return rings given in the first quadrant, mirrored into the others."""
    first = np.concatenate(
        [radius * np.exp(1j * np.pi / 5040 * np.array(angles)) for radius, angles in layout]
    )
    upper = np.concatenate([first, -first.conj()])
    return _unit_power(np.concatenate([upper, upper.conj()]))


def _unit_power(points: NDArray[np.number]) -> Points:
    return (points / np.sqrt(np.mean(np.abs(points) ** 2))).astype(np.complex128)


CONSTELLATIONS: dict[str, Points] = {
    "OOK": _unit_power(np.array([0.0, 1.0])),
    "4ASK": amplitudes(4),
    "8ASK": amplitudes(8),
    "BPSK": phases(2),
    "QPSK": phases(4),
    "8PSK": phases(8),
    "16PSK": phases(16),
    "32PSK": phases(32),
    **{name: rings(layout) for name, layout in RINGS.items()},
    "128APSK": _mirrored(RINGS_128APSK),
    **{f"{levels}QAM": grid(levels) for levels in (16, 32, 64, 128, 256)},
}
"""The points of each linear modulation, mean power 1."""
