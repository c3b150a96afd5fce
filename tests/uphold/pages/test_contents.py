"""The front page: a card for each write-up, from what its analysis left."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from uphold.analysis.model.front import front
from uphold.errors import InputError
from uphold.pages import contents
from uphold.pages.contents import calibration

from ...partly import put
from .conftest import tried

ROOT = Path(__file__).parents[3]
NAMES = {"scale": "quick", "journal": "j", "studies": {}, "sweeps": {}, "writeups": {}}


@pytest.fixture
def found(page):
    """What stands on the card of the known page."""
    found = page().found
    for part in ({"name": "toy"}, {"study_title": "Toys"}):
        put(*part.values(), found, *part)
    return front(found, "Does mixup help?", date(2026, 1, 2))


def test_the_software_is_cited_by_its_file_of_citation(tmp_path):
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    text = contents.how_to_cite(ROOT).data.replace("\\", "")
    year = str(told["date-released"])[:4]
    assert text.startswith(f"{told['authors'][0]['name']} ({year}). {told['title']}. Version")
    assert f"Version {told['version']}." in text
    assert contents.how_to_cite(tmp_path).data.startswith("The software is cited by CITATION")


@pytest.mark.parametrize("there", [True, False])
def test_it_leads_to_the_calibration_where_there_is_one(tmp_path, there):
    (tmp_path / "reports").mkdir()
    if there:
        (tmp_path / "reports" / "calibration.qmd").touch()
    assert ("(calibration.html)" in calibration(tmp_path).data) == there


def test_a_card_asks_answers_and_counts(found):
    rule, title, answers, rests = contents._lines(found, [])
    assert rule == "***"
    assert title == "**[A page](toy.html)** *Does mixup help?*"
    assert answers.startswith("- **Yes.** *Mixup \\<b\\>helps")
    assert r"\+0\.104" in answers
    assert rests == (
        "1 primary claim: ●\N{NO-BREAK SPACE}**1** supported. 12 runs on synthetic data at scale"
        " quick, 2026‑01‑02. [PDF](toy.pdf)"
    )


def test_a_card_answers_by_the_claims_that_params_name_and_without_plans(found):
    (claim,) = found.primary.values()
    undecided = {"says": "Focal helps.", "verdict": "inconclusive"}
    undecided |= {"brief": "Undecided: 0 (−1 to 1). It takes 9 seeds.", "answer": "Undecided: 0."}
    found.primary["focal"] = claim.model_copy(update=undecided)
    (first,) = contents._answers(found, [])
    assert first.startswith("- **Yes.** *Mixup")
    assert [*contents._answers(found, ["focal"])] == [r"- **Undecided.** *Focal helps:* 0\."]
    with pytest.raises(InputError, match=r"writeups\.toy\.answered_by names 'focl'.*'focal'"):
        list(contents._answers(found, ["focl"]))


def test_a_card_says_what_fresh_seeds_found_where_they_do_not_bear_an_answer_out(page):
    made = page().found
    for part in ({"name": "toy"}, {"study_title": "Toys"}):
        put(*part.values(), made, *part)
    for outcome, says in (("held", ""), ("contradicted", "Fresh seeds alone decide against it")):
        put({"mixup": tried(outcome)}, made, "replication")
        card = front(made, "Does mixup help?", None)
        (line,) = contents._answers(card, ["mixup"])
        assert says in line and ("Fresh seeds" in line) == bool(says)


def test_its_picture_has_a_mark_a_primary_claim(found):
    (axis,) = contents.picture(found).axes
    marks = [line for line in axis.lines if line.get_marker() not in ("None", "")]
    assert len(marks) == 1
    assert "<dc:title>Primary claims of A page: 1 claim" in contents.picture(found)._repr_svg_()


def test_a_write_up_that_is_not_analyzed_says_so(tmp_path, monkeypatch):
    writeups = {"toy": {"study": "a", "title": "A toy"}}
    sweeps = {"s": {"study": "a", "writeup": "toy", "after": "none"}}
    studies = {"a": {"path": ""}}
    names = NAMES | {"studies": studies, "sweeps": sweeps, "writeups": writeups}
    (tmp_path / "params.yaml").write_text(json.dumps(names))
    shown = []
    monkeypatch.setattr(contents, "display", shown.append)
    contents.cards(tmp_path)
    (card,) = shown
    assert card.data == "**[A toy](toy.html)** has not been analyzed yet."
