import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from studies.calls.data.recordings import cut, read
from studies.calls.data.window import SAMPLES


def tone(rate, seconds=1.0, hertz=440, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)


@pytest.mark.parametrize("suffix", ["wav", "flac"])
@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000, 96000])
def test_any_rate_becomes_16_khz(tmp_path, rate, suffix):
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, tone(rate), rate)
    recording = read(path)
    assert recording.duration_s == 1.0
    assert recording.samples.shape == (16000,)
    assert recording.samples.dtype == np.float32
    middle = slice(2000, 14000)
    np.testing.assert_allclose(recording.samples[middle], tone(16000)[middle], atol=2e-3)


def test_what_a_lower_rate_cannot_hold_is_filtered_out(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(48000, hertz=12000), 48000)
    assert np.abs(read(path).samples[2000:14000]).max() < 1e-3


def test_the_digest_is_of_the_sound_and_not_of_the_file(tmp_path):
    sound = (tone(8000) * 2**15).astype(np.int16)
    for name, content, rate in (
        ("a.wav", sound, 8000),
        ("a.flac", sound, 8000),
        ("other.wav", sound + 1, 8000),
        ("rate.wav", sound, 16000),
    ):
        soundfile.write(tmp_path / name, content, rate)
    digests = {path.name: read(path).digest for path in tmp_path.iterdir()}
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
    assert len({read(path).digest for path in tmp_path.iterdir()}) == 1

    one_sided = np.stack([sound, np.zeros_like(sound)], axis=1)
    soundfile.write(tmp_path / "one-sided.wav", one_sided, 8000)
    assert read(tmp_path / "one-sided.wav").digest != read(tmp_path / "a.wav").digest


def test_the_digest_of_what_exceeds_full_scale_is_that_of_its_clipped_copy(tmp_path):
    loud = np.array([0.25, 3e38, -3e38, -0.0], dtype=np.float32)
    clipped = np.array([2**13, 2**15 - 1, -(2**15), 0], dtype=np.int16)
    soundfile.write(tmp_path / "loud.wav", loud, 8000, subtype="FLOAT")
    soundfile.write(tmp_path / "clipped.wav", clipped, 8000)
    assert read(tmp_path / "loud.wav").digest == read(tmp_path / "clipped.wav").digest


def test_sounds_too_quiet_for_16_bit_are_not_one_sound(tmp_path):
    for hertz in (440, 550):
        quiet = tone(8000, hertz=hertz, amplitude=1e-5)
        soundfile.write(tmp_path / f"{hertz}.wav", quiet, 8000, subtype="PCM_24")
    assert len({read(path).digest for path in tmp_path.iterdir()}) == 2


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
    windows = cut(np.ones(round(seconds * 16000), dtype=np.float32))
    assert windows.starts_s == starts
    assert len(windows.windows) == len(starts)
    assert windows.padded == padded
    assert windows.left_out_s == pytest.approx(left_out)


def test_a_short_sound_is_centred_between_zeros():
    (window,) = cut(np.ones(16000, dtype=np.float32)).windows
    np.testing.assert_array_equal(np.flatnonzero(window), np.arange(16000, 32000))


@given(st.integers(1, 400_000))
def test_every_sample_is_in_one_window_or_left_out(n):
    samples = np.arange(1, n + 1, dtype=np.float32)
    windows = cut(samples)
    assert all(window.shape == (SAMPLES,) for window in windows.windows)
    kept = np.concatenate(windows.windows)
    kept = kept[kept > 0]
    np.testing.assert_array_equal(kept, samples[: len(kept)])
    assert round(windows.left_out_s * 16000) == n - len(kept) < 16000
