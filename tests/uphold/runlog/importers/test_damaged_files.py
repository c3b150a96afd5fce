"""A tracker's file with a bit changed or its end lost is read, or is one error that names it."""

import random
import re
import shutil
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from uphold.errors import InputError
from uphold.runlog.audit import audit_log
from uphold.runlog.importers import NAMES, importers
from uphold.runlog.importers.imported import Imported
from uphold.runlog.propose import propose_spec
from uphold.runlog.report import report
from uphold.runlog.sources import knowing, read_runs

KEPT = Path(__file__).parent / "kept"
PLACES = [
    (n, place) for n in NAMES for place in sorted((KEPT / n).glob("*")) if place.suffix != ".md"
]
TIMES = 12


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one bit changed, or with less of it."""
    at = chance.randrange(len(data))
    if chance.random() < 0.5:
        return data[:at]
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


@pytest.mark.parametrize(("name", "place"), PLACES, ids=lambda part: getattr(part, "name", part))
def test_damage_is_read_or_named(tmp_path, name, place):
    importer = dict(importers())[name]
    chance = random.Random(place.name)
    copy = tmp_path / place.name
    (shutil.copytree if place.is_dir() else shutil.copy)(place, copy)
    files = sorted(p for p in (copy.rglob("*") if copy.is_dir() else [copy]) if p.is_file())
    files = [file for file in files if file.stat().st_size]
    for _ in range(TIMES):
        file = chance.choice(files)
        whole = file.read_bytes()
        file.write_bytes(damaged(whole, chance))
        try:
            assert isinstance(
                (importer.read if importer in knowing(copy) else read_runs)(copy), Imported
            )
        except InputError as error:
            assert place.name in str(error) and str(error).endswith(".")
        file.write_bytes(whole)


@pytest.mark.parametrize("name", NAMES)
def test_what_may_not_be_read_is_known_for_nothing(name, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", "secret")

    for way in ("open", "iterdir", "is_dir", "is_file", "exists", "stat"):
        with monkeypatch.context() as only:
            only.setattr(Path, way, refuse)
            assert dict(importers())[name] not in knowing(tmp_path)


@pytest.mark.parametrize(
    "place", [place for _, place in PLACES], ids=[place.name for _, place in PLACES]
)
def test_a_file_that_may_not_be_read_is_named(place, monkeypatch):
    (importer,) = knowing(place)

    def refuse(_):
        raise PermissionError(13, "Permission denied", "secret")

    monkeypatch.setattr(importer, "read", refuse)
    with pytest.raises(InputError, match="secret cannot be read: Permission denied"):
        read_runs(place)


A_FILE_OF_A_RUN = {
    "dvclive_runs": "metrics.json",
    "hydra_runs": "config.yaml",
    "inspect_runs": "*grid*",
    "lightning_csv": "hparams.yaml",
    "lm_eval_runs": "results_*.json",
    "mlflow_runs": "params/lr",
    "ray_tune_runs": "params.json",
    "sacred_runs": "run.json",
    "wandb_runs": "*.wandb",
}
FOLDERS = [
    (name, place)
    for name in A_FILE_OF_A_RUN
    for place in sorted((KEPT / name).iterdir())
    if place.is_dir()
]


@pytest.mark.parametrize(("name", "place"), FOLDERS, ids=lambda part: getattr(part, "name", part))
def test_one_damaged_run_is_left_out_and_named_and_the_others_are_read(tmp_path, name, place):
    importer = dict(importers())[name]
    copy = tmp_path / place.name
    shutil.copytree(place, copy)
    whole = importer.read(copy).table.set_index("run")
    files = sorted(copy.rglob(A_FILE_OF_A_RUN[name]))
    file = files[len(files) // 2]
    spoil(file)
    found = read_runs(copy)
    others = found.table.set_index("run")
    assert 0 < len(others) < len(whole)
    assert_frame_equal(others, whole.loc[others.index, others.columns], check_dtype=False)
    assert "1 cannot be read and is left out" in found.notes[0]
    assert str(file.parent) in found.notes[1] and found.notes[1].endswith(".")
    for other in files:
        if other != file:
            spoil(other)
    with pytest.raises(InputError, match=r"opy|ove|xport") as error:
        read_runs(copy)
    assert place.name in str(error.value)


def spoil(file: Path) -> None:
    """Put bytes into a file that are none of any of these formats."""
    data = file.read_bytes()
    middle = len(data) // 2
    file.write_bytes(data[:middle] + b"\xff\xfe{" + data[middle:])


def test_a_damaged_run_is_said_by_every_command(tmp_path):
    runs = tmp_path / "runs"
    shutil.copytree(KEPT / "sacred_runs" / "sacred8", runs)
    (runs / "3" / "run.json").write_text("{", "utf-8")
    spec, out = tmp_path / "spec.yaml", tmp_path / "out"
    spec.write_text(propose_spec(runs), "utf-8")
    said, file = "cannot be read and is left out", str(runs / "3" / "run.json")
    message, _ = report(runs, spec, out)
    audited, _ = audit_log(runs, spec)
    proposed = " ".join(spec.read_text("utf-8").replace("\n# ", " ").split())
    for text in (proposed, message, audited):
        assert said in text and file in text
    whole = (out / "report.html").read_text("utf-8")
    head, *_ = whole.partition('id="what-was-read"')
    for part in (head[head.index("<body") :], whole[len(head) :]):
        assert said in " ".join(re.sub(r"<[^>]+>", "", part).split())
