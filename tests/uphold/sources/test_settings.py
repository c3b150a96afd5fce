"""The settings that had an effect, and the files that are read."""

from pathlib import Path
from typing import Literal

from uphold.sources.settings import SourceSettings
from uphold.validation import Settings


class Synthetic(Settings):
    seed: int = 1


class Folder(Settings):
    share: float = 0.5


class Data(SourceSettings):
    source: Literal["synthetic", "folder"] = "synthetic"
    path: str = "data/mine"
    synthetic: Synthetic = Synthetic()
    folder: Folder = Folder()


def test_synthetic_data_come_from_no_file():
    data = Data()
    assert data.in_force() == {"seed": 1}
    assert data.inputs() == []


def test_other_sources_read_the_path_and_have_their_own_settings():
    data = Data(source="folder")
    assert data.in_force() == {"path": "data/mine", "share": 0.5}
    assert data.inputs() == [Path("data/mine")]
