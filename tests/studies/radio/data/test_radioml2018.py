"""RML2018.01A, from small files in its format."""

from typing import get_args

import h5py
import numpy as np
import pytest

from studies.radio.data import hdf5, radioml2018
from studies.radio.settings.data import Data, Modulation, Stored
from uphold.errors import InputError

STORED = Stored(train=3, validation=1, test=2, split_seed=5)
CLASSES = get_args(Modulation)
SNRS = (-20, 0, 30)
SAMPLES = 16


def content(each=7, shuffled=True):
    """X, Y and Z; the first sample of a frame is 10 · class + level of SNR."""
    label = np.repeat(np.arange(24), len(SNRS) * each)
    level = np.tile(np.repeat(np.arange(len(SNRS)), each), 24)
    rng = np.random.default_rng(1)
    x = rng.normal(size=(len(label), SAMPLES, 2)).astype(np.float32)
    x[:, 0, 0], x[:, 0, 1] = 10 * label + level, np.arange(len(label))
    y, z = np.eye(24, dtype=np.int64)[label], np.array(SNRS)[level][:, None]
    order = rng.permutation(len(label)) if shuffled else np.arange(len(label))
    return {"X": x[order], "Y": y[order], "Z": z[order]}


@pytest.fixture
def write(tmp_path):
    def write(parts, **options):
        with h5py.File(tmp_path / radioml2018.FILE, "w") as file:
            for name, values in parts.items():
                file.create_dataset(name, data=values, **options)
        return str(tmp_path)

    return write


def made(path, stored=STORED):
    source = radioml2018.make(Data(source="radioml2018", path=path, radioml2018=stored))
    frames = {split: {} for split in source.sizes}
    for batch in source.batches:
        assert batch.iq.dtype == np.float32
        frames[batch.split].update(zip(batch.at, batch.iq, strict=True))
    return source, frames


@pytest.mark.parametrize("shuffled", [False, True])
def test_every_split_has_its_frames_of_every_cell(write, shuffled, monkeypatch):
    monkeypatch.setattr(radioml2018, "BLOCK", 50)
    parts = content(shuffled=shuffled)
    source, frames = made(write(parts, chunks=True, compression="gzip"))
    assert source.classes == list(CLASSES)
    assert source.snrs == [-20, 0, 30]
    by_number = {int(x[0, 1]): x for x in parts["X"]}
    seen = set()
    for split, size in (("train", 3), ("validation", 1), ("test", 2)):
        assert sorted(frames[split]) == list(range(24 * 3 * size))
        for at, frame in frames[split].items():
            assert frame.shape == (2, SAMPLES)
            snr = SNRS.index(int(source.levels(split)[at]))
            assert frame[0, 0] == 10 * source.labels(split)[at] + snr
            np.testing.assert_array_equal(frame, by_number[int(frame[1, 0])].T)
            seen.add(int(frame[1, 0]))
    assert len(seen) == 24 * 3 * 6


def test_no_more_than_a_block_is_read_at_once(write, monkeypatch):
    monkeypatch.setattr(radioml2018, "BLOCK", 32)
    path = write(content())
    read = h5py.Dataset.__getitem__
    sizes = []

    def counted(self, args, **options):
        values = read(self, args, **options)
        if self.name == "/X":
            sizes.append(len(values))
        return values

    monkeypatch.setattr(h5py.Dataset, "__getitem__", counted)
    made(path)
    assert max(sizes) == 32
    assert sum(sizes) <= 24 * 3 * 7


def test_another_seed_splits_otherwise_and_a_larger_test_set_leaves_the_rest(write):
    path = write(content())
    _, frames = made(path)
    _, same = made(path, STORED.model_copy(update={"test": 3}))
    _, other = made(path, STORED.model_copy(update={"split_seed": 6}))

    def numbers(frames, split):
        return [int(frame[1, 0]) for _, frame in sorted(frames[split].items())]

    assert numbers(same, "train") == numbers(frames, "train") != numbers(other, "train")
    assert numbers(same, "validation") == numbers(frames, "validation")


@pytest.mark.parametrize(
    ("at_most", "sizes", "snrs"), [(300, (2, 1, 1), [-20, 0, 30]), (150, (1, 1, 1), [-20, 30])]
)
def test_a_limit_takes_less_of_every_cell_and_then_fewer_levels(write, at_most, sizes, snrs):
    parts = content()
    source, frames = made(write(parts), STORED.model_copy(update={"at_most": at_most}))
    assert tuple(source.sizes.values()) == sizes
    assert source.snrs == snrs
    assert source.stored == 24 * 3 * 7
    by_number = {int(x[0, 1]): x for x in parts["X"]}
    for split, size in source.sizes.items():
        assert sorted(frames[split]) == list(range(24 * len(snrs) * size))
        for at, frame in frames[split].items():
            snr = SNRS.index(int(source.levels(split)[at]))
            assert frame[0, 0] == 10 * source.labels(split)[at] + snr
            np.testing.assert_array_equal(frame, by_number[int(frame[1, 0])].T)


def test_a_cell_that_is_too_small_is_named(write):
    with pytest.raises(InputError, match=r"OOK at -20 dB has 7 frames where 3 train \+"):
        made(write(content()), STORED.model_copy(update={"test": 4}))


def elsewhere(tmp_path):
    """A file outside, whose X nobody asked for."""
    with h5py.File(tmp_path / "other.hdf5", "w") as other:
        other.create_dataset("X", data=content()["X"])
    content()["X"].tofile(tmp_path / "raw")


def external_link(file):
    file["X"] = h5py.ExternalLink("other.hdf5", "X")


def soft_link(file):
    file["inner"] = content()["X"]
    file["X"] = h5py.SoftLink("/inner")


def virtual(file, of="other.hdf5", part=slice(None)):
    shape = content()["X"].shape
    layout = h5py.VirtualLayout(shape=shape, dtype=np.float32)
    layout[part] = h5py.VirtualSource(of, "X", shape=shape)[part]
    file.create_virtual_dataset("X", layout)


def external_storage(file, at="raw"):
    x = content()["X"]
    file.create_dataset("X", x.shape, x.dtype, external=[(at, 0, x.nbytes)])


def link_to_nothing(file):
    file["X"] = h5py.SoftLink("/nowhere")


def link_to_itself(file):
    file["X"] = h5py.SoftLink("/X")


def link_to_any_file(file):
    file["X"] = h5py.ExternalLink("/etc/passwd", "/")


def external_link_to_itself(file):
    file["X"] = h5py.ExternalLink(radioml2018.FILE, "/X")


def virtual_in_part(file):
    virtual(file, part=slice(1))


def virtual_of_itself(file):
    virtual(file, of=".")


def storage_in_any_file(file):
    external_storage(file, at="/etc/passwd")


def named_type(file):
    file["X"] = np.dtype(np.float32)


def group(file):
    file.create_group("X")


@pytest.mark.parametrize(
    ("made_by", "answer"),
    [
        (external_link, "a link to elsewhere"),
        (soft_link, "a link to elsewhere"),
        (virtual, "in other files"),
        (external_storage, "in other files"),
        (link_to_nothing, "a link to elsewhere"),
        (link_to_itself, "a link to elsewhere"),
        (link_to_any_file, "a link to elsewhere"),
        (external_link_to_itself, "a link to elsewhere"),
        (virtual_in_part, "in other files"),
        (virtual_of_itself, "in other files"),
        (storage_in_any_file, "in other files"),
        (named_type, "is no dataset"),
        (group, "is no dataset"),
    ],
)
def test_nothing_outside_the_file_is_read(made_by, answer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    elsewhere(tmp_path)
    parts = content()
    with h5py.File(tmp_path / radioml2018.FILE, "w") as file:
        file["Y"], file["Z"] = parts["Y"], parts["Z"]
        made_by(file)
    with pytest.raises(InputError, match=answer):
        made(str(tmp_path))


def test_a_chunk_that_would_fill_the_memory_is_not_unpacked(write, tmp_path, monkeypatch):
    parts = content()
    x = parts.pop("X")
    path = write(parts)
    with h5py.File(tmp_path / radioml2018.FILE, "a") as file:
        file.create_dataset("X", data=x, chunks=x.shape, compression="gzip")
    monkeypatch.setattr(hdf5, "LARGEST_CHUNK", x.nbytes - 1)
    with pytest.raises(InputError, match="too large to unpack"):
        made(path)


def in_row_5(of, otherwise):
    return np.where(np.arange(len(of))[:, None] == 5, of, otherwise)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"X": lambda x: x.astype(np.float64)}, "X must be float32"),
        ({"X": lambda x: x[:, :, :1]}, "X must be float32"),
        ({"X": lambda x: x[:0], "Y": lambda y: y[:0], "Z": lambda z: z[:0]}, "X must be float32"),
        ({"Y": lambda y: y[:, :11]}, "Y must be numbers of shape"),
        ({"Y": lambda y: y[:-1]}, "Y must be numbers of shape"),
        ({"Y": lambda y: 2 * y}, "not one-hot"),
        ({"Y": lambda y: np.roll(y, 1, axis=1) + y}, "not one-hot"),
        ({"Y": lambda y: in_row_5(-y, y)}, "not one-hot .* in row 5"),
        ({"Y": lambda y: in_row_5(y * 0.5, y)}, "not one-hot .* in row 5"),
        ({"Y": lambda y: in_row_5(y * 0, y)}, "not one-hot .* in row 5"),
        ({"Y": lambda y: in_row_5(y - 1, y)}, "not one-hot .* in row 5"),
        ({"Y": lambda y: in_row_5(y * np.nan, y)}, "not one-hot .* in row 5"),
        ({"Z": lambda z: z + 1e300}, r"Z has values beyond ±1,000 dB"),
        ({"Z": lambda z: z[:, 0]}, "Z must be numbers of shape"),
        ({"Z": lambda z: z * np.nan}, "not numbers"),
        ({"Z": lambda z: z.astype("S3")}, "Z must be numbers of shape"),
    ],
)
def test_datasets_of_another_form_are_refused(write, change, answer):
    parts = content()
    parts |= {name: how(parts[name]) for name, how in change.items()}
    with pytest.raises(InputError, match=answer):
        made(write(parts))


def test_missing_datasets_and_files_are_named(write, tmp_path):
    with pytest.raises(InputError, match=r"no file .*GOLD_XYZ.*studies\.radio\.path"):
        made(str(tmp_path))
    parts = content()
    parts.pop("Z")
    with pytest.raises(InputError, match="no dataset Z"):
        made(write(parts))
    (tmp_path / radioml2018.FILE).write_bytes(b"no HDF5")
    with pytest.raises(InputError, match="cannot be read as an HDF5 file"):
        made(str(tmp_path))


def test_what_the_size_of_the_file_does_not_account_for_is_not_taken(tmp_path, monkeypatch):
    """A dataset of which nothing was written takes no place in the file, whatever its shape."""
    monkeypatch.setattr(h5py.Dataset, "__getitem__", lambda *_: pytest.fail("it was read"))
    with h5py.File(tmp_path / radioml2018.FILE, "w") as file:
        many = 10**9
        file.create_dataset("X", (many, 16, 2), np.float32, chunks=(1, 16, 2))
        file.create_dataset("Y", (many, 24), np.int8, chunks=(1, 24))
        file.create_dataset("Z", (many, 1), np.int8, chunks=(1, 1))
    with pytest.raises(InputError, match=r"would unpack to 153,000,000,000; at most 268,435,456"):
        made(str(tmp_path))


def packed(write, folder, part):
    """Write a packed file; return its folder, itself, and where the first of a part begins."""
    path, file = write(content(), chunks=True, compression="gzip"), folder / radioml2018.FILE
    with h5py.File(file) as opened:
        return path, file, opened[part].id.get_chunk_info(0).byte_offset


@pytest.mark.parametrize("part", ["X", "Y", "Z"])
def test_a_flipped_byte_of_what_is_packed_is_an_error_that_names_the_file(write, tmp_path, part):
    path, file, start = packed(write, tmp_path, part)
    damaged = bytearray(file.read_bytes())
    damaged[start + 20] ^= 0xFF
    file.write_bytes(damaged)
    with pytest.raises(InputError, match=r"GOLD_XYZ.* cannot be read as an HDF5 file"):
        made(path)


@pytest.mark.parametrize("part", ["X", "Y", "Z"])
def test_a_download_with_a_tail_of_zeros_is_an_error_that_names_the_file(write, tmp_path, part):
    path, file, start = packed(write, tmp_path, part)
    whole = file.read_bytes()
    file.write_bytes(whole[:start] + bytes(len(whole) - start))
    with pytest.raises(InputError, match=r"GOLD_XYZ"):
        made(path)
