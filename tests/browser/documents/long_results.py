"""What the document of these tests calls in the place of `uphold.pages`: its tables."""

from typing import Any

# One row of each kind of value that a page's tables hold.
ROWS = [
    ("alpha", "0.762 ± 0.019", "< .001", "+0.020 (0.008 to 0.032)", "1,200", "12 %"),
    ("bravo", "0.784 ± 0.010", ".012", "−0.110 (−0.200 to −0.020)", "90", "9 %"),
    ("charlie", "0.701 ± 0.030", ".2", "−0.020 (−0.030 to 0.010)", "11,000", "100 %"),
    ("delta", "0.699 ± 0.001", ".001", "+0.110 (0.100 to 0.120)", "7", "3 %"),
    ("echo 10", "0.8 ± 0.1", ".5", "0.000 (−0.001 to 0.001)", "800", "4.5 %"),
    ("echo 9", "0.65 ± 0.01", ".05", "+0.003 (0.001 to 0.005)", "–", "50 %"),
    ("foxtrot", "0.66 ± 0.01", ".06", "+0.004 (0.001 to 0.005)", "10,000", "51 %"),
    ("golf", "0.67 ± 0.01", ".07", "−0.004 (−0.010 to 0.005)", "350", "52 %"),
    ("hotel", "0.68 ± 0.01", ".08", "+1.500 (1.000 to 2.000)", "351", "53 %"),
    ("foxtrot 2", "0.72 ± 0.01", ".09", "+0.005 (0.001 to 0.009)", "402", "20 %"),
    ("foxtrot 3", "0.73 ± 0.01", ".13", "+0.006 (0.001 to 0.009)", "403", "21 %"),
    ("foxtrot 4", "0.74 ± 0.01", ".11", "+0.007 (0.001 to 0.009)", "401", "22 %"),
    ("foxtrot 5", "0.75 ± 0.01", ".10", "+0.008 (0.001 to 0.009)", "400", "23 %"),
]


HEADS = ["arm", "F1", "p", "difference", "items", "share"]


def long(rows: int = len(ROWS)) -> Any:
    import pandas as pd
    from great_tables import GT, loc, style

    frame = pd.DataFrame(ROWS[:rows], columns=HEADS)
    blue = style.fill(color="#d9e8f6")
    return GT(frame).tab_style(blue, loc.body(columns="F1", rows=[0, 2]))


def short() -> Any:
    import pandas as pd
    from great_tables import GT

    return GT(pd.DataFrame(ROWS[:8], columns=HEADS))


def wide() -> Any:
    import pandas as pd
    from great_tables import GT

    return GT(pd.DataFrame([{f"column {name}": f"0.{name}23" for name in range(1, 15)}]))


def points() -> Any:
    """Numbers with more digits and fewer, and estimates, in enough rows to be sorted."""
    from uphold.pages.table import plain

    rows = [("0.0005", "8.5 (4 to 12)"), ("0.001", "11 (4 to 15)"), ("1", "121.5 (1 to 2)")]
    return plain([(f"arm {n}", *rows[n % 3]) for n in range(9)], ["arm", "rate", "epoch"])
