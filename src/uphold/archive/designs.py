"""What a printed design could have shown, and what it did not vary.

In: numbers of levels and runs, settings of arms, as they are printed. Out: findings. Promised: a
null result is read beside the least difference that the design detects with 80 % power, and a cause
is named only where one thing changed.
"""

import numpy as np

from uphold.archive.finding import Finding
from uphold.archive.printed import read, read_range
from uphold.archive.tables import Cell, Tables, Text, Value, named, printed_text
from uphold.error_rates import POWER
from uphold.errors import InputError
from uphold.format import POINTS, exact, number, percent
from uphold.statistics.power import anova_minimum_detectable_effect, minimum_detectable_effect
from uphold.validation import Settings


class Null(Settings):
    """A claimed absence of differences (or, with ``yet``, one named in spite of it).

    Attributes
    ----------
    spread : Value
        Where the SD between runs is printed, as ``mean ± SD``.
    levels, seeds : Cell
        Cells that list the levels compared and the seeds of each.
    margin : float
        The smallest difference that matters.
    yet : str, optional
        A difference that the same write-up reports all the same.
    """

    spread: Value
    levels: Cell
    seeds: Cell
    margin: float
    yet: str | None = None

    def __call__(self, tables: Tables) -> Finding:
        """Compute what the analysis of variance could have detected."""
        sd = read(printed_text(self.spread, tables)).sd
        if sd is None:
            raise InputError(f"published: {self.spread!r} prints no SD.")
        levels, seeds = (len(listed(cell, tables)) for cell in (self.levels, self.seeds))
        least = detectable(sd.value, levels, seeds)
        text = (
            f"At the printed SD of {number(sd.value, 2)}, {levels} levels with {seeds} runs each"
            f" show a difference of {number(least, 2)} with {percent(POWER)} power;"
            f" {exact(self.margin)} matters."
        )
        numbers = {"detectable": least, "sd": sd.value}
        if self.yet is not None:
            difference = read(self.yet).value
            text += (
                f" The difference named, {number(difference, 2)}, is smaller, and the write-up's"
                " own analysis of variance found none."
            )
            numbers["difference"] = difference
            carried = abs(difference) >= least
        else:
            text += " No equivalence was tested."
            carried = least <= self.margin
        return Finding("supported" if carried else "not shown", text, numbers)


class NamedMetric(Settings):
    """The metric that a sentence is about, and the one that its number is of."""

    about: str
    quoted: str

    def __call__(self, tables: Tables) -> Finding:
        """Compare the two names."""
        if self.about.lower() == self.quoted.lower():
            return Finding("supported", f"The number quoted is of {self.about}.")
        return Finding(
            "not shown",
            f"The sentence is about {self.about}; the number it quotes is of {self.quoted}.",
        )


class Apart(Settings):
    """One cause is credited with the difference of two arms.

    Attributes
    ----------
    table : str
        Settings, one row each, with a column for every arm.
    names : str
        The column that names the settings.
    arms : pair of str
    credited : str
        The setting that is given as the cause.
    """

    table: str
    names: str
    arms: tuple[Text, Text]
    credited: str

    def __call__(self, tables: Tables) -> Finding:
        """Count the settings that differ."""
        before, after = self.arms
        rows = named(tables, self.table).rows
        differ = [row[self.names] for row in rows if row[before] != row[after]]
        numbers = {"settings": float(len(differ))}
        if differ == [self.credited]:
            return Finding("supported", f"Nothing but {self.credited} differs.", numbers)
        return Finding(
            "not shown",
            f"{len(differ)} settings differ between {before} and {after} ({', '.join(differ)}), and"
            " each was run once: no cause can be told apart.",
            numbers,
        )


class FillUp(Settings):
    """Upsampling by a ratio added samples.

    The trainer fills every class up to int(ratio × size of the largest class).

    Attributes
    ----------
    ratios : Cell
        Lists the ratios.
    smaller : float
        The size of the smaller class in parts of the larger.
    """

    ratios: Cell
    smaller: float

    def __call__(self, tables: Tables) -> Finding:
        """Count the ratios at which the rule adds anything."""
        ratios = [read(text).value for text in listed(self.ratios, tables)]
        adding = sum(ratio > self.smaller for ratio in ratios)
        numbers = {"ratios": float(len(ratios)), "adding": float(adding)}
        if adding:
            return Finding("supported", f"{adding} of {len(ratios)} ratios add samples.", numbers)
        return Finding(
            "contradicted",
            "By the trainer's rule a class is filled up to the ratio times the size of the largest."
            f" With classes of one size, none of the {len(ratios)} ratios (at most"
            f" {exact(max(ratios))}) adds a sample: every arm was the same.",
            numbers,
        )


class Additive(Settings):
    """A combined gain, from guesses at each part's."""

    expected: dict[str, str]
    stated: str

    def __call__(self, tables: Tables) -> Finding:
        """Add the lower and the upper ends."""
        ends = np.array([[e.value for e in read_range(t)] for t in self.expected.values()])
        low, high = ends.sum(axis=0)
        stated = read_range(self.stated)
        span = f"{number(POINTS * low, 0)} to {percent(high)}"
        numbers = {"low": float(low), "high": float(high)}
        if not (stated[0].agrees(low) and stated[1].agrees(high)):
            return Finding("contradicted", f"The parts add up to {span}.", numbers)
        return Finding(
            "not shown",
            f"It is the sum of {len(ends)} guesses, {span}, as if gains were additive; no result is"
            " printed.",
            numbers,
        )


def detectable(sd: float, levels: int, runs: int) -> float:
    """Return the least difference found with 80 % power: by t for two levels, else by F."""
    if levels == 2:
        return minimum_detectable_effect(sd * np.sqrt(2 / runs), 2 * (runs - 1))
    return anova_minimum_detectable_effect(sd, levels, runs)


def listed(cell: Cell, tables: Tables) -> list[str]:
    """Return the items of a cell that lists them."""
    return [item.strip() for item in cell.text(tables).split(",")]
