import io
from collections import Counter

import numpy as np
import pytest

from studies.calls.data import embeddings
from studies.calls.settings.data import Data
from uphold.errors import InputError


def cache(seed=0, n=30, width=6, **changes):
    """The arrays that BirdNET-Analyzer saves: two classes and negatives, a third each."""
    rng = np.random.default_rng(seed)
    y = np.zeros((n, 2), dtype=np.float32)
    y[0::3, 0] = 1
    y[1::3, 1] = 1
    arrays = {
        "x_train": rng.standard_normal((n, width)).astype(np.float32),
        "y_train": y,
        "x_test": rng.standard_normal((9, width)).astype(np.float32),
        "y_test": y[:9],
        "labels": ["frog", "toad"],
        "binary_classification": False,
        "multi_label": False,
    }
    return {name: array for name, array in (arrays | changes).items() if array is not None}


@pytest.fixture
def make(tmp_path):
    def of(arrays, positive="frog", **how):
        path = tmp_path / "cache.npz"
        np.savez_compressed(path, **arrays)
        data = Data(source="embeddings", path=str(path), positive=positive, embeddings=how)
        return embeddings.make(data)

    return of


def test_training_rows_train_and_validate_and_test_rows_are_iid(make):
    arrays = cache()
    data = make(arrays)
    assert data.classes == ["frog", "toad"]
    # Of 10 rows of each label, 2 validate.
    assert Counter(item.split for item in data.items) == {"train": 24, "validation": 6, "iid": 9}
    np.testing.assert_array_equal(data.x[:30], arrays["x_train"])
    np.testing.assert_array_equal(data.y[:30], arrays["y_train"])
    assert data.y.dtype == np.uint8
    assert [item.label for item in data.items[:3]] == ["frog", "toad", "noise"]
    assert [data.items[k].item for k in (0, 29, 30)] == ["x_train[0]", "x_train[29]", "x_test[0]"]
    assert all(item.split == "iid" for item in data.items[30:])
    assert data.about == {
        "features": {"size": 6, "definition": "as given in cache.npz"},
        "binary_classification": False,
        "multi_label": False,
        "used": {"noun": "vector", "used": 39, "of": 39, "at_most": None},
    }
    assert "No item is out of distribution: the split ood is empty." in data.decisions


def test_a_limit_draws_by_split_and_label_and_keeps_names_with_their_vectors(make):
    whole = make(cache())
    data = make(cache(), at_most=20)
    assert data.about["used"] == {"noun": "vector", "used": 20, "of": 39, "at_most": 20}
    assert data.decisions[-1].startswith("20 of 39 vectors are used (data.embeddings.at_most is 20")
    assert {(i.split == "iid", i.label) for i in data.items} == {
        (i.split == "iid", i.label) for i in whole.items
    }
    place = {item.item: k for k, item in enumerate(whole.items)}
    kept = [place[item.item] for item in data.items]
    assert kept == sorted(set(kept))
    np.testing.assert_array_equal(data.x, whole.x[kept])
    np.testing.assert_array_equal(data.y, whole.y[kept])


@pytest.mark.parametrize("empty", [None, np.array([])])
def test_without_test_rows_iid_is_drawn(make, empty):
    data = make(cache(x_test=empty, y_test=empty))
    # Of 10 rows of each label, 2 are tested on and round(1.6) of the other 8 validate.
    assert Counter(item.split for item in data.items) == {"train": 18, "validation": 6, "iid": 6}
    assert any(text.startswith("The split iid was drawn here") for text in data.decisions)


def test_rows_of_foreign_recorders_may_be_given(make):
    more = cache(seed=1)
    data = make(cache(x_ood=more["x_test"], y_ood=more["y_test"]))
    assert Counter(item.split for item in data.items)["ood"] == 9
    assert not any("out of distribution" in text for text in data.decisions)


def test_hard_negatives_count_as_absent_and_several_classes_as_present(make):
    y = cache()["y_train"]
    y[2] = [-1, 0]
    y[3] = [1, 1]
    data = make(cache(y_train=y))
    np.testing.assert_array_equal(data.y[2], [0, 0])
    np.testing.assert_array_equal(data.y[3], [1, 1])
    assert data.items[3].label == "frog,toad"
    assert "1 items say of a class that it is absent (−1): taken as 0." in data.decisions


X, Y = cache()["x_train"], cache()["y_train"]


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"labels": None}, ["the array 'labels' is missing"]),
        ({"x_train": None, "y_train": None}, ["'x_train' is missing", "'y_train' is missing"]),
        ({"x_train": X[:20]}, ["x_train has 20 rows and y_train has 30"]),
        (
            {"y_train": Y[:, :1]},
            ["y_train must have shape (items, 2), not float32"],
        ),
        ({"x_test": X[:9, :4]}, ["x_test has 4 features where x_train has 6"]),
        ({"x_test": None}, ["of x_test and y_test one is missing"]),
        ({"y_train": 0.5 * Y}, ["y_train has values other than −1, 0 and 1"]),
        (
            {"x_train": np.where(np.arange(30)[:, None] % 10 == 4, np.nan, X)},
            ["x_train has NaN or infinite values in 3 rows, first 4"],
        ),
        ({"x_train": X[0]}, ["x_train must be numbers of shape (items, features)"]),
        ({"x_train": X.astype(str)}, ["x_train must be numbers"]),
        ({"x_train": X[:0], "y_train": Y[:0]}, ["x_train is empty"]),
        ({"labels": [1, 2]}, ["'labels' must be a list of text, not int64 of shape (2,)"]),
        ({"labels": ["frog", "frog"]}, ["'labels' names a class twice"]),
        (
            {"x_test": X[:9]},
            ["x_train[8] (train) and x_test[8] (iid) are the same vector on two sides of a split"],
        ),
        (
            {"x_test": 9 * X[:9, :4], "y_test": Y[:8]},
            ["x_test has 4 features", "x_test has 9 rows and y_test has 8"],
        ),
    ],
)
def test_arrays_that_do_not_agree_are_named(make, changes, reasons):
    with pytest.raises(InputError) as raised:
        make(cache(**changes))
    assert "cache.npz" in str(raised.value)
    for reason in reasons:
        assert reason in str(raised.value)


class Fires:
    """A pickle of it writes a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_objects_are_not_unpickled_and_the_way_out_works(make, tmp_path):
    fired = tmp_path / "fired"
    with pytest.raises(InputError, match="holds Python objects"):
        make(cache(labels=np.array([Fires(fired), "toad"], dtype=object)))
    assert not fired.exists()

    arrays = cache(labels=np.array(["frog", "toad"], dtype=object))
    with pytest.raises(InputError) as raised:
        make(arrays)
    assert "np.array(old['labels'].tolist())" in str(raised.value)
    arrays["labels"] = np.array(arrays["labels"].tolist())
    assert make(arrays).classes == ["frog", "toad"]


def test_files_that_are_no_cache(tmp_path):
    path = tmp_path / "cache.npz"
    of = Data(source="embeddings", path=str(path), positive="frog")
    with pytest.raises(InputError, match=r"no file of embeddings .*npz \(studies.calls.path"):
        embeddings.make(of)
    single = io.BytesIO()
    np.save(single, np.zeros(3))
    for content in (b"", b"text", b"PK\x03\x04 and no more", single.getvalue()):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"cannot be read as an .npz file"):
            embeddings.make(of)


def test_the_positive_class_is_checked(make):
    with pytest.raises(InputError, match=r"no class 'newt'.*"):
        make(cache(), positive="newt")


def test_a_number_that_single_precision_does_not_hold_is_refused(make):
    x = np.random.default_rng(0).standard_normal((30, 6))
    assert make(cache(x_train=x)).x.dtype == np.float32
    x[7, 2] = 1e300
    with pytest.raises(InputError, match=r"x_train has numbers beyond 3.4e\+38 in 1 rows, first 7"):
        make(cache(x_train=x))


@pytest.mark.parametrize("flag", [[True, False], "yes", [], 0.5])
def test_a_setting_of_its_writer_is_one_truth_value(make, flag):
    with pytest.raises(InputError, match="multi_label must be one truth value, not"):
        make(cache(multi_label=flag))
