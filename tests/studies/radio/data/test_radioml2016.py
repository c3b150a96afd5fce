"""RML2016.10A, from small files in its format."""

import numpy as np
import pytest

from studies.radio.data import radioml2016
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
