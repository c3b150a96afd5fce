import pandas as pd
import pytest

from uphold.statistics.scores import Scores


@pytest.fixture
def table() -> pd.DataFrame:
    """Two factors of two levels × three seeds.

    In R: y <- c(.61,.64,.58, .66,.71,.60, .55,.63,.57, .70,.69,.74);
    a <- rep(rep(c("low","high"), each=3), 2); m <- rep(c("x","y"), each=6); s <- rep(1:3, 4)
    """
    return pd.DataFrame(
        {
            "amount": (["low"] * 3 + ["high"] * 3) * 2,
            "mode": ["x"] * 6 + ["y"] * 6,
            "seed": [1, 2, 3] * 4,
            "f1": [0.61, 0.64, 0.58, 0.66, 0.71, 0.60, 0.55, 0.63, 0.57, 0.70, 0.69, 0.74],
        }
    )


@pytest.fixture
def scores(table) -> Scores:
    return Scores(table, ("amount", "mode"), "seed")
