"""Names of clips: what they tell, and which of them break the convention."""

import pytest

from studies.speech.data.clip import BadName, Clip, parse


def test_a_name_tells_who_says_what_and_how():
    clip = parse("03-01-06-02-01-02-12.wav")
    assert clip == Clip(12, "fearful", "strong", statement=1, repetition=2)
    assert clip.sex == "female"
    assert clip.name == "03-01-06-02-01-02-12.wav"
    assert parse("03-01-01-01-02-01-07.wav").sex == "male"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("03-01-06-02-01-02-12.flac", "is not named like"),
        ("03-01-06-02-01-02.wav", "is not named like"),
        ("3-1-6-2-1-2-12.wav", "is not named like"),
        ("copy of 03-01-06-02-01-02-12.wav", "is not named like"),
        ("03-01-06-02-01-02-12 (1).wav", "is not named like"),
        ("01-01-06-02-01-02-12.wav", "modality (03: sound alone) 01"),
        ("03-02-06-02-01-02-12.wav", "channel (01: speech) 02"),
        ("03-01-09-02-01-02-12.wav", "emotion 09, which should be 01 to 08"),
        ("03-01-00-02-01-02-12.wav", "emotion 00"),
        ("03-01-06-03-01-02-12.wav", "intensity 03"),
        ("03-01-06-02-03-02-12.wav", "statement 03"),
        ("03-01-06-02-01-00-12.wav", "repetition 00"),
        ("03-01-06-02-01-02-00.wav", "actor 00"),
        ("03-01-01-02-01-02-12.wav", "neutral at strong intensity"),
    ],
)
def test_a_name_that_breaks_the_convention_says_where(name, answer):
    with pytest.raises(BadName) as error:
        parse(name)
    assert answer in str(error.value)
