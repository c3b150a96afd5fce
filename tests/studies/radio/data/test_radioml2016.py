"""RML2016.10A, from small files in its format."""

import json

import numpy as np
import pytest

from studies.radio.data import prepare, radioml2016
from studies.radio.settings.data import Data, Stored
from uphold.errors import InputError

STORED = Stored(train=3, validation=1, test=2, split_seed=5)
NAMES, SNRS = ("WBFM", "8PSK", "AM-SSB"), (18, -20, 0)


def arrays(frames=7):
    """Frames that say where they come from: the first sample is a number of their own."""
    made = {}
    for k, (name, snr) in enumerate((name, snr) for name in NAMES for snr in SNRS):
        made[name, snr] = np.random.default_rng(k).normal(size=(frames, 2, 8)).astype(np.float32)
        made[name, snr][:, 0, 0] = 100 * k + np.arange(frames)
    return made


@pytest.fixture
def folder(python2_pickle, tmp_path):
    def write(content, protocol=0):
        (tmp_path / radioml2016.FILE).write_bytes(python2_pickle(content, protocol))
        return str(tmp_path)

    return write


def made(path, stored=STORED):
    source = radioml2016.make(Data(source="radioml2016", path=path, radioml2016=stored))
    frames = {split: {} for split in source.sizes}
    for batch in source.batches:
        assert batch.clean is None
        frames[batch.split].update(zip(batch.at, batch.iq, strict=True))
    return source, frames


@pytest.mark.parametrize("protocol", [0, 2])
def test_every_split_has_its_frames_of_every_cell(folder, protocol):
    content = arrays()
    source, frames = made(folder(content, protocol))
    assert source.classes == ["8PSK", "AM-SSB", "WBFM"]
    assert source.snrs == [-20, 0, 18]
    assert source.samples == 8
    seen = set()
    for split, size in (("train", 3), ("validation", 1), ("test", 2)):
        assert sorted(frames[split]) == list(range(9 * size))
        labels, levels = source.labels(split), source.levels(split)
        for at, frame in frames[split].items():
            cell = content[source.classes[labels[at]], int(levels[at])]
            assert any(np.array_equal(frame, one) for one in cell)
            seen.add(float(frame[0, 0]))
    assert len(seen) == 9 * 6


def test_the_known_faults_are_told(folder):
    source, _ = made(folder(arrays()))
    assert any("AM-SSB" in note and "noise" in note for note in source.notes)
    assert any("not a measured" in note for note in source.notes)


B = ("8PSK", "AM-DSB", "BPSK", "CPFSK", "GFSK", "PAM4", "QAM16", "QAM64", "QPSK", "WBFM")


def test_10b_has_its_name_and_its_own_notes(python2_pickle, tmp_path):
    frames = {(name, snr): np.ones((7, 2, 8), np.float32) for name in B for snr in SNRS}
    (tmp_path / "RML2016.10b.dat").write_bytes(python2_pickle(frames, 0))
    source, _ = made(str(tmp_path))
    assert source.classes == list(B)
    assert source.stored == 10 * 3 * 7
    assert "RML2016.10B has 10 classes" in source.notes[0]
    assert not any("10A: " in note for note in source.notes)


def test_two_files_and_a_packed_one_are_named(folder, tmp_path):
    (tmp_path / "RML2016.10a.tar.bz2").write_bytes(b"x")
    with pytest.raises(InputError, match=r"but RML2016\.10a\.tar\.bz2: unpack it there"):
        made(str(tmp_path))
    path = folder(arrays())
    (tmp_path / "RML2016.10b.dat").write_bytes(b"x")
    with pytest.raises(InputError, match=r"10a_dict.pkl and RML2016.10b.dat: name one in params"):
        made(path)
    assert made(str(tmp_path / radioml2016.FILE))[0].stored == 63


@pytest.mark.parametrize(
    ("at_most", "sizes", "snrs"),
    [
        (54, (3, 1, 2), [-20, 0, 18]),
        (53, (2, 1, 2), [-20, 0, 18]),
        (45, (2, 1, 2), [-20, 0, 18]),
        (36, (2, 1, 1), [-20, 0, 18]),
        (27, (1, 1, 1), [-20, 0, 18]),
        (26, (1, 1, 1), [-20, 18]),
    ],
)
def test_a_limit_takes_less_of_every_cell_and_then_fewer_levels(folder, at_most, sizes, snrs):
    content = arrays()
    stored = STORED.model_copy(update={"at_most": at_most})
    source, frames = made(folder(content), stored)
    assert tuple(source.sizes.values()) == sizes
    assert source.snrs == snrs
    used = [frame for split in frames.values() for frame in split.values()]
    assert len(used) == 3 * len(snrs) * sum(sizes) <= at_most
    assert len({float(frame[0, 0]) for frame in used}) == len(used)
    assert any("levels of SNR are used" in note for note in source.notes) == (len(snrs) < 3)


def test_a_limit_that_leaves_nothing_is_refused(folder):
    stored = STORED.model_copy(update={"at_most": 17})
    with pytest.raises(InputError) as raised:
        made(folder(arrays()), stored)
    assert str(raised.value) == (
        "data.radioml2016.at_most is 17, but one frame of each of 3 classes at 2 levels of SNR for "
        "each of 3 splits makes 18: raise it to at least 18, or set null for no limit."
    )


def test_a_file_of_one_level_needs_one_level(folder):
    content = {(name, snr): x for (name, snr), x in arrays().items() if snr == 0}
    source, _ = made(folder(content), STORED.model_copy(update={"at_most": 9}))
    assert source.snrs == [0] and source.sizes == {"train": 1, "validation": 1, "test": 1}
    with pytest.raises(InputError, match=r"is 8, .* at 1 level of SNR .* to at least 9,"):
        made(folder(content), STORED.model_copy(update={"at_most": 8}))


def test_the_card_counts_what_was_used(folder, tmp_path):
    stored = STORED.model_copy(update={"at_most": 27})
    data = Data(source="radioml2016", path=folder(arrays()), radioml2016=stored)
    prepare(data, tmp_path / "out")
    card = json.loads((tmp_path / "out" / "card.json").read_text())
    assert card["used"] == {"noun": "frame", "used": 27, "of": 63, "at_most": 27}
    assert card["settings"]["at_most"] == 27


def test_a_cell_that_is_missing_or_too_small_is_named(folder):
    content = arrays()
    with pytest.raises(InputError, match=r"AM-SSB at 18 dB|8PSK at 18 dB|WBFM at 18 dB"):
        made(folder(content), Stored(train=5, validation=2, test=1))
    content.pop(("8PSK", 0))
    with pytest.raises(InputError, match="lacks frames: 8PSK at 0 dB"):
        made(folder(content))


def test_frames_of_several_shapes_and_no_frames_are_refused(folder):
    content = arrays()
    content["8PSK", 0] = content["8PSK", 0][:, :, :6]
    with pytest.raises(InputError, match="of one shape"):
        made(folder(content))
    with pytest.raises(InputError, match="it is empty"):
        made(folder({}))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"RML2016\.10a_dict\.pkl"):
        made(str(tmp_path))
