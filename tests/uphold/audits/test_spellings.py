import pandas as pd

from uphold.audits.spellings import spellings


def test_one_level_in_two_spellings():
    found = spellings(pd.Series(["Adam", "adam ", "sgd", "label_smoothing", "label-smoothing"]))
    assert found == [["Adam", "adam "], ["label_smoothing", "label-smoothing"]]


def test_levels_of_their_own():
    assert spellings(pd.Series(["a", "b", "1.1", "1.10", "11"])) == []
    assert spellings(pd.Series([1, 2, None])) == []
