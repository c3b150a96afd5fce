"""The random streams of one cell, one for each purpose."""

from numpy.random import Generator

from uphold.randomness import generator


class Draws(dict[str, Generator]):
    """Streams by purpose, made when they are first asked for: ``draws["phase"].uniform(size=8)``.

    Whoever draws takes the same amount for each frame, frame by frame. So the first frames of a
    cell are the same however many follow, and in whatever portions they are made; what is drawn
    for one purpose, or in another cell, shifts nothing.

    Parameters
    ----------
    seed : int
    *cell : str or int
        What tells the cell from others.
    """

    def __init__(self, seed: int, *cell: str | int) -> None:
        super().__init__()
        self._seed, self._cell = seed, cell

    def __missing__(self, purpose: str) -> Generator:
        self[purpose] = generator(self._seed, *self._cell, purpose)
        return self[purpose]
