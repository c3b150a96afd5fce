import pytest

from uphold.errors import InputError
from uphold.sources import unpacked


def test_a_small_file_may_unpack_to_a_little_and_a_large_one_to_so_often_its_size(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(unpacked, "FREE", 100)
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x")
    large.write_bytes(b"x" * 50)
    assert unpacked.most(small) == 100
    assert unpacked.most(large) == 1000 and unpacked.most(large, 3) == 150
    unpacked.refuse_larger(small, 100, "")
    unpacked.refuse_larger(large, 1000, "")
    with pytest.raises(InputError) as error:
        unpacked.refuse_larger(large, 1001, "save it plainly")
    assert str(error.value) == (
        f"{large} has 50 bytes and would unpack to 1,001; at most 1,000 are read of it: if it is as"
        " it should be, save it plainly."
    )
