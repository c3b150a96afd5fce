"""The archived runs and lessons, held against ours."""

from collections.abc import Sequence

from great_tables import GT

from studies.radio.page.bands import BANDS
from uphold.analysis.model.writeup import Claim
from uphold.format import number
from uphold.pages.arms import ARM
from uphold.pages.table import plain
from uphold.pages.verdicts import verdict
from uphold.pages.writeup import Page, Sweep

LESSONS = {
    "clean-supervision": "Labels that auxiliary losses learn from must not be mixed.",
    "outsized": "Small gains of the denoiser weigh most in the low band.",
    "cleaner-baseline": "A3 is the cleaner baseline: A4 and A5 hide what mixup does.",
    "watch-low": "Overall accuracy hides what the low band loses.",
    "film-works": "FiLM on the noise estimate earns its place in the mid band.",
    "low-regressed": "It was mixup, through the denoiser, that cost the low band.",
    "regularization": "Stronger regularisation costs the low band.",
    "a5-underperformed": "Expert features with balanced sampling cost accuracy.",
}
"""Archived sentences and the lesson that each would allow, if our claims beside it held."""

IF_ALL = {
    "supported": "Holds in these runs:",
    "refuted": "Does not hold in these runs:",
    "equivalent": "Makes no difference that matters in these runs:",
}
OPEN = "Neither shown nor refuted by these runs:"


def printed(page: Page, sweep: Sweep) -> GT:
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


def lessons(page: Page) -> GT:
    """Each lesson, our claims about it with their verdicts, and what these allow to be said."""
    rows = []
    for key, lesson in LESSONS.items():
        names = page.archived.sentences[key].claims
        claims = [page.found.claims[name] for name in names]
        ours = "; ".join(f"{c.says.rstrip('.')}: {verdict(c)}" for c in claims)
        rows.append((lesson, ours, joined(claims)))
    widths = {"lesson": "30%", "our claims": "45%", "what follows": "25%"}
    return plain(rows, list(widths)).cols_width(widths)


def joined(claims: Sequence[Claim]) -> str:
    """Return what several claims allow to be said of the lesson that needs all of them."""
    found = {c.verdict for c in claims}
    counts = ", ".join(
        f"{sum(c.verdict == v for c in claims)} {v}" for v in (*IF_ALL, "inconclusive")
        if v in found
    )  # fmt: skip
    if len(found) == 1 and found <= set(IF_ALL):
        return f"{IF_ALL[found.pop()]} {counts}."
    if "refuted" in found:
        return f"{IF_ALL['refuted']} {counts}."
    return f"{OPEN} {counts}."
