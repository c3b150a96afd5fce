"""How a table of texts is made: its columns' sides, its cells' colours, its one row for nothing.

In columns of numbers, points stand below points: great_tables cannot align by them, nor can
browsers, so that blanks as wide as digits, which no eye sees, take the place of those that a number
lacks.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from html import escape

import pandas as pd
from great_tables import GT, loc, style

from uphold.format import MISSING

NUMBER = r"[+−≤]?\s?(<\s)?[\d.,]+( %)?"
"""A number alone in its cell, as `uphold.format` writes it."""

NUMBERS = re.compile(rf"{NUMBER}( (±|to) {NUMBER})?")
"""One, or a spread, or the ends of an interval."""

ESTIMATE = re.compile(rf"({NUMBER}) \(.*")
"""A number with its interval, or whatever else stands in brackets."""

DIGIT, POINT = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"
"""Blanks as wide as a digit and as a point, where digits are all of one width."""

GROUP = "_group"

SHARES = 2
"""Decimals of partial η² and ω², in tables as in sentences."""


def nothing(head: str, text: str) -> GT:
    """Return a table of one row that says why there is nothing to show."""
    return plain([(MISSING, text)], [head, "found"])


def plain(rows: Iterable[Sequence[str]], heads: Sequence[str], groups: Sequence[str] = ()) -> GT:
    """Return a table of texts, escaped; columns of numbers are right-aligned, by their points.

    Estimates with intervals are left-aligned, by the points of the estimates.
    With ``groups``, one name a row, rows of one name stand together under it.
    """
    frame = pd.DataFrame([list(map(str, row)) for row in rows], columns=list(heads), dtype="str")
    numbers = [head for head in frame if _are_numbers(frame[head])]
    several = len(set(groups)) > 1
    shown = frame.assign(**{GROUP: list(groups)}) if several else frame
    table = GT(shown, groupname_col=GROUP if several else None)
    table = table.opt_row_striping(row_striping=False)
    table = table.cols_align("left", [head for head in frame if head not in numbers])
    table = table.cols_align("right", numbers)
    for head in frame:
        blanks = _blanks(frame[head], of_numbers=head in numbers)
        if any(before + after for before, after in blanks.values()):
            table = table.fmt(partial(_padded, blanks), columns=head)
    return table


def without_marks(text: str) -> str:
    """Return a message with `key` told as “key”: a terminal's backticks would stand as they are."""
    return re.sub(r"`([^`]+)`", r"“\1”", text)


def _are_numbers(column: pd.Series) -> bool:
    """Whether all cells with digits are numbers with their true signs, and no fewer are words."""
    known = column[~column.isin((MISSING, ""))]
    numbers = known.str.fullmatch(NUMBERS)
    return bool((numbers | ~known.str.contains(r"\d")).all()) and bool(numbers.mean() > 0.5)


def _blanks(column: pd.Series, *, of_numbers: bool) -> dict[str, tuple[str, str]]:
    """Return the blanks before and after cells that bring their points below each other."""
    if of_numbers:
        numbers = [text for text in column if NUMBERS.fullmatch(text)]
        ends = {text: "".join(re.findall(r"\.\d+$", text)) for text in numbers}
        longest = max(map(len, ends.values()))
        blank = (POINT + DIGIT * longest)[:longest]
        return {text: ("", blank[len(end) :]) for text, end in ends.items()}
    estimates = [found for text in column if (found := ESTIMATE.fullmatch(text))]
    if not column.isin((*(found[0] for found in estimates), MISSING, "")).all():
        return {}
    starts = {found[0]: found[1].partition(".")[0] for found in estimates}
    longest = max(map(len, starts.values()), default=0)
    return {text: (DIGIT * (longest - len(start)), "") for text, start in starts.items()}


def _padded(blanks: Mapping[str, tuple[str, str]], text: str) -> str:
    before, after = blanks.get(text, ("", ""))
    return f"{before}{escape(text)}{after}"


def coloured(table: GT, colours: Mapping[str, str]) -> GT:
    """Give cells of certain texts a background."""
    frame: pd.DataFrame = table._tbl_data
    for column in frame.columns:
        for text, fill in colours.items():
            rows = [i for i, cell in enumerate(frame[column]) if cell == text]
            if rows:
                body = loc.body(columns=[column], rows=rows)
                table = table.tab_style(style=style.fill(color=fill), locations=body)
    return table


def bold(table: GT, rows: Sequence[int]) -> GT:
    """Set whole rows in bold, such as the best."""
    body = loc.body(columns=list(table._tbl_data), rows=list(rows))
    return table.tab_style(style=style.text(weight="bold"), locations=body) if rows else table


def anchored(table: GT, column: str, names: Sequence[str]) -> GT:
    """Give each row a name that a link can lead to, on its cell of a column of texts."""
    for row, name in enumerate(names):
        table = table.fmt(partial(_named, name), columns=column, rows=[row])
    return table


def _named(name: str, text: str) -> str:
    return f'<span id="{escape(name)}">{escape(text)}</span>'
