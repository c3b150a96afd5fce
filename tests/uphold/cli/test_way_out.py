"""What is asked for in the wrong place is told in one line, with the way out."""

import contextlib
import sys

import pytest

from uphold.cli import current, lint, main
from uphold.cli.audit import audit
from uphold.errors import InputError
from uphold.scaffold.lay_out import lay_out
from uphold.scaffold.repository import lay_out_repository


def test_a_study_needs_a_repository(tmp_path):
    with pytest.raises(InputError, match=r"params\.yaml is missing: .* uphold init"):
        lay_out("wings", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_repository_needs_a_folder_that_can_be_made(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot be made"):
        lay_out_repository(tmp_path / "file" / "demo", "wings")


def test_results_are_current_in_a_repository_alone(tmp_path):
    with contextlib.chdir(tmp_path), pytest.raises(InputError, match=r"no dvc\.yaml here"):
        current.current()


def test_documents_are_looked_for_where_they_are(tmp_path):
    with contextlib.chdir(tmp_path), pytest.raises(InputError, match="no documents in reports"):
        lint.lint()


def test_an_audit_without_a_spec_says_how_to_get_one(tmp_path):
    with pytest.raises(InputError, match=r"uphold propose .*runs\.csv > spec\.yaml"):
        audit(tmp_path / "runs.csv", None, False)


@pytest.mark.parametrize("verb", ["train", "decide", "replicate", "calibrate"])
def test_who_interrupts_is_told_in_one_line_what_is_kept(verb, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("uphold.pipeline.params.load", interrupted)
    given = [] if verb == "calibrate" else ["one"]
    monkeypatch.setattr(sys, "argv", ["uphold", verb, *given])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    assert end.value.code == 130 and said.out == ""
    assert said.err.strip() == (
        "interrupted: runs that were finished are kept, and the same command takes them up"
    )
