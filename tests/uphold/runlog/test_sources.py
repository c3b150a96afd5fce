"""A folder that an importer knows goes through every verb, with what was said of it."""

from types import SimpleNamespace

import pandas as pd
import pytest

from uphold.errors import InputError
from uphold.runlog import sources
from uphold.runlog.audit import audit_log
from uphold.runlog.importers.imported import Imported
from uphold.runlog.propose import propose_spec
from uphold.runlog.report import report
from uphold.runlog.sources import read_runs

NOTE = "1 run of 9 was cut off, and is not among them."


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of a tracker that knows which way its result is better."""
    table = pd.DataFrame(
        {
            "run": [f"r{i}" for i in range(8)],
            "state": ["finished"] * 7 + ["failed"],
            "config.lr": [0.1, 0.01] * 4,
            "config.scheduler": ["None"] * 8,
            "config.seed": [1, 1, 2, 2, 3, 3, 4, 4],
            "metrics.widgets": [1.0, 2.0, 1.1, 2.1, 1.0, 2.1, 1.2, 2.0],
        }
    )
    found = Imported(table, "Tracker 7, a folder", {"metrics.widgets": "lower"}, (NOTE,))
    path = tmp_path / "kept"
    path.mkdir()
    one = SimpleNamespace(FORMAT="Tracker 7", is_it=lambda p: p == path, read=lambda p: found)
    monkeypatch.setattr(sources, "importers", lambda: iter([("tracker", one)]))
    return path


def test_a_folder_is_proposed_audited_and_reported(folder, tmp_path):
    text = propose_spec(folder)
    assert text.startswith(f"# 8 rows, read as Tracker 7, a folder.\n# {NOTE}\n")
    for line in (
        "  state: finished\n",
        "- config.lr\n",
        "    better: lower\n",
        "  label: widgets\n",
    ):
        assert line in text
    spec = tmp_path / "spec.yaml"
    spec.write_text(text, "utf-8")
    said, _ = audit_log(folder, spec)
    assert said.startswith(f"kept: 7 runs of 8 rows, read as Tracker 7, a folder\n{NOTE}\n")
    report(folder, spec, tmp_path / "out")
    html = (tmp_path / "out" / "report.html").read_text("utf-8")
    page = " ".join(html.split("<body", 1)[1].split("<script", 1)[0].split())
    assert f"7 runs of 8 rows, read as Tracker 7, a folder. {NOTE}" in page
    assert "of its table as CSV" in page
    assert "lr changes widgets" in page and "config." not in page


@pytest.mark.parametrize("order", [1, -1])
def test_what_lies_beside_others_gives_way_and_is_told(folder, monkeypatch, order):
    ((_, tracker),) = sources.importers()
    curves = SimpleNamespace(FORMAT="Curves", BESIDE_OTHERS=True, is_it=lambda p: True)
    both = [("curves", curves), ("tracker", tracker)][::order]
    monkeypatch.setattr(sources, "importers", lambda: iter(both))
    assert read_runs(folder).notes == (NOTE, "Curves lie there too and were not read.")


def test_what_several_importers_know_is_not_chosen_between(folder, monkeypatch):
    one = SimpleNamespace(FORMAT="A", is_it=lambda p: True)
    other = SimpleNamespace(FORMAT="B", is_it=lambda p: True)
    monkeypatch.setattr(sources, "importers", lambda: iter([("a", one), ("b", other)]))
    with pytest.raises(InputError, match="could be read as A, B"):
        read_runs(folder)
