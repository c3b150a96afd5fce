"""What a search comes to: its course, its cost, its importances, and by how much it flattered."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from uphold.analysis.model.runs import Design
from uphold.analysis.searched import searched
from uphold.statistics.scores import Scores

SPACE = {
    "dropout": {"levels": [0, 0.25, 0.5], "log": False},
    "learning_rate": {"from": 1e-4, "to": 0.1, "log": True},
    "alpha": {"from": 0.0, "to": 1.0, "log": False},
}
SEEDS = (1, 2, 3, 4)


def search(many: int = 40, higher: bool = True) -> dict:
    """Return a search in which the learning rate decides and every third trial ends early."""
    rng = np.random.default_rng(1)
    trials = []
    for number in range(many):
        rate = float(10 ** rng.uniform(-4, -1))
        score = 0.9 - 0.2 * abs(np.log10(rate) + 2) + 0.002 * rng.standard_normal()
        score = score if higher else 1 - score
        early = number % 3 == 1
        chosen = {"dropout": [0, 0.25, 0.5][number % 3], "learning_rate": rate}
        if number % 2:
            chosen["alpha"] = float(rng.uniform())
        trials.append(
            {
                **{"number": number, "ended": "pruned" if early else "whole", "settings": chosen},
                "scores": {"1": score - 0.1} | ({} if early else {"4": score}),
            }
        )
    trials.append({"number": many, "ended": "failed", "settings": {"dropout": 0}, "scores": {}})
    best = sorted(
        (t for t in trials if t["ended"] == "whole"), key=lambda t: t["scores"]["4"], reverse=higher
    )
    return {
        **{"name": "toy-search", "by": "validation_f1", "higher": higher, "seed": 9},
        **{"budget": "epochs", "budgets": [1, 4], "space": SPACE, "trials": trials},
        "start": {"mixup": True},
        "finalists": [{"trial": t["number"], "settings": t["settings"]} for t in best],
    }


def of(search: dict | None, means=(0.7, 0.85, 0.8)):
    arms = ["untuned", "finalist-1", "finalist-2"]
    rows = [
        {"arm": arm, "seed": seed, "run": f"{arm}, {seed}", "validation_f1": mean + seed / 100}
        for arm, mean in zip(arms, means, strict=True)
        for seed in SEEDS
    ]
    scores = Scores(pd.DataFrame(rows), ("arm",), "seed", run="run")
    levels = {"arm": arms}
    return searched(scores, Design(title="a", kind="autotune", levels=levels, search=search))


def test_a_sweep_without_a_search_has_none():
    assert of(None) is None


def test_it_tells_how_trials_ended_and_what_they_cost():
    found = of(search())
    assert (found.whole, found.pruned, found.failed) == (27, 13, 1)
    assert found.trained == 40 * 1 + 27 * 4
    assert found.without_ends == 41 * 4


def test_the_best_so_far_is_of_whole_trials_and_never_falls():
    made = search()
    found = of(made)
    assert [one.number for one in found.course] == list(range(40))
    best = [one.best for one in found.course if one.best is not None]
    assert best == sorted(best)
    assert best[-1] == max(t["scores"]["4"] for t in made["trials"] if "4" in t["scores"])


def test_what_decides_is_what_matters_and_comes_with_its_spread():
    found = of(search()).importances
    assert found[0].setting == "learning_rate"
    assert sum(one.share for one in found) == pytest.approx(1)
    for one in found:
        assert 0 <= one.low <= one.high <= 1
    assert found[0].low < found[0].share
    assert {one.setting: one.trials for one in found}["alpha"] == 20


def test_the_same_trials_give_the_same_spread():
    assert of(search()).importances == of(search()).importances


def test_too_few_trials_tell_of_no_importance():
    assert of(search(9)).importances == ()


@pytest.mark.parametrize("higher", [True, False])
def test_the_best_trial_is_held_against_seeds_that_ranked_nothing(higher):
    made = search(higher=higher)
    start, first, second = of(made).arms
    assert (start.arm, start.trial, start.searched, start.flattered) == (
        ("untuned", None, None, None)
    )
    best = made["finalists"][0]["trial"]
    assert (first.arm, first.trial) == ("finalist-1", best)
    assert first.searched == made["trials"][best]["scores"]["4"]
    values = np.array([0.85 + seed / 100 for seed in SEEDS])
    sign = 1 if higher else -1
    assert first.flattered == pytest.approx(sign * (first.searched - values.mean()))
    half = stats.t.ppf(0.975, 3) * stats.sem(values)
    assert first.ci_low == pytest.approx(first.flattered - half)
    assert first.ci_high == pytest.approx(first.flattered + half)
    assert second.trial == made["finalists"][1]["trial"]


def beginning_early(made: dict) -> dict:
    """Return a search whose best finalist ended early, as where all whole trials are the start."""
    early = next(t for t in made["trials"] if t["ended"] == "pruned")
    first = {"trial": early["number"], "settings": early["settings"]}
    return made | {"finalists": [first, *made["finalists"]]}


def test_a_trial_that_ended_early_has_no_score_to_hold_against_whole_runs():
    made = beginning_early(search())
    _, first, second = of(made).arms
    assert first.trial == made["finalists"][0]["trial"]
    assert first.mean == pytest.approx(0.875)
    assert [first.searched, first.flattered, first.ci_low, first.ci_high] == [None] * 4
    assert second.searched is not None and second.flattered is not None
