"""What replicate says before it trains, and afterwards."""

from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from uphold.cli import app, replicate
from uphold.pipeline import params
from uphold.training import lanes
from uphold.training.executors.settings import ExecutorSettings

from ..pipeline.stages.replicating import SWEEP, WRITEUP, World


@pytest.fixture
def world(tmp_path, monkeypatch):
    found = World(tmp_path, monkeypatch)
    job = found.job()
    monkeypatch.setattr(replicate, "job_of", lambda writeup: job)
    names = SimpleNamespace(executor=ExecutorSettings())
    here = SimpleNamespace(writeup=lambda name: name, names=names)
    monkeypatch.setattr(params, "load", lambda root: here)
    monkeypatch.setattr(
        lanes,
        "train_in_lanes",
        lambda study, tasks, data, executor: found.trainer(study, tasks, data),
    )
    return found


def run(*arguments: str) -> list[str]:
    done = CliRunner().invoke(app, ["replicate", WRITEUP, *arguments])
    assert done.exit_code == 0, done.exception
    return done.stdout.splitlines()


def test_a_dry_run_says_which_runs_and_how_long_and_trains_none(world):
    first, second = run("--dry-run", "--workers", "2")
    assert first == (
        f"{WRITEUP}: 2 decisive verdicts to be tried on fresh seeds"
        " (lifts supported, lifts-much supported)"
    )
    assert second == (
        f"{SWEEP}-replication: 20 runs, 0 in the journal, 20 to be trained;"
        " about 1 s by the journal's times"
    )
    assert world.trained == []
    assert not (world.root / "fresh").exists()


def test_afterwards_it_says_what_held(world):
    world.fresh = -0.1
    said = run()
    assert len(world.trained) == 20
    lifts, much, last = said[-3:]
    assert lifts.startswith("  lifts: contradicted; first supported 0.10")
    assert ", fresh seeds refuted −0.1" in lifts
    assert much.startswith("  lifts-much: contradicted")
    assert last == (
        f"{WRITEUP}: 0 of 2 decisive verdicts held on fresh seeds, 2 contradicted."
        f" Run dvc repro report@{WRITEUP} for the page, and commit"
        f" results/{WRITEUP}/replication.json with it."
    )
    # What was trained is there, and asks for nothing.
    assert (
        run("--dry-run")[-1] == f"{SWEEP}-replication: 20 runs, 20 in the journal, 0 to be trained"
    )


def test_without_a_decisive_verdict_there_is_nothing_to_do(world, monkeypatch):
    job = world.job({})
    monkeypatch.setattr(replicate, "job_of", lambda writeup: job)
    said = run()
    assert said == [f"{WRITEUP}: no verdict is decisive, so that there is nothing to replicate."]
    assert (job.writeup.out / "replication.json").is_file()
