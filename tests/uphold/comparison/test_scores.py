"""Which scores moved, which did not, and which cannot be compared."""

import numpy as np

from uphold.comparison.findings import Findings, Score
from uphold.comparison.scores import compare_scores

from .reruns import page, score


def pages(**configurations: dict[str, Score]) -> dict[str, Findings]:
    return {"w": Findings({}, configurations, {})}


CONSTANT = Score(5.0, 0.0, 0.0, 3)
NOISY = score(np.array([0.1, 0.2, 0.35]))


def test_what_was_not_run_again_is_not_compared():
    rng = np.random.default_rng(1)
    a = page(rng, configurations=3, metrics=2)
    scores = dict(a.configurations) | {"arm=1": page(rng, metrics=2).configurations["arm=1"]}
    found = compare_scores({"": a}, {"": a._replace(configurations=scores)})
    assert {one.configuration for one in found.compared} == {"arm=1"}
    assert (len(found.compared), found.unchanged) == (2, 4)


def test_what_never_varies_moved_if_it_differs():
    a, b = (
        pages(x={"size": CONSTANT, "f1": NOISY}),
        pages(x={"size": Score(6.0, 0.0, 0.0, 3), "f1": NOISY}),
    )
    found = compare_scores(a, b)
    assert {one.metric: one.difference.p for one in found.compared} == {"size": 0, "f1": 1}


def test_nine_figures_are_no_difference():
    again = Score(5.00000001, 1e-17, 1e-17, 3)
    (one,) = compare_scores(pages(x={"size": CONSTANT}), pages(x={"size": again})).compared
    assert one.difference.p == 1


def test_a_score_that_is_the_same_on_all_seeds_by_chance_does_not_tell():
    a = pages(x={"f1": CONSTANT, "f2": NOISY}, y={"f1": NOISY, "f2": NOISY})
    b = pages(x={"f1": Score(6.0, 0.0, 0.0, 3), "f2": NOISY}, y={"f1": NOISY, "f2": NOISY})
    found = compare_scores(a, b)
    assert found.without_spread == [("w", "x", "f1")]


def test_one_seed_or_other_numbers_of_constant_ones_cannot_be_compared():
    for other in (Score(6.0, None, None, 1), Score(6.0, 0.0, 0.0, 4), Score(None, None, None, 0)):
        found = compare_scores(pages(x={"f1": CONSTANT}), pages(x={"f1": other}))
        assert found.without_spread == [("w", "x", "f1")]
        assert not found.compared


def test_what_one_side_has_alone_is_not_compared():
    found = compare_scores(pages(x={"f1": NOISY}), pages(x={"f2": NOISY}, y={"f1": NOISY}))
    assert not found.compared and not found.without_spread
