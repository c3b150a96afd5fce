"""Findings of a revision, read out of git."""

import json

import pytest

from uphold.comparison import findings as reading
from uphold.comparison.declared import redeclared
from uphold.comparison.revisions import Revision
from uphold.errors import InputError

EMPTY = json.dumps({"claims": {}, "configurations": {}})
PARAMS = """
metrics: {f1: {margin: %s}}
writeups: {w: {claims: {c: {says: "%s", metric: f1, contrast: {factor: %s}, expect: increase}}}}
"""


def test_every_write_up_is_found_and_nothing_is_checked_out(commit, tmp_path):
    pages = {f"results/{name}/findings.json": EMPTY for name in ("w", "v")}
    commit({**pages, "results/findings.json": "x"})
    commit({"results/w/findings.json": "changed"})
    assert set(Revision("HEAD~1").findings()) == {"w", "v"}
    assert (tmp_path / "results/w/findings.json").read_text() == "changed"
    with pytest.raises(InputError, match=r"HEAD:results/w/.* is no findings"):
        Revision("HEAD").findings()


def test_a_folder_below_the_repositorys_root_is_read(commit, tmp_path, monkeypatch):
    commit(
        {"inner/results/w/findings.json": EMPTY, "inner/dvc.lock": "stages:\n  a:\n    cmd: x\n"}
    )
    monkeypatch.chdir(tmp_path / "inner")
    revision = Revision("HEAD")
    assert set(revision.findings()) == {"w"}
    assert "a" in revision.lock


@pytest.mark.parametrize("name", ["mian", "--all", "HEAD:results", "", "a b"])
def test_what_is_no_revision_is_named(commit, name):
    commit({"a": ""})
    with pytest.raises(InputError, match="is no revision") as error:
        Revision(name)
    if name == "mian":
        assert "Did you mean 'main'?" in str(error.value)


def test_without_a_repository_the_way_out_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(InputError, match="There is no repository here"):
        Revision("HEAD")


def test_a_revision_without_results_is_named(commit):
    commit({"a": ""})
    with pytest.raises(InputError, match="HEAD holds no results"):
        Revision("HEAD").findings()


def test_huge_findings_are_refused_by_their_size_in_git(commit, monkeypatch):
    commit({"results/w/findings.json": EMPTY})
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    monkeypatch.setattr(Revision, "file", lambda *_: pytest.fail("it was read"))
    with pytest.raises(InputError, match="which no findings"):
        Revision("HEAD").findings()


@pytest.mark.parametrize(
    ("after", "parts", "same"),
    [
        ((0.02, "A.", "x"), {}, True),
        ((0.01, "A.", "x"), {"margin": (0.02, 0.01)}, True),
        ((0.02, "B.", "x"), {"words": ("A.", "B.")}, True),
        ((0.02, "A.", "y"), {"contrast": ({"factor": "x"}, {"factor": "y"})}, False),
    ],
)
def test_what_changed_of_a_declaration(commit, after, parts, same):
    names = "writeups: {w: {study: s}}"
    commit({"params.yaml": names, "params/s.yaml": PARAMS % (0.02, "A.", "x")})
    commit({"params/s.yaml": PARAMS % after})
    found = redeclared(Revision("HEAD~1"), Revision("HEAD"), "w", "c")
    assert (found.parts, found.same_test, found.says) == (parts, same, after[1])


def test_params_that_are_not_there_or_no_yaml_say_nothing(commit):
    commit({"params.yaml": "a: [", "results/w/findings.json": EMPTY})
    assert redeclared(Revision("HEAD"), Revision("HEAD"), "w", "c").parts == {}
