"""What the rows of a printed table say of a sentence about them.

In: a table with one row a configuration. Out: findings. Promised: rows are compared where they
agree in every other factor, differences are held against the printed SDs and runs, and rounding is
never taken for a difference.
"""

from collections.abc import Sequence
from itertools import product
from typing import Literal

import numpy as np

from uphold.archive.comparisons import Comparison, sd_ratio_p, welch
from uphold.archive.finding import Finding, Verdict
from uphold.archive.printed import p_shown, read, read_range
from uphold.archive.tables import Levels, Table, Tables, Text, level_text, levels_text, named
from uphold.error_rates import ALPHA
from uphold.format import exact, number, signed
from uphold.validation import Settings


class Mean(Settings):
    """``across the rows ≈ mean ± SD``: the mean and SD of a column's rows."""

    table: str
    column: str
    stated: str

    def __call__(self, tables: Tables) -> Finding:
        """Hold the stated mean and SD against the rows'."""
        rows = named(tables, self.table).values(self.column)
        values, half = np.array([r.value for r in rows]), max(r.half for r in rows)
        mean, sd, stated = values.mean(), values.std(ddof=1), read(self.stated)
        holds = stated.agrees(mean, half) and (stated.sd is None or stated.sd.agrees(sd, half))
        return Finding(
            "supported" if holds else "contradicted",
            f"The {len(rows)} rows have a mean of {number(mean)} and an SD of {number(sd)}.",
            {"mean": mean, "sd": sd},
        )


class Gap(Settings):
    """One column lies below another, by at most so much (``slightly``: the margin)."""

    table: str
    lower: str
    higher: str
    at_most: float

    def __call__(self, tables: Tables) -> Finding:
        """Take the gap in every row."""
        table = named(tables, self.table)
        low, high = table.values(self.lower), table.values(self.higher)
        gaps = np.array([h.value - b.value for b, h in zip(low, high, strict=True)])
        half = max(p.half for p in (*low, *high)) * 2
        far = int((gaps > self.at_most + half).sum())
        ordered = bool((gaps > -half).all())
        row_by_row = ", ".join(number(gap, 2) for gap in gaps)
        wide = gaps.mean() > self.at_most + half
        return Finding(
            "supported" if ordered and not wide else "contradicted",
            f"Row by row the gap is {row_by_row} (mean {number(gaps.mean())})"
            + (f": beyond {exact(self.at_most)} in {far} of {len(gaps)}." if wide else "."),
            {f"gap.{i}": gap for i, gap in enumerate(gaps, 1)} | {"mean": gaps.mean()},
        )


class Shown(Settings):
    """The levels that a sentence compares stand in the table at all."""

    table: str
    levels: dict[str, list[Text]]
    where: Levels = {}

    def __call__(self, tables: Tables) -> Finding:
        """Look for a row with every combination of the levels."""
        table = named(tables, self.table)
        wanted = [
            dict(zip(self.levels, combination, strict=True))
            for combination in product(*self.levels.values())
        ]
        missing = [w for w in wanted if not table.where({**self.where, **w})]
        numbers = {"wanted": float(len(wanted)), "missing": float(len(missing))}
        if not missing:
            return Finding("supported", "Every level compared is shown.", numbers)
        names = "; ".join(map(levels_text, missing))
        among = f" where {levels_text(self.where)}" if self.where else ""
        return Finding("not shown", f"No row{among} shows {names}.", numbers)


class Effect(Settings):
    """Taking a factor from one level to another moves a column in the stated direction."""

    table: str
    column: str
    factor: str
    from_level: Text
    to_level: Text
    stated: Literal["increase", "decrease", "no-increase", "no-decrease"]
    margin: float | None = None
    where: Levels = {}

    def __call__(self, tables: Tables) -> Finding:
        """Compare the rows that differ in the factor alone; Welch's t from mean, SD and n."""
        table = named(tables, self.table)
        pairs = list(table.pairs(self.factor, self.from_level, self.to_level, self.where))
        step = f"{self.factor} {level_text(self.from_level)} → {level_text(self.to_level)}"
        if not pairs:
            return Finding("not shown", f"No two rows differ in {step} alone.")
        sides = [(read(a[self.column]), read(b[self.column])) for a, b in pairs]
        tests = [welch(before, after, table.runs) for before, after in sides]
        varied = [n for n in table.varied if n != self.factor]
        parts: list[str] = []
        numbers: dict[str, float] = {}
        for i, ((row, _), test) in enumerate(zip(pairs, tests, strict=True), 1):
            among = f" at {levels_text({n: row[n] for n in varied})}" if varied else ""
            parts.append(f"{signed(test.difference, 3)}{among} ({test.surely})")
            numbers |= {f"difference.{i}": test.difference, f"p.{i}": test.p}
            numbers |= {f"detectable.{i}": test.detectable}
        text = f"{self.column} with {step}: {'; '.join(parts)}."
        return Finding(self._verdict(tests), text, numbers)

    def _verdict(self, tests: Sequence[Comparison]) -> Verdict:
        sign = 1 if self.stated.endswith("increase") else -1
        if self.stated.startswith("no-"):
            if any(sign * t.difference > 0 and t.p < ALPHA for t in tests):
                return "contradicted"
            bounds = [sign * t.difference + t.reach for t in tests]
            small = self.margin is not None and all(b < self.margin for b in bounds)
            return "supported" if small else "not shown"
        # Without SDs nothing printed says that a difference the other way is noise.
        if any(sign * t.difference < -t.half and not t.p >= ALPHA for t in tests):
            return "contradicted"
        return "supported" if all(t.p < ALPHA for t in tests) else "not shown"


class Spread(Settings):
    """Taking a factor from one level to another changes the SD of a column."""

    table: str
    column: str
    factor: str
    from_level: Text
    to_level: Text
    stated: Literal["increase", "decrease"]

    def __call__(self, tables: Tables) -> Finding:
        """Hold the SDs of one level against the range of the other's, and pair by pair."""
        table = named(tables, self.table)
        before, after = (self._sds(table, x) for x in (self.from_level, self.to_level))
        if not before or not after:
            only = f": {_span(before or after)}" if before or after else ""
            text = f"Rows with an SD of {self.column} show one level of {self.factor} alone{only}."
            return Finding("not shown", text)
        pairs = [
            (a.sd.value, b.sd.value)
            for rows in table.pairs(self.factor, self.from_level, self.to_level, {})
            for a, b in [(read(row[self.column]) for row in rows)]
            if a.sd and b.sd
        ]
        to_level = level_text(self.to_level)
        ps = [sd_ratio_p(a, b, table.runs) for a, b in pairs]
        text = (
            f"The SD of {self.column} is {_span(after)} at {self.factor} {to_level} and"
            f" {_span(before)} at {level_text(self.from_level)}."
        )
        for (a, b), p in zip(pairs, ps, strict=True):
            text += (
                f" Between rows that differ in nothing else it goes from {number(a, 2)} to"
                f" {number(b, 2)} (F test {p_shown(p)})."
            )
        numbers = {f"p.{i}": p for i, p in enumerate(ps, 1)}
        numbers |= {"from.low": min(before), "from.high": max(before)}
        numbers |= {"to.low": min(after), "to.high": max(after)}
        return Finding(self._verdict(pairs, ps), text, numbers)

    def _verdict(self, pairs: Sequence[tuple[float, float]], ps: Sequence[float]) -> Verdict:
        sign = 1 if self.stated == "increase" else -1
        sure = [sign * (b - a) for (a, b), p in zip(pairs, ps, strict=True) if p < ALPHA]
        if any(change < 0 for change in sure):
            return "contradicted"
        return "supported" if pairs and len(sure) == len(pairs) else "not shown"

    def _sds(self, table: Table, level: str) -> list[float]:
        cells = table.values(self.column, {self.factor: level})
        return [cell.sd.value for cell in cells if cell.sd]


class BestRow(Settings):
    """A configuration is the best row of a table, and by more than noise."""

    table: str
    column: str
    row: Levels

    def __call__(self, tables: Tables) -> Finding:
        """Look for the highest value of the column, and hold its lead over the next."""
        table = named(tables, self.table)
        best, following = sorted(
            table.rows, key=lambda row: read(row[self.column]).value, reverse=True
        )[:2]
        stated = max(
            (row[self.column] for row in table.where(self.row)), key=lambda text: read(text).value
        )
        top = read(best[self.column])
        if read(stated).value < top.value:
            apart = {k: best[k] for k in self.row if best[k] != self.row[k]}
            return Finding(
                "contradicted",
                f"The best row is another: {best[self.column]} with {levels_text(apart)}, against"
                f" {stated}.",
                {"best": top.value, "stated": read(stated).value},
            )
        lead = welch(read(following[self.column]), top, table.runs)
        return Finding(
            "supported" if lead.p < ALPHA else "not shown",
            f"It is the best row: {signed(lead.difference, 3)} over the next ({lead.surely}).",
            {"best": top.value, "lead": lead.difference, "p": lead.p},
        )


class Within(Settings):
    """A stated range holds the rows of a column, and no more."""

    table: str
    column: str
    stated: str
    where: Levels = {}

    def __call__(self, tables: Tables) -> Finding:
        """Hold both ends of the range against the rows' least and greatest."""
        rows = named(tables, self.table).values(self.column, self.where)
        low, high = (pick(rows, key=lambda r: r.value) for pick in (min, max))
        stated = read_range(self.stated)
        ends = zip(stated, (low, high), strict=True)
        holds = all(end.agrees(row.value, row.half) for end, row in ends)
        text = f"The {len(rows)} rows lie between {number(low.value)} and {number(high.value)}."
        numbers = {"low": low.value, "high": high.value}
        return Finding("supported" if holds else "contradicted", text, numbers)


class FromPrecisionAndRecall(Settings):
    """Every printed F1 can come from the precision and recall beside it.

    For one run F1 = 2PR / (P + R). For a mean over runs that is an upper bound, because the
    harmonic mean is concave; the lower one is P + R − 1, which the mean over any runs with those
    means of P and R exceeds.
    """

    table: str
    f1: str
    precision: str
    recall: str

    def __call__(self, tables: Tables) -> Finding:
        """Take the bounds in every row, with rounding."""
        table = named(tables, self.table)
        columns = (table.values(c) for c in (self.f1, self.precision, self.recall))
        outside = 0
        numbers: dict[str, float] = {}
        for i, (f1, p, r) in enumerate(zip(*columns, strict=True), 1):
            high = harmonic(p.value + p.half, r.value + r.half)
            low = p.value - p.half + r.value - r.half - 1
            if table.runs == 1:
                low = harmonic(p.value - p.half, r.value - r.half)
            outside += not (low - f1.half <= f1.value <= high + f1.half)
            numbers |= {f"low.{i}": max(low, 0.0), f"high.{i}": high}
        allow = f"what {self.precision} and {self.recall} allow"
        text = f"{self.f1} is within {allow} in each of the {len(table.rows)} rows."
        if outside:
            text = f"{self.f1} is outside {allow} in {outside} of {len(table.rows)} rows."
        return Finding("contradicted" if outside else "supported", text, numbers)


def harmonic(p: float, r: float) -> float:
    """Return the F1 of a precision and a recall."""
    return 2 * p * r / (p + r) if p + r > 0 else 0.0


def _span(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return number(low, 2) if low == high else f"{number(low, 2)} to {number(high, 2)}"
