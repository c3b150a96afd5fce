"""What a search asks for, trains and publishes: the same after a kill, and nothing twice."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from uphold.errors import InputError
from uphold.pipeline.design import UNTUNED, Design, lay_out
from uphold.pipeline.journal import Journal
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.search import Search
from uphold.pipeline.stages import confirm, evaluate, train
from uphold.pipeline.stages import search as stage
from uphold.pipeline.stages.files import read_csv, read_json
from uphold.pipeline.study import Study, find
from uphold.pipeline.sweeps import begun
from uphold.training.contract import Result
from uphold.validation import Settings, validated

from .replicating import Evaluation

WHOLE = 9
SPACE = {
    "learning_rate": {"from": 1e-4, "to": 1e-1, "log": True},
    "focal_loss": [False, True],
    "focal_gamma": {"from": 0.5, "to": 4},
}
SEARCH = {
    "by": "validation_f1",
    "trials": 14,
    "seed": 77,
    "budget": {"of": "epochs", "least": 1, "factor": 3},
    "space": SPACE,
}


class Scores(Evaluation):
    """An evaluation with a score on validation data, and one on test data that would mislead."""

    @staticmethod
    def score(predictions, truth, settings):
        score = float(predictions["test"][0, 0])
        return {"validation_f1": score, "ood_f1": -score}


class World:
    """A repository with a search whose trials score by a formula."""

    def __init__(self, root: Path, monkeypatch) -> None:
        monkeypatch.setattr(Study, "module", lambda self, name: Scores)
        self.root, self.study = root, find("calls")
        self.trained: list[tuple] = []
        self.killed_after = 10**6
        self.fails = lambda settings: False
        (root / "data").mkdir()
        (root / "data" / "card.json").write_text("{}")
        (root / "data" / "features").write_bytes(b"prepared")

    def trainer(self, study, tasks, folder):
        for task in tasks:
            if len(self.trained) == self.killed_after:
                raise KeyboardInterrupt
            one = task.settings
            self.trained.append((task.seed, one.epochs, json.dumps(one.canonical())))
            far = abs(np.log10(one.learning_rate) + 2.5)
            noise = (task.seed * 37 % 11 - 5) / 500 + (one.learning_rate * 1e6 % 7 - 3) / 300
            value = 0.9 - 0.2 * far - 0.05 * one.focal_loss - 0.1 / one.epochs + noise
            history = {"epoch": np.array([1])}
            if self.fails(one):
                yield task, Result({}, history, failure="loss is NaN"), 0.1
            else:
                yield task, Result({"test": np.full((1, 1), value)}, history), 0.1

    def job(self, journal: str = "journal", name: str = "toy-search", **change) -> stage.Job:
        found = validated(Search, {**SEARCH, **change}, "toy")
        return stage.Job(
            **{"name": name, "search": found, "study": self.study},
            **{"start": {"mixup": True}, "defaults": {"epochs": WHOLE}, "evaluation": Settings()},
            **{"data": self.root / "data", "journal": Journal(self.root / journal)},
            out=self.root / f"{journal}-{name}.json",
        )

    def search(self, *arguments, **change) -> dict:
        """Search, and return what was published."""
        job = self.job(*arguments, **change)
        stage.search(job, self.trainer, device="cpu", say=lambda message: None)
        return read_json(job.out)

    def finalists(self, seeds=(1, 2, 3)) -> train.Job:
        """Return the sweep that compares the finalists of the search, trained and evaluated."""
        plan = Design(kind="autotune", finalists=2, seeds=list(seeds), after="toy-search")
        found = self.search()
        plan, start = begun(plan, found)
        runs = lay_out(plan, self.study.run, {"epochs": WHOLE}, start, "toy")
        data, journal = self.root / "data", Journal(self.root / "journal")
        out = self.root / "sweep"
        sweep = train.Job("toy", "Toy", self.study, plan, runs, data, journal, out, found)
        train.train(sweep, self.trainer, device="cpu", say=lambda message: None)
        given = (self.study, Settings(), self.rule, data, out, self.root / "promoted.json")
        evaluate.evaluate(evaluate.Job("toy", *given))
        return sweep

    rule = Promotion(by="validation_f1", stable_sd=1, confirm=4)


@pytest.fixture
def world(tmp_path, monkeypatch):
    return World(tmp_path, monkeypatch)


def test_trials_end_early_and_that_saves_training(world):
    found = world.search()
    ends = [trial["ended"] for trial in found["trials"]]
    assert len(ends) == 14 and set(ends) == {"whole", "pruned"}
    epochs = sum(epochs for _, epochs, _ in world.trained)
    assert epochs < 14 * WHOLE
    assert epochs == sum(int(b) for trial in found["trials"] for b in trial["scores"])
    for trial in found["trials"]:
        assert (str(WHOLE) in trial["scores"]) == (trial["ended"] == "whole")
    assert {seed for seed, _, _ in world.trained} == {77}


@pytest.mark.parametrize("killed_after", [0, 1, 7, 20])
def test_killed_and_resumed_it_asks_for_the_same_trials_and_trains_none_twice(world, killed_after):
    whole = world.search()
    in_one_go, world.trained = world.trained, []
    world.killed_after = killed_after
    with pytest.raises(KeyboardInterrupt):
        world.search("other")
    world.killed_after = 10**6
    assert world.search("other") == whole
    assert len(set(world.trained)) == len(world.trained)
    assert sorted(world.trained) == sorted(in_one_go)


def test_done_it_trains_nothing_and_publishes_the_same_bytes(world):
    world.search()
    before = world.job().out.read_bytes()
    world.trained.clear()
    world.search()
    assert world.trained == [] and world.job().out.read_bytes() == before


def test_its_brackets_hang_on_its_name(world):
    """Equal scores, another name: other trials are looked at early."""
    looks = [
        [next(iter(trial["scores"])) for trial in world.search(f"j{n}", name)["trials"]]
        for n, name in enumerate(["toy-search", "another"])
    ]
    assert looks[0] != looks[1]


def test_more_trials_keep_those_of_the_rounds_that_were_full(world):
    first = world.search()["trials"]
    world.trained.clear()
    more = world.search(trials=18)["trials"]  # 12 of 14 were asked for four at a time
    assert more[:12] == first[:12] and len(more) == 18


def test_validation_alone_chooses(world):
    found = world.search()
    best = found["trials"][found["finalists"][0]["trial"]]
    whole = [t for t in found["trials"] if t["ended"] == "whole"]
    assert best["scores"][str(WHOLE)] == max(t["scores"][str(WHOLE)] for t in whole)


def test_a_setting_that_does_not_act_is_not_asked_for(world):
    for trial in world.search()["trials"]:
        assert ("focal_gamma" in trial["settings"]) == trial["settings"]["focal_loss"]


def test_where_less_is_better_the_lowest_is_first(world):
    found = world.search(higher=False)
    first = found["trials"][found["finalists"][0]["trial"]]["scores"]
    whole = [t["scores"] for t in found["trials"] if t["ended"] == "whole"]
    assert first[str(WHOLE)] == min(scores[str(WHOLE)] for scores in whole)


def test_failed_trials_are_no_finalists_and_are_not_trained_again(world):
    world.fails = lambda settings: settings.focal_loss
    found = world.search()
    failed = {t["number"] for t in found["trials"] if t["ended"] == "failed"}
    assert failed and not failed & {one["trial"] for one in found["finalists"]}
    world.trained.clear()
    world.search()
    assert world.trained == []


def test_where_every_trial_fails_it_says_so(world):
    world.fails = lambda settings: True
    with pytest.raises(InputError, match="toy-search: no trial could be trained"):
        world.search()


def test_what_is_the_start_or_stands_twice_is_no_finalist(world):
    space = {"dropout": [0.25, 0.5], "mixup": [False, True]}
    finalists = [one["settings"] for one in world.search(space=space)["finalists"]]
    assert {"dropout": 0.25, "mixup": True} not in finalists
    assert len({json.dumps(one, sort_keys=True) for one in finalists}) == len(finalists) == 3


def test_a_dry_run_says_what_the_journal_holds_and_writes_nothing(world):
    budgets = "at budgets of 1, 3, 9 epochs"
    assert stage.foresee(world.job()) == (
        f"toy-search: 14 trials, 0 in the journal, 14 to be trained, {budgets}"
    )
    assert not world.job().journal.folder.exists()
    world.killed_after = 12
    with pytest.raises(KeyboardInterrupt):
        world.search()
    said = stage.foresee(world.job())
    assert ", 0 in the journal" not in said and ", 14 in the journal" not in said
    world.killed_after = 10**6
    world.search()
    assert ", 14 in the journal, 0 to be trained" in stage.foresee(world.job())


def test_the_keys_of_all_its_runs_are_known(world):
    world.search()
    assert stage.known(world.job()).keys == set(world.job().journal.keys())


@pytest.mark.parametrize("program", [False, True])
def test_a_run_has_one_key_in_a_search_and_in_a_sweep(world, program):
    world.study = replace(world.study, is_command=program)
    finalists, search = world.finalists(), world.job()
    keys = train.keys_of(finalists)
    assert {search.key(run.task) for run in finalists.runs} == set(keys.values())


def test_finalists_are_compared_over_seeds_beside_the_start(world):
    sweep = world.finalists()
    table = read_csv(sweep.out / "scores.csv")
    assert set(table["arm"]) == {UNTUNED, "finalist-1", "finalist-2"}
    assert set(table["seed"]) == {1, 2, 3}
    design = read_json(sweep.out / "design.json")
    found = world.search()
    assert design["search"] == found
    assert design["arms"]["finalist-1"] == found["finalists"][0]["settings"]
    assert design["fixed"]["epochs"] == WHOLE


def test_the_winner_is_confirmed_on_seeds_that_chose_nothing(world):
    sweep = world.finalists()
    world.trained.clear()
    job = confirm.Job(sweep, Settings(), world.rule, world.root / "confirmation")
    confirm.confirm(job, world.trainer, device="cpu", say=lambda message: None)
    fresh = read_csv(sweep.out / "confirmation.csv")
    promoted = read_json(sweep.out / "promotion.json")["configuration"]
    assert set(fresh["configuration"]) == {promoted} and len(set(fresh["seed"])) == 4
    assert not set(fresh["seed"]) & {1, 2, 3, SEARCH["seed"]}
    assert {seed for seed, _, _ in world.trained} == set(fresh["seed"])


def test_a_finalist_of_the_search_s_own_seed_would_not_be_trained_again(world):
    """A whole trial is a run like any other."""
    world.search()
    before = len(world.trained)
    world.finalists(seeds=(77, 78))
    whole = [seed for seed, _, _ in world.trained[before:]]
    assert whole.count(77) == 1  # the start alone
    assert whole.count(78) == 3
