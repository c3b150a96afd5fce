"""Every configuration of all sweeps once: what it scores, and when its runs were best.

In: the sweeps of a page. Out: tables. Configurations whose runs are the same, such as an arm that
two sweeps have, are one row under the first of their names.
"""

from collections.abc import Iterable, Mapping

from great_tables import GT

from studies.radio.page.steps import ordered
from uphold.analysis.model.runs import Configuration
from uphold.format import level, number, short
from uphold.pages.arms import ARM
from uphold.pages.run_tables import mean_sd, runs
from uphold.pages.table import bold, plain
from uphold.pages.writeup import Page, Sweep


def scores(page: Page, metrics: Mapping[str, str], ranges: Mapping[str, str] | None = None) -> GT:
    """Each configuration with mean ± SD by several metrics, the best by the primary one in bold.

    Parameters
    ----------
    page : Page
    metrics : mapping of str to str
        Metric to the head of its column; one that no run has is left out.
    ranges : mapping of str to str, optional
        Columns of the runs to the heads under which their lowest and highest values stand.
    """
    ranges, found = ranges or {}, list(configurations(page))
    known = {m for m in metrics for _, sweep, c in found if sweep.metric(c, m).n}
    metrics = {metric: head for metric, head in metrics.items() if metric in known}
    rows = [
        (
            name,
            *(mean_sd(sweep, c, metric) for metric in metrics),
            *(_range(sweep, c, column) for column in ranges),
            runs(sweep, sweep.metric(c, page.primary)),
        )
        for name, sweep, c in found
    ]
    table = plain(rows, ["configuration", *metrics.values(), *ranges.values(), "runs"])
    means = [sweep.metric(c, page.primary).mean for _, sweep, c in found]
    best = max((m for m in means if m is not None), default=None)
    return bold(table, [means.index(best)] if best is not None else [])


def configurations(page: Page) -> Iterable[tuple[str, Sweep, Configuration]]:
    """Yield each configuration with a name and its sweep, in the order of the designs."""
    seen: set[frozenset[str]] = set()
    for sweep in page.sweeps:
        keys = sweep.runs.groupby("configuration")["key"].agg(frozenset)
        for c in ordered(sweep):
            if keys[c.configuration] not in seen:
                seen.add(keys[c.configuration])
                yield level(c.levels[ARM]) if ARM in c.levels else short(c.levels), sweep, c


def _range(sweep: Sweep, configuration: Configuration, column: str) -> str:
    here = sweep.runs[sweep.runs["configuration"] == configuration.configuration][column]
    low, high = number(here.min(), 0), number(here.max(), 0)
    return low if low == high else f"{low} to {high}"
