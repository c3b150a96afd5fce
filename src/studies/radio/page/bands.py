"""Bands of SNR: which levels each holds, and how a difference divides among them."""

from uphold.format import count, level, named, number, signed
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


def adds(sweep: Sweep, metric: str, before: str, after: str) -> str:
    """Say what each band adds to the difference between two arms, by its share of the frames."""
    steps = sweep.designed.breakdowns.get(metric, ())
    (step,) = (s for s in steps if (level(s.from_), level(s.to)) == (before, after))
    digits = sweep.page.digits(metric)
    added = [
        f"{signed(part.contribution.value, digits)} {_where(band)}"
        for band, part in step.parts.items()
        if band != BANDS["accuracy"]
    ]
    return (
        f"{after} minus {before} is {signed(step.sum, digits)} overall. Weighted by their shares of"
        f" the frames, the parts of this difference are {named(added)}."
    )


def _where(band: str) -> str:
    return (
        "from the SNRs of no band"
        if band == BANDS["accuracy_uncovered"]
        else f"from the {band} band"
    )


def _range(low: float, high: float) -> str:
    return f"{number(low, 0)} to {number(high, 0)}"
