import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.calls.data.labels import Label, check_positive, classes, misspelt, multi_hot, parse
from studies.calls.settings.data import Data, Folder
from uphold.errors import InputError

NONE = Label(frozenset())


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("frog", {"frog"}, set()),
        ("frog,toad", {"frog", "toad"}, set()),
        (" frog , toad ", {"frog", "toad"}, set()),
        ("-frog", set(), {"frog"}),
        ("toad,-frog", {"toad"}, {"frog"}),
        ("red-legged frog", {"red-legged frog"}, set()),
        ("noise", set(), set()),
        ("Background", set(), set()),
        ("SILENCE", set(), set()),
        ("other", set(), set()),
        ("", set(), set()),
        ("  ", set(), set()),
    ],
)
def test_labels_say_what_is_present_and_what_is_absent(text, present, absent):
    assert parse(text) == Label(frozenset(present), frozenset(absent))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("frog,,toad", "empty name"),
        ("-", "empty name"),
        ("frog,", "empty name"),
        ("frog,noise", "word for none"),
        ("frog,-frog", "present and that it is not"),
    ],
)
def test_labels_that_contradict_themselves_are_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse(text)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_a_label_names_its_classes_in_any_order(names):
    assert parse(",".join(names)).present == set(names)
    assert parse(",".join(reversed(names))) == parse(",".join(names))


def test_rows_are_multi_hot_and_negatives_all_zero():
    labels = [parse(text) for text in ("toad", "frog,toad", "-frog", "noise", "frog")]
    assert classes(labels) == ["frog", "toad"]
    y = multi_hot(labels, ["frog", "toad"])
    np.testing.assert_array_equal(y, [[0, 1], [1, 1], [0, 0], [0, 0], [1, 0]])
    assert y.dtype == np.uint8
    assert multi_hot([], ["frog"]).shape == (0, 1)


def test_an_unknown_positive_class_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"no class 'frgo'.*Did you mean 'frog'"):
        check_positive("frgo", ["frog", "toad"])


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        # Ratio by hand: twice the letters in common by all letters, 2 * 3 / 7 = 0.86.
        ({"call": 9, "cal": 1}, {"cal": "call"}),
        ({"call": 1, "Call": 9, "CALL": 9}, {"Call": "call", "CALL": "call"}),
        ({"call": 9, "calls": 5, "alarm call": 5}, {"calls": "call"}),
        # 2 * 3 / 8 = 0.75: another word.
        ({"call": 9, "ball": 1, "song": 9}, {}),
        # Of two names of which neither is positive, the commoner is taken to be right.
        ({"call": 9, "Frog": 1, "frog": 3, "frogs": 3}, {"Frog": "frog"}),
        ({"call": 9, "red  frog": 1, "red frog": 3}, {"red  frog": "red frog"}),
        # The same letters, written as one sign or as two.
        (
            {"call": 9, "grillon d\u2019e\u0301te\u0301": 1, "grillon d\u2019\u00e9t\u00e9": 2},
            {"grillon d\u2019e\u0301te\u0301": "grillon d\u2019\u00e9t\u00e9"},
        ),
        # No such class at all: `check_positive` says so.
        ({"calls": 9, "song": 3}, {}),
        ({"Call": 9, "CALL": 1}, {"CALL": "Call"}),
    ],
)
def test_names_that_are_probably_misspelt(names, meant):
    assert misspelt(names, "call") == meant


def test_a_name_as_a_mac_writes_it_is_the_same_name():
    composed, decomposed = "Gr\u00f6\u00dfe", "Gro\u0308\u00dfe"
    assert parse(decomposed) == parse(composed)
    assert Data(positive=decomposed).positive == composed
    assert Folder(classes=(decomposed,)).classes == (composed,)
