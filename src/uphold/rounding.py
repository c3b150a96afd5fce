"""Numbers on a grid, so that data that are computed are equal on every processor.

Two processors give the same sine, logarithm, Fourier transform or sum but for the last bits: which
instructions a library uses follows from the processor. In double precision what differs is some
10⁻¹⁶ of a value, and more behind a long way. Rounded to a grid that is much coarser, both give the
same number, unless the value lies so near the middle between two neighbours that the difference
takes it across: for a difference of d and a grid of the step h, that is a share of d / h of all
values.
"""

import numpy as np
from numpy.typing import NDArray


def rounded(values: NDArray[np.floating], step: float) -> NDArray[np.float32]:
    """Return values on the grid of a step, as float32.

    Parameters
    ----------
    values : ndarray of float64
        Computed in double precision: in single precision, one value in some hundred would still
        differ.
    step : float
        A power of two, so that scaling by it rounds nothing: far above what processors differ by,
        far below the data's own noise.

    Returns
    -------
    ndarray of float32, of the shape of `values`
        Exact multiples of `step` up to 2²⁴ steps from 0; never −0, whose bytes are not those of 0.
    """
    on_grid: NDArray[np.floating] = np.rint(values / step) * step + 0.0
    return on_grid.astype(np.float32)
