"""Ensembles from hand-made predictions: probabilities are averaged, not votes and not logits."""

import numpy as np
import pytest

from studies.speech.evaluation import Truth, ensemble, ensemble_items, score
from studies.speech.evaluation.ensembles import together
from studies.speech.settings.evaluation import Evaluation
from uphold.errors import InputError

TRUTH = Truth(np.array([0, 1, 1, 0]), np.array([1, 1, 2, 2]), ["negative", "positive"])
CHANCES = {
    # of the second class, by member and clip
    "a": (0.1, 0.9, 0.45, 0.2),
    "b": (0.2, 0.6, 0.45, 0.3),
    "c": (0.3, 0.2, 0.99, 0.9),
}


def member(chances, items=(0, 1, 2, 3)):
    p = np.array(chances)
    logits = np.log(np.stack([1 - p, p], axis=1)).astype(np.float32)
    outputs = dict.fromkeys(("test", "test_last", "validation", "validation_last"), logits)
    places = np.array(items)
    return outputs | {"test_items": places, "validation_items": places}


MEMBERS = [member(chances) for chances in CHANCES.values()]


def test_probabilities_are_averaged():
    found = np.exp(together(MEMBERS)["test"])
    expected = np.mean(list(CHANCES.values()), axis=0)
    np.testing.assert_allclose(found[:, 1], expected, rtol=1e-6)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    # Two of three members call the third clip the first class; one that is sure outweighs them.
    assert found[2].argmax() == 1


def test_an_ensemble_is_scored_as_a_run_and_gains_over_the_mean_of_its_members():
    """It is right on all clips; a and b miss the third one, c the second and the fourth."""
    found = ensemble(MEMBERS, TRUTH, Evaluation())
    assert found["macro_f1"] == 1
    missed_one = (4 / 5 + 2 / 3) / 2
    missed_two = (1 / 2 + 1 / 2) / 2
    alone = (2 * missed_one + missed_two) / 3
    assert found["ensemble_gain"] == pytest.approx(1 - alone)
    assert np.isnan(score(MEMBERS[0], TRUTH, Evaluation())["ensemble_gain"])


def test_clips_add_up_to_the_gain():
    found = ensemble(MEMBERS, TRUTH, Evaluation())
    added = ensemble_items(MEMBERS, TRUTH, Evaluation())
    assert added["ensemble_gain"].mean() == pytest.approx(found["ensemble_gain"])
    assert added["macro_f1"].mean() == pytest.approx(found["macro_f1"])


def test_runs_on_other_actors_cannot_decide_together():
    with pytest.raises(InputError, match="rotating: false"):
        together([MEMBERS[0], member(CHANCES["b"], items=(4, 5, 6, 7))])
