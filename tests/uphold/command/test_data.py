"""A program's files are kept as they are, under one digest, and what is missing is named."""

import shutil

import pytest

from uphold.command import data as module
from uphold.command.settings import Data
from uphold.errors import InputError
from uphold.pipeline import digest


@pytest.fixture
def program(tmp_path):
    folder = tmp_path / "program"
    (folder / "configs" / "__pycache__").mkdir(parents=True)
    (folder / "train.sh").write_text("#!/bin/sh\n")
    (folder / "train.sh").chmod(0o755)
    (folder / "configs" / "a.yaml").write_text("a: 1\n")
    (folder / "configs" / "__pycache__" / "a.pyc").write_text("x")
    (folder / "notes.txt").write_text("not named")
    return folder


def settings(folder, files=("train.sh", "configs")):
    command = ["./train.sh", "{seed}", "{out}"]
    return Data(path=str(folder), command=command, files=list(files))


def prepared(folder, target, **change):
    target.mkdir()
    module.prepare(settings(folder, **change), target)
    return digest.of_data(target)


def test_the_files_that_decide_are_kept_and_no_others(program, tmp_path):
    prepared(program, tmp_path / "data")
    kept = tmp_path / "data" / "files"
    found = {path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()}
    assert found == {"train.sh", "configs/a.yaml"}
    assert (kept / "train.sh").stat().st_mode & 0o100


def test_the_digest_is_that_of_what_decides(program, tmp_path):
    first = prepared(program, tmp_path / "1")
    (program / "notes.txt").write_text("changed")
    assert prepared(program, tmp_path / "2") == first
    (program / "configs" / "a.yaml").write_text("a: 2\n")
    assert prepared(program, tmp_path / "3") != first


def test_a_file_that_is_not_there_is_named(program, tmp_path):
    with pytest.raises(InputError, match=r"no .*missing\.csv, which data\.files names"):
        prepared(program, tmp_path / "data", files=["missing.csv"])


def test_what_data_come_from_lies_in_the_folder_that_is_watched(program):
    assert module.inputs(settings(program)) == [program / "train.sh", program / "configs"]
    shutil.rmtree(program)
