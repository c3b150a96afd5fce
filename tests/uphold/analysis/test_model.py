"""How an analysis crosses to the pages: what is no number, and what another version wrote."""

import json

import numpy as np
import pytest

from uphold.analysis.model.estimates import Cell, Description
from uphold.analysis.model.found import read
from uphold.analysis.model.runs import Runs
from uphold.errors import InputError

DESCRIPTION = {
    **dict.fromkeys(("n", "seeds", "failed"), 3.0),
    **dict.fromkeys(("mean", "sd", "sem", "ci_low"), np.float64(0.5)),
    "ci_high": np.nan,
}
RUNS = {
    **{"title": "runs", "lead": None, "effects": {}},
    **dict.fromkeys(("runs", "seeds", "count", "failed"), 1),
    **dict.fromkeys(("factors", "configurations", "anova", "left_out"), ()),
}


def test_numbers_are_python_s_own_and_what_is_none_is_none():
    found = Description(**DESCRIPTION | {"sd": np.inf})
    assert json.dumps(found.dumped(), allow_nan=False)
    assert (found.n, type(found.n)) == (3, int)
    assert (found.sd, found.ci_high, type(found.mean)) == (None, None, float)


@pytest.mark.parametrize("level", [True, 1, 0.0, "a", np.float64(0.5), np.bool_(False), np.nan])
def test_levels_stay_what_they_are(level):
    found = Cell(a=level, b=None, **DESCRIPTION).a
    expected = level.item() if hasattr(level, "item") else level
    expected = None if expected != expected else expected
    assert (found, type(found)) == (expected, type(expected))


@pytest.fixture
def written(tmp_path):
    """Return a function that writes an analysis and reads it back."""

    def at(text: str) -> Runs:
        (tmp_path / "analysis.json").write_text(text)
        return read(Runs, tmp_path / "analysis.json", "dvc repro analyze@p")

    return at


def test_what_was_written_is_read_back(written):
    found = Runs(**RUNS)
    assert written(json.dumps(found.dumped())) == found


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"marginal": 1}, "marginal: extra inputs"),
        ({"seeds": None}, "seeds: input should be a valid integer"),
        ({"effects": {"f1": [{"factor": "mode"}]}}, r"effects\.f1\.0\.\w+: field required"),
    ],
)
def test_what_another_version_wrote_is_refused_by_its_place(written, change, place):
    with pytest.raises(InputError, match=rf"{place}.*run dvc repro analyze@p again"):
        written(json.dumps(RUNS | change))


def test_what_is_missing_or_broken_says_what_to_run(written, tmp_path):
    with pytest.raises(InputError, match="is missing: run dvc repro analyze@p first"):
        read(Runs, tmp_path / "analysis.json", "dvc repro analyze@p")
    with pytest.raises(InputError, match=r"is not JSON.*again"):
        written("{")
