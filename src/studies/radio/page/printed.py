"""The archived table of runs, beside ours."""

from great_tables import GT

from studies.radio.page.bands import BANDS
from uphold.format import number
from uphold.pages.arms import ARM
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep


def table(page: Page, sweep: Sweep) -> GT:
    """The archived table of runs, each number with ours in brackets."""
    columns = {"Val Acc": "accuracy", "Low-SNR": "accuracy_low"}
    columns |= {"Mid-SNR": "accuracy_mid", "High-SNR": "accuracy_high"}
    rows = []
    for row in page.archived.tables["prior"]:
        (ours,) = sweep.chosen([{ARM: row["Run"]}])
        means = (
            number(sweep.metric(ours, metric).mean, page.digits(metric))
            for metric in columns.values()
        )
        cells = (f"{row[head]} ({mean})" for head, mean in zip(columns, means, strict=True))
        rows.append((row["Run"], *cells))
    return plain(rows, ["run", *(BANDS[metric] for metric in columns.values())])
