"""Transcriptions are checked as they are read, and sentences are linked with claims."""

from pathlib import Path

import pytest

from uphold.archive.archive import read_archives
from uphold.archive.decide import NOTHING_PRINTED, as_archived, decide
from uphold.errors import InputError

TEXT = """
source: a.txt
title: A
writeup: page
tables: {t: {section: S, cells: "a | f1\\nx | 0.5\\ny | 0.7"}}
sentences:
  mean:
    says: About 0.6.
    section: S
    checks: [{mean: {table: t, column: f1, stated: "0.6"}}]
    claims: [it]
  open: {says: It generalizes., section: S}
"""
OTHER = """
source: b.txt
title: B
sentences:
  best: {says: x is best., section: S, checks: [{best_row: {table: a/t, column: f1, row: {a: x}}}]}
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "a.yaml").write_text(TEXT)
    (tmp_path / "b.yaml").write_text(OTHER)
    (tmp_path / "README.md").write_text("words")
    return tmp_path


def test_what_a_write_up_shows(folder):
    found = as_archived(folder, "page", ["it"])
    assert found["source"] == "a.txt"
    assert found["tables"] == {"t": [{"a": "x", "f1": "0.5"}, {"a": "y", "f1": "0.7"}]}
    assert {k: s["verdict"] for k, s in found["sentences"].items()} == {
        "mean": "supported",
        "open": "undecidable",
    }
    assert found["sentences"]["mean"]["claims"] == ["it"]
    assert found["sentences"]["open"]["text"] == NOTHING_PRINTED
    (numbers,) = found["sentences"]["mean"]["numbers"]
    assert numbers == pytest.approx({"mean": 0.6, "sd": 0.02**0.5})
    assert found["sentences"]["open"]["numbers"] == []


def test_a_page_that_repeats_nothing(folder):
    assert as_archived(folder, "another", []) is None
    assert as_archived(folder / "nowhere", "page", []) is None


def test_a_link_with_a_claim_that_is_not_made(folder):
    with pytest.raises(InputError, match=r"sentences\.mean\.claims: there is no claim 'it'"):
        as_archived(folder, "page", ["its"])


def test_another_write_up_s_tables_can_be_referred_to(folder):
    (decision,) = decide(read_archives(folder), "b")
    assert decision.verdict == "contradicted"


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("mean: {table", "means: {table", "Did you mean 'mean'"),
        ("section: S, cells", "sections: S, cells", "Did you mean 'section'"),
        (
            "checks: [{mean",
            "checks: [{f1: {table: t, f1: a, precision: a, recall: a}, mean",
            "has 2",
        ),
        ("source: a.txt", "", "source is missing"),
    ],
)
def test_what_does_not_fit_is_named(folder, old, new, answer):
    (folder / "a.yaml").write_text(TEXT.replace(old, new))
    with pytest.raises(InputError, match=answer):
        read_archives(folder)
