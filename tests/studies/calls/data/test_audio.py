import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from studies.calls.data import audio
from studies.calls.data.window import SAMPLES


def tone(rate, seconds=1.0, hertz=440, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)


@pytest.mark.parametrize("suffix", ["wav", "flac"])
@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000, 96000])
def test_any_rate_becomes_16_khz(tmp_path, rate, suffix):
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, tone(rate), rate)
    recording = audio.read(path)
    assert recording.duration_s == 1.0
    assert recording.samples.shape == (16000,)
    assert recording.samples.dtype == np.float32
    middle = slice(2000, 14000)
    np.testing.assert_allclose(recording.samples[middle], tone(16000)[middle], atol=2e-3)


def test_what_a_lower_rate_cannot_hold_is_filtered_out(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(48000, hertz=12000), 48000)
    assert np.abs(audio.read(path).samples[2000:14000]).max() < 1e-3


def test_channels_are_averaged(tmp_path):
    path = tmp_path / "a.wav"
    stereo = np.stack([tone(16000), 0.2 * tone(16000)], axis=1)
    soundfile.write(path, stereo, 16000, subtype="FLOAT")
    np.testing.assert_allclose(audio.read(path).samples, 0.6 * tone(16000), atol=1e-6)


def test_the_digest_is_of_the_sound_and_not_of_the_file(tmp_path):
    sound = (tone(8000) * 2**15).astype(np.int16)
    for name, content, rate in (
        ("a.wav", sound, 8000),
        ("a.flac", sound, 8000),
        ("other.wav", sound + 1, 8000),
        ("rate.wav", sound, 16000),
    ):
        soundfile.write(tmp_path / name, content, rate)
    digests = {path.name: audio.read(path).digest for path in tmp_path.iterdir()}
    assert digests["a.wav"] == digests["a.flac"]
    assert len(set(digests.values())) == 3


def test_the_digest_is_of_what_is_heard_whatever_channels_and_depth(tmp_path):
    sound = (tone(8000) * 2**15).astype(np.int16)
    deep = sound.astype(np.int32) << 16
    twice = np.stack([sound, sound], axis=1)
    soundfile.write(tmp_path / "a.wav", sound, 8000)
    soundfile.write(tmp_path / "stereo.wav", twice, 8000)
    soundfile.write(tmp_path / "stereo.flac", twice, 8000)
    soundfile.write(tmp_path / "three.wav", np.stack([sound] * 3, axis=1), 8000)
    soundfile.write(tmp_path / "deep.wav", deep, 8000, subtype="PCM_24")
    # A 24-bit recording whose last eight bits are less than half a step of 16 bits.
    soundfile.write(tmp_path / "deeper.flac", deep + (100 << 8), 8000, subtype="PCM_24")
    soundfile.write(tmp_path / "float.wav", (sound / 2**15).astype("f4"), 8000, subtype="FLOAT")
    assert len({audio.read(path).digest for path in tmp_path.iterdir()}) == 1

    one_sided = np.stack([sound, np.zeros_like(sound)], axis=1)
    soundfile.write(tmp_path / "one-sided.wav", one_sided, 8000)
    assert audio.read(tmp_path / "one-sided.wav").digest != audio.read(tmp_path / "a.wav").digest


def test_the_digest_of_what_exceeds_full_scale_is_that_of_its_clipped_copy(tmp_path):
    loud = np.array([0.25, 3e38, -3e38, -0.0], dtype=np.float32)
    clipped = np.array([2**13, 2**15 - 1, -(2**15), 0], dtype=np.int16)
    soundfile.write(tmp_path / "loud.wav", loud, 8000, subtype="FLOAT")
    soundfile.write(tmp_path / "clipped.wav", clipped, 8000)
    assert audio.read(tmp_path / "loud.wav").digest == audio.read(tmp_path / "clipped.wav").digest


def test_sounds_too_quiet_for_16_bit_are_not_one_sound(tmp_path):
    for hertz in (440, 550):
        quiet = tone(8000, hertz=hertz, amplitude=1e-5)
        soundfile.write(tmp_path / f"{hertz}.wav", quiet, 8000, subtype="PCM_24")
    assert len({audio.read(path).digest for path in tmp_path.iterdir()}) == 2


def written(path, sound=None, **how):
    soundfile.write(path, tone(8000) if sound is None else sound, 8000, **how)
    return path.read_bytes()


def with_rate(wav, rate):
    """A WAV file that says it has another sample rate (bytes 24 to 28)."""
    return wav[:24] + struct.pack("<I", rate) + wav[28:]


def with_most_samples(flac):
    """A FLAC file that says it has 2**36 − 1 samples (the last 36 bits of bytes 18 to 26)."""
    return flac[:21] + bytes([flac[21] | 0x0F]) + b"\xff" * 4 + flac[26:]


BAD = {
    "empty.wav": lambda path: b"",
    "text.wav": lambda path: b"this is no sound, whatever its name says",
    "header.wav": lambda path: written(path, np.zeros(0)),
    "short.wav": lambda path: written(path)[:-1000],
    "short.flac": lambda path: written(path, np.random.default_rng(0).uniform(-1, 1, 8000))[:-4000],
    "text.flac": lambda path: b"nor is this",
    "nan.wav": lambda path: written(path, np.array([0.1, np.nan, 0.2]), subtype="FLOAT"),
    "inf.wav": lambda path: written(path, np.array([0.1, np.inf, 0.2]), subtype="FLOAT"),
    "ogg.wav": lambda path: written(path, format="OGG"),
    "aiff.wav": lambda path: written(path, format="AIFF"),
    "slow.wav": lambda path: with_rate(written(path), 10),
    "fast.wav": lambda path: with_rate(written(path), 2**31 - 1),
    "vast.flac": lambda path: with_most_samples(written(path)),
}
REASONS = {
    "empty.wav": r"is empty \(0 bytes\): record",
    "text.wav": r"cannot be read as WAV or FLAC .*: copy or convert it again, or remove it",
    "header.wav": r"holds no sound \(0 samples\): record",
    "short.wav": "is truncated: 1,000 bytes promised by its header are missing; copy it again",
    "short.flac": r"cannot be read as WAV or FLAC \(.*lost sync\)",
    "text.flac": "cannot be read as WAV or FLAC",
    "nan.wav": "NaN or infinite: export it again",
    "inf.wav": "NaN or infinite",
    "ogg.wav": "is OGG inside: convert it",
    "aiff.wav": "is AIFF inside: convert it",
    "slow.wav": "has 10 samples a second; from 1,000 to 1,000,000 can be used",
    "fast.wav": "has 2,147,483,647 samples a second",
    "vast.flac": "is truncated: 68,719,468,735 samples promised|cannot be read",
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_file_that_cannot_be_used_says_why_and_what_to_do(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BAD[name](path))
    with pytest.raises(audio.UnusableSound, match=REASONS[name]):
        audio.read(path)


def test_a_missing_file_and_a_folder_are_named_as_such(tmp_path):
    with pytest.raises(audio.UnusableSound, match="No such file"):
        audio.read(tmp_path / "none.wav")
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(audio.UnusableSound, match="directory"):
        audio.read(tmp_path / "folder.wav")


@pytest.mark.parametrize(
    ("seconds", "starts", "padded", "left_out"),
    [
        (0.2, [0], 1, 0),
        (3.0, [0], 0, 0),
        (3.5, [0], 0, 0.5),
        (4.0, [0, 3], 1, 0),
        (6.0, [0, 3], 0, 0),
        (6.9, [0, 3], 0, 0.9),
        (8.0, [0, 3, 6], 1, 0),
    ],
)
def test_windows_lie_side_by_side(seconds, starts, padded, left_out):
    cut = audio.cut(np.ones(round(seconds * 16000), dtype=np.float32))
    assert cut.starts_s == starts
    assert len(cut.windows) == len(starts)
    assert cut.padded == padded
    assert cut.left_out_s == pytest.approx(left_out)


def test_a_short_sound_is_centred_between_zeros():
    (window,) = audio.cut(np.ones(16000, dtype=np.float32)).windows
    np.testing.assert_array_equal(np.flatnonzero(window), np.arange(16000, 32000))


@given(st.integers(1, 400_000))
def test_every_sample_is_in_one_window_or_left_out(n):
    samples = np.arange(1, n + 1, dtype=np.float32)
    cut = audio.cut(samples)
    assert all(window.shape == (SAMPLES,) for window in cut.windows)
    kept = np.concatenate(cut.windows)
    kept = kept[kept > 0]
    np.testing.assert_array_equal(kept, samples[: len(kept)])
    assert round(cut.left_out_s * 16000) == n - len(kept) < 16000
