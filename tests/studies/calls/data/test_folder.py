import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
import soundfile
from safetensors.numpy import load_file

from studies.calls.data import folder, prepare
from studies.calls.settings.data import Data, Folder
from uphold.errors import InputError


def write_sound(path: Path, seed: int, *, seconds: float = 0.2, rate: int = 8000) -> None:
    """Write noise that no other seed gives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, round(seconds * rate))
    soundfile.write(path, noise, rate)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Return a folder with two classes and a folder of negatives, ten files each."""
    root = tmp_path / "recordings"
    for seed, (label, k) in enumerate((a, b) for a in ("frog", "toad", "noise") for b in range(10)):
        write_sound(root / label / f"{k}.wav", seed)
    return root


@pytest.fixture
def settings() -> Callable[..., Data]:
    """Return the settings for a folder of recordings whose positive class is the frog."""

    def of(root: Path, positive: str = "frog", **folder) -> Data:
        return Data(source="folder", path=str(root), positive=positive, folder=Folder(**folder))

    return of


def manifest(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def by_split(data):
    return Counter(item.split for item in data.items)


def test_folders_are_labels(recordings, settings):
    for k, label in enumerate(("frog,toad", "-frog", "Silence")):
        write_sound(recordings / label / "1.flac", 100 + k)
    data = folder.make(settings(recordings))
    assert data.classes == ["frog", "toad"]
    assert data.x.shape == (33, 1024)
    rows = {item.source: tuple(y) for item, y in zip(data.items, data.y, strict=True)}
    assert rows["frog/0.wav"] == (1, 0)
    assert rows["toad/9.wav"] == (0, 1)
    assert rows["frog,toad/1.flac"] == (1, 1)
    assert rows["noise/3.wav"] == rows["-frog/1.flac"] == rows["Silence/1.flac"] == (0, 0)
    assert {item.label for item in data.items} == {
        "frog",
        "toad",
        "noise",
        "frog,toad",
        "-frog",
        "Silence",
    }
    assert "Labels come from the names of the folders." in data.decisions


def test_splits_are_drawn_and_the_card_says_so(recordings, settings):
    data = folder.make(settings(recordings))
    # Of 10 in each folder 2 are tested on, and round(1.6) of the other 8 validate.
    assert by_split(data) == {"train": 18, "validation": 6, "iid": 6}
    assert next(text for text in data.decisions if "was drawn here" in text).startswith(
        "The split iid was drawn here, since no item names it: 20 %"
    )
    assert "No item is out of distribution: the split ood is empty." in data.decisions
    again = folder.make(settings(recordings))
    assert repr(again.items) == repr(data.items)
    assert repr(folder.make(settings(recordings, split_seed=1)).items) != repr(data.items)


def test_long_recordings_become_windows_of_one_split(recordings, settings):
    write_sound(recordings / "frog" / "long.wav", 100, seconds=7.5)
    data = folder.make(settings(recordings))
    windows = [item for item in data.items if item.source == "frog/long.wav"]
    assert [item.start_s for item in windows] == [0, 3, 6]
    assert [item.item for item in windows] == [f"frog/long.wav@{s}" for s in (0, 3, 6)]
    assert len({item.split for item in windows}) == 1
    expected = {"frog": (1, 0), "toad": (0, 1), "noise": (0, 0)}
    assert [tuple(y) for y in data.y] == [expected[item.label] for item in data.items]
    assert data.about["windows"] == 33
    assert data.about["recordings"] == 31
    assert data.about["recordings_of_several_windows"] == 1
    assert data.about["windows_padded"] == 31
    assert data.about["duration_s"] == pytest.approx(30 * 0.2 + 7.5)


def test_a_rest_under_a_second_is_left_out_and_counted(recordings, settings):
    write_sound(recordings / "frog" / "long.wav", 100, seconds=3.4)
    data = folder.make(settings(recordings))
    assert len(data.items) == 31
    assert data.about["left_out_s"] == pytest.approx(0.4)


def test_rate_channels_and_format_do_not_matter(tmp_path, settings):
    root = tmp_path / "recordings"
    time = np.arange(48000) / 16000
    sweep = 0.4 * np.sin(2 * np.pi * (200 * time + 300 * time**2))
    for k in range(6):
        write_sound(root / "noise" / f"{k}.wav", k)
        write_sound(root / "frog" / f"{k}.wav", 10 + k)
    soundfile.write(root / "frog" / "plain.wav", sweep, 16000, subtype="FLOAT")
    stereo = np.stack([0.6 * sweep, 1.4 * sweep], axis=1)
    soundfile.write(root / "frog" / "stereo.wav", stereo, 16000, subtype="PCM_24")
    data = folder.make(settings(root))
    x = {item.source: row for item, row in zip(data.items, data.x, strict=True)}
    np.testing.assert_allclose(x["frog/stereo.wav"], x["frog/plain.wav"], atol=0.05)


def test_all_bad_files_are_named_at_once(recordings, settings):
    (recordings / "frog" / "empty.wav").write_bytes(b"")
    (recordings / "toad" / "text.flac").write_text("no sound")
    soundfile.write(recordings / "noise" / "none.wav", np.zeros(0), 8000)
    whole = (recordings / "noise" / "0.wav").read_bytes()
    (recordings / "noise" / "0.wav").write_bytes(whole[:-100])
    soundfile.write(recordings / "frog" / "nan.wav", np.full(9, np.nan), 8000, subtype="FLOAT")
    (recordings / "frog" / "call.pdf").write_bytes(b"x")
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    lines = str(raised.value).splitlines()
    assert lines[0] == f"6 problems in {recordings}:"
    assert [line.split()[1] for line in lines[1:]] == [
        "frog/call.pdf",
        "frog/empty.wav",
        "frog/nan.wav",
        "noise/0.wav",
        "noise/none.wav",
        "toad/text.flac",
    ]


def test_other_files_are_errors_and_ignored_ones_are_counted(recordings, settings):
    for name in (".DS_Store", "frog/._1.wav", "toad/Thumbs.db", "README.md", "LICENSE"):
        (recordings / name).write_bytes(b"x")
    (recordings / ".git").mkdir()
    (recordings / ".git" / "config").write_text("x")
    data = folder.make(settings(recordings))
    assert data.about["files_ignored"] == 6
    flag = next(text for text in data.decisions if text.startswith("Files ignored by rule"))
    for name in (".git/", ".DS_Store", "README.md", "LICENSE", "frog/._1.wav", "toad/Thumbs.db"):
        assert name in flag

    (recordings / "frog" / "call.pdf").write_bytes(b"x")
    (recordings / "frog" / "notes.txt").write_text("x")
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    message = str(raised.value)
    assert "2 problems" in message
    assert "frog/call.pdf is no recording: convert, or move elsewhere" in message
    assert "frog/notes.txt" in message


def test_nested_and_linked_class_folders_are_read(recordings, settings, tmp_path):
    write_sound(recordings / "frog" / "site A" / "2024" / "1.WAV", 100)
    write_sound(tmp_path / "disk" / "1.wav", 101)
    write_sound(tmp_path / "disk" / "deep" / "2.wav", 102)
    (recordings / "newt").symlink_to(tmp_path / "disk", target_is_directory=True)
    (recordings / "frog" / "up").symlink_to(recordings, target_is_directory=True)
    (recordings / "frog" / "round").symlink_to(recordings / "frog" / "round")
    (recordings / "frog" / "round").unlink()
    data = folder.make(settings(recordings))
    labels = {item.source: item.label for item in data.items}
    assert labels["frog/site A/2024/1.WAV"] == "frog"
    assert labels["newt/1.wav"] == labels["newt/deep/2.wav"] == "newt"
    assert len(labels) == 33
    flags = "\n".join(data.decisions)
    assert "Folders that are links: frog/up, newt. DVC does not see changes behind them" in flags
    assert "frog/up/ (a link to the folder itself, which is not read twice)" in flags
    assert data.about["files_ignored"] == 1


def test_class_folders_inside_others_are_told_once(tmp_path, settings):
    for k, label in enumerate(("frog", "noise") * 12):
        write_sound(tmp_path / "in" / ("train", "test")[k % 3 == 0] / label / f"{k}.wav", k)
    with pytest.raises(InputError) as raised:
        folder.make(settings(tmp_path / "in"))
    _, *problems = str(raised.value).splitlines()
    assert len(problems) == 1
    assert "test/frog/0.wav has the folder 'frog' inside 'test'" in problems[0]
    assert "put the folders of classes outermost, or write a manifest.csv" in problems[0]


def folders(root, *names, files=3):
    """Write some recordings into each folder."""
    for k, name in enumerate(names):
        for file in range(files):
            write_sound(root / name / f"{file}.wav", 1000 + 100 * k + file)


def break_files(root, *, cut=0):
    for path in root.glob("toad/*.wav"):
        path.write_bytes(path.read_bytes()[:cut])


NUMBERS = range(1, 10)


@pytest.mark.parametrize(
    ("spoil", "change", "problem"),
    [
        (
            lambda root: folders(root, *(f"actor_{k}" for k in NUMBERS)),
            {"classes": ("frog", "toad")},
            "actor_1/0.wav: the label 'actor_1' names no class, and so do 8 more labels. "
            "Valid names: frog, toad. Move what is none elsewhere, or add it to the setting "
            "data.folder.classes",
        ),
        (
            lambda root: folders(root, *(f"frog{k}" for k in NUMBERS)),
            {},
            "frog1/0.wav (and 2 more): the label 'frog1' is very like 'frog', but would be a class "
            "of its own, and so would 8 more labels. Did you mean 'frog'? Correct them, or list "
            "every class in the setting data.folder.classes to say that all are meant",
        ),
        (
            lambda root: folders(root, *(f"site {k}/noise" for k in NUMBERS)),
            {},
            "site 1/noise/0.wav lies in the folder 'noise' of one class inside 'site 1' of "
            "another, and so do recordings in 8 more folders: put the folders of classes "
            "outermost, or write a manifest.csv with the columns path and label",
        ),
        (
            lambda root: [(root / f"newt {k}").mkdir() for k in NUMBERS],
            {},
            "the class folder newt 1 is empty, and so are 8 more: add recordings, or remove them",
        ),
        (
            lambda root: [(root / f"newt {k}").symlink_to(root / "frog") for k in NUMBERS],
            {},
            "the folder newt 1 is a link to what is read already, and so are 8 more: remove them",
        ),
        (
            lambda root: [(root / f"{k}.wav").symlink_to(root / "none") for k in NUMBERS],
            {},
            "1.wav and 8 more are links to something that is not there",
        ),
        (
            lambda root: break_files(root),
            {},
            "toad/0.wav is empty (0 bytes): record or copy it again, or remove it; so it is with "
            "9 more files",
        ),
        (
            lambda root: shutil.copytree(root / "frog", root / "newt"),
            {},
            "frog/0.wav and newt/0.wav are the same recording under two labels, 'frog' and 'newt', "
            "and so are 9 more pairs: keep the right one (a recording with two classes has the "
            "label 'A,B')",
        ),
    ],
)
def test_one_cause_is_told_once(recordings, settings, spoil, change, problem):
    spoil(recordings)
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings, **change))
    assert str(raised.value).splitlines()[1:] == [f"- {problem}"]


def test_copies_on_two_sides_are_told_once(recordings, settings):
    rows = rows_for(recordings)
    for k in range(5):
        sound, rate = soundfile.read(recordings / "frog" / f"{k}.wav", dtype="int16")
        soundfile.write(recordings / "frog" / f"copy {k}.flac", sound, rate)
        rows.append(rows[k] | {"path": f"frog/copy {k}.flac", "split": "ood"})
    manifest(recordings / "manifest.csv", rows)
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    assert len(str(raised.value).splitlines()) == 2
    assert "on two sides of a split, and so are 4 more pairs: keep one of " in str(raised.value)


def test_many_files_in_no_folder_are_told_once(tmp_path, settings):
    for k in range(24):
        write_sound(tmp_path / "in" / f"{k}.wav", k)
    with pytest.raises(InputError) as raised:
        folder.make(settings(tmp_path / "in"))
    assert str(raised.value).splitlines()[1:] == [
        "- 0.wav and 23 more lie in no class folder: move them into one, or write a manifest.csv"
    ]


def test_formats_are_read_and_those_that_are_not_are_told_once(recordings, settings):
    noise = np.random.default_rng(7).uniform(-0.5, 0.5, 16000)
    for name, how in {
        "a.mp3": {"format": "MP3"},
        "b.ogg": {"format": "OGG"},
        "c.AIFF": {"format": "AIFF"},
        "d.flac": {"format": "FLAC"},
    }.items():
        soundfile.write(recordings / "frog" / name, noise * (2 + ord(name[0])) / 120, 16000, **how)
    data = folder.make(settings(recordings))
    assert len(data.items) == 34
    assert data.about["recordings_of_lossy_formats"] == 2
    assert any("2 recordings are Ogg or MP3, such as frog/a.mp3" in d for d in data.decisions)

    for k in range(24):
        (recordings / "toad" / f"{k}.m4a").write_bytes(b"\0\0\0 ftypM4A ")
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    assert str(raised.value).splitlines()[1:] == [
        "- toad/0.m4a and 23 more .m4a cannot be read here: convert to WAV (ffmpeg -i 'toad/0.m4a' "
        "'toad/0.wav') and move .m4a elsewhere"
    ]


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF])
def test_a_recording_that_was_never_closed_is_read_and_told(recordings, settings, length):
    path = recordings / "frog" / "0.wav"
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + bytes(4) + whole[8:40] + length.to_bytes(4, "little") + whole[44:])
    before = folder.make(settings(recordings))
    assert before.about["recordings_without_length"] == 1
    assert any(d.endswith("before it closed the file: frog/0.wav.") for d in before.decisions)
    path.write_bytes(whole)
    np.testing.assert_array_equal(folder.make(settings(recordings)).x, before.x)


def test_a_limit_keeps_shares_and_hears_no_more_than_it_uses(recordings, settings, monkeypatch):
    write_sound(recordings / "frog" / "long.wav", 100, seconds=60)
    heard, read = [], folder.read
    monkeypatch.setattr(folder, "read", lambda path: heard.append(path) or read(path))
    data = folder.make(settings(recordings, at_most=20, split_seed=3))
    assert len(heard) == 19
    assert len(data.items) == len(data.x) == 20
    assert data.about["used"] == {"noun": "window", "used": 20, "of": 50, "at_most": 20}
    by_label = Counter(item.label for item in data.items)
    assert by_label == {"frog": 12, "noise": 4, "toad": 4}
    # Every other recording of the class gives its window before the long one gives its second.
    assert len({item.source for item in data.items if item.label == "frog"}) == 11
    assert "20 of 50 windows are used (data.folder.at_most is 20)" in data.decisions[0]
    assert "19 of 31 recordings, and the others were not heard" in data.decisions[0]
    assert repr(folder.make(settings(recordings, at_most=20, split_seed=3)).items) == repr(
        data.items
    )
    whole = folder.make(settings(recordings, at_most=50))
    np.testing.assert_array_equal(whole.x, folder.make(settings(recordings)).x)
    assert whole.about["used"]["used"] == whole.about["used"]["of"] == 50


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda root: (root / "newt").mkdir(), "the class folder newt is empty: add recordings"),
        (
            lambda root: write_sound(root / "frog" / "toad" / "1.wav", 100),
            "frog/toad/1.wav lies in the folder 'toad' of one class inside 'frog' of another",
        ),
        (
            lambda root: (root / "newt").symlink_to(root / "frog"),
            "the folder newt is a link to what is read already: remove one of the two",
        ),
        (
            lambda root: (root / "newt").symlink_to(root / "nowhere"),
            "newt is a link to something that is not there",
        ),
        (
            lambda root: write_sound(root / "1.wav", 100),
            "1.wav lies in no class folder: move them into one, or write a manifest.csv",
        ),
        (
            lambda root: write_sound(root / "frog,noise" / "1.wav", 100),
            "the folder frog,noise: the label 'frog,noise' names a class together with a word for",
        ),
        (
            lambda root: write_sound(root / "-frgo" / "1.wav", 100),
            "the label '-frgo' names no class. Did you mean 'frog'?",
        ),
        (
            lambda root: write_sound(root / "Toad" / "1.wav", 100),
            "Toad/1.wav: the label 'Toad' is very like 'toad', but would be a class of its own. "
            "Did you mean 'toad'? Correct it, or list every class in the setting "
            "data.folder.classes to say that both are meant",
        ),
        (
            lambda root: write_sound(root / "frog " / "1.wav", 100),
            "the folder 'frog ' has blanks around its name: rename it to 'frog'",
        ),
        (
            lambda root: (root / "toad" / "1.wav").write_bytes(
                (root / "frog" / "1.wav").read_bytes()
            ),
            "frog/1.wav and toad/1.wav are the same recording under two labels, 'frog' and 'toad'",
        ),
    ],
)
def test_folders_that_break_the_rules_are_named(recordings, settings, spoil, reason):
    spoil(recordings)
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    assert reason in str(raised.value)


def test_no_folder_and_an_empty_folder(tmp_path, settings):
    with pytest.raises(InputError, match=r"no folder of recordings .*none \(studies.calls.path"):
        folder.make(settings(tmp_path / "none"))
    with pytest.raises(InputError, match=r"there is no recording"):
        folder.make(settings(tmp_path))


def test_the_positive_class_and_the_allowed_classes_are_checked(recordings, settings):
    with pytest.raises(InputError, match=r"no class 'frogs'.*Did you mean 'frog'"):
        folder.make(settings(recordings, positive="frogs"))
    with pytest.raises(InputError, match=r"the label 'toad' names no class"):
        folder.make(settings(recordings, classes=("frog",)))
    with pytest.raises(InputError, match=r"the class 'newt' .* has no recording"):
        folder.make(settings(recordings, classes=("frog", "toad", "newt")))


def test_a_folder_as_a_mac_names_it_is_the_class_that_the_setting_names(recordings, settings):
    (recordings / "toad").rename(recordings / "Kro\u0308te")
    data = folder.make(settings(recordings, positive="Kr\u00f6te"))
    assert data.classes == ["Kr\u00f6te", "frog"]


def rows_for(root, **changes):
    """A row for each recording: the first half trains, and the rest is named in turn."""
    turn = ("train",) * 5 + ("validation", "validation", "iid", "ood", "ood")
    return [
        {
            "path": path.relative_to(root).as_posix(),
            "recorder": "there" if turn[k % 10] == "ood" else "here",
            "quality": "high",
            "call_type": "",
            "split": turn[k % 10],
        }
        | changes
        for k, path in enumerate(sorted(root.glob("*/*.wav")))
    ]


def test_a_manifest_says_what_each_recording_is(recordings, settings):
    rows = rows_for(recordings, call_type="grunt")
    manifest(recordings / "manifest.csv", rows)
    data = folder.make(settings(recordings))
    said = {row["path"]: row for row in rows}
    assert by_split(data) == {"train": 15, "validation": 6, "iid": 3, "ood": 6}
    for item in data.items:
        row = said[item.source]
        assert (item.split, item.recorder, item.quality, item.call_type) == (
            row["split"],
            row["recorder"],
            row["quality"],
            "grunt",
        )
        assert item.label == item.source.split("/")[0]
    assert data.decisions == [
        "Labels and metadata come from manifest.csv.",
        "Files ignored by rule: manifest.csv.",
    ]


def test_a_manifest_may_lie_elsewhere_and_the_files_flat(tmp_path, settings):
    root = tmp_path / "flat"
    for k in range(12):
        write_sound(root / f"{k:02}.wav", k)
    rows = [{"path": f"{k:02}.wav", "label": "frog" if k % 2 else ""} for k in range(12)]
    manifest(tmp_path / "elsewhere.csv", rows)
    data = folder.make(settings(root, manifest=str(tmp_path / "elsewhere.csv")))
    np.testing.assert_array_equal(data.y[:, 0], [0, 1] * 6)
    assert data.about["files_ignored"] == 0


def test_only_the_foreign_recordings_need_be_named(recordings, settings):
    rows = rows_for(recordings)
    for row in rows:
        row["split"] = "ood" if row["split"] == "ood" else ""
    manifest(recordings / "manifest.csv", rows)
    # Of 8 in each folder, round(1.6) = 2 are tested on and round(1.2) = 1 of the other 6 validates.
    assert by_split(folder.make(settings(recordings))) == {
        "train": 15,
        "validation": 3,
        "iid": 6,
        "ood": 6,
    }


def test_a_recorder_on_both_sides_is_flagged(recordings, settings):
    manifest(recordings / "manifest.csv", rows_for(recordings, recorder="here"))
    assert (
        "Recorders both in ood and in another split: here."
        in folder.make(settings(recordings)).decisions
    )


def test_the_same_recording_on_two_sides_is_refused_with_both_names(recordings, settings):
    sound, rate = soundfile.read(recordings / "frog" / "0.wav", dtype="int16")
    soundfile.write(recordings / "frog" / "copy.flac", sound, rate)
    rows = rows_for(recordings)
    rows.append(rows[0] | {"path": "frog/copy.flac", "split": "ood"})
    manifest(recordings / "manifest.csv", rows)
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    assert (
        "frog/0.wav (train) and frog/copy.flac (ood) are the same recording on two sides of a split"
        in str(raised.value)
    )

    # On one side it is no leak: it is counted.
    rows[-1]["split"] = "train"
    manifest(recordings / "manifest.csv", rows)
    assert folder.make(settings(recordings)).about["copies_within_a_split"] == 1


def test_drawn_splits_keep_copies_together(recordings, settings):
    for k in range(10):
        whole = (recordings / "frog" / f"{k}.wav").read_bytes()
        (recordings / "frog" / f"copy{k}.wav").write_bytes(whole)
    split = {item.source: item.split for item in folder.make(settings(recordings)).items}
    for k in range(10):
        assert split[f"frog/{k}.wav"] == split[f"frog/copy{k}.wav"]


def test_a_stereo_copy_is_the_same_recording(recordings, settings):
    sound, rate = soundfile.read(recordings / "frog" / "0.wav", dtype="int16")
    soundfile.write(recordings / "frog" / "copy.wav", np.stack([sound, sound], axis=1), rate)
    rows = rows_for(recordings)
    for row in rows:
        if row["path"] == "frog/copy.wav":
            row["split"] = "ood"
    manifest(recordings / "manifest.csv", rows)
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    assert "frog/0.wav (train) and frog/copy.wav (ood) are the same recording" in str(raised.value)


def test_misspelt_labels_are_named_and_may_be_meant(recordings, settings):
    rows = rows_for(recordings)
    for row in rows:
        row["label"] = row["path"].split("/")[0]
    rows[0]["label"] = rows[1]["label"] = "frogg"
    rows[2]["label"] = "toad, Frog"
    manifest(recordings / "manifest.csv", rows)
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    first, *problems = str(raised.value).splitlines()
    assert first.startswith("2 problems in ")
    assert [line.split(" is very like ")[0] for line in problems] == [
        "- frog/0.wav (and 1 more): the label 'frogg'",
        "- frog/2.wav: the label 'Frog'",
    ]
    assert all("Did you mean 'frog'?" in line for line in problems)
    classes = ("Frog", "frog", "frogg", "toad")
    assert folder.make(settings(recordings, classes=classes)).classes == list(classes)


def test_manifest_and_recordings_must_agree(recordings, settings):
    rows = rows_for(recordings)
    manifest(recordings / "manifest.csv", [*rows[1:], rows[0] | {"path": "frog/none.wav"}])
    with pytest.raises(InputError) as raised:
        folder.make(settings(recordings))
    assert "row 31: there is no recording frog/none.wav" in str(raised.value)
    assert "frog/0.wav has no row; add one" in str(raised.value)
    with pytest.raises(InputError, match=r"none.csv cannot be read"):
        folder.make(settings(recordings, manifest="none.csv"))


FSDD = Path(__file__).parents[5] / "shared" / "data" / "fsdd"


SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")


@pytest.fixture(params=["spoken", "made"])
def digits(request, tmp_path) -> Path:
    """A folder of the spoken digits of FSDD, and one of noise in files of the same names."""
    if request.param == "spoken":
        if not FSDD.is_dir():
            pytest.skip("../shared/data/fsdd is not there; noise stands in")
        return FSDD
    names = [f"{d}_{speaker}_{k}.wav" for d in range(10) for speaker in SPEAKERS for k in range(2)]
    for seed, name in enumerate(names):
        write_sound(tmp_path / "made" / name, seed, seconds=0.4)
    return tmp_path / "made"


def test_spoken_digits_with_a_manifest_outside(digits, tmp_path):
    """Digit 7 is the call; two speakers are foreign; two recordings of each digit by each."""
    root = tmp_path / "digits"
    root.mkdir()
    rows = []
    for path in sorted(digits.glob("*_[01].wav")):
        (root / path.name).symlink_to(path)
        digit, speaker, _ = path.stem.split("_")
        rows.append(
            {
                "path": path.name,
                "label": "call" if digit == "7" else "noise",
                "recorder": speaker,
                "split": "ood" if speaker in ("theo", "yweweler") else "",
                "kind": "" if digit == "7" else f"digit {digit}",
            }
        )
    manifest(tmp_path / "digits.csv", rows)
    given = Folder(manifest=str(tmp_path / "digits.csv"))
    prepare(Data(source="folder", path=str(root), folder=given), tmp_path / "out")

    card = json.loads((tmp_path / "out" / "card.json").read_text(encoding="utf-8"))
    x = load_file(tmp_path / "out" / "features.safetensors")["x"]
    items = pyarrow.parquet.read_table(tmp_path / "out" / "items.parquet").to_pylist()
    assert x.shape == (120, 1024)
    assert np.isfinite(x).all()
    assert {row["recorder"] for row in items if row["split"] == "ood"} == {"theo", "yweweler"}
    # Of the 4 other speakers' 8 calls and 72 negatives: 2 and 14 tested on, 1 and 12 validate.
    sizes = {name: (split["items"], split["positives"]) for name, split in card["splits"].items()}
    assert sizes == {"train": (51, 5), "validation": (13, 1), "iid": (16, 2), "ood": (40, 4)}
    assert card["windows_padded"] == 120


def test_a_recording_of_silence_holds_no_call(recordings, settings):
    for place in ("noise/silent.wav", "frog/silent.wav", "toad/silent.wav"):
        soundfile.write(recordings / place, np.zeros(8000 + len(place)), 8000)
    with pytest.raises(InputError) as error:
        folder.make(settings(recordings))
    assert str(error.value).startswith("2 problems in")
    assert (
        "frog/silent.wav is silent from beginning to end, and its label says that there is a"
        in (str(error.value))
    )
    assert "toad/silent.wav is silent" in str(error.value)
    for place in ("frog/silent.wav", "toad/silent.wav"):
        (recordings / place).unlink()
    assert len(folder.make(settings(recordings)).items) == 31
