"""More seeds, look by look: what it trains, where it stops, and what it leaves behind.

DVC and the judging of a whole write-up are stood in for: runs are rows of a table whose scores are
known for every seed beforehand, and there are as many as the params file says.
"""

import json
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from uphold.claims.judge import judge
from uphold.cli import app, decide
from uphold.errors import InputError
from uphold.pipeline.design import Design
from uphold.pipeline.next_look import Swept
from uphold.validation import validated

from ..conftest import STEP

ROOT = Path(__file__).parents[3]
WRITEUP, SWEEP = "calls-stage2", "calls-augmentation"
FILE = "params/calls.yaml"
SECONDS = 2.0
FIRST = [0.04, 0.06, 0.08]
"""What mixup does in the first three seeds: .06 ± .02, which leaves the claim open."""
CLEAR, UNCLEAR = [*FIRST, 0.06, 0.05, 0.06, 0.07, 0.06], [*FIRST, 0.0, -0.1, 0.1, 0.2, -0.15]


class World:
    """A repository in which a run takes two seconds and the scores are known beforehand."""

    def __init__(self, make, claim, change: list[float]) -> None:
        self.make, self.claim, self.change = make, claim, change
        self.now, self.repros, self.killed_in = 0.0, 0, 0
        self.trained: dict[str, int] = {}
        self.never_trained: list[str] = []
        self.claims = {"helps": claim(contrast=STEP, expect="increase", sweep=SWEEP)}

    @property
    def design(self) -> Design:
        values = yaml.safe_load(Path(FILE).read_text("utf-8"))
        return validated(Design, values["sweeps"][SWEEP]["design"], FILE)

    def repro(self, writeup: str) -> None:
        """Train what the params file asks for, as ``dvc repro`` does."""
        assert writeup == WRITEUP
        self.repros += 1
        if self.repros == self.killed_in:
            raise KeyboardInterrupt
        design = self.design
        first = design.looks[0] if design.looks else len(design.seeds.values)
        for name in ("mixup=false", "mixup=true"):
            seeds = design.come_to.get(name, first)
            self.now += SECONDS * max(seeds - self.trained.get(name, seeds), 0)
            self.trained[name] = seeds

    def lacking(self, sweep: str) -> list[str]:
        assert sweep == SWEEP
        come_to, looks = self.design.come_to, self.design.looks
        first = looks[0] if looks else 0
        return [
            name
            for name in ("mixup=false", "mixup=true")
            for _ in range(come_to.get(name, first) - self.trained.get(name, first))
        ] + self.never_trained

    def present(self, writeup: str):
        rows = [
            (on, seed, name, 0.5 + 0.01 * seed + on * self.change[seed])
            for on, name in ((False, "mixup=false"), (True, "mixup=true"))
            for seed in range(self.trained[name])
        ]
        table = pd.DataFrame(rows, columns=["mixup", "seed", "configuration", "f1"])
        log = self.make(table, ["mixup"], looks=self.design.looks)
        judged = judge({SWEEP: log}, self.claims)
        swept = {SWEEP: Swept(self.design, log, SECONDS)} if self.design.looks else {}
        return swept, judged


@pytest.fixture
def world(tmp_path, monkeypatch, make, claim):
    """Return a function that sets up a world: what mixup does by seed, and the looks."""

    def of(change=CLEAR, looks=(3, 5, 8), **design) -> World:
        values = yaml.safe_load((ROOT / FILE).read_text("utf-8"))
        values["sweeps"][SWEEP]["design"] = {
            **{"kind": "grid", "factors": {"mixup": [False, True]}, "seeds": list(range(8))},
            **({"looks": list(looks)} if looks else {}),
            **design,
        }
        (tmp_path / "params").mkdir(exist_ok=True)
        shutil.copy(ROOT / "params.yaml", tmp_path)
        (tmp_path / FILE).write_text(yaml.safe_dump(values, sort_keys=False), "utf-8")
        monkeypatch.chdir(tmp_path)
        found = World(make, claim, list(change))
        monkeypatch.setattr(decide, "_repro", found.repro)
        monkeypatch.setattr(decide, "_present", found.present)
        monkeypatch.setattr(decide, "_lacking", found.lacking)
        monkeypatch.setattr(decide, "time", SimpleNamespace(monotonic=lambda: found.now))
        return found

    return of


def run(*arguments: str):
    return CliRunner().invoke(app, ["decide", WRITEUP, *arguments])


def recorded() -> list[dict]:
    path = Path("results") / WRITEUP / "looks.json"
    return json.loads(path.read_text("utf-8"))["looks"] if path.is_file() else []


def test_it_takes_looks_until_the_claim_is_decided(world):
    one = world()
    done = run()
    assert done.exit_code == 0, done.exception
    assert one.trained == {"mixup=false": 5, "mixup=true": 5}
    assert one.design.come_to == one.trained and one.repros == 2
    first, decided, last = done.stdout.splitlines()
    assert first.startswith(
        f"{SWEEP}: mixup=false; mixup=true to 5 seeds, 4 runs, about 8 s of training."
        " May decide: helps ("
    )
    assert decided == "  decided: helps supported"
    assert last == f"{WRITEUP}: 1 of 1 open claims decided with 4 runs in 8 s; 0 still open"


def test_what_was_taken_before_stays_taken(world):
    one = world(taken={5: ["mixup=false"]})
    done = run()
    assert one.design.come_to == {"mixup=false": 5, "mixup=true": 5}
    assert f"{SWEEP}: mixup=true to 5 seeds, 2 runs, about 4 s" in done.stdout


def test_what_each_look_decided_is_recorded(world):
    one = world()
    run()
    (look,) = recorded()
    judgement = one.present(WRITEUP)[1]["helps"]
    assert look["claims"]["helps"] == {
        "seeds": 5,
        "verdict": "supported",
        "p_adjusted": pytest.approx(judgement.p_adjusted, rel=1e-8),
    }
    del look["claims"]
    assert look == {
        **{"sweep": SWEEP, "look": 5, "runs": 4, "seconds": 8},
        "configurations": ["mixup=false", "mixup=true"],
    }


def test_it_stops_where_no_look_is_left(world):
    one = world(UNCLEAR)
    done = run()
    assert done.exit_code == 0, done.exception
    looks = [look["look"] for look in recorded()]
    assert looks in ([5], [5, 8], [8])  # it gives up where a further look has no chance
    assert one.trained["mixup=true"] == looks[-1]
    assert "  decided: nothing yet" in done.stdout
    assert "0 of 1 open claims decided" in done.stdout
    assert done.stdout.endswith("; 1 still open: helps\n")


@pytest.mark.parametrize(
    "budget", [("--runs", "3"), ("--budget", "7s"), ("--budget", "0.1m"), ("--runs", "0")]
)
def test_a_budget_that_pays_for_no_step_trains_nothing(world, budget):
    one = world()
    done = run(*budget)
    assert done.exit_code == 0, done.exception
    assert one.repros == 1 and one.design.come_to == {} and recorded() == []
    assert done.stdout == (
        f"{WRITEUP}: 0 of 1 open claims decided with 0 runs in 0 s; 1 still open: helps\n"
    )


@pytest.mark.parametrize("budget", [("--runs", "9"), ("--budget", "19s")])
def test_what_a_step_took_is_gone_from_the_budget(world, budget):
    """A first step to 5 seeds takes 4 runs and 8 s; a second to 8 would take 6 and 12 s more."""
    one = world([*FIRST, 0.0, 0.13, *CLEAR[5:]])
    done = run(*budget)
    assert one.trained["mixup=true"] == 5 and [look["look"] for look in recorded()] == [5]
    assert done.stdout.endswith("with 4 runs in 8 s; 1 still open: helps\n")
    # With what is left it goes on.
    run()
    assert one.trained["mixup=true"] == 8 and [look["look"] for look in recorded()] == [5, 8]


def test_a_dry_run_only_announces(world):
    one = world()
    text = Path(FILE).read_text("utf-8")
    one.repro(WRITEUP)
    done = run("--dry-run")
    assert done.exit_code == 0 and done.stdout.count("\n") == 1 and "to 5 seeds" in done.stdout
    assert Path(FILE).read_text("utf-8") == text and recorded() == []
    assert one.trained["mixup=true"] == 3


def test_a_dry_run_records_no_look_that_a_killed_decide_began(world):
    one = world()
    one.killed_in = 2
    run()
    one.repro(WRITEUP)
    assert run("--dry-run").exit_code == 0 and recorded() == []


def test_a_dry_run_says_that_nothing_fits_into_the_budget(world):
    one = world()
    one.repro(WRITEUP)
    assert run("--dry-run", "--budget=0s").stdout == (
        f"{WRITEUP}: no look within --budget 0s is expected to decide any of the open claims,"
        " helps\n"
    )
    one.claims = {}
    assert run("--dry-run").stdout == f"{WRITEUP}: no claim is open\n"


@pytest.mark.parametrize("runs", ["-3", "1.5", "some"])
def test_a_number_of_runs_that_is_none_is_refused(world, runs):
    one = world()
    assert run(f"--runs={runs}").exit_code == 2 and one.repros == 0


def test_what_is_decided_already_takes_no_step(world):
    one = world([0.060, 0.0601, 0.0602, *CLEAR[3:]], looks=(3, 5, 8))
    one.claims = {"helps": one.claim(contrast=STEP, expect="no-decrease", sweep=SWEEP)}
    done = run()
    assert done.stdout == (
        f"{WRITEUP}: 0 of 0 open claims decided with 0 runs in 0 s; 0 still open\n"
    )
    assert one.design.come_to == {}


def test_a_killed_decide_goes_on_where_it_was(world):
    one = world()
    run()
    whole, taken = one.trained, one.design.taken
    again = world()
    (Path("results") / WRITEUP / "looks.json").unlink()
    again.killed_in = 2
    assert isinstance(run().exception, KeyboardInterrupt | SystemExit)
    assert again.trained["mixup=true"] == 3 and again.design.taken == taken
    done = run()
    assert done.exit_code == 0, done.exception
    assert (again.trained, again.design.taken) == (whole, taken)


def test_the_look_of_a_killed_decide_is_recorded_when_it_goes_on(world):
    one = world()
    one.killed_in = 2
    run()
    run()
    assert [(look["look"], look["claims"]["helps"]["verdict"]) for look in recorded()] == [
        (5, "supported")
    ]


def killed(world, change=CLEAR) -> World:
    """Return a world in which a decide was killed once its look at 5 seeds stood in params."""
    one = world(change)
    one.killed_in = 2
    run()
    written = {"claims": {"helps": {"verdict": "inconclusive"}}}
    folder = Path("results") / WRITEUP
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "findings.json").write_text(json.dumps(written), "utf-8")
    assert one.trained["mixup=true"] == 3 and one.design.come_to["mixup=true"] == 5
    return one


def test_what_a_begun_look_takes_is_recorded_and_told(world):
    killed(world)
    done = run()
    (look,) = recorded()
    assert (look["runs"], look["seconds"]) == (4, 8)
    assert done.stdout.splitlines() == [
        f"{SWEEP}: mixup=false; mixup=true to 5 seeds, begun earlier, 4 runs left",
        "  decided: helps supported",
        f"{WRITEUP}: 1 of 1 open claims decided with 4 runs in 8 s; 0 still open",
    ]


@pytest.mark.parametrize("budget", [("--runs", "9"), ("--budget", "19s")])
def test_what_a_begun_look_takes_is_gone_from_the_budget(world, budget):
    """It takes 4 runs and 8 s; a second to 8 seeds would take 6 and 12 s more."""
    one = killed(world, [*FIRST, 0.0, 0.13, *CLEAR[5:]])
    done = run(*budget)
    assert one.trained["mixup=true"] == 5 and [look["look"] for look in recorded()] == [5]
    assert done.stdout.endswith(
        "0 of 1 open claims decided with 4 runs in 8 s; 1 still open: helps\n"
    )


@pytest.mark.parametrize("runs", ["0", "3"])
def test_a_begun_look_that_takes_more_runs_than_allowed_is_not_trained(world, runs):
    one = killed(world)
    found = run("--runs", runs).exception
    assert isinstance(found, InputError) and one.trained["mixup=true"] == 3
    assert f"The look begun earlier takes 4 runs, more than --runs {runs}: " in str(found)
    assert recorded() == []


def test_a_look_that_was_trained_and_not_recorded_costs_no_runs(world):
    one = killed(world)
    one.repro(WRITEUP)
    done = run("--runs=0")
    (look,) = recorded()
    assert (look["runs"], look["seconds"]) == (0, 0) and "with 0 runs in 0 s" in done.stdout


def test_a_sweep_without_looks_says_what_to_declare(world):
    one = world(looks=())
    found = run().exception
    assert isinstance(found, InputError)
    assert f"No sweep of {WRITEUP} declares looks: add looks: [3, 5, 8]" in str(found)
    assert one.design.come_to == {} and recorded() == []


@pytest.mark.parametrize("budget", ["30", "30 m", "-5m", "m", "1d", "", "1e3s", "5m30s", "inf"])
def test_a_budget_that_is_no_time_is_refused_before_anything_runs(world, budget):
    one = world()
    found = run(f"--budget={budget}").exception
    assert isinstance(found, InputError) and one.repros == 0
    assert str(found) == f"--budget is {budget!r}: give a time such as 90s, 30m or 2h."


@pytest.mark.parametrize(
    ("budget", "seconds"), [("90s", 90), ("30m", 1800), ("2h", 7200), ("1.5h", 5400), ("0s", 0)]
)
def test_a_budget_in_seconds(budget, seconds):
    assert decide._seconds(budget) == seconds


def test_an_unknown_write_up_is_named_before_anything_runs(world):
    one = world()
    found = CliRunner().invoke(app, ["decide", "calls-stag2"]).exception
    assert isinstance(found, InputError) and one.repros == 0
    assert "there is no write-up 'calls-stag2'. Did you mean 'calls-stage2'?" in str(found)


def test_a_failure_of_dvc_says_which_command_and_that_the_look_stands(monkeypatch):
    asked = []

    def failed(command, **options):
        asked.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(decide.subprocess, "run", failed)
    with pytest.raises(InputError, match=r"analyze@toy failed; .* dvc repro analyze@toy does"):
        decide._repro("toy")
    assert asked == [["dvc", "repro", "--quiet", "analyze@toy"]]


@pytest.mark.parametrize("budget", [(), ("--budget", "10m"), ("--runs", "50")])
def test_runs_that_no_look_takes_are_not_trained_unannounced(world, budget):
    one = world()
    one.never_trained = ["mixup=true"] * 3
    found = run(*budget).exception
    assert isinstance(found, InputError) and one.repros == 0 and not recorded()
    assert str(found).startswith(f"3 runs of {SWEEP} are not trained yet and belong to no look")
    assert f"Train them first: dvc repro analyze@{WRITEUP}" in str(found)
    one.never_trained = []
    assert run().exit_code == 0


def test_a_begun_look_goes_on_only_where_nothing_else_is_missing(world):
    one = killed(world)
    one.never_trained = ["mixup=false, other=1"]
    found = run().exception
    assert isinstance(found, InputError) and one.trained["mixup=true"] == 3
    assert str(found).startswith(f"1 run of {SWEEP} ")
