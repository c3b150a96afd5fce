import struct

import numpy as np
import pytest
import soundfile

from uphold.sources import audio, unpacked


def tone(rate, seconds=1.0, hertz=440, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)


def test_channels_are_averaged(tmp_path):
    path = tmp_path / "a.wav"
    stereo = np.stack([tone(16000), 0.2 * tone(16000)], axis=1)
    soundfile.write(path, stereo, 16000, subtype="FLOAT")
    np.testing.assert_allclose(audio.read(path).samples, 0.6 * tone(16000), atol=1e-6)


def test_another_rate_keeps_the_tone_and_its_length(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(22_050, seconds=0.8, hertz=500), 22_050)
    samples = audio.resampled(audio.read(path), 11_025)
    assert len(samples) == pytest.approx(0.8 * 11_025, abs=1)
    peak = np.abs(np.fft.rfft(samples)).argmax() * 11_025 / len(samples)
    assert peak == pytest.approx(500, abs=2)


def test_a_format_that_is_not_asked_for_is_refused(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(written(path, format="FLAC"))
    assert len(audio.read(path).samples) == 8000
    with pytest.raises(audio.UnusableSound, match=r"is FLAC inside: convert it to WAV$"):
        audio.read(path, ("WAV",))


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
    "au.wav": lambda path: written(path, format="AU"),
    "m4a.wav": lambda path: b"\0\0\0 ftypM4A \0\0\0\0",
    "slow.wav": lambda path: with_rate(written(path), 10),
    "fast.wav": lambda path: with_rate(written(path), 2**31 - 1),
    "short.aiff": lambda path: written(path, format="AIFF")[:-1000],
    "short.aifc": lambda path: written(path, format="AIFF", subtype="FLOAT")[:-1000],
    "vast.flac": lambda path: with_most_samples(written(path)),
}
REASONS = {
    "empty.wav": r"is empty \(0 bytes\): record",
    "text.wav": r"cannot be read as WAV, FLAC, AIFF, OGG or MP3 \(Format not recognised\): copy or "
    "convert it again, or remove it",
    "header.wav": r"holds no sound \(0 samples\): record",
    "short.wav": "is truncated: 1,000 bytes promised by its header are missing; copy it again",
    "short.aiff": "is truncated: 1,000 bytes promised by its header are missing; copy it again",
    "short.aifc": "is truncated: 1,000 bytes promised by its header are missing; copy it again",
    "short.flac": r"cannot be read as WAV, FLAC, AIFF, OGG or MP3 \(.*lost sync\)",
    "text.flac": "cannot be read as WAV, FLAC",
    "nan.wav": "NaN or infinite: export it again",
    "inf.wav": "NaN or infinite",
    "au.wav": "is AU inside: convert it to WAV, FLAC, AIFF, OGG or MP3",
    "m4a.wav": r"is MP4 inside \(m4a, AAC\), .* \(ffmpeg -i 'm4a.wav' 'm4a.wav'\)",
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


@pytest.mark.parametrize(
    ("kind", "lossy"),
    [("WAV", False), ("FLAC", False), ("AIFF", False), ("OGG", True), ("MP3", True)],
)
def test_formats_of_the_audio_library_are_read(tmp_path, kind, lossy):
    path = tmp_path / "any.name"
    written(path, format=kind)
    sound = audio.read(path)
    assert (sound.rate, len(sound.samples), sound.lossy) == (8000, 8000, lossy)
    assert not sound.open_ended
    assert audio.length(path) == (8000, 8000)
    assert np.corrcoef(sound.samples, tone(8000))[0, 1] > 0.98


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF])
@pytest.mark.parametrize("tail", [b"", b"\1"])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_a_recorder_that_stopped_leaves_no_length_and_its_sound_is_read(
    tmp_path, length, tail, subtype
):
    path = tmp_path / "a.wav"
    whole = written(path, subtype=subtype)
    expected = audio.read(path)
    at = whole.index(b"data") + 4
    head = whole[:4] + bytes(4) + whole[8:at] + struct.pack("<I", length)
    path.write_bytes(head + whole[at + 4 :] + tail)
    found = audio.read(path)
    assert found.open_ended
    assert not expected.open_ended
    np.testing.assert_array_equal(found.samples, expected.samples)
    assert audio.length(path) == (8000, 8000)


def test_a_file_that_is_none_has_no_length(tmp_path):
    assert audio.length(tmp_path / "none.wav") == (0, 1)


def test_a_missing_file_and_a_folder_are_named_as_such(tmp_path):
    with pytest.raises(audio.UnusableSound, match="No such file"):
        audio.read(tmp_path / "none.wav")
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(audio.UnusableSound, match="directory"):
        audio.read(tmp_path / "folder.wav")


def by_blocks(path, sound, kind):
    """Write a long sound: given all of it at once, the encoder of Vorbis ends the process."""
    with soundfile.SoundFile(path, "w", 8000, sound.shape[1], format=kind) as file:
        for start in range(0, len(sound), 8000):
            file.write(sound[start : start + 8000])


@pytest.mark.parametrize(("kind", "times"), [("FLAC", 20), ("OGG", 128)])
@pytest.mark.parametrize("channels", [1, 2])
def test_sound_that_the_size_of_the_file_does_not_account_for_is_not_taken(
    tmp_path, monkeypatch, kind, times, channels
):
    monkeypatch.setattr(unpacked, "FREE", 100_000)
    path, seconds = tmp_path / "a.name", 600 // channels
    silence = np.zeros((8000 * seconds, channels))
    by_blocks(path, silence, kind)
    assert silence.size * 4 > times * path.stat().st_size
    with pytest.raises(audio.UnusableSound, match=r"would unpack to more than [\d,]+ bytes"):
        audio.read(path)
    assert audio.length(path) == (0, 1)
    soundfile.write(path, silence, 8000, format="WAV")  # the way out
    assert len(audio.read(path).samples) == len(silence)
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, silence.shape)
    by_blocks(path, noise, kind)
    assert len(audio.read(path).samples) == len(silence)


def test_channels_are_averaged_by_blocks_as_in_one(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, (10_001, 3))
    soundfile.write(path, sound, 16_000, subtype="FLOAT")
    whole = audio.read(path).samples
    monkeypatch.setattr(audio, "BLOCK", 300)
    np.testing.assert_array_equal(audio.read(path).samples, whole)


def test_rates_that_have_nothing_in_common_are_refused_before_the_filter_is_made(monkeypatch):
    monkeypatch.setattr(audio.scipy.signal, "resample_poly", lambda *_: pytest.fail("it was made"))
    sound = audio.Sound(np.zeros(16_000, np.float32), 999_983, 1)
    with pytest.raises(audio.UnusableSound, match=r"999,983 samples a second, .* such as 48,000"):
        audio.resampled(sound, 16_000)
