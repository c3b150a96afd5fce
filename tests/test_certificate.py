"""The stages that count and show how often verdicts are wrong, each alone with what it names."""

import shutil
from pathlib import Path

import pytest

from .stage_alone import alone, run

COUNTED = ("full.json", "rates.json")


@pytest.fixture(scope="module")
def counted(tmp_path_factory) -> Path:
    """Count a few logs where nothing lies but what the stage names."""
    folder = alone("calibrate", tmp_path_factory.mktemp("counted") / "alone")
    unnamed = run("calibrate", folder, folder.parent / "hook", "--scale", "smoke")
    assert sorted(unnamed) == []
    return folder / "results" / "calibration" / "rates.json"


def test_logs_are_counted_where_nothing_lies_but_what_the_stage_names(counted):
    assert counted.is_file()


def test_the_page_is_made_where_nothing_lies_but_what_its_stage_names(counted, tmp_path):
    folder = alone("calibration", tmp_path / "alone")
    results = folder / "results" / "calibration"
    for name in COUNTED:
        shutil.copy(counted, results / name)
    unnamed = run("calibration", folder, tmp_path / "hook", "--renderer", "embedded")
    assert sorted(unnamed) == []
    page = (folder / "reports" / "_site" / "calibration.html").read_text()
    assert "How often is a verdict wrong?" in page
