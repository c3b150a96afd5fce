"""The RAVDESS tree: read whole, or refused with everything that is wrong at once."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from safetensors.numpy import load_file

from studies.speech.data import inputs, prepare, refuse
from studies.speech.settings.data import Data
from studies.speech.settings.run import SpeechRun
from uphold.errors import InputError
from uphold.sources.audio import read

RATE = 8000
MEL = {"sample_rate": RATE, "n_mels": 16, "n_fft": 256, "hop_length": 200, "seconds": 1.0}


def write(path: Path, pitch: float, *, channels: int = 1, seconds: float = 0.8) -> Path:
    """Write a tone; of two channels the second one is silent."""
    tone = 0.5 * np.sin(2 * np.pi * pitch * np.arange(round(seconds * RATE)) / RATE)
    sound = np.stack([tone] + [np.zeros_like(tone)] * (channels - 1), axis=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound, RATE, subtype="PCM_16")
    return path


@pytest.fixture
def root(tmp_path):
    """Three clips by two actors, one of them stereo, in an order that is not theirs."""
    write(tmp_path / "Actor_02/03-01-04-01-01-01-02.wav", 300)
    write(tmp_path / "Actor_01/03-01-08-02-02-01-01.wav", 200, channels=2)
    write(tmp_path / "Actor_01/03-01-01-01-01-01-01.wav", 100)
    return tmp_path


def settings(root: Path, **change) -> Data:
    return Data(source="ravdess", path=str(root), spectrogram=MEL, **change)


def refusal(root: Path, tmp_path: Path) -> str:
    with pytest.raises(InputError) as error:
        prepare(settings(root), tmp_path / "out")
    return str(error.value)


def test_a_tree_is_read_in_the_order_of_actors_and_emotions(root, tmp_path):
    prepare(settings(root), tmp_path / "out")
    items = pd.read_parquet(tmp_path / "out/items.parquet")
    assert items["actor"].tolist() == [1, 1, 2]
    assert items["emotion"].tolist() == ["neutral", "surprised", "sad"]
    assert items["intensity"].tolist() == ["normal", "strong", "normal"]
    assert items["statement"].tolist() == [1, 2, 1]
    assert items["label"].tolist() == ["neutral", "positive", "negative"]
    arrays = load_file(tmp_path / "out/features.safetensors")
    assert arrays["label"].tolist() == [1, 2, 0]
    assert arrays["actor"].tolist() == [1, 1, 2]
    assert arrays["x"].shape == (3, 16, 41)
    assert arrays["classes"] == 3
    card = json.loads((tmp_path / "out/card.json").read_text())
    assert card["mixed_down"] == 1
    assert card["actors"] == [1, 2]
    assert card["labels"] == {"negative": 1, "neutral": 1, "positive": 1}
    assert inputs(settings(root)) == [root]


def test_the_mode_names_the_classes(root, tmp_path):
    prepare(settings(root, mode="emotion"), tmp_path / "out")
    arrays = load_file(tmp_path / "out/features.safetensors")
    assert arrays["label"].tolist() == [0, 7, 3]
    assert arrays["classes"] == 8


def test_stereo_is_the_mean_of_its_channels(tmp_path):
    one, two = write(tmp_path / "1.wav", 100), write(tmp_path / "2.wav", 100, channels=2)
    assert read(two).channels == 2
    np.testing.assert_allclose(read(two).samples, read(one).samples / 2, atol=1e-7)


def test_every_bad_name_is_told_at_once(root, tmp_path):
    write(root / "Actor_01/03-01-09-01-01-01-01.wav", 400)
    write(root / "Actor_02/take2.wav", 500)
    write(root / "Actor_02/03-01-05-01-01-01-01.wav", 600)
    (root / "Actor_02/notes.txt").write_text("…")
    (root / "Actor_2").mkdir()
    answer = refusal(root, tmp_path)
    assert answer.startswith("5 problems")
    for name in ("03-01-09-01-01-01-01.wav", "take2.wav", "notes.txt", "Actor_2 is no folder"):
        assert name in answer
    assert "is by actor 01 and lies in Actor_02" in answer


def test_the_same_sound_under_two_names_is_refused(root, tmp_path):
    write(root / "Actor_02/03-01-05-01-01-01-02.wav", 100)
    answer = refusal(root, tmp_path)
    assert "Actor_01/03-01-01-01-01-01-01.wav" in answer
    assert "Actor_02/03-01-05-01-01-01-02.wav are the same sound" in answer


def test_hidden_files_and_documents_are_counted_and_left_out(root, tmp_path):
    (root / "README.md").write_text("…")
    (root / "Actor_01/.DS_Store").write_text("…")
    prepare(settings(root), tmp_path / "out")
    assert json.loads((tmp_path / "out/card.json").read_text())["files_ignored"] == 2


def test_an_actor_s_folder_without_clips_is_refused(root, tmp_path):
    (root / "Actor_03").mkdir()
    assert "Actor_03 is empty: copy the actor's clips there" in refusal(root, tmp_path)


@pytest.mark.parametrize(
    ("groups", "actors", "answer"),
    [
        (4, 3, "training.groups in params/speech.yaml is 4, and the clips are by 3 actors"),
        (3, 1, "The clips are by 1 actor, and 3 are the fewest that can be used"),
        (3, 2, "The clips are by 2 actors, and 3 are the fewest"),
    ],
)
def test_actors_that_runs_cannot_be_divided_by_are_refused(tmp_path, groups, actors, answer):
    (tmp_path / "card.json").write_text(json.dumps({"actors": [*range(actors)]}))
    with pytest.raises(InputError, match=re.escape(answer)):
        refuse(tmp_path, SpeechRun(groups=groups))


def test_as_many_groups_as_actors_are_trained(tmp_path):
    (tmp_path / "card.json").write_text(json.dumps({"actors": [1, 2, 5]}))
    refuse(tmp_path, SpeechRun(groups=3))


def card_of(root: Path, tmp_path: Path, **change) -> dict:
    out = tmp_path.parent / f"{tmp_path.name}-out"
    prepare(settings(root, **change), out)
    return json.loads((out / "card.json").read_text())


def test_what_systems_leave_behind_and_upper_case_are_no_matter(root, tmp_path):
    for name in ("Thumbs.db", "Actor_01/Thumbs.db", "Actor_02/desktop.ini", "LICENSE"):
        (root / name).write_text("…")
    for path in (root / "Actor_01").glob("*.wav"):
        path.rename(path.with_suffix(".WAV"))
    card = card_of(root, tmp_path)
    assert card["clips"] == 3
    assert card["files_ignored"] == 4
    flag = next(text for text in card["decisions"] if text.startswith("Files ignored"))
    assert "Actor_01/Thumbs.db" in flag


def test_a_tree_that_is_there_twice_is_read_once_and_said(root, tmp_path):
    expected = card_of(root, tmp_path)
    out = tmp_path.parent / f"{tmp_path.name}-out"
    arrays = load_file(out / "features.safetensors")
    for path in root.glob("Actor_*/*.wav"):
        copy = root / "audio_speech_actors_01-24" / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    card = card_of(root, tmp_path)
    assert card["clips"] == expected["clips"] == 3
    assert card["files_read_once"] == 3
    assert any("3 files are there again, byte for byte" in text for text in card["decisions"])
    for name, array in load_file(out / "features.safetensors").items():
        np.testing.assert_array_equal(array, arrays[name])

    copy.write_bytes(copy.read_bytes()[:-2] + b"xx")
    answer = refusal(root, tmp_path)
    assert answer.startswith("1 problem")
    assert "have one name and differ: keep the right one" in answer


def test_a_tree_inside_another_folder_is_found(root, tmp_path):
    (root / "audio_speech_actors_01-24").mkdir()
    for place in sorted(root.glob("Actor_*")):
        place.rename(root / "audio_speech_actors_01-24" / place.name.lower())
    assert card_of(root, tmp_path)["clips"] == 3


def test_a_folder_in_a_circle_ends(root, tmp_path):
    (root / "Actor_01" / "round").symlink_to(root, target_is_directory=True)
    assert card_of(root, tmp_path)["files_ignored"] == 1


def test_many_songs_are_told_once(root, tmp_path):
    for k in range(50):
        (root / f"Actor_01/03-02-01-01-01-01-{k:02d}.wav").write_bytes(b"x")
    assert refusal(root, tmp_path).splitlines()[1:] == [
        "- Actor_01/03-02-01-01-01-01-00.wav has the channel (01: speech) 02, which should be 01; "
        "so it is with 49 more files in Actor_01"
    ]


@pytest.mark.parametrize("folder", ["rec/actor_1", "actor 01", "a/b/c"])
def test_a_wrong_folder_of_an_actor_is_told_once(root, tmp_path, folder):
    (root / "Actor_02").rename(root / "Actor_2")
    for emotion in range(2, 9):
        write(root / folder / f"03-01-0{emotion}-01-01-01-07.wav", 100 + emotion)
    assert refusal(root, tmp_path).splitlines()[1:] == [
        "- Actor_2/03-01-04-01-01-01-02.wav lies in no folder Actor_XX: move it into Actor_02",
        f"- {folder}/03-01-02-01-01-01-07.wav lies in no folder Actor_XX: move it into Actor_07; "
        f"so it is with 6 more files in {folder}",
    ]


def test_clips_in_no_folder_are_told_once(root, tmp_path):
    for emotion in range(2, 9):
        write(root / f"03-01-0{emotion}-01-01-01-07.wav", 100 + emotion)
    (root / "in/Actor_03").mkdir(parents=True)
    (root / "in/rest").mkdir()
    assert refusal(root, tmp_path).splitlines()[1:] == [
        "- in/rest is no folder Actor_XX: move it elsewhere",
        "- 03-01-02-01-01-01-07.wav lies in no folder Actor_XX: move it into Actor_07; so it is "
        "with 6 more files beside it",
    ]


def test_a_folder_of_something_else_is_told_once(root, tmp_path):
    for k in range(8):
        write(root / f"heron/site/{k}.wav", 100 + k)
    (root / "empty/deep").mkdir(parents=True)
    assert refusal(root, tmp_path).splitlines()[1:] == [
        "- empty is no folder Actor_XX: move it elsewhere",
        "- heron/site/0.wav is not named like 03-01-EE-II-SS-RR-AA.wav, seven numbers of two "
        "digits; so it is with 7 more files in heron/site",
    ]


def test_many_kinds_of_bad_names_are_counted(root, tmp_path):
    for k in range(30):
        write(root / f"take {k}/1-{k}.wav", 100 + k)
    assert refusal(root, tmp_path).splitlines()[-1] == "- … 30 such files in all"


def test_a_recording_that_was_never_closed_is_read_and_told(root, tmp_path):
    path = root / "Actor_01/03-01-01-01-01-01-01.wav"
    whole = path.read_bytes()
    path.write_bytes(whole[:40] + bytes(4) + whole[44:])
    assert any("no length: Actor_01/03-01-01" in d for d in card_of(root, tmp_path)["decisions"])


def test_a_limit_draws_by_actor_and_emotion(tmp_path):
    for actor in (1, 2):
        for emotion in (2, 3):
            for k in range(4):
                name = f"Actor_{actor:02d}/03-01-{emotion:02d}-01-0{k // 2 + 1}-0{k % 2 + 1}"
                pitch = 100 + 50 * actor + 20 * emotion + 3 * k
                write(tmp_path / "in" / f"{name}-{actor:02d}.wav", pitch)
    card = card_of(tmp_path / "in", tmp_path, ravdess={"at_most": 8})
    assert card["used"] == {"noun": "clip", "used": 8, "of": 16, "at_most": 8}
    assert card["counts"] == {a: {"calm": 2, "happy": 2} for a in ("01", "02")}
    assert any("8 of 16 clips are used (data.ravdess.at_most is 8)" in d for d in card["decisions"])
    assert card["settings"]["ravdess"] == {"at_most": 8, "split_seed": 0}


@pytest.mark.parametrize(
    ("spoil", "answer"),
    [
        (lambda p: p.write_bytes(b""), "is empty"),
        (lambda p: p.write_bytes(b"no sound at all"), "cannot be read as WAV"),
        (lambda p: p.write_bytes(p.read_bytes()[:-4000]), "is truncated: 4,000 bytes"),
        (lambda p: write(p, 100, seconds=0.2), "lasts 0.20 s"),
        (lambda p: write(p, 0), "is silent"),
    ],
)
def test_a_sound_that_cannot_be_used_says_why(root, tmp_path, spoil, answer):
    spoil(write(root / "Actor_02/03-01-05-01-01-01-02.wav", 100))
    assert f"03-01-05-01-01-01-02.wav {answer}" in refusal(root, tmp_path)


def test_a_folder_without_clips_says_what_belongs_there(tmp_path):
    (tmp_path / "in").mkdir()
    assert "Actor_01" in refusal(tmp_path / "in", tmp_path)
    assert "no folder" in refusal(tmp_path / "nowhere", tmp_path)
