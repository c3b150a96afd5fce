"""Level effects adjusted for blocks, and how their sum of squares varies where spreads differ.

In: the level and the block of every run. Out: adjusted effects, whose sum of squares is that of the
levels; and the p of F*, which weighs it against what each level's own spread lets one expect.

F* is Brown and Forsythe's (1974, Technometrics 16, 129-132) with the numerator's degrees of freedom
of Mehrotra (1997, Commun. Stat. Simul. Comput. 26, 1139-1145), written for any quadratic form by
the moments of Box (1954, Ann. Math. Stat. 25, 290-302 and 484-498): y'Ay with independent runs of
variances V is taken for a scaled chi squared with tr(AV)² / tr(AVAV) degrees of freedom. Two levels
without blocks give Welch's t; two levels whose runs are paired by blocks the paired t.
"""

import numpy as np
from scipy.special import fdtrc


class BlockAnova:
    """The reduced normal equations C t = q.

    C = diag(r) - N diag(1 / k) N', with N the counts of level × block, r its row sums and k its
    column sums. Source: John (1971), Statistical Design and Analysis of Experiments, ch. 11. Where
    there are fewer blocks than levels the equations are solved from the blocks' side: with
    P = diag(1 / r) N, a generalised inverse of C is diag(1 / r) + P (diag(k) - N' P)⁻ P', and all
    that is computed here is the same with each of them.

    Parameters
    ----------
    level, block : ndarray of int, shape (n,)
    levels, blocks : int
    """

    def __init__(self, level: np.ndarray, block: np.ndarray, levels: int, blocks: int) -> None:
        count = np.bincount(level * blocks + block, minlength=levels * blocks)
        self._count = count.reshape(levels, blocks).astype(float)
        self.block_size = self._count.sum(axis=0)
        self._size = self._count.sum(axis=1)
        self._share = self._count / self.block_size
        expected = np.outer(self._size, self.block_size) / level.size
        # With proportional counts (a balanced design, or no blocks) blocks and levels are
        # orthogonal, and the effects are plain means.
        self._orthogonal = np.allclose(self._count, expected)
        self._from_blocks = blocks < levels
        if self._orthogonal:
            return
        if self._from_blocks:
            self._mean = self._count / self._size[:, None]
            c = np.diag(self.block_size) - self._count.T @ self._mean
        else:
            c = np.diag(self._size) - self._share @ self._count.T
        self._inverse = np.linalg.pinv(c, hermitian=True)

    def adjusted(self, level_sum: np.ndarray, block_sum: np.ndarray) -> np.ndarray:
        """Return level sums less what their blocks explain, shape (..., levels)."""
        return np.asarray(level_sum - self._share @ block_sum)

    def effects(self, q: np.ndarray) -> np.ndarray:
        """Return the level effects of adjusted sums, shape (..., levels)."""
        if self._orthogonal:
            return np.asarray(q / self._size)
        if self._from_blocks:
            return np.asarray(q / self._size + q @ self._mean @ self._inverse @ self._mean.T)
        return np.asarray(q @ self._inverse)

    def unequal_p(self, ss: float, rss: np.ndarray) -> float:
        """Return the p of F*.

        Parameters
        ----------
        ss : float
            The sum of squares of the levels.
        rss : ndarray, shape (levels,)
            The residual sum of squares in each level.
        """
        weight = self._weights()
        df = self._size - self._share.sum(axis=1) - weight
        # A level of one run does not show its spread: it is taken to be that of all.
        shown = df > 1e-9
        df = np.where(shown, df, df.sum())
        variance = np.where(shown, rss, rss.sum()) / df
        part = weight * variance
        if not part.sum() > 0:
            return np.nan
        df_levels = part.sum() ** 2 / self._trace_of_square(variance)
        df_error = part.sum() ** 2 / (part**2 / df).sum()
        return float(fdtrc(df_levels, df_error, ss / part.sum()))

    def _weights(self) -> np.ndarray:
        """Return the trace of A over each level's runs: what a unit of its variance adds to SS."""
        if self._orthogonal:
            return np.asarray(1 - self._size / self._size.sum())
        diagonal = np.diag(self._inverse)
        if self._from_blocks:
            diagonal = 1 / self._size + (self._mean @ self._inverse * self._mean).sum(axis=1)
        moved = self.effects(self._share.T).T
        own = diagonal * self._size - 2 * (self._count * moved).sum(axis=1)
        return np.asarray(own + self._count @ (self._share * moved).sum(axis=0))

    def _trace_of_square(self, variance: np.ndarray) -> float:
        """Return tr(AVAV), V being each level's variance."""
        if self._orthogonal:
            f = self._size / self._size.sum()
            return float((variance**2 * (1 - 2 * f)).sum() + (f @ variance) ** 2)
        if self._from_blocks:
            return self._trace_from_blocks(variance)
        across = (variance[:, None] * self._count) @ self._share.T
        spread = np.diag(self._size * variance) - across - across.T
        spread += (self._share * (variance @ self._count)) @ self._share.T
        moved = self.effects(spread)
        return float((moved * moved.T).sum())

    def _trace_from_blocks(self, variance: np.ndarray) -> float:
        """Return the same without a matrix of levels × levels.

        The inverse times the spread is a diagonal matrix, V, and one of the rank of a few blocks:
        with U = [VN, share], the spread is diag(r)V + U K U'.
        """
        one = np.eye(self.block_size.size)
        k = np.block([[0 * one, -one], [-one, np.diag(variance @ self._count)]])
        u = np.hstack([variance[:, None] * self._count, self._share])
        left = np.hstack([self.effects(u.T).T @ k, self._mean @ self._inverse])
        right = np.hstack([u, (self._size * variance)[:, None] * self._mean])
        both = right.T @ left
        mixed = variance[:, None] * right * left
        return float((variance**2).sum() + 2 * mixed.sum() + (both * both.T).sum())
