"""How a promoted configuration stands among all: its place, how far behind, at what floor."""

import pytest

from uphold.promoted_rank import among, standing

from .analysis.promoted import PROMOTED


def promoted(**parts: object):
    return PROMOTED.model_copy(update=parts)


@pytest.mark.parametrize(
    ("stable", "rule_met", "says"),
    [
        (32, True, "the best of 32 by mean validation_f1"),
        (7, True, "the best by mean validation_f1 of the 7 of 32 that were stable"),
        (1, True, "the only one of 32 configurations that was stable in validation_f1"),
        (0, False, "the best of 32 by mean validation_f1, since none was stable"),
    ],
)
def test_it_is_the_best_of_the_stable_ones_alone(stable, rule_met, says):
    assert among(promoted(configurations=32, stable=stable, rule_met=rule_met)) == says


def test_its_place_among_all_is_said_and_that_it_is_far_behind_where_it_is():
    near = promoted(configurations=32, mean=0.71, rank=3, best=0.72)
    said = standing(near, 0.02, 3)
    assert said == (
        "By its mean it is number 3 of 32. The best mean, of one that is not stable, is 0.720."
    )
    far = promoted(configurations=32, mean=0.409, rank=32, best=0.725)
    assert "is 0.725: 0.316 better, where 0.02 matters." in standing(far, 0.02, 3)
    error = promoted(higher=False, configurations=9, mean=0.4, rank=2, best=0.1)
    assert "is 0.100: 0.300 better, where 0.02 matters." in standing(error, 0.02, 3)


def test_the_first_one_above_its_floor_needs_no_word():
    first = promoted(configurations=32, mean=0.7, rank=1, best=0.7, floor=0.4)
    assert standing(first, 0.02, 3) == ""
    assert standing(promoted(mean=None), 0.02, 3) == ""


def test_it_is_said_where_one_answer_for_every_item_scores_as_much():
    low = promoted(configurations=2, mean=0.409, rank=1, best=0.409, floor=0.4)
    assert standing(low, 0.02, 3) == (
        "One answer for every item scores 0.400, and it is not more than 0.02 better: nothing"
        " shows that it learned anything."
    )
