"""The rules for keeping a part, the criteria of the planned runs, and what to do next."""

from collections.abc import Mapping, Sequence

from great_tables import GT

from studies.radio.page import decisions
from uphold.pages import advice
from uphold.pages.table import coloured, plain
from uphold.pages.verdicts import verdict
from uphold.pages.writeup import Page

EXPERT = "expert features with SNR-balanced sampling"
MODULES: Mapping[str, decisions.Rule] = {
    part: (f"keep-{name}-overall", f"keep-{name}-low", f"keep-{name}-high")
    for part, name in {
        "FiLM": "film",
        "the denoiser": "denoiser",
        "the dual path": "dual-path",
        "mixup": "mixup",
        EXPERT: "expert",
    }.items()
} | {"mixing for the classifier alone": ("keep-classifier-only-overall", "run1-low", "run1-high")}
"""Each part, and the claims of the rule by which it is kept."""

CRITERIA = {
    "run 1": ("run1-overall", "run1-low", "run1-high"),
    "run 2": ("run2-overall", "run2-low", "run2-high"),
}


def table(page: Page) -> GT:
    """What to do next: each step with what it rests on, by verdicts and decisions."""
    claims, of_expert = page.found.claims, MODULES[EXPERT]
    rows = [
        (
            "Make mixing for the classifier alone the default, by the criteria of run 1.",
            decisions.met([claims[name] for name in CRITERIA["run 1"]]),
            _if_met(page, CRITERIA["run 1"]),
        ),
        (
            "Mix less often, and clean frames only, by the criteria of run 2.",
            decisions.met([claims[name] for name in CRITERIA["run 2"]]),
            _if_met(page, CRITERIA["run 2"]),
        ),
        (
            "Keep expert features and SNR-balanced sampling, by the rule for keeping.",
            decisions.keep(*(claims[name] for name in of_expert)),
            _if_kept(page, of_expert),
        ),
        *(
            (claims[name].says, verdict(claims[name]), _if_true(page, name))
            for name in ("a5b-beats-a3", "preservation-low", "aim-low")
        ),
    ]
    widths = {"step": "44%", "found": "20%", "so": "36%"}
    return coloured(plain(rows, list(widths)), decisions.COLOURS).cols_width(widths)


def _if_met(page: Page, names: Sequence[str]) -> str:
    """Return what to do by criteria: one that is missed for sure is enough."""
    outcome = decisions.met(decisions.as_sure(page, names))
    if outcome == decisions.UNDECIDED:
        return decisions.seeds([page.claim(name) for name in names])
    verdict = "supported" if outcome.startswith("pass") else "refuted"
    rests = [name for name in names if page.claim(name).verdict == verdict]
    rests = [name for name in rests if advice.sure(page, name)] or rests
    do = "do it" if verdict == "supported" else "do not: a criterion is missed"
    return advice.given(page, rests, do)


def _if_kept(page: Page, names: decisions.Rule) -> str:
    decided = decisions.decided(page, names)
    if decided == decisions.UNDECIDED:
        return decisions.seeds([page.claim(name) for name in names])
    return decided


def _if_true(page: Page, name: str) -> str:
    claim = page.claim(name)
    do = {
        "supported": "keep it and try it at the next scale",
        "refuted": "leave it out: it does the opposite",
        "equivalent": "leave it out: it changes nothing that matters",
    }.get(claim.verdict)
    return advice.given(page, [name], do) if do else decisions.seeds([claim])
