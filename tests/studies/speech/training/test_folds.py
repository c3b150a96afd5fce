"""Folds: actors stay together, every clip is tested once, and the leaky split leaks."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from studies.speech.settings.run import SpeechRun
from studies.speech.training.folds import fold
from uphold.errors import InputError
from uphold.pipeline.params import load

ROOT = Path(__file__).parents[4]
ACTORS = np.repeat(np.arange(1, 25), 10)


def all_folds(actors=ACTORS, **change):
    groups = change.get("groups", 6)
    return [fold(SpeechRun(fold=k, **change), 0, actors) for k in range(groups)]


@pytest.mark.parametrize("change", [{}, {"groups": 24}, {"split": "random"}, {"groups": 5}])
def test_every_clip_is_tested_once_and_stands_on_one_side(change):
    folds = all_folds(**change)
    tested = np.concatenate([f.test for f in folds])
    assert sorted(tested) == list(range(len(ACTORS)))
    validated = np.concatenate([f.validation for f in folds])
    assert sorted(validated) == list(range(len(ACTORS)))
    for f in folds:
        whole = np.concatenate([f.train, f.validation, f.test])
        assert sorted(whole) == list(range(len(ACTORS)))


@pytest.mark.parametrize("groups", [6, 24, 5])
def test_grouped_folds_never_share_an_actor(groups):
    for f in all_folds(groups=groups):
        sides = [set(ACTORS[rows]) for rows in (f.train, f.validation, f.test)]
        assert not sides[0] & sides[1]
        assert not sides[0] & sides[2]
        assert not sides[1] & sides[2]


def test_six_groups_have_four_actors_each_of_both_sexes():
    for f in all_folds():
        tested = np.unique(ACTORS[f.test])
        assert len(tested) == 4
        assert set(tested % 2) == {0, 1}


def test_the_random_split_is_as_large_and_shares_its_actors():
    uneven = np.repeat([1, 2, 3, 4, 5, 20], [15, 15, 16, 15, 17, 17])
    for actors in (ACTORS, uneven):
        for honest, leaky in zip(all_folds(actors), all_folds(actors, split="random"), strict=True):
            for side in ("train", "validation", "test"):
                assert len(getattr(honest, side)) == len(getattr(leaky, side))
            assert len(set(actors[leaky.test]) & set(actors[leaky.train])) >= 4


def test_the_split_is_the_same_for_every_seed_unless_it_rotates():
    numbers = {seed: fold(SpeechRun(), seed, ACTORS).number for seed in range(30)}
    assert set(numbers.values()) == {0}
    turned = {seed: fold(SpeechRun(rotating=True), seed, ACTORS).number for seed in range(30)}
    assert len(set(turned.values())) > 3
    further = {
        seed: fold(SpeechRun(rotating=True, fold=1), seed, ACTORS).number for seed in range(30)
    }
    assert all(further[s] == (turned[s] + 1) % 6 for s in turned)


def test_more_groups_than_actors_are_refused_with_a_way_out():
    with pytest.raises(InputError, match="groups is 7, and the number of actors 6") as found:
        fold(SpeechRun(groups=7), 0, np.repeat(np.arange(6), 3))
    key, file = re.search(r"Set (\S+) in (\S+) to", str(found.value)).groups()
    there = yaml.safe_load((ROOT / file).read_text("utf-8"))
    for part in key.split("."):
        there = there[part]
    assert there == load(ROOT).defaults("speech")["groups"]


def test_a_fold_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"training\.groups is 6, and folds count from 0 to 5"):
        SpeechRun(fold=6)
