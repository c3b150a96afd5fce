import struct

import numpy as np
import pytest
import soundfile

from uphold.sources import audio


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
