import struct

import numpy as np
import pytest
import soundfile

from uphold.sources import audio
from uphold.sources.riff import Header, header, readable


def wav(*, form=b"RIFF", promised, there, before=b"", order="<"):
    """A WAV file by hand: 16-bit mono at 8 kHz."""
    pack = struct.Struct
    layout = pack(f"{order}4sIHHIIHH").pack(b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    sound = pack(f"{order}4sI").pack(b"data", promised) + bytes(there)
    body = b"WAVE" + before + layout + sound
    return form + pack(f"{order}I").pack(len(body)) + body


def ds64(data):
    """The chunk of an RF64 file that says how long its sound is."""
    return struct.pack("<4sIQQQI", b"ds64", 28, 0, data, data // 2, 0)


OPEN = 0xFFFFFFFF
# 7FFFF000 is that of sox, which makes it a multiple of the block's bytes: here 2 times 24 bit.
PLACEHOLDERS = (0x7FFFF000, 0x7FFFEFFC, 0x7FFFFF00, 0x7FFFFFFF, 0x80000000, 0xFFFFFF00, 0xFFFFFFDB)
STAND_IN = b"\xff" * 4
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
                before=ds64(100),
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
    assert header(path).missing == missing


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (wav(promised=0xFFFFFFFF, there=60), Header(open_ended=True)),
        (wav(promised=0, there=60), Header(open_ended=True, mend=(40, STAND_IN))),
        (
            wav(promised=0, there=60, form=b"RIFX", order=">"),
            Header(open_ended=True, mend=(40, STAND_IN)),
        ),
        (wav(promised=0, there=60, before=ODD_CHUNK), Header(open_ended=True, mend=(52, STAND_IN))),
        (wav(promised=0, there=3), Header(open_ended=True, mend=(40, STAND_IN))),
        # What else programs write that cannot go back.
        *((wav(promised=n, there=60), Header(open_ended=True)) for n in PLACEHOLDERS),
        *((wav(promised=n, there=0), Header()) for n in PLACEHOLDERS),
        (
            wav(promised=0x7FFFFFFF, there=60, form=b"RIFX", order=">"),
            Header(open_ended=True),
        ),
        # Beside these it is a promise, however large.
        *(
            (wav(promised=n, there=60), Header(missing=n - 60))
            for n in (0x7FFFE000, 0x7FFFFE00, 0x80000002, 0xFFFFFE00)
        ),
        # RF64: the length stands in another chunk.
        *(
            (
                wav(form=b"RF64", promised=promised, there=60, before=ds64(0)),
                Header(open_ended=True, mend=(28, struct.pack("<Q", 60))),
            )
            for promised in (OPEN, 0)
        ),
        (wav(form=b"RF64", promised=OPEN, there=60, before=ds64(60)), Header()),
        (wav(form=b"RF64", promised=OPEN, there=0, before=ds64(0)), Header()),
        (wav(form=b"RF64", promised=OPEN, there=0, before=ds64(0)) + ODD_CHUNK, Header()),
        # Nothing, and nothing but another chunk: it is 0.
        (wav(promised=0, there=0), Header()),
        (wav(promised=0, there=0) + ODD_CHUNK, Header()),
        (wav(promised=0xFFFFFFFF, there=0), Header()),
    ],
)
def test_a_length_that_was_left_open(tmp_path, content, expected):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert header(path) == expected


@pytest.mark.parametrize("step", [1, 3, 7, 1000])
def test_four_bytes_read_as_unknown_and_all_others_as_they_are(tmp_path, step):
    path = tmp_path / "a.wav"
    path.write_bytes(content := wav(promised=0, there=60))
    with readable(path, header(path)) as file:
        read = b"".join(iter(lambda: file.read(step), b""))
        assert read == content[:40] + b"\xff" * 4 + content[44:]
        file.seek(42)
        assert file.read(3) == b"\xff\xff\0"
        assert file.tell() == 45


@pytest.mark.parametrize(
    "content",
    [
        wav(promised=0, there=60),
        wav(promised=OPEN, there=60),
        *(wav(promised=n, there=60) for n in PLACEHOLDERS),
        wav(form=b"RF64", promised=OPEN, there=60, before=ds64(0)),
        wav(form=b"RF64", promised=0, there=60, before=ds64(0)),
        # One that is odd: a sample that was cut in half is none.
        wav(form=b"RF64", promised=OPEN, there=61, before=ds64(0)),
    ],
)
def test_what_a_recorder_left_is_read_to_its_end(tmp_path, content):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    sound = audio.read(path)
    assert len(sound.samples) == 30 and sound.open_ended
    assert audio.length(path) == (30, 8000)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("kind", ["WAV", "WAVEX", "RF64"])
def test_files_of_the_audio_library(tmp_path, kind, subtype):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(1000), 8000, format=kind, subtype=subtype)
    assert header(path) == Header()
    path.write_bytes(path.read_bytes()[:-500])
    assert header(path) == Header(missing=500)
