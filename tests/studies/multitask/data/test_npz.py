import numpy as np
import pytest

from studies.multitask.data import npz
from studies.multitask.settings.data import Data, Npz
from uphold.errors import InputError
from uphold.splits import SPLITS


def grids(count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(count, 32, 32)).astype(np.float32)
    y = np.column_stack([np.arange(count) % 10, np.arange(count) % 32, rng.random(count)])
    return x, y


@pytest.fixture
def make(tmp_path):
    """Return a function that saves arrays and reads them as data."""

    def read(x, y, **settings):
        path = tmp_path / "mine.npz"
        np.savez(path, X=x, y=y)
        return npz.make(Data(source="npz", path=str(path), npz=Npz(**settings)))

    return read


def test_items_come_in_their_order_with_their_labels(make):
    x, y = grids()
    data = make(x, y)
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.a, y[:, 0])
    np.testing.assert_array_equal(data.b, y[:, 1])
    np.testing.assert_allclose(data.c, y[:, 2], rtol=1e-6)
    assert (len(data.names_a), len(data.names_b)) == (10, 32)


def test_splits_have_their_shares_of_every_class(make):
    data = make(*grids(), validation_share=0.15, test_share=0.25)
    for label in range(10):
        of_class = data.split[data.a == label]
        # of 20 items: round(.25 * 20) = 5 and round(.15 * 20) = 3
        assert [int((of_class == k).sum()) for k in range(len(SPLITS))] == [12, 3, 5]


def test_splits_follow_the_seed_and_the_grids_not_their_order(make):
    x, y = grids()
    first, again, other = (make(x, y, split_seed=s).split for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    order = np.random.default_rng(0).permutation(len(x))
    np.testing.assert_array_equal(make(x[order], y[order], split_seed=1).split, first[order])


def test_a_limit_keeps_the_shares_of_head_a(make):
    x, y = grids()
    data = make(x, y, at_most=100)
    assert data.about["used"] == {"noun": "item", "used": 100, "of": 200, "at_most": 100}
    assert np.bincount(data.a).tolist() == [10] * 10
    assert any("100 of 200 items are used (data.npz.at_most is 100)" in d for d in data.decisions)
    rows = [int(np.flatnonzero((x == grid).all(axis=(1, 2)))[0]) for grid in data.x]
    np.testing.assert_array_equal(data.b, y[rows, 1])
    assert make(x, y).about["used"]["used"] == 200


def test_equal_grids_stay_on_one_side(make):
    x, y = grids()
    x[100:] = x[:100]
    data = make(x, y)
    np.testing.assert_array_equal(data.split[100:], data.split[:100])
    assert any("100 grids are copies" in text for text in data.decisions)


def spoilt(where, value, of="y"):
    x, y = grids()
    {"x": x, "y": y}[of][where] = value
    return x, y


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            lambda: (grids()[0][:, :31], grids()[1]),
            r"X must be numbers of shape \(n, 32, 32\)",
        ),
        (lambda: (grids()[0].astype(str), grids()[1]), r"X must be numbers of shape"),
        (lambda: (grids()[0], grids()[1][:, :2]), r"y must be numbers of shape \(n, 3\), not"),
        (lambda: (grids()[0], grids()[1][:150]), "X has 200 rows and y has 150"),
        (lambda: tuple(v[:19] for v in grids()), "19 items are too few"),
        (lambda: spoilt((3, 0, 0), np.nan, "x"), "X has NaN or infinite values in 1 rows, first 3"),
        (lambda: spoilt((4, 0, 0), np.inf, "x"), "X has NaN or infinite values in 1 rows, first 4"),
        (lambda: spoilt((5, 0, 0), 2e6, "x"), "X has values beyond ±1,000,000 in 1 rows, first 5"),
        (lambda: spoilt((6, 0), 10), "label of head A that is no integer from 0 to 9 in 1 rows"),
        (lambda: spoilt((6, 0), 1.5), "label of head A that is no integer from 0 to 9 in 1 rows"),
        (lambda: spoilt((6, 0), np.nan), "label of head A that is no integer from 0 to 9"),
        (lambda: spoilt((7, 1), -1), "label of head B that is no integer from 0 to 31 .* first 7"),
        (lambda: spoilt((7, 1), 32), "label of head B that is no integer from 0 to 31 .* first 7"),
        (lambda: spoilt((8, 2), 1.01), "value of head C that is not from 0 to 1 .* first 8"),
        (lambda: spoilt((8, 2), np.nan), "value of head C that is not from 0 to 1 .* first 8"),
    ],
)
def test_refuses_what_is_wrong_with_the_numbers(make, arrays, message):
    with pytest.raises(InputError, match=message) as error:
        make(*arrays())
    assert str(error.value).count(";") == 0


def test_all_that_is_wrong_is_told_at_once(make):
    x, y = spoilt((6, 0), 10)
    y[8, 2] = 2
    with pytest.raises(InputError, match=r"head A .*; .*head C"):
        make(x, y)


def test_shares_must_leave_something_to_train_on(make):
    with pytest.raises(InputError, match="leave nothing to train on"):
        make(*grids(), validation_share=0.5, test_share=0.5)


def test_a_folder_stands_for_the_only_file_in_it(make, tmp_path):
    make(*grids())
    assert len(npz.make(Data(source="npz", path=str(tmp_path))).x) == 200
    (tmp_path / "other.npz").write_bytes(b"")
    with pytest.raises(
        InputError,
        match=r"should hold one .npz file and holds mine\.npz, other.*studies\.multitask\.path",
    ):
        npz.make(Data(source="npz", path=str(tmp_path)))
