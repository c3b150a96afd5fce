"""Archived sentences on a page: the table holds what the analysis found, and no more."""

from pathlib import Path

import pytest

from uphold.analysis.model.writeup import Writeup
from uphold.archive.decide import as_archived
from uphold.errors import InputError
from uphold.format import p_text
from uphold.pages import archived
from uphold.pages.writeup import Page
from uphold.pipeline.judged import judged
from uphold.pipeline.params import load

from ...partly import partly

ROOT = Path(__file__).parents[3]
OUTCOME = {"value": 0.0021, "ci_low": -0.002, "ci_high": 0.0061}


def claim(says: str, verdict: str, p: float | None = None, **outcome) -> dict:
    found = {"says": says, "verdict": verdict, "fragile": False, "p_adjusted": p, "metric": "f1"}
    found["form"] = "contrast"
    return found | {"outcome": {**dict.fromkeys(OUTCOME), **outcome}}


def page(tmp_path, **found) -> Page:
    sentence = {"says": "It helps <b>much</b>.", "section": "Results", "text": "No row shows it."}
    claims = {
        "effect": claim("It lifts F1.", "equivalent", 0.8, **OUTCOME),
        "anova": claim("Levels differ.", "inconclusive", 0.105),
        "bound": claim("None is low.", "supported"),
    }
    sentences = {
        "one": sentence | {"verdict": "not shown", "claims": ["effect", "anova", "bound"]},
        "two": sentence | {"verdict": "contradicted", "claims": []},
        "three": sentence | {"verdict": "contradicted", "claims": []},
    }
    archive = {"source": "000_a.txt", "title": "Archived", "sentences": sentences}
    found = {"study": "calls", "claims": claims, "archived": archive} | found
    found["metrics"] = {"f1": {"label": "F1", "margin": 0.005}}
    return Page("p", tmp_path, partly(Writeup, found))


def test_a_ratio_is_told_as_one(tmp_path):
    spread = claim("It steadies.", "supported", 0.01, value=0.57, ci_low=0.35, ci_high=0.9)
    spread["outcome"]["ratio"] = True
    claims = dict.fromkeys(("effect", "anova", "bound"), spread)
    frame = archived.sentences(page(tmp_path, claims=claims))._tbl_data
    assert frame.iloc[0, 3].startswith("It steadies: ● supported, 0.57 × (0.35 to 0.90);")


def test_the_mean_that_a_bound_is_about_is_no_difference(tmp_path):
    mean = claim("All are high.", "supported", 0.01, value=0.73, ci_low=0.71, ci_high=0.75)
    claims = dict.fromkeys(("effect", "anova", "bound"), mean | {"estimates": "mean"})
    frame = archived.sentences(page(tmp_path, claims=claims))._tbl_data
    assert frame.iloc[0, 3].startswith("All are high: ● supported, 0.7300 (0.7100 to 0.7500)")


def test_a_sentence_beside_its_verdict_and_our_claims(tmp_path):
    frame = archived.sentences(page(tmp_path))._tbl_data
    assert list(frame.columns) == [
        "as archived",
        "what its own numbers say",
        "verdict",
        "our runs",
    ]
    first = frame.iloc[0].tolist()
    assert first[:3] == ["“It helps <b>much</b>.” (Results)", "No row shows it.", "not shown"]
    assert first[3] == (
        "It lifts F1: ■ no difference that matters, +0.0021 (−0.0020 to 0.0061);"
        f" Levels differ: ○ undecided (adjusted {p_text(0.105)}); None is low: ● supported"
    )
    assert frame.iloc[1, 3] == "no claim of ours"


def test_archived_words_are_escaped(tmp_path):
    html = archived.sentences(page(tmp_path)).as_raw_html()
    assert "<b>much" not in html and "&lt;b&gt;much" in html


def test_the_line_counts_verdicts(tmp_path):
    assert archived.summary(page(tmp_path)) == (
        "3 sentences of it were transcribed. By its own printed numbers: 2 contradicted,"
        " 1 not shown."
    )


def test_a_page_that_repeats_nothing_says_so(tmp_path):
    with pytest.raises(InputError, match="data/published/calls names it"):
        archived.sentences(page(tmp_path, archived=None))


def test_every_transcription_is_linked_with_claims_that_are_made():
    params = load(ROOT)
    linked = {
        name: as_archived(
            ROOT / "data" / "published" / names.study, name, judged(params, name).claims
        )
        for name, names in params.names.writeups.items()
    }
    shown = {name for name, found in linked.items() if found is not None}
    assert {"calls-stage2", "calls-stage3"} <= shown
    for name in shown:
        document = (ROOT / "reports" / f"{name}.qmd").read_text("utf-8")
        assert "archived.sentences(page)" in document, name
        assert any(s["claims"] for s in linked[name]["sentences"].values()), name


def test_numbers_are_those_that_the_archive_prints(tmp_path):
    sentence = {"says": "It gains 5-13%.", "verdict": "not shown", "claims": []}
    tables = {"results": [{"arm": "a", "F1": "0.577"}, {"arm": "b", "F1": "~66 %"}]}
    found = page(tmp_path, archived={"sentences": {"all": sentence}, "tables": tables})
    assert archived.promised(found, "all") == pytest.approx((0.05, 0.13))
    assert archived.numbers(found, "results", "F1") == pytest.approx([0.577, 0.66])
