"""The difference of two estimates that share no run.

In: two estimates, each with its standard error and degrees of freedom. Out: the second less the
first, with the t interval of two samples that are not equally noisy.
"""

import numpy as np

from uphold.statistics.estimate import Estimate


def change(first: Estimate, second: Estimate) -> Estimate:
    """Return ``second - first``.

    Degrees of freedom by Satterthwaite (1946), Biometrics Bulletin 2, 110-114. Without a standard
    error of both the value stands alone.
    """
    variances = np.array([first.se, second.se], dtype=float) ** 2
    df = np.array([first.df, second.df], dtype=float)
    both = variances.sum()
    known = both > 0 and (df > 0).all()
    lost = (variances**2 / df).sum() if known else np.nan
    return Estimate.from_t(
        second.value - first.value,
        np.sqrt(both) if known else np.nan,
        both**2 / lost if lost > 0 else np.inf if known else np.nan,
        n=min(first.n, second.n),
        runs=first.runs + second.runs,
        seeds=min(first.seeds, second.seeds),
        method="Welch t",
    )
