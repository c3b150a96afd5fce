"""What the documents of these tests call in the place of `uphold.pages`.

Heavy imports stand inside the functions, so that a document without figures starts quickly.
"""

import itertools
import os
import sys
import time
from pathlib import Path

from IPython.display import HTML, Markdown, display

HOSTILE = (
    '<script>alert(1)</script> #include "x" $x$ @foo *a* _b_ `c` [d](e) \\ {{< y >}} & ~ ^ | "q"'
)
MARKED = [
    *("+ 3", "- 4", "= 5", "== 5", "1. six", "/ a: b", "# x", "#x", "@x", "~ x", "-? x", "− 7"),
    *("‘0.5’", "“0.7”", "it’s 5’", "--use_bn", "0.5 ...", "*a*", "_b_", "$x$", "[d](e)", "<t>"),
]
SENTENCE = "Label smoothing consistently lifted the score and made the seeds agree more closely."

_draws = itertools.count(1)
_counts = itertools.count(1)


def draw() -> str:
    """Return a text that no two calls share, in this process or in another."""
    return f"draw-{os.getpid()}-{next(_draws)}"


def where() -> str:
    return f"{sys.executable} in {Path.cwd()}"


def text(value: str) -> str:
    return value


def markdown(value: str) -> Markdown:
    return Markdown(value)


def html(value: str) -> HTML:
    return HTML(value)


def say(value: str) -> None:
    print("printed", value)


def show() -> None:
    display(Markdown("*shown*"))


def count() -> int:
    """Return how often it was called in this process."""
    return next(_counts)


def die() -> None:
    os._exit(1)


def leave() -> None:
    sys.exit(3)


def hang() -> None:
    Path("hanging").write_text(str(os.getpid()))
    time.sleep(1000)


def number() -> float:
    return 0.25


def fail() -> None:
    raise KeyError("f1")


def coloured():
    """Return a table with a stub, a spanner, colours, a note and one cell of hostile text."""
    import pandas as pd
    from great_tables import GT, loc, style

    frame = pd.DataFrame(
        {
            "hidden": ["512", "1024"],
            "smoothing": ["True", "False"],
            "f1": ["0.81 ± 0.02", "0.71 ± 0.07"],
            "note": ["plain", HOSTILE],
        }
    )
    table = GT(frame, rowname_col="hidden").tab_spanner("Scores", ["f1"])
    table = table.cols_label(f1="OOD F1").tab_source_note("Three seeds each.")
    table = table.cols_align("right", "f1")
    for row, (fill, ink) in enumerate([("#d7f0dd", "#116329"), ("#ffdce0", "#a40e26")]):
        styles = [style.fill(fill), style.text(color=ink, weight="bold")]
        table = table.tab_style(styles, loc.body(columns="smoothing", rows=[row]))
    return table


def wide(columns: int = 12):
    import pandas as pd
    from great_tables import GT

    return GT(pd.DataFrame({f"metric {c}": ["0.8123 ± 0.0211"] * 3 for c in range(columns)}))


def numbered(number: int, rows: int, columns: int, *, said: bool = False):
    """Return a table no two cells of which are the same, with a column of sentences or without."""
    import pandas as pd
    from great_tables import GT

    frame = pd.DataFrame(
        {
            "name": [f"row {number}.{row}" for row in range(rows)],
            **({"why": [f"{row}: {SENTENCE} " * 3 for row in range(rows)]} if said else {}),
            **{
                f"metric {column}": [
                    f"{number}.{row:02}{column:02} ± 0.0211" for row in range(rows)
                ]
                for column in range(columns)
            },
        }
    )
    return GT(frame).tab_source_note(f"A note that is longer than a line. {SENTENCE * 3}")


def marked():
    """Return a table of cells that begin or end with what Typst or Pandoc would read as marks."""
    import pandas as pd
    from great_tables import GT

    return GT(pd.DataFrame({"cell": MARKED, "beside": MARKED[::-1]}))


def sentences():
    import pandas as pd
    from great_tables import GT

    columns = {"claim": [SENTENCE] * 2, "verdict": ["refuted", "not shown"], "p": ["0.41", "0.2"]}
    return GT(pd.DataFrame(columns))


def verdicts(columns: int = 5):
    """Return a table with columns of sentences and columns of values."""
    import pandas as pd
    from great_tables import GT

    values = {f"metric {c}": ["0.8123 ± 0.0211"] * 3 for c in range(columns)}
    return GT(pd.DataFrame({"claim": [SENTENCE] * 3, **values, "why": [SENTENCE * 2] * 3}))


def grouped():
    """Return a table with groups of rows and a footnote on a number."""
    import pandas as pd
    from great_tables import GT, loc

    columns = {"band": ["low", "high"], "arm": ["A3", "A4"], "accuracy": ["0.165", "0.970"]}
    table = GT(pd.DataFrame(columns), rowname_col="arm", groupname_col="band")
    return table.tab_footnote("One seed.", loc.body("accuracy", [0]))


def frame():
    import pandas as pd

    return pd.DataFrame({"mode": ["repeat", "linear"], "n": [33, 33]})


def figure(width: float = 5.6, height: float = 2.8):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(width, height))
    axes.plot([0, 1, 2], [0.5, 0.7, 0.65], marker="o")
    axes.set(xlabel="ratio", ylabel="OOD F1")
    plt.close(figure)
    return figure
