"""Folders as people have them: nested, linked, in circles, with what systems leave behind."""

import pytest

from uphold.sources import tree


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "recordings"
    (folder / "frog" / "deep" / "deeper").mkdir(parents=True)
    for name in ("frog/1.wav", "frog/2.WAV", "frog/deep/deeper/3.Mp3"):
        (folder / name).write_bytes(b"x")
    return folder


def test_every_file_is_in_one_list(root):
    for name in ("README.md", "LICENSE", "notes.pdf", "frog/notes.txt", "frog/Thumbs.db"):
        (root / name).write_bytes(b"x")
    for name in ("frog/DESKTOP.INI", ".DS_Store", "frog/._1.wav"):
        (root / name).write_bytes(b"x")
    (root / "__MACOSX").mkdir()
    (root / "__MACOSX" / "1.wav").write_bytes(b"x")
    found = tree.read(root)
    assert found.sounds == ["frog/1.wav", "frog/2.WAV", "frog/deep/deeper/3.Mp3"]
    assert found.folders == ["frog", "frog/deep", "frog/deep/deeper"]
    assert sorted(found.ignored) == [
        ".DS_Store",
        "LICENSE",
        "README.md",
        "__MACOSX/",
        "frog/._1.wav",
        "frog/DESKTOP.INI",
        "frog/Thumbs.db",
        "notes.pdf",
    ]
    assert found.others == ["frog/notes.txt"]
    assert found.problems() == ["frog/notes.txt is no recording: convert, or move elsewhere"]


def test_links_to_folders_are_followed_and_each_folder_is_read_once(root, tmp_path):
    outside = tmp_path / "disk"
    outside.mkdir()
    (outside / "4.wav").write_bytes(b"x")
    (root / "a-link").symlink_to(outside, target_is_directory=True)
    (root / "b-link").symlink_to(outside, target_is_directory=True)
    (root / "before").symlink_to(root / "frog", target_is_directory=True)
    found = tree.read(root)
    assert [name for name in found.sounds if "4" in name] == ["a-link/4.wav"]
    assert "frog/1.wav" in found.sounds
    assert found.linked == ["a-link", "b-link", "before"]
    assert found.ignored == [
        "b-link/ (a link to a-link, which is not read twice)",
        "before/ (a link to frog, which is not read twice)",
    ]


def test_circles_end_and_lead_nowhere_else(root, tmp_path):
    (tmp_path / "other.wav").write_bytes(b"x")
    for k, (place, target) in enumerate(
        [("frog", root), ("frog/deep", root / "frog"), ("frog/deep/deeper", tmp_path), ("", "/")]
    ):
        (root / place / f"round{k}").symlink_to(target, target_is_directory=True)
    (root / "frog" / "self").symlink_to("self")
    found = tree.read(root)
    assert len(found.sounds) == 3
    assert len(found.ignored) == 4
    assert found.dangling == ["frog/self"]
    assert found.problems() == ["frog/self is a link to something that is not there"]


def test_a_link_to_a_folder_that_is_gone_is_no_document(root):
    (root / "toad").symlink_to(root / "unmounted")
    assert tree.read(root).problems() == ["toad is a link to something that is not there"]


def test_files_of_one_kind_are_told_in_one_sentence(root):
    for k in range(3):
        (root / "frog" / f"{k}.M4A").write_bytes(b"x")
        (root / "frog" / f"{k}").write_bytes(b"x")
    assert tree.read(root).problems() == [
        "frog/0 and 2 more without a suffix are no recording: convert, or move elsewhere",
        "frog/0.M4A and 2 more .m4a cannot be read here: convert to WAV "
        "(ffmpeg -i 'frog/0.M4A' 'frog/0.wav') and move .m4a elsewhere",
    ]


def test_links_that_lead_nowhere_are_told_once(tmp_path):
    for k in range(9):
        (tmp_path / f"{k}.wav").symlink_to(tmp_path / "disk" / f"{k}.wav")
    assert tree.read(tmp_path).problems() == [
        "0.wav and 8 more are links to something that is not there"
    ]
