"""Fresh runs: as many as there were, shared alike, on no seed of the design's own."""

from collections import Counter

import pytest

from uphold.pipeline.design import Design, lay_out
from uphold.pipeline.fresh_seeds import fresh_runs
from uphold.pipeline.seeds import LARGEST
from uphold.pipeline.study import find

OWN = [123, 456, 789, 1011]
PURPOSE = "toy, replication"


def runs_of(**keys):
    design = Design(**{"factors": {"mixup": [False, True], "focal_loss": [False, True]}, **keys})
    return lay_out(design, find("calls").run, {}, {}, "toy"), design


def seeds_by_configuration(runs) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for run in runs:
        found.setdefault(run.configuration, []).append(run.seed)
    return found


@pytest.mark.parametrize(
    "seeds",
    [
        OWN,
        {"values": OWN, "sharing": "none"},
        {"values": OWN, "sharing": "blocks", "each": 2},
    ],
)
def test_there_are_as_many_shared_in_the_same_way_and_none_is_the_design_s_own(seeds):
    runs, design = runs_of(seeds=seeds)
    fresh = fresh_runs(runs, design.seeds, PURPOSE)
    before, after = seeds_by_configuration(runs), seeds_by_configuration(fresh)
    assert {name: len(s) for name, s in before.items()} == {n: len(s) for n, s in after.items()}
    # who shares a seed with whom
    in_common = [Counter(s for one in them.values() for s in one) for them in (before, after)]
    assert sorted(in_common[0].values()) == sorted(in_common[1].values())
    assert not {run.seed for run in fresh} & ({run.seed for run in runs} | set(OWN))
    assert all(0 <= run.seed < LARGEST for run in fresh)
    assert {(r.configuration, str(r.settings)) for r in fresh} == {
        (r.configuration, str(r.settings)) for r in runs
    }


def test_what_took_more_looks_is_repeated_as_often():
    runs, design = runs_of(seeds=OWN, looks=[2, 4], taken={4: ["mixup=true, focal_loss=false"]})
    fresh = seeds_by_configuration(fresh_runs(runs, design.seeds, PURPOSE))
    assert sorted(map(len, fresh.values())) == [2, 2, 2, 4]
    assert set.intersection(*map(set, fresh.values())) == set(fresh["mixup=false, focal_loss=true"])


def test_a_seed_of_the_design_that_no_run_has_taken_yet_is_not_fresh():
    runs, design = runs_of(seeds=OWN)
    (first, *_) = sorted({run.seed for run in fresh_runs(runs, design.seeds, PURPOSE)})
    declared = {"values": [*OWN, first], "sharing": "all"}
    runs, design = runs_of(seeds=declared, looks=[4, 5])
    assert first not in {run.seed for run in runs}
    assert first not in {run.seed for run in fresh_runs(runs, design.seeds, PURPOSE)}


def test_they_follow_from_the_purpose_alone():
    runs, design = runs_of(seeds=OWN)
    first = fresh_runs(runs, design.seeds, PURPOSE)
    assert first == fresh_runs(list(reversed(runs)), design.seeds, PURPOSE)
    other = fresh_runs(runs, design.seeds, "toy, confirmation")
    assert not {run.seed for run in first} & {run.seed for run in other}
    # Stored runs go by them: printf 'toy, replication, 0' | sha256sum begins with 1c66f31a507b.
    assert 0x731A507B in {run.seed for run in first}


@pytest.mark.parametrize("sharing", ["all", "none"])
def test_further_seeds_join_those_that_were_there(sharing):
    runs, design = runs_of(seeds={"values": OWN, "sharing": sharing})
    before = seeds_by_configuration(fresh_runs(runs, design.seeds, PURPOSE))
    after = seeds_by_configuration(fresh_runs(runs, design.seeds, PURPOSE, further=3))
    assert all(
        len(after[name]) == 7 and set(seeds) < set(after[name]) for name, seeds in before.items()
    )
