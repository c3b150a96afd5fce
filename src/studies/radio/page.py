"""What the radio write-up alone shows: its frames, curves over SNR, mixing, lessons, next steps.

In: the page's analysis, its settings, and the numbers that the published-only audit worked out.
Out: tables, figures and sentences. Nothing is computed here but shares of shares.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from great_tables import GT
from matplotlib.figure import Figure

from uphold.pages import arms, decisions
from uphold.pages.lines import chosen, lines
from uphold.pages.numbers import MISSING, number
from uphold.pages.tables import coloured, plain, verdict
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

DECIBELS = "SNR in dB"

MODULES: Mapping[str, decisions.Rule] = {
    part: (f"keep-{name}-overall", f"keep-{name}-low", f"keep-{name}-high")
    for part, name in {
        "denoiser": "denoiser",
        "dual path": "dual-path",
        "FiLM": "film",
        "mixup": "mixup",
        "expert features, SNR-balanced sampling": "expert",
    }.items()
} | {"mixing for the classifier alone": ("keep-classifier-only-overall", "run1-low", "run1-high")}
"""Each part and the claims of the rule by which it is kept."""

CRITERIA = {
    "run 1": ("run1-overall", "run1-low", "run1-high"),
    "run 2": ("run2-overall", "run2-low", "run2-high"),
}

LESSONS = {
    "clean-supervision": "Labels that auxiliary losses learn from must not be mixed.",
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


def frames(page: Page) -> str:
    """Say what the frames are, how well their noise meets its label, and what guessing scores."""
    data = page.found["data"]
    parts = [
        f"{len(data['classes'])} classes ({', '.join(data['classes'])}) of {data['samples']:,}"
        f" samples a frame, at {len(data['snrs'])} levels of SNR from"
        f" {number(min(data['snrs']), 0)} to {number(max(data['snrs']), 0)} dB;"
        f" guessing scores {number(chance(page))}."
    ]
    if "snr_error_db" in data:
        error = data["snr_error_db"]
        parts.append(
            f"The measured SNR of a cell is off its label by {number(error['mean'], 2)} dB on"
            f" average, at most by {number(error['largest'], 2)} dB."
        )
    return " ".join([*parts, *data["notes"]])


def chance(page: Page) -> float:
    """Return the accuracy of guessing among equally frequent classes."""
    return 1 / len(page.found["data"]["classes"])


def bands(page: Page) -> str:
    """Say which SNRs each band holds, which no band holds, and how many test frames there are."""
    snrs = page.found["data"]["snrs"]
    # Every level of SNR has as many.
    frames_a_level = page.found["data"]["splits"]["test"]["items"] // len(snrs)
    edges = spans(page)
    inside = {band: [s for s in snrs if low <= s <= high] for band, (low, high) in edges.items()}
    told = [
        f"{band} {_range(*edges[band])} ({len(held) * frames_a_level:,})"
        for band, held in inside.items()
    ]
    rest = [s for s in snrs if not any(s in held for held in inside.values())]
    listed = ", ".join(number(snr, 0) for snr in rest)
    text = f"Bands of SNR, in dB, and in brackets their test frames: {', '.join(told)}."
    return f"{text} No band holds {listed} ({len(rest) * frames_a_level:,})." if rest else text


def by_snr(
    sweep: Sweep, metric: str, label: str, names: Sequence[str], *, guessing: bool = False
) -> Figure:
    """Draw a curve over SNR for some arms, the bands shaded, chance marked if asked."""
    only = [{arms.ARM: name} for name in names]
    page = sweep.page
    level = chance(page) if guessing else None
    shaded = spans(page).values()
    return lines(sweep, metric, DECIBELS, label, only=only, spans=shaded, level=level)


def spans(page: Page) -> dict[str, tuple[float, float]]:
    """Return each band's edges, as the params have them, cut to the SNRs that the data have."""
    file = page.root / "params" / f"{page.found['study']}.yaml"
    edges = yaml.safe_load(file.read_text("utf-8"))["evaluation"]["bands"]
    lowest, highest = min(page.found["data"]["snrs"]), max(page.found["data"]["snrs"])
    return {
        name: (max(low, lowest), min(high, highest))
        for name, (low, high) in edges.items()
        if low <= highest and high >= lowest
    }


def printed(page: Page, sweep: Sweep) -> GT:
    """The archived table of runs, each number with ours in brackets."""
    columns = {"Val Acc": "accuracy", "Low-SNR": "accuracy_low"}
    columns |= {"Mid-SNR": "accuracy_mid", "High-SNR": "accuracy_high"}
    rows = []
    for row in page.found["archived"]["tables"]["prior"]:
        (ours,) = chosen(sweep, [{arms.ARM: row["Run"]}])
        means = (number(sweep.metric(ours, metric)["mean"]) for metric in columns.values())
        cells = (f"{row[head]} ({mean})" for head, mean in zip(columns, means, strict=True))
        rows.append((row["Run"], *cells))
    return plain(rows, ["run", *(BANDS[metric] for metric in columns.values())])


def weights(page: Page) -> GT:
    """What the mixing weight is like, in closed form, beside what the archive prints."""
    named = {
        "blended": "strongly blended: P[.3 ≤ λ ≤ .7]",
        "near-pure": "nearly pure: P[λ ≤ .1 or λ ≥ .9]",
        "strength": "strength: E[min(λ, 1 − λ)]",
    }
    rows = [
        (text, number(_archived(page, key)["value"], 4), page.found["archived"]["sentences"][key])
        for key, text in named.items()
    ]
    alpha = number(_archived(page, "strength")["alpha"], 1)
    return plain(
        [(text, exact, said["says"], said["verdict"]) for text, exact, said in rows],
        ["quantity", f"λ ~ Beta({alpha}, {alpha})", "as archived", "verdict"],
    )


def mixing(page: Page, sweep: Sweep) -> GT:
    """What share of batches and of frames is really mixed: by probability, weight and SNR gate."""
    rows = []
    for c in arms.ordered(sweep):
        chosen = {**sweep.found["design"]["fixed"], **arms.settings(sweep, c["levels"])}
        gate = chosen["mixup_min_snr"]
        probability, passing = chosen["mixup_probability"], _passing(page, gate)
        mixed = _really_mixed(page, chosen["mixup_alpha"])
        really = None if mixed is None else probability * mixed
        rows.append(
            (
                c["levels"][arms.ARM],
                chosen["mixup"].replace("-", " "),
                number(probability, 2),
                MISSING if gate is None else f"{number(gate, 0)} dB",
                number(passing, 3),
                number(really, 3),
                number(None if really is None else really * passing, 3),
            )
        )
    heads = ["run", "reaches", "probability", "from SNR", "frames let pass"]
    return plain(rows, [*heads, "batches really mixed", "frames really mixed"])


def batches(page: Page) -> str:
    """Say what share of batches is really mixed, against the archived third."""
    exact, said = _archived(page, "third-of-batches"), "third-of-batches"
    sentence = page.found["archived"]["sentences"][said]
    return (
        f"A batch counts as really mixed where its weight is not nearly pure. The archived sentence"
        f" “{sentence['says']}” leaves out how often a batch is mixed at all: with it the share is"
        f" {number(exact['value'])}."
    )


def lessons(page: Page) -> GT:
    """Each lesson, our claims about it with their verdicts, and what these allow to be said."""
    rows = []
    for key, lesson in LESSONS.items():
        names = page.found["archived"]["sentences"][key]["claims"]
        claims = [page.found["claims"][name] for name in names]
        told = "; ".join(f"{c['says'].rstrip('.')}: {verdict(c)}" for c in claims)
        rows.append((lesson, told, joined(claims)))
    widths = {"lesson": "30%", "our claims": "45%", "what follows": "25%"}
    return plain(rows, list(widths)).cols_width(widths)


def joined(claims: Sequence[Mapping[str, Any]]) -> str:
    """Return what several claims allow to be said of the lesson that needs all of them."""
    found = {c["verdict"] for c in claims}
    counts = ", ".join(
        f"{sum(c['verdict'] == v for c in claims)} {v}" for v in (*IF_ALL, "inconclusive")
        if v in found
    )  # fmt: skip
    if len(found) == 1 and found <= set(IF_ALL):
        return f"{IF_ALL[found.pop()]} {counts}."
    if "refuted" in found:
        return f"{IF_ALL['refuted']} {counts}."
    return f"{OPEN} {counts}."


def next_steps(page: Page) -> GT:
    """What to do next: each step with what it rests on, by verdicts and decisions."""
    claims = page.found["claims"]
    first, second = ([claims[name] for name in CRITERIA[run]] for run in CRITERIA)
    expert = [claims[name] for name in MODULES["expert features, SNR-balanced sampling"]]
    kept = decisions.keep(*expert)
    rows = [
        (
            "Make mixing for the classifier alone the default, by the criteria of run 1.",
            decisions.met(first),
            _if_met(first),
        ),
        (
            "Mix less often, and clean frames only, by the criteria of run 2.",
            decisions.met(second),
            _if_met(second),
        ),
        (
            "Keep expert features and SNR-balanced sampling, by the rule for keeping.",
            kept,
            _if_kept(kept, expert),
        ),
        *(
            (claims[name]["says"], verdict(claims[name]), _if_true(claims[name]))
            for name in ("preservation-low", "aim-low")
        ),
    ]
    widths = {"step": "44%", "found": "20%", "so": "36%"}
    return coloured(plain(rows, list(widths)), decisions.COLOURS).cols_width(widths)


def _if_met(claims: Sequence[Mapping[str, Any]]) -> str:
    outcome = decisions.met(claims)
    if outcome.startswith("pass"):
        return "do it"
    if outcome.startswith("fail"):
        return "do not: a criterion is missed"
    return decisions.seeds(claims)


def _if_kept(decision: str, claims: Sequence[Mapping[str, Any]]) -> str:
    if decision.startswith("keep"):
        return "keep them"
    return "leave them out" if decision.startswith("drop") else decisions.seeds(claims)


def _if_true(claim: Mapping[str, Any]) -> str:
    return {
        "supported": "keep it and try it at the next scale",
        "refuted": "leave it out: it does the opposite",
        "equivalent": "leave it out: it changes nothing that matters",
    }.get(claim["verdict"]) or decisions.seeds([claim])


def _archived(page: Page, sentence: str) -> Mapping[str, float]:
    """Return the numbers that the audit of the archive worked out for a sentence."""
    return page.found["archived"]["sentences"][sentence]["numbers"][0]


def _really_mixed(page: Page, alpha: float) -> float | None:
    """Return how likely a weight is not nearly pure; None for another alpha than the archive's."""
    pure = _archived(page, "near-pure")
    return 1 - pure["value"] if pure["alpha"] == alpha else None


def _passing(page: Page, gate: float | None) -> float:
    """Return the share of frames that a gate lets pass: every level of SNR has as many."""
    snrs = page.found["data"]["snrs"]
    return sum(gate is None or snr >= gate for snr in snrs) / len(snrs)


def _range(low: float, high: float) -> str:
    return f"{number(low, 0)} to {number(high, 0)}"
