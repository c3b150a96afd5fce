import struct

import numpy as np
import pytest
import soundfile

from uphold.sources.riff import missing_bytes


def wav(*, form=b"RIFF", promised, there, before=b"", order="<"):
    """A WAV file by hand: 16-bit mono at 8 kHz."""
    pack = struct.Struct
    layout = pack(f"{order}4sIHHIIHH").pack(b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    sound = pack(f"{order}4sI").pack(b"data", promised) + bytes(there)
    body = b"WAVE" + before + layout + sound
    return form + pack(f"{order}I").pack(len(body)) + body


ODD_CHUNK = b"LIST" + struct.pack("<I", 3) + b"abc\0"


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (wav(promised=100, there=100), 0),
        (wav(promised=100, there=60), 40),
        (wav(promised=100, there=0), 100),
        (wav(promised=100, there=120), 0),
        (wav(promised=100, there=60, before=ODD_CHUNK), 40),
        (wav(form=b"RIFX", order=">", promised=100, there=60), 40),
        # A program that streamed leaves the length open.
        (wav(promised=0xFFFFFFFF, there=60), 0),
        (
            wav(
                form=b"RF64",
                promised=0xFFFFFFFF,
                there=60,
                before=struct.pack("<4sIQQQI", b"ds64", 28, 0, 100, 50, 0),
            ),
            40,
        ),
        (b"", 0),
        (b"RIFF", 0),
        (b"no sound at all, but long enough to be one", 0),
        (wav(promised=100, there=0)[:30], 0),
    ],
)
def test_bytes_that_the_header_promises_and_that_are_missing(tmp_path, content, missing):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert missing_bytes(path) == missing


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("kind", ["WAV", "WAVEX", "RF64"])
def test_files_of_the_audio_library(tmp_path, kind, subtype):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(1000), 8000, format=kind, subtype=subtype)
    assert missing_bytes(path) == 0
    path.write_bytes(path.read_bytes()[:-500])
    assert missing_bytes(path) == 500
