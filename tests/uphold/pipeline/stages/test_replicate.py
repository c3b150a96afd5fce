"""Verdicts on fresh seeds: what is trained, how it is judged, what it leaves and when it is old."""

import json
from dataclasses import replace

import pytest

from uphold.claims.judge import judge
from uphold.errors import InputError
from uphold.pipeline.replicated import told
from uphold.pipeline.stages import replicate as stage
from uphold.pipeline.stages.analyze import judge_writeup
from uphold.pipeline.stages.files import read_csv

from .replicating import OWN, STEP, SWEEP, World


@pytest.fixture
def world(tmp_path, monkeypatch):
    return World(tmp_path, monkeypatch)


def tried(world, job):
    planned = stage.plan(job)
    return stage.replicate(job, planned, world.trainer, device="cpu", say=lambda message: None)


def test_a_verdict_that_is_true_holds_on_seeds_of_their_own(world):
    job = world.job()
    found = tried(world, job)
    assert {one.outcome for one in found.claims.values()} == {"held"}
    one = found.claims["lifts"]
    assert (one.first.verdict, one.fresh.verdict) == ("supported", "supported")
    assert (one.first.units, one.fresh.units) == (5, 5)
    assert (one.first.runs, one.fresh.runs) == (20, 20)
    assert one.change.ci_low < 0 < one.change.ci_high
    assert one.change.value == pytest.approx(one.fresh.value - one.first.value, abs=1e-9)
    assert len(world.trained) == 20 and not set(world.trained) & set(OWN)
    assert set(found.sweeps[SWEEP].seeds) == set(world.trained)
    assert found.sweeps[SWEEP].runs == 20


def test_it_is_judged_as_the_fresh_log_by_itself_would_be(world):
    """One family of the claims that were tried, no error borrowed from the first runs."""
    job = world.job()
    found = tried(world, job)
    planned = stage.plan(job)
    fresh = read_csv(job.place / SWEEP / "scores.csv")
    log = planned.logs[SWEEP]
    alone = replace(log, scores=replace(log.scores, table=fresh))
    judged = judge({SWEEP: alone}, job.writeup.claims)
    assert set(fresh["seed"]).isdisjoint(OWN)
    for name, one in found.claims.items():
        assert one.fresh.value == pytest.approx(judged[name].outcome.value)
        assert one.fresh.verdict == judged[name].verdict


@pytest.mark.parametrize(
    ("fresh", "outcome"), [(0.1, "held"), (-0.1, "contradicted"), (0.0, "contradicted")]
)
def test_what_fresh_seeds_decide(world, fresh, outcome):
    world.fresh = fresh
    found = tried(world, world.job()).claims["lifts"]
    assert found.outcome == outcome
    assert found.fresh.verdict == {0.1: "supported", -0.1: "refuted", 0.0: "equivalent"}[fresh]


@pytest.mark.parametrize(
    ("first", "fresh", "outcome"),
    [
        (0.0, -0.0195, "not decided again"),
        (-0.0195, 0.0, "not decided again"),
        (0.0, -0.1, "contradicted"),
        (-0.1, 0.0, "contradicted"),
    ],
)
def test_a_small_effect_with_a_direction_does_not_contradict_an_equivalence(
    world, first, fresh, outcome
):
    """Both are true at once: −.0195 is below zero, and within a margin of .02."""
    world.first, world.fresh = first, fresh
    one = tried(world, world.job()).claims["lifts"]
    assert {one.first.verdict, one.fresh.verdict} == {"equivalent", "refuted"}
    assert one.outcome == outcome


def test_a_difference_in_the_other_direction_did_not_hold(world):
    world.fresh = -0.1
    found = tried(world, world.job({"differs": {"contrast": STEP, "expect": "difference"}}))
    one = found.claims["differs"]
    assert (one.first.verdict, one.fresh.verdict) == ("supported", "supported")
    assert one.outcome == "contradicted"


def test_noise_leaves_it_undecided(world):
    job = world.job()
    world.noise = 0.1
    one = tried(world, job).claims["lifts"]
    assert (one.outcome, one.fresh.verdict) == ("not decided again", "inconclusive")


def test_only_what_decisive_verdicts_rest_on_is_trained(world):
    claims = {
        "lifts": {"contrast": STEP, "where": {"focal_loss": True}, "expect": "increase"},
        "open": {"contrast": {**STEP, "factor": "focal_loss"}, "expect": "difference"},
    }
    found = tried(world, world.job(claims))
    assert list(found.claims) == ["lifts"]
    assert len(world.trained) == 10


def test_where_nothing_is_decisive_nothing_is_trained(world):
    world.first = 0.0
    job = world.job({"open": {"contrast": STEP, "expect": "increase"}}, margin=1e-6)
    found = tried(world, job)
    assert found.claims == {} and found.sweeps == {}
    assert world.trained == []


def test_further_looks_are_repeated_and_judged_in_one(world):
    further = [f"mixup={a}, focal_loss={b}" for a in ("false", "true") for b in ("false", "true")]
    looks = {"looks": [3, 5], "taken": {5: further}}
    job = world.job({"lifts": {"contrast": STEP, "expect": "increase"}}, **looks)
    found = tried(world, job)
    assert len(world.trained) == 20
    design = json.loads((job.place / SWEEP / "design.json").read_text("utf-8"))
    assert design["looks"] == []
    assert found.claims["lifts"].fresh.units == found.claims["lifts"].first.units


def test_ensembles_are_made_of_the_fresh_runs(world):
    claims = {"floor": {"where": {"members": 2}, "bound": {"at_least": 0.3}}}
    job = world.job(claims, seeds=[1, 2, 3, 4, 5, 6], members=[1, 2])
    found = tried(world, job)
    assert len(world.trained) == 4 * 6
    first = judge_writeup(job.writeup)
    assert "12 ensembles of 2 runs, 6 seeds" in first.judged["floor"].sentence
    assert (first.sweeps[SWEEP].runs, first.sweeps[SWEEP].ensembles) == (24, 12)
    assert (found.claims["floor"].first.runs, found.claims["floor"].fresh.runs) == (12, 12)
    assert found.claims["floor"].outcome == "held"


def test_seeds_that_share_units_are_joined_by_further_ones(world, monkeypatch):
    """The fold is the seed modulo 3, and the first fresh seeds are all made to be of one fold."""
    calm = world.trainer

    def of_one_fold(study, tasks, folder):
        for task, result, seconds in calm(study, tasks, folder):
            seen = sorted(set(world.trained))
            fold = 0 if len(seen) <= 3 else task.seed % 3
            yield task, replace(result, facts={**result.facts, "fold": fold}), seconds

    job = world.job(seeds=[1, 2, 3], replicate=["fold", "seed"])
    monkeypatch.setattr(world, "trainer", of_one_fold)
    found = tried(world, job)
    assert found.claims["lifts"].first.units == 3
    assert 3 < len(found.sweeps[SWEEP].seeds) <= 6


def test_interrupted_it_goes_on_where_it_was(world):
    job = world.job()
    world.killed_after = 7
    with pytest.raises(KeyboardInterrupt):
        tried(world, job)
    assert not (job.writeup.out / "replication.json").exists()
    world.killed_after = 10**6
    found = tried(world, job)
    assert len(world.trained) == len(found.sweeps[SWEEP].seeds) * 4 == 20
    before = (job.writeup.out / "replication.json").read_bytes()
    tried(world, job)
    assert len(world.trained) == 20
    assert (job.writeup.out / "replication.json").read_bytes() == before


def test_fresh_runs_that_were_judged_before_are_told_as_such(world):
    """With another margin it is another verdict, on seeds whose outcome is known already."""
    assert not any(one.seen for one in tried(world, world.job()).claims.values())
    assert not any(one.seen for one in tried(world, world.job()).claims.values())  # the same again
    other = world.job(margin=0.03)
    for _ in range(2):
        again = tried(world, other)
        assert {(one.outcome, one.seen) for one in again.claims.values()} == {("held", True)}
    assert all("looked at before" in line for line in told(again))


def test_fresh_runs_of_other_configurations_were_not_judged_before(world):
    on = {"contrast": STEP, "where": {"focal_loss": True}, "expect": "increase"}
    off = {**on, "where": {"focal_loss": False}}
    tried(world, world.job({"on": on}))
    found = tried(world, world.job({"on": on, "off": off}))
    assert {name: one.seen for name, one in found.claims.items()} == {"on": False, "off": False}


def test_what_was_judged_stays_known_while_no_verdict_is_decisive(world):
    tried(world, world.job())
    open_one = {"open": {"contrast": {**STEP, "factor": "focal_loss"}, "expect": "difference"}}
    assert tried(world, world.job(open_one)).claims == {}
    assert tried(world, world.job(margin=0.03)).claims["lifts"].seen


def test_nothing_of_the_sweep_is_touched(world):
    job = world.job()
    folder = job.writeup.sweeps[SWEEP]
    before = {path: path.read_bytes() for path in folder.iterdir()}
    tried(world, job)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_findings_count_what_held_until_anything_behind_it_changes(world):
    job = world.job()
    nothing = {"decisive": 2, "tried": 0, "earlier": 0}
    nothing |= {"held": 0, "not_decided": 0, "contradicted": 0}
    assert world.findings(job)["replication"] == nothing
    world.fresh = -0.1
    tried(world, job)
    found = world.findings(job)["replication"]
    assert found["claims"]["lifts"]["verdict"] == "refuted"
    del found["claims"]
    assert found == nothing | {"tried": 2, "contradicted": 2}
    other = world.job(margin=0.01)
    assert world.findings(other)["replication"] == nothing | {"earlier": 2}
    analysis = json.loads((job.writeup.out / "analysis.json").read_text("utf-8"))
    assert analysis["replication"]["lifts"] == {"outcome": "of an earlier state", "found": None}


def test_runs_of_other_data_are_not_replicated(world):
    job = world.job()
    (world.root / "data" / "features").write_bytes(b"other")
    with pytest.raises(InputError, match="toy was not trained as it would be now: run dvc repro"):
        stage.plan(job)


def test_every_fresh_run_is_one_of_those_to_be_kept(world):
    job = world.job(seeds=[1, 2, 3], replicate=["fold", "seed"])
    tried(world, job)
    kept = {run.seed for run in stage.every_fresh_run(job.sweeps[SWEEP])}
    assert set(world.trained) <= kept
