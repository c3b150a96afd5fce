"""``uphold calibrate``: what it takes, what it writes, and what is told where it cannot."""

import contextlib
import json
from pathlib import Path

import pytest
import yaml

from uphold.analysis.model.calibration import Calibration
from uphold.calibration import calibrate as counting
from uphold.cli.calibrate import calibrate
from uphold.errors import InputError

from ..pages.test_calibration import made

PARAMS = {
    "scale": "quick",
    "journal": "journal",
    "studies": {},
    "sweeps": {},
    "writeups": {},
    "calibration": {
        "seed": 7,
        "draws": {
            "quick": {"logs": 3, "families": 2, "power": 1},
            "full": {"logs": 9, "families": 8, "power": 7, "closer": 2},
        },
    },
}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(PARAMS))
    with contextlib.chdir(tmp_path):
        yield tmp_path


@pytest.fixture
def asked(monkeypatch) -> list:
    """What was to be counted."""
    seen = []

    def counted(draws, scale, seed, processes, keep, say):
        seen.append((tuple(draws), scale, seed, processes, keep.name))
        return made()

    monkeypatch.setattr(counting, "calibrate", counted)
    return seen


def test_it_counts_at_the_scale_in_force_and_writes_what_it_found(root, asked, capsys):
    calibrate()
    assert asked == [((3, 2, 1, 1), "quick", 7, 2, "rates.json.part")]
    written = root / "results" / "calibration" / "rates.json"
    assert Calibration.model_validate(json.loads(written.read_text())) == made()
    assert "at scale quick: results/calibration/rates.json" in capsys.readouterr().out


def test_another_scale_and_file_may_be_asked_for(root, asked):
    calibrate(scale="full", out=Path("full.json"), processes=1)
    assert asked == [((9, 8, 7, 2), "full", 7, 1, "full.json.part")]
    assert (root / "full.json").is_file() and not (root / "results").exists()


def test_what_was_counted_before_is_replaced(root, asked):
    for _ in range(2):
        calibrate()
    assert len(asked) == 2


def test_a_scale_that_draws_nothing_is_named(root, asked):
    with pytest.raises(InputError, match=r"calibration\.draws: there is no 'ful'.*'full'"):
        calibrate(scale="ful")
    assert not asked


def test_a_folder_is_no_file(root, asked):
    with pytest.raises(InputError, match="--out results is a folder"):
        (root / "results").mkdir()
        calibrate(out=Path("results"))
    assert not asked


def test_a_file_of_something_else_is_left_alone(root, asked):
    (root / "mine.json").write_text('{"my": "own"}')
    with pytest.raises(InputError, match=r"--out mine\.json is there already"):
        calibrate(out=Path("mine.json"))
    assert (root / "mine.json").read_text() == '{"my": "own"}' and not asked


def test_params_without_calibration_say_what_is_missing(root, asked):
    (root / "params.yaml").write_text(
        yaml.safe_dump({k: v for k, v in PARAMS.items() if k != "calibration"})
    )
    with pytest.raises(InputError, match=r"params\.yaml has no calibration: it gives a seed"):
        calibrate()


@pytest.mark.parametrize(("many", "told"), [(0, "logs is 0"), ("x", "logs is 'x'")])
def test_draws_are_whole_numbers_from_one(root, many, told):
    params = yaml.safe_load((root / "params.yaml").read_text())
    params["calibration"]["draws"]["quick"]["logs"] = many
    (root / "params.yaml").write_text(yaml.safe_dump(params))
    with pytest.raises(InputError, match=told):
        calibrate()
