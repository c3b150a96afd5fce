import numpy as np
import pytest

from uphold.statistics.adjustment import holm


def test_holm():
    # R: p.adjust(c(.01, .04, .03, .2), "holm")
    assert holm(np.array([0.01, 0.04, 0.03, 0.2])) == pytest.approx([0.04, 0.09, 0.09, 0.2])
    # R: p.adjust(c(.5, .6, .0001), "holm")
    assert holm(np.array([0.5, 0.6, 0.0001])) == pytest.approx([1, 1, 0.0003])


def test_a_declared_test_counts_even_where_it_was_not_possible():
    found = holm(np.array([0.01, np.nan, 0.03]))
    assert found[[0, 2]] == pytest.approx([0.03, 0.06]) and np.isnan(found[1])


def test_no_tests_and_one_test():
    assert holm(np.array([])).size == 0 and holm(np.array([0.2])).tolist() == [0.2]
