"""How much mixup really mixes: its weight in closed form, and how many batches and frames."""

from collections.abc import Mapping

from great_tables import GT

from studies.radio.page import steps
from uphold.format import MISSING, exact, level, number
from uphold.pages import arms
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep

SHARE = 4
"""Decimals of shares, which the archive's own audit has as well."""


def weights(page: Page) -> GT:
    """What the mixing weight is like, in closed form, beside what the archive prints."""
    named = {
        "blended": "strongly blended: P[.3 ≤ λ ≤ .7]",
        "near-pure": "nearly pure: P[λ ≤ .1 or λ ≥ .9]",
        "strength": "strength: E[min(λ, 1 − λ)]",
    }
    rows = [
        (text, number(_archived(page, key)["value"], SHARE), page.archived.sentences[key])
        for key, text in named.items()
    ]
    alpha = level(_archived(page, "strength")["alpha"])
    return plain(
        [(text, value, said.says, said.verdict) for text, value, said in rows],
        ["quantity", f"λ ~ Beta({alpha}, {alpha})", "as archived", "verdict"],
    )


def shares(page: Page, sweep: Sweep) -> GT:
    """What share of batches and of frames is really mixed: by probability, weight and SNR gate."""
    rows = []
    for c in steps.ordered(sweep):
        chosen = {**sweep.designed.design.fixed, **arms.settings(sweep, c.levels)}
        gate = chosen["mixup_min_snr"]
        probability, passing = chosen["mixup_probability"], _passing(page, gate)
        if chosen["mixup"] == "none":
            rows.append((level(c.levels[arms.ARM]), "none", *[MISSING] * 3, "0", "0"))
            continue
        mixed = _really_mixed(page, chosen["mixup_alpha"])
        really = None if mixed is None else probability * mixed
        rows.append(
            (
                level(c.levels[arms.ARM]),
                level(chosen["mixup"]),
                exact(probability),
                MISSING if gate is None else f"{number(gate, 0)} dB",
                exact(passing),
                number(really, SHARE),
                number(None if really is None else really * passing, SHARE),
            )
        )
    heads = ["run", "reaches", "probability", "from SNR", "frames let pass"]
    return plain(rows, [*heads, "batches really mixed", "frames really mixed"])


def batches(page: Page) -> str:
    """Say what share of batches is really mixed, against the archived third."""
    found, said = _archived(page, "third-of-batches"), "third-of-batches"
    sentence = page.archived.sentences[said]
    return (
        f"A batch counts as really mixed where its weight is not nearly pure. The archived sentence"
        f" “{sentence.says}” leaves out how often a batch is mixed at all: with it the share is"
        f" {number(found['value'], SHARE)}."
    )


def _archived(page: Page, sentence: str) -> Mapping[str, float | None]:
    """Return the numbers that the audit of the archive worked out for a sentence."""
    return page.archived.sentences[sentence].numbers[0]


def _really_mixed(page: Page, alpha: float) -> float | None:
    """Return how likely a weight is not nearly pure; None for another alpha than the archive's."""
    pure = _archived(page, "near-pure")
    share = pure["value"] if pure["alpha"] == alpha else None
    return None if share is None else 1 - share


def _passing(page: Page, gate: float | None) -> float:
    """Return the share of frames that a gate lets pass: every level of SNR has as many."""
    snrs: list[float] = page.writeup.data["snrs"]
    return sum(gate is None or snr >= gate for snr in snrs) / len(snrs)
