"""The reader of the one pickle: genuine files are read, and nothing in any other is run."""

import bz2
import gzip
import lzma
import operator
import os
import pickle
import re
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest

from studies.radio.data import unpickling
from uphold.errors import InputError

WRITERS = [(2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)]
"""Versions of Python, and protocols of theirs."""
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
ARRAYS = {
    (name, snr): np.random.default_rng([snr + 20, k]).normal(size=(3, 2, 8)).astype(np.float32)
    for k, name in enumerate(["QPSK", "AM-DSB", "8PSK"])
    for snr in (-20, 0, 18)
}


def read(content: bytes, folder: Path):
    path = folder / "file.pkl"
    path.write_bytes(content)
    return unpickling.read(path)


@pytest.mark.parametrize("protocol", [0, 1, 2])
def test_a_genuine_file_gives_what_pickle_gives(protocol, python2_pickle, tmp_path):
    stream = python2_pickle(ARRAYS, protocol)
    found = read(stream, tmp_path)
    with warnings.catch_warnings():
        # numpy moved the function that the file names
        warnings.simplefilter("ignore", DeprecationWarning)
        reference = pickle.loads(stream, encoding="latin1")
    assert found.keys() == reference.keys() == ARRAYS.keys()
    for key, array in ARRAYS.items():
        assert found[key].dtype == np.float32
        np.testing.assert_array_equal(found[key], array)
        np.testing.assert_array_equal(reference[key], array)


def test_values_that_look_like_instructions_are_values(python2_pickle, tmp_path):
    every_byte = np.frombuffer(bytes(range(256)) * 2, dtype="<f4").reshape(4, 2, 16)
    for protocol in (0, 1, 2):
        found = read(python2_pickle({("X", 0): every_byte}, protocol), tmp_path)
        assert found["X", 0].tobytes() == every_byte.tobytes()


def resaved(protocol, arrays=ARRAYS, module=None):
    """Save as Python 3 does; `module`: under numpy's older name of it, as numpy 1 does."""
    stream = pickle.dumps(arrays, protocol)
    new = b"numpy._core.multiarray"
    if module is None or (protocol < 3 and module in stream):
        return stream
    assert new in stream
    if protocol == 4:  # a text with its length, in a frame with its own
        new, module = bytes([len(new)]) + new, bytes([len(module)]) + module
        size = int.from_bytes(stream[3:11], "little") + len(module) - len(new)
        stream = stream[:3] + size.to_bytes(8, "little") + stream[11:]
    return stream.replace(new, module)


@pytest.mark.parametrize("module", [None, b"numpy.core.multiarray"])
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
def test_what_python_3_saves_again_is_read(protocol, module, tmp_path):
    found = read(resaved(protocol, module=module), tmp_path)
    assert found.keys() == ARRAYS.keys()
    for key, array in ARRAYS.items():
        assert found[key].dtype == np.float32
        np.testing.assert_array_equal(found[key], array)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
def test_large_arrays_bytes_for_names_and_high_memos_are_read(protocol, tmp_path):
    rng = np.random.default_rng(1)
    arrays = {
        (f"M{k}".encode(), -k): rng.normal(size=(3, 2, 128)).astype(np.float32) for k in range(60)
    }
    arrays[b"M0", 0] = rng.normal(size=(300, 2, 128)).astype(np.float32)  # out of the frames
    found = read(resaved(protocol, arrays), tmp_path)
    assert len(found) == 60
    for (name, snr), array in arrays.items():
        np.testing.assert_array_equal(found[name.decode(), snr], array)


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (b"\x8c\x07ndarray", b"\x8c\x07memmaps", "the name b'numpy memmaps'"),
        (b"\x8c\x05numpy", b"\x8c\x05posix", "the name b'posix ndarray'"),
        (b"\x8c\x0c_reconstruct", b"\x8c\x0c_frombuffers", "the name"),
        (b"\x8c\x0c_reconstruct", b"K\x00", "a name that is no text"),
        (b"\x8c\x02f4", b"\x8c\x02f8", "an array of type 'f8' instead of 'f4'"),
        (b"\x8c\x02f4", b"\x8c\x02O8", "an array of type 'O8' instead of 'f4'"),
        (b"\x8c\x01<", b"\x8c\x01>", "an array in another byte order"),
        (b"\x8c\x04QPSK", b"\x8c\x04QP\xff\xff", "a text in another form"),
        (b"\x8c\x04QPSK", b"\x8f\x8f\x8f\x8f\x8f\x8f", "the instruction"),  # sets
        (b"\x8c\x04QPSK", b"\x96\x00\x00\x00\x00\x00", "the instruction"),  # bytearrays
        (b"\x80\x04", b"\x80\x05", "protocol 5, of which 0 to 4 are read"),
    ],
)
def test_what_python_3_saves_otherwise_is_refused(old, new, answer, tmp_path):
    genuine = resaved(4)
    assert old in genuine
    with pytest.raises(InputError, match=answer):
        read(genuine.replace(old, new, 1), tmp_path)


@pytest.mark.parametrize("protocol", [0, 1, 2])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"encode", b"decode"),
        (b"_codecs", b"_codecz"),
        (b"latin1", b"utf_16"),  # would be other bytes
        (b"latin1", b"base64"),
    ],
)
def test_bytes_written_as_a_call_are_read_by_that_call_alone(protocol, old, new, tmp_path):
    genuine = pickle.dumps(ARRAYS, protocol)
    assert old in genuine
    with pytest.raises(InputError, match=r"the name|a call"):
        read(genuine.replace(old, new), tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, snr, x: ((name, snr), x.astype(np.float64)), "type 'f8' instead of 'f4'"),
        (lambda name, snr, x: ((name, snr), x[:, 0] + 1j * x[:, 1]), "type 'c8' instead of"),
        (lambda name, snr, x: ((name, snr), np.asfortranarray(x)), "another order of its values"),
        (lambda name, snr, x: ((name, snr), x[0]), "an array of shape (2, 8)"),
        (lambda name, snr, x: ((name, float(snr)), x), "a number with a fraction"),
        (lambda name, snr, x: ((name, np.int64(snr)), x), "a number of numpy's"),
    ],
    ids=["float64", "complex", "Fortran", "two axes", "fraction", "numpy's integer"],
)
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
def test_what_differs_from_the_known_layout_is_said(change, said, protocol, tmp_path):
    other = dict(change(*key, array) for key, array in ARRAYS.items())
    with pytest.raises(InputError) as raised:
        read(pickle.dumps(other, protocol), tmp_path)
    message = str(raised.value)
    assert f"{tmp_path / 'file.pkl'} is not a pickle of RML2016.10: " in message
    assert said in message
    assert "{(modulation, SNR): array}" in message and "protocol=4" in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(b"x"), "is a gzip archive, not a pickle of RML2016.10: unpack it"),
        (bz2.compress(b"x"), "is a bzip2 archive"),
        (lzma.compress(b"x"), "is an xz archive"),
        (b"PK\x03\x04\x14\0", "is a ZIP archive or an npz file"),
        (b"\x89HDF\r\n\x1a\n", "is an HDF5 file, not a pickle of RML2016.10: set source"),
        (b"\n <!DOCTYPE html><html>", "is a web page, not a pickle of RML2016.10: get"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        (b"", "is empty, not a pickle of RML2016.10: get"),
    ],
    ids=["gzip", "bzip2", "xz", "zip", "hdf5", "html", "lfs", "empty"],
)
def test_a_file_of_another_kind_is_called_what_it_is(content, said, tmp_path):
    with pytest.raises(InputError) as raised:
        read(content, tmp_path)
    assert f"{tmp_path / 'file.pkl'} {said}" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_file_cut_short_is_called_that(tmp_path):
    with pytest.raises(InputError, match="cut short"):
        read(pickle.dumps(ARRAYS, 2)[:-30], tmp_path)


def test_content_that_is_text_is_refused(tmp_path):
    genuine = resaved(3, {("X", 0): np.zeros((1, 2, 2), np.float32)})
    content = b"C\x10" + bytes(16)
    assert content in genuine
    text = "\u20ac".encode() * 5 + b"\0"  # as many bytes, not as many characters
    with pytest.raises(InputError, match=r"another form|does not fill"):
        read(genuine.replace(content, b"X\x10\0\0\0" + text), tmp_path)
    sixteen = ("\u20ac" * 16).encode()
    with pytest.raises(InputError, match="another form"):
        read(genuine.replace(content, b"X\x30\0\0\0" + sixteen), tmp_path)


class Call:
    """Pickles as a call of a function, which loading makes."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def objects(target):
    array = np.empty(1, dtype=object)
    array[0] = Call(os.mkdir, str(target))
    return array


HOSTILE = {
    "a shell": lambda t: Call(os.system, f"mkdir '{t}'"),
    "a process": lambda t: Call(subprocess.check_call, ["mkdir", str(t)]),
    "a folder": lambda t: Call(os.mkdir, str(t)),
    "code to evaluate": lambda t: Call(eval, f"__import__('os').mkdir({str(t)!r})"),
    "code to execute": lambda t: Call(exec, f"import os; os.mkdir({str(t)!r})"),
    "a copy": lambda t: Call(shutil.copyfile, __file__, str(t)),
    "a link": lambda t: Call(os.symlink, __file__, str(t)),
    "a method": lambda t: Call(operator.methodcaller("mkdir"), t),
    "an array of objects": objects,
    "a value in the dict": lambda t: {("QPSK", 0): Call(os.mkdir, str(t))},
    "a key of the dict": lambda t: {Call(os.mkdir, str(t)): ARRAYS["QPSK", 0]},
    "something used again": lambda t: [c := Call(os.mkdir, str(t)), c, ARRAYS],
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_payload_is_refused_and_touches_nothing(name, protocol, tmp_path):
    target = tmp_path / "touched"
    payload = pickle.dumps(HOSTILE[name](target), protocol)
    with pytest.raises(InputError, match="Nothing in it was run"):
        read(payload, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.pkl"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", HOSTILE)
def test_the_payloads_are_hostile_indeed(name, protocol, tmp_path):
    target = tmp_path / "touched"
    payload = pickle.dumps(HOSTILE[name](target), protocol)
    try:
        pickle.loads(payload)
    except TypeError:
        assert name == "a key of the dict"  # nothing to hash it by, after it was run
    assert os.path.lexists(target)


@pytest.mark.parametrize("protocol", [0, 2])
@pytest.mark.parametrize("name", ["a shell", "a folder", "code to execute"])
def test_a_payload_hidden_in_a_genuine_file_is_refused(name, protocol, python2_pickle, tmp_path):
    target = tmp_path / "touched"
    payload = pickle.dumps(HOSTILE[name](target), protocol).removeprefix(b"\x80\x02")[:-1]
    genuine = python2_pickle(ARRAYS, protocol)
    at = genuine.index(b"cnumpy\ndtype")
    with pytest.raises(InputError, match=r"the name|the instruction"):
        read(genuine[:at] + payload + b"0" + genuine[at:], tmp_path)
    assert not target.exists()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_payload_hidden_in_a_file_of_python_3_is_refused(name, tmp_path):
    target = tmp_path / "touched"
    genuine = resaved(4)[11:]  # without its protocol and frame, which are no must
    payload = pickle.dumps(HOSTILE[name](target), 4).removeprefix(b"\x80\x04")[:-1]
    at = genuine.index(b"\x8c\x02f4")
    hidden = b"\x80\x04" + genuine[:at] + payload + b"0" + genuine[at:]
    with pytest.raises(InputError, match="Nothing in it was run"):
        read(hidden, tmp_path)
    assert not target.exists()


@pytest.mark.parametrize(
    "stream",
    [
        b".",
        b"N.",
        b"}}.",
        b"(}.",
        b"(((((t.",
        b"Pids\n.",  # a persistent id
        b"\x82\x01.",  # the registry of extensions
        b"(ios\nsystem\n.",
        b"(cos\nsystem\no.",
        b"cnumpy\nndarray\n)\x81.",
        b"cnumpy\ndtype\n(S'O'\nI0\nI1\ntR.",
        b"cnumpy\nndarray\n(I0\ntR.",
        b"c__builtin__\neval\n.",
        b"cnumpy.core.multiarray\nscalar\n.",
        b"T\xff\xff\xff\x7f",  # two gigabytes to come
        b"T\xff\xff\xff\xff",
        b"}r\xff\xff\xff\xffh\x07.",  # far into the memo, and a value that is not there
        b"I" + b"9" * 100_000 + b"\n.",
        b"I1_0\n.",
        b"S'\\u1234'\n.",
        b"V\\u12\n.",
        b"c_codecs\nencode\n(Vx\nI1\ntR.",
        b"c_codecs\nencode\n(V\\u1234\nVlatin1\ntR.",
        b"c_codecs\nencode\n(VQPSK\nVlatin1\ntR.",
        b"S'" + b"\\" * 99_999 + b"'\n.",
        b"S\n.",
        b"\x80\x06}.",
        b"}(K\x01K\x02u.",
        b"}K\x01s.",
        b"d.",
        b"}b.",
        b"}Nb.",
        b"NR.",
    ],
)
def test_a_stream_of_another_kind_is_refused(stream, tmp_path):
    with pytest.raises(InputError, match="not a pickle of RML2016"):
        read(stream, tmp_path)


def test_a_key_that_takes_for_ever_to_hash_is_not_hashed(tmp_path):
    doubled = b")" + b"q\x00h\x00\x86" * 200
    with pytest.raises(InputError, match="a key other than"):
        read(b"}" + doubled + b"Ns.", tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (b"K\x03K\x02K\x08\x87", b"K\x03K\x02K\x09\x87", "does not fill"),
        (b"K\x03K\x02K\x08\x87", b"K\x30J\x01\x00\x00\x00\x86", "an array of shape (48, 1)"),
        (b"K\x03K\x02K\x08\x87", b"K\x03K\x00K\x08\x87", "another shape"),
        (b"K\x03K\x02K\x08\x87", b"J\xff\xff\xff\xffJ\xfe\xff\xff\xffK\x18\x87", "another shape"),
        (b"U\x02f4", b"U\x02f8", "type 'f8'"),
        (b"U\x02f4", b"U\x01O", "type 'O'"),
        (b"U\x01<", b"U\x01>", "another byte order"),
        (b"\x89", b"\x88", "another order of its values"),
        (b"U\x04QPSK", b"N", "a key other than"),
        (b"U\x06AM-DSB", b"U\x04QPSK", "second time"),
    ],
)
def test_an_array_of_another_kind_is_refused(old, new, answer, python2_pickle, tmp_path):
    genuine = python2_pickle(ARRAYS, 2)
    assert old in genuine
    with pytest.raises(InputError, match=re.escape(answer)):
        read(genuine.replace(old, new, 1), tmp_path)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_cut_short_is_refused_wherever_it_is_cut(writer, python2_pickle, tmp_path):
    python, protocol = writer
    write = python2_pickle if python == 2 else pickle.dumps
    genuine = write({("QPSK", 0): ARRAYS["QPSK", 0][:1, :, :2]}, protocol)
    for end in range(len(genuine)):
        with pytest.raises(InputError):
            read(genuine[:end], tmp_path)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(writer, python2_pickle, tmp_path):
    python, protocol = writer
    write = python2_pickle if python == 2 else pickle.dumps
    genuine = write({("QPSK", 0): ARRAYS["QPSK", 0]}, protocol)
    rng = np.random.default_rng(7)
    refused = 0
    for _ in range(400):
        damaged = bytearray(genuine)
        for at in rng.integers(0, len(genuine), rng.integers(1, 4)):
            damaged[at] = rng.integers(256)
        try:
            found = read(bytes(damaged), tmp_path)
        except InputError:
            refused += 1
        else:
            assert [array.shape for array in found.values()] == [(3, 2, 8)]
    assert 0 < refused < 400


@pytest.mark.parametrize("tail", [b"x", b"\n", b"\0", b".", pickle.dumps(ARRAYS, 2)])
def test_nothing_may_stand_after_the_end(tail, tmp_path):
    assert read(resaved(2), tmp_path).keys() == ARRAYS.keys()
    with pytest.raises(InputError, match="something after the end of the pickle at byte"):
        read(resaved(2) + tail, tmp_path)
