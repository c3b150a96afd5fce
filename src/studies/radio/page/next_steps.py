"""The rules for keeping a part, the criteria of the planned runs, and what to do next."""

from collections.abc import Mapping, Sequence

from great_tables import GT

from studies.radio.page import decisions
from uphold.analysis.model.writeup import Claim
from uphold.pages import larger
from uphold.pages.table import coloured, plain
from uphold.pages.verdicts import verdict
from uphold.pages.writeup import Page

EXPERT = "expert features with SNR-balanced sampling (A5)"
MODULES: Mapping[str, decisions.Rule] = {
    part: (f"keep-{name}-overall", f"keep-{name}-low", f"keep-{name}-high")
    for part, name in {
        "FiLM (A1)": "film",
        "the denoiser (A2)": "denoiser",
        "the dual path (A3)": "dual-path",
        "mixup (A4)": "mixup",
        EXPERT: "expert",
    }.items()
} | {"mixing for the classifier alone": ("keep-classifier-only-overall", "run1-low", "run1-high")}
"""Each part, with the arm that brought it, and the claims of the rule by which it is kept."""

CRITERIA = {
    "run 1": ("run1-overall", "run1-low", "run1-high"),
    "run 2": ("run2-overall", "run2-low", "run2-high"),
}


def table(page: Page) -> GT:
    """What to do next: each step with what it rests on, by verdicts and decisions."""
    claims = page.found.claims
    first, second = ([claims[name] for name in CRITERIA[run]] for run in CRITERIA)
    of_expert = MODULES[EXPERT]
    expert = [claims[name] for name in of_expert]
    kept = decisions.keep(*expert)
    rows = [
        (
            "Make mixing for the classifier alone the default, by the criteria of run 1.",
            decisions.met(first),
            larger.advised(page, CRITERIA["run 1"], _if_met(first)),
        ),
        (
            "Mix less often, and clean frames only, by the criteria of run 2.",
            decisions.met(second),
            larger.advised(page, CRITERIA["run 2"], _if_met(second)),
        ),
        (
            "Keep expert features and SNR-balanced sampling, by the rule for keeping.",
            kept,
            larger.advised(page, of_expert, _if_kept(kept, expert)),
        ),
        *(
            (
                claims[name].says,
                verdict(claims[name]),
                larger.advised(page, [name], _if_true(claims[name])),
            )
            for name in ("a5b-beats-a3", "preservation-low", "aim-low")
        ),
    ]
    widths = {"step": "44%", "found": "20%", "so": "36%"}
    return coloured(plain(rows, list(widths)), decisions.COLOURS).cols_width(widths)


def _if_met(claims: Sequence[Claim]) -> str:
    outcome = decisions.met(claims)
    if outcome.startswith("pass"):
        return "do it"
    if outcome.startswith("fail"):
        return "do not: a criterion is missed"
    return decisions.seeds(claims)


def _if_kept(decision: str, claims: Sequence[Claim]) -> str:
    if decision.startswith("keep"):
        return "keep them"
    return "leave them out" if decision.startswith("drop") else decisions.seeds(claims)


def _if_true(claim: Claim) -> str:
    return {
        "supported": "keep it and try it at the next scale",
        "refuted": "leave it out: it does the opposite",
        "equivalent": "leave it out: it changes nothing that matters",
    }.get(claim.verdict) or decisions.seeds([claim])
