"""Bands of SNR: which levels each holds, and how a difference divides among them."""

from collections.abc import Sequence

from great_tables import GT

from uphold.analysis.model.estimates import Part
from uphold.format import count, interval, level, number, p_value, signed
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep

BANDS = {
    "accuracy": "overall",
    "accuracy_low": "low",
    "accuracy_mid": "mid",
    "accuracy_high": "high",
    "accuracy_uncovered": "no band",
}
"""Metrics of the whole and of its slices, as columns are headed."""

COVERED = {metric: head for metric, head in BANDS.items() if head != "no band"}
"""The same without the SNRs of no band."""


def sentence(page: Page) -> str:
    """Say which SNRs each band holds, which no band holds, and how many test frames there are."""
    snrs = page.writeup.data["snrs"]
    # Every level of SNR has as many.
    frames_a_level = page.writeup.data["splits"]["test"]["items"] // len(snrs)
    edges = spans(page)
    inside = {band: [s for s in snrs if low <= s <= high] for band, (low, high) in edges.items()}
    listed_bands = [
        f"{band} {_range(*edges[band])} ({count(len(held) * frames_a_level)})"
        for band, held in inside.items()
    ]
    rest = [s for s in snrs if not any(s in held for held in inside.values())]
    listed = ", ".join(number(snr, 0) for snr in rest)
    text = f"Bands of SNR, in dB, and in brackets their test frames: {', '.join(listed_bands)}."
    return f"{text} No band holds {listed} ({count(len(rest) * frames_a_level)})." if rest else text


def spans(page: Page) -> dict[str, tuple[float, float]]:
    """Return each band's edges, as runs were scored by them, cut to the SNRs that the data have."""
    edges = page.writeup.evaluation["bands"]
    lowest, highest = min(page.writeup.data["snrs"]), max(page.writeup.data["snrs"])
    return {
        name: (max(low, lowest), min(high, highest))
        for name, (low, high) in edges.items()
        if low <= highest and high >= lowest
    }


def parts(sweep: Sweep, metric: str, steps: Sequence[tuple[str, str]] = ()) -> GT:
    """Each step's difference by band, what each band adds to the overall one, and their sum.

    Parameters
    ----------
    sweep : Sweep
    metric : str
        A proportion with bands.
    steps : sequence of (str, str)
        The levels to go from and to; by default all steps.
    """
    rows = []
    for step in sweep.designed.breakdowns.get(metric, ()):
        levels = level(step.from_), level(step.to)
        if steps and levels not in steps:
            continue
        rows += [
            [" → ".join(levels), band, *_cells(sweep.page, metric, band, part)]
            for band, part in step.parts.items()
        ]
        added = signed(step.sum, sweep.page.digits(metric))
        rows.append([" → ".join(levels), "sum of the bands", *[""] * 4, added, ""])
    label = sweep.page.label(metric)
    heads = ["step", "band", "items", label, "95 % interval", "p", "adds", "seeds"]
    return plain(rows, heads)


def _cells(page: Page, metric: str, band: str, part: Part) -> list[str]:
    difference = part.difference
    own = next((m for m, head in BANDS.items() if head == band and m in page.found.metrics), metric)
    digits = page.digits(own)
    return [
        count(part.items_),
        signed(difference.value, digits),
        interval(difference, digits),
        p_value(difference.p),
        signed(part.contribution.value, page.digits(metric)),
        str(difference.n),
    ]


def _range(low: float, high: float) -> str:
    return f"{number(low, 0)} to {number(high, 0)}"
