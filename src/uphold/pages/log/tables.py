"""The tables that a run log's report has beyond those of write-ups.

A table never has more columns than a page holds, whatever the log has.
"""

from collections.abc import Mapping, Sequence

from great_tables import GT

from uphold.analysis.model.report import FirstRows, Printed
from uphold.analysis.model.runs import Along
from uphold.format import MISSING, count, counted, exact, level, name, number, rough, several, short
from uphold.pages.claim_tables import SEVERITY
from uphold.pages.log.page import LogPage
from uphold.pages.run_tables import SWITCH, cell, mean_sd, runs
from uphold.pages.table import coloured, nothing, plain, without_marks
from uphold.pages.writeup import Sweep
from uphold.palette import colour

COLUMNS_FOR_FACTORS = 6
CHARACTERS_FOR_FACTORS = 60
NAMED = 3
AGREES = {"yes": colour("holds"), "no": colour("fails")}


def factors(page: LogPage) -> GT:
    """The factors with their first levels, and numeric settings with the range of their values."""
    rows = [
        (
            name(f.name),
            str(f.count),
            ", ".join(map(level, f.levels)) + _more(f.count - len(f.levels)),
            count(f.without),
        )
        for f in page.runs.factors
    ]
    rows += [(name(f.name), str(f.count), _range(f), count(f.without)) for f in page.runs.numeric]
    return plain(rows, ["setting", "how many", "levels, or values", "runs without"])


def _range(f: Along) -> str:
    """Return such as ``0.0001 to 0.1, on a log scale``."""
    if f.low is None or f.high is None:
        return MISSING
    return f"{_end(f.low)} to {_end(f.high)}" + ", on a log scale" * (f.scale == "log")


def _end(value: float) -> str:
    """Return a value that was tried: ``0.0031``, and ``1024`` as it is, which counts something."""
    return exact(value) if value == round(value) else rough(value)


def configurations(sweep: Sweep) -> GT:
    """The best configurations by the primary metric, by number and by levels."""
    page, best = sweep.page, sweep.configurations
    varying = list(dict.fromkeys(f for c in best for f in c.levels))
    metrics = list(sweep.found.effects)
    cells = [[cell(c.levels.get(f, MISSING)) for f in varying] for c in best]
    widths = [max(map(len, column)) for column in zip(map(name, varying), *cells, strict=True)]
    if len(varying) > COLUMNS_FOR_FACTORS or sum(widths) > CHARACTERS_FOR_FACTORS:
        heads, cells = ["configuration"], [[short(c.levels)] for c in best]
    else:
        heads = [name(f) for f in varying]
    rows = [
        [
            str(number_),
            *row,
            *(mean_sd(sweep, c, metric) for metric in metrics),
            runs(sweep, c.metrics[page.primary]),
        ]
        for number_, (c, row) in enumerate(zip(best, cells, strict=True), start=1)
    ]
    heads = distinct(["no.", *heads, *map(page.label, metrics), "runs"])
    return coloured(plain(rows, heads), SWITCH)


def audit(page: LogPage) -> GT:
    """What the audit found, errors first, with the first rows of each."""
    rows = [
        (
            r.check,
            r.severity,
            counted(r.count, r.unit.removesuffix("s")),
            " ".join([without_marks(r.message), _such_as(r)]).strip(),
        )
        for r in page.flags
    ]
    if not rows:
        return nothing("check", "all checks passed")
    heads = ["check", "severity", "how many", "what it means, and where"]
    widths = dict(zip(heads, ("19%", "11%", "11%", "59%"), strict=True))
    return coloured(plain(rows, heads), SEVERITY).cols_width(widths)


def published(page: LogPage) -> GT:
    """Every printed number beside the one that the runs give, row by row of the printed table."""
    found = page.found.published
    if not found:
        return nothing("published", "nothing to compare with")
    first = [i == 0 or c.row != found[i - 1].row for i, c in enumerate(found)]
    rows = [
        (
            f"{c.row}. {c.where}" if begins else "",
            page.label(c.metric) if c.metric else "n",
            _value(c.printed, c.places),
            _value(c.recomputed, c.places + 1) + _seeds(c, page),
            "yes" if c.agrees else "no",
        )
        for c, begins in zip(found, first, strict=True)
    ]
    heads = ["row", "what", "printed", "recomputed", "agrees"]
    return coloured(plain(rows, heads), AGREES)


def planned(page: LogPage) -> GT:
    """What to run next, and why."""
    rows = [(r.what, MISSING if r.runs is None else count(r.runs), r.why) for r in page.found.next]
    if not rows:
        return nothing("next", "nothing is open")
    return plain(rows, ["what to run", "runs", "why"])


def made(page: LogPage) -> GT:
    """The files that the report was made from, and the versions that made it."""
    return plain([(r.what, r.text) for r in page.found.made], ["what", "value"])


def distinct(heads: Sequence[str]) -> list[str]:
    """Return headings of which none stands twice: a factor may be called as a column is."""
    found: list[str] = []
    for head in heads:
        number_ = 1 + sum(h == head or h.startswith(f"{head} (") for h in found)
        found.append(head if number_ == 1 else f"{head} ({number_})")
    return found


def _value(found: Mapping[str, float | None], places: int) -> str:
    """Return a mean with its SD, either where it is there alone, or an n."""
    if "n" in found:
        return number(found["n"], 0)
    texts = [number(found[part], places) for part in ("mean", "sd") if part in found]
    return " ± ".join(texts)


def _seeds(c: Printed, page: LogPage) -> str:
    return "" if c.metric else f" from {c.seeds} {several(name(page.found.replicate))}"


def _such_as(flag: FirstRows) -> str:
    """Name the first rows of a flag that its message does not name, and count the others."""
    names = "; ".join(row for row in flag.rows if row not in flag.message)
    return f"({names}{_more(flag.more)})" if names else ""


def _more(many: int) -> str:
    return f", … {count(many)} more" if many > 0 else ""
