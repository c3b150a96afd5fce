import io
import pickle
import struct
import zipfile

import numpy as np
import pytest

from uphold.errors import InputError
from uphold.sources import arrays, npz, unpacked

X = np.arange(12, dtype=np.float32).reshape(3, 4)
Y = np.ones((3, 2))


def npy(array, **options) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, array, **options)
    return out.getvalue()


def zipped(path, members: list[tuple[str, bytes]]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "grids.npz"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_reads_what_numpy_saves(path, save):
    save(path, X=X, y=Y)
    found = npz.read(path, ("X", "y"))
    np.testing.assert_array_equal(found["X"], X)
    np.testing.assert_array_equal(found["y"], Y)
    assert found["X"].dtype == np.float32


def refused(path, message: str, **options):
    with pytest.raises(InputError, match=message):
        npz.read(path, ("X", "y"), **options)


def test_refuses_a_file_that_is_not_there(path):
    refused(path, r"There is no file .*grids\.npz \(studies.<study>.path")


def test_refuses_what_is_no_archive(path):
    path.write_bytes(b"not a zip file")
    refused(path, "cannot be read as an .npz file")


def test_refuses_a_truncated_archive(path):
    np.savez(path, X=X, y=Y)
    path.write_bytes(path.read_bytes()[:-40])
    refused(path, "cannot be read as an .npz file")


def test_refuses_damaged_content(path):
    np.savez(path, X=X, y=Y)
    content = bytearray(path.read_bytes())
    at = content.index(X.tobytes())
    content[at] ^= 1
    path.write_bytes(content)
    refused(path, "cannot be read as an .npz file: Bad CRC-32")


def test_refuses_a_missing_array(path):
    np.savez(path, X=X)
    refused(path, "the array 'y' is missing")


def test_refuses_other_members(path):
    np.savez(path, X=X, y=Y, weights=X)
    refused(path, r"holds 'weights\.npy' beside 'X' and 'y'")


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")  # zipfile's, while writing
def test_refuses_a_name_twice(path):
    zipped(path, [("X.npy", npy(X)), ("y.npy", npy(Y)), ("X.npy", npy(X + 1))])
    refused(path, r"holds 'X\.npy' more than once")


@pytest.mark.parametrize("where", ["before", "after", "comment"])
def test_refuses_bytes_that_belong_to_no_array(path, where):
    np.savez(path, X=X, y=Y)
    content = path.read_bytes()
    if where == "before":
        path.write_bytes(b"#!/bin/sh\n" + content)
    elif where == "after":
        start = struct.unpack("<I", content[-6:-2])[0]
        moved = struct.pack("<I", start + 99)
        path.write_bytes(content[:start] + b"x" * 99 + content[start:-6] + moved + content[-2:])
    else:
        with zipfile.ZipFile(path, "a") as file:
            file.comment = b"hello"
    refused(path, "holds bytes that belong to no array")


def test_refuses_a_member_that_the_directory_does_not_name(path):
    zipped(path, [("X.npy", npy(X)), ("hidden", b"secret" * 50), ("y.npy", npy(Y))])
    with zipfile.ZipFile(path, "a") as file:
        file.filelist.remove(file.NameToInfo.pop("hidden"))
        file.comment = b""  # marks the directory as changed, so that it is written anew
    refused(path, "holds bytes that belong to no array")


def test_refuses_objects_without_unpickling_them(path):
    class Boom:
        def __reduce__(self):
            return (pytest.fail, ("it was unpickled",))

    array = np.empty(3, dtype=object)
    array[:] = [Boom()] * 3
    assert pickle.dumps(Boom())
    zipped(path, [("X.npy", npy(array, allow_pickle=True)), ("y.npy", npy(Y))])
    refused(path, r"X\.npy holds Python objects")


def test_refuses_content_that_is_no_array(path):
    zipped(path, [("X.npy", b"hello, world"), ("y.npy", npy(Y))])
    refused(path, r"X\.npy is no array")


def test_refuses_a_header_that_promises_more_than_there_is(path):
    longer = npy(X).replace(b"(3, 4)", b"(9, 4)")
    zipped(path, [("X.npy", longer), ("y.npy", npy(Y))])
    refused(path, r"X\.npy should have 272 bytes by its own header and has 176")


def test_reads_columns_first(path):
    zipped(path, [("X.npy", npy(np.asfortranarray(X))), ("y.npy", npy(Y))])
    np.testing.assert_array_equal(npz.read(path, ("X", "y"))["X"], X)


def test_reads_text_single_values_and_nothing(path):
    np.savez(path, X=np.array(["frog", "ö"]), y=True, z=np.array([]))
    found = npz.read(path, ("X", "y"), ("z", "not there"))
    assert found["X"].tolist() == ["frog", "ö"]
    assert found["y"].shape == () and found["y"]
    assert found["z"].shape == (0,)
    assert "not there" not in found


def test_other_members_are_passed_over_unread_where_that_is_asked_for(path):
    zipped(path, [("X.npy", npy(X)), ("y.npy", npy(Y)), ("other.npy", b"no array")])
    assert set(npz.read(path, ("X", "y"), others=True)) == {"X", "y"}
    refused(path, r"holds 'other\.npy' beside")


def test_refuses_a_bomb_before_it_is_unpacked(path, monkeypatch):
    bomb = npy(np.zeros((10_000, 200), np.uint8))
    zipped(path, [("X.npy", bomb), ("y.npy", npy(Y))])
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(npz, "_array", lambda *_: pytest.fail("it was unpacked"))
    refused(
        path, "its arrays would take 2,000,048 bytes; at most 1,000,000 are read", largest=1_000_000
    )


def test_refuses_arrays_that_the_size_of_the_file_does_not_account_for(path, monkeypatch):
    monkeypatch.setattr(unpacked, "FREE", 100_000)
    zeros, noise = np.zeros((400, 100)), np.random.default_rng(0).normal(size=(400, 100))
    np.savez_compressed(path, X=zeros, y=Y)
    monkeypatch.setattr(npz, "_array", lambda *_: pytest.fail("it was unpacked"))
    refused(path, r"would unpack to 320,304; at most 100,000 are read .* by np\.savez")
    monkeypatch.undo()
    monkeypatch.setattr(unpacked, "FREE", 100_000)
    np.savez_compressed(path, X=noise, y=Y)
    np.testing.assert_array_equal(npz.read(path, ("X", "y"))["X"], noise)
    np.savez(path, X=zeros, y=Y)  # the way out
    np.testing.assert_array_equal(npz.read(path, ("X", "y"))["X"], zeros)


def test_refuses_a_header_that_is_a_bomb_before_it_is_read(path, monkeypatch):
    monkeypatch.setattr(unpacked, "FREE", 100_000)
    long = b"\x93NUMPY\x02\x00" + struct.pack("<I", 2_000_000) + b" " * 2_000_000
    zipped(path, [("X.npy", long), ("y.npy", npy(Y))])
    monkeypatch.setattr(npz, "_header", lambda *_: pytest.fail("it was read"))
    refused(path, "would unpack to")


HEADERS = {
    "no end": "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4",
    "no Python": "{'descr': '<f4' 'fortran_order' False, 'shape': (3, 4)}",
    "a string without end": "{'descr': '<f4', 'fortran_order': False, 'shape': \"\"\"(3, 4)}",
    "deep": "(" * 9_000,
    "negative": "{'descr': '<f4', 'fortran_order': False, 'shape': (-3, -4)}",
    "a truth value": "{'descr': '|u1', 'fortran_order': False, 'shape': (True,)}",
    "many axes": f"{{'descr': '|u1', 'fortran_order': False, 'shape': {(1,) * 99}}}",
    "void": "{'descr': '|V0', 'fortran_order': False, 'shape': (999999999999,)}",
    "a record": "{'descr': [('a', '<f4', (9, 9))], 'fortran_order': False, 'shape': ()}",
    "a time": "{'descr': '<M8[s]', 'fortran_order': False, 'shape': (1,)}",
    "no type": "{'descr': 'f99', 'fortran_order': False, 'shape': (1,)}",
    "no mapping": "[1, 2]",
    "no keys": "{1: 2, 'a': 3}",
}
NO_SOURCE = [HEADERS[name] for name in ("no end", "no Python", "a string without end", "deep")]


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_refuses_a_header_that_is_none_of_numbers_or_text(path, header):
    text = header.encode() + b"\n"
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(48)
    zipped(path, [("X.npy", content), ("y.npy", npy(Y))])
    refused(path, r"X\.npy|cannot be read")
    if header in NO_SOURCE:
        plain = path.with_suffix(".npy")
        plain.write_bytes(content)
        with pytest.raises(InputError, match=r"cannot be read as an \.npy file"):
            arrays.read(plain, "X")


@pytest.mark.parametrize("letter", [0xD800, 0x110000, 0xFFFFFFFF])
def test_refuses_text_that_is_none(path, letter):
    text = np.array(["frog"])
    text.view(np.uint32)[1] = letter
    np.savez(path, X=text, y=Y)
    refused(path, r"X\.npy holds text that is no Unicode")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_refuses_what_numpy_does_not_pack(path, method):
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in (("X.npy", npy(X)), ("y.npy", npy(Y))):
            file.writestr(name, content)
    refused(path, "is packed as numpy packs nothing")


def test_names_a_few_of_many_other_members(path):
    zipped(path, [("X.npy", npy(X)), ("y.npy", npy(Y)), *((f"{i:03}", b"") for i in range(100))])
    refused(path, "'004' and 95 more beside")
    zipped(path, [(str(i), b"") for i in range(2_000)])
    refused(path, "holds 2,000 members")
