"""Arrays of users' files: read without unpickling, or refused with the way out."""

import numpy as np
import pytest

from uphold.errors import InputError
from uphold.sources.arrays import read, single


def test_an_array_is_read_by_its_file_or_its_name(tmp_path):
    x = np.arange(6.0).reshape(2, 3)
    np.save(tmp_path / "a.npy", x)
    np.savez(tmp_path / "b.npz", X=x, other=np.zeros(2))
    np.testing.assert_array_equal(read(tmp_path / "a.npy", "X"), x)
    np.testing.assert_array_equal(read(tmp_path / "b.npz", "X"), x)


def test_what_cannot_be_read_says_why(tmp_path):
    (tmp_path / "t.csv").write_text("1,2")
    with pytest.raises(InputError, match=r"t\.csv is no file of arrays: save them as \.npy, or"):
        read(tmp_path / "t.csv", "X")
    np.savez(tmp_path / "b.npz", y=np.zeros(2))
    with pytest.raises(InputError, match="the array 'X' is missing"):
        read(tmp_path / "b.npz", "X")
    np.save(tmp_path / "text.npy", np.array(["a"]))
    with pytest.raises(InputError, match=r"text\.npy must hold numbers, not <U1"):
        read(tmp_path / "text.npy", "X")


def test_nothing_is_unpickled(tmp_path):
    np.save(tmp_path / "o.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match=r"o\.npy cannot be read as an \.npy file"):
        read(tmp_path / "o.npy", "X")


def test_a_header_that_promises_more_than_there_is_takes_no_memory(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((2, 3)))
    content = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "b.npy").write_bytes(content[:-8])
    with pytest.raises(InputError, match=r"b\.npy cannot be read"):
        read(tmp_path / "b.npy", "X")


@pytest.mark.parametrize("size", [0, 3, 6, 8, 11, 40])
def test_a_file_that_was_cut_is_refused(tmp_path, size):
    path = tmp_path / "a.npy"
    np.save(path, np.arange(6.0))
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(InputError, match=r"a\.npy cannot be read as an \.npy file: .+\."):
        read(path, "X")


def test_numbers_that_single_precision_does_not_hold_are_refused():
    fine = np.array([[1.5, np.inf], [np.nan, -3e38]])
    np.testing.assert_array_equal(single(fine, "X"), fine.astype(np.float32))
    with pytest.raises(InputError, match=r"X has numbers beyond 3.4e\+38 in 2 rows, first 1:"):
        single(np.array([[1, 2], [1e300, 1e39], [1, -1e300]]), "X")
