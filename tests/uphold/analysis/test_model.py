"""How an analysis crosses to the pages: what is no number, and what another version wrote."""

import json

import numpy as np
import pytest
from pydantic import ValidationError

from uphold.analysis.model.estimates import Cell, Description, Estimate
from uphold.analysis.model.found import read
from uphold.analysis.model.runs import Best, Configuration, Design, Runs, Short
from uphold.analysis.model.writeup import Claim, SeedsNeeded
from uphold.errors import InputError
from uphold.statistics.estimate import Estimate as Estimated
from uphold.statistics.estimate import Loading
from uphold.statistics.power import SeedsNeeded as Needed

from ...partly import partly

DESCRIPTION = {
    **dict.fromkeys(("n", "seeds", "failed"), 3.0),
    **dict.fromkeys(("mean", "sd", "sem", "ci_low"), np.float64(0.5)),
    "ci_high": np.nan,
}
RUNS = {
    **{"title": "runs", "best": None, "effects": {}},
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


def test_how_much_each_run_counts_stays_with_the_analysis():
    """Effects are moderated by it; no page shows it, and of many runs it is long."""
    loading = Loading(np.arange(3), np.full(3, 1 / 3))
    made = Estimated.from_t(
        0.1, 0.02, 2, n=3, runs=3, seeds=3, method="paired t", scale=np.float64(2 / 3)
    )
    found = Estimate.model_validate(vars(made) | {"loading": loading})
    dumped = found.dumped()
    assert found.loading is loading and "loading" not in dumped
    assert (dumped["scale"], dumped["df"]) == (pytest.approx(2 / 3), 2)
    assert Estimate.model_validate(json.loads(json.dumps(dumped))).loading is None


def test_how_far_a_configuration_falls_short_is_read_back():
    short = Short(most=np.float64(0.25), candidate=np.bool_(False))
    found = Configuration(configuration="a", levels={"a": 1}, metrics={}, short=short)
    again = Configuration.model_validate(json.loads(json.dumps(found.dumped())))
    assert again == found and (again.short.most, again.short.candidate) == (0.25, False)
    best = Best(compared=np.int64(16), candidates=np.int64(4)).dumped()
    assert json.dumps(best) == '{"compared": 16, "candidates": 4}'


@pytest.mark.parametrize("seeds", [(5, 18), (5, None), (None, None)])
def test_seeds_needed_are_a_range_that_may_be_open(seeds):
    found = SeedsNeeded.model_validate(Needed(*seeds))
    assert found.dumped() == dict(zip(("low", "high"), seeds, strict=True))


def test_a_claim_has_one_of_two_roles():
    claim = dict.fromkeys(Claim.model_fields, None) | {"role": "secondary"}
    assert partly(Claim, claim).role == "secondary"
    with pytest.raises(ValidationError, match="'primary' or 'secondary'"):
        Claim.model_validate(claim | {"role": "main"})


def test_a_design_says_how_seeds_are_shared_and_when_it_is_looked_at():
    plain = Design(title="A sweep", kind="grid", levels={"a": [1, 2]}, seeds=[1, 2, 3])
    assert (plain.sharing, plain.looks) == ("all", [])
    given = {**plain.dumped(), "sharing": "none", "looks": [3, 5]}
    assert Design.model_validate(given).dumped() == given
