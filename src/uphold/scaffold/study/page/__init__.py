"""What the write-ups of this study alone show."""

from great_tables import GT

from uphold.format import count, number
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep


def classes(sweep: Sweep) -> GT:
    """How many points of each class the best configuration tells, over all its runs."""
    best = sweep.designed.configurations[0].configuration
    chosen = sweep.confusions[sweep.confusions["configuration"] == best]
    counts = chosen.pivot_table(index="truth", columns="predicted", values="count", sort=False)
    rows = [
        (
            truth,
            count(row.sum()),
            number(row[truth] / row.sum(), 3),
            row.drop(truth).idxmax(),
        )
        for truth, row in counts.iterrows()
    ]
    return plain(rows, ["class", "predictions", "share right", "most often taken for"])
