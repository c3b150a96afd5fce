"""Runs that a team shares: whole or told, in a folder, a store of objects and S3 alike."""

import io
import random
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import fsspec
import numpy as np
import pytest

from uphold.errors import InputError
from uphold.pipeline import run_files
from uphold.pipeline.journal import Journal
from uphold.pipeline.run_files import Damage
from uphold.pipeline.shared_runs import SharedRuns
from uphold.training.contract import Result

RESULT = Result(
    {"iid": np.arange(6, dtype=np.float32).reshape(3, 2)},
    {"epoch": np.array([1, 2])},
    {"train_positive": 7},
    weights={"w": np.ones(3, np.float32)},
)
HOW = {"settings": {"dropout": 0.1}, "seed": 3, "seconds": 1.25, "device": "cpu"}
FAILED = Result({}, {"epoch": np.array([1])}, {}, "it ran out of memory")


@pytest.fixture(params=["disk", "memory", "s3"])
def place(request, tmp_path):
    if request.param == "disk":
        (tmp_path / "team").mkdir()
        yield str(tmp_path / "team")
    elif request.param == "memory":
        yield f"memory://{tmp_path.name}/team"
        fsspec.filesystem("memory").store.clear()
    else:
        request.getfixturevalue("s3")
        yield f"s3://results/{tmp_path.name}"  # buckets outlive their server


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def member(tmp_path, place, said):
    """Return somebody's journal, by his name."""
    return lambda name: Journal(tmp_path / name, said.append, shared=SharedRuns(place, "calls"))


def overwrite(place: str, key: str, content: bytes) -> None:
    files, root = fsspec.core.url_to_fs(place)
    files.pipe_file(f"{root}/calls/{key}.zip", content)


def stored(place: str, key: str) -> bytes:
    files, root = fsspec.core.url_to_fs(place)
    return files.cat_file(f"{root}/calls/{key}.zip")


def bytes_of(journal: Journal, key: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (journal.folder / "runs" / key).iterdir()}


def test_what_one_finished_another_has_to_the_byte(member, said):
    ours = member("ours")
    for key in ("one", "two"):
        ours.put(key, RESULT, **HOW)
    theirs = member("theirs")
    assert "one" in theirs and theirs.keys() == []
    assert theirs.elsewhere(["one", "two", "one", "none"]) == ["one", "two"]
    assert theirs.get("one").result.facts == RESULT.facts
    assert theirs.fetch(["one", "two", "none"]) == 1
    np.testing.assert_array_equal(theirs.weights("two")["w"], RESULT.weights["w"])
    assert theirs.keys() == ["one", "two"] and theirs.get("none") is None
    for key in ("one", "two"):
        assert bytes_of(theirs, key) == bytes_of(ours, key)
    assert theirs.elsewhere(["one", "two"]) == [] and not said


def test_the_first_stays_and_the_same_run_is_the_same_object(member, place):
    member("ours").put("k", RESULT, **HOW)
    first = stored(place, "k")
    theirs = member("theirs")
    theirs.put("k", RESULT, **HOW | {"seconds": 2.0})
    assert stored(place, "k") == first
    assert theirs.get("k").seconds == 2.0
    third = member("third")
    assert third.get("k").seconds == 1.25


def test_a_failed_run_is_not_shared_and_one_that_succeeded_elsewhere_takes_its_place(member):
    ours, theirs = member("ours"), member("theirs")
    ours.put("k", FAILED, **HOW)
    assert ours.share() == 0 and "k" not in theirs
    theirs.put("k", RESULT, **HOW)
    again = member("ours")
    assert again.get("k").result.failure == FAILED.failure
    again.retire("k")
    assert again.get("k").result.failure is None


def test_what_was_finished_before_it_was_shared_is_sent_once(member, tmp_path, place, said):
    alone = Journal(tmp_path / "ours")
    for key in ("one", "two", "three"):
        alone.put(key, RESULT, **HOW)
    alone.put("failed", FAILED, **HOW)
    (alone.folder / "runs" / "three" / "weights.safetensors").write_bytes(b"half")
    ours = member("ours")
    assert ours.share() == 2
    assert member("ours").share() == 0
    assert sorted(SharedRuns(place, "calls").keys) == ["one", "two"]
    assert "three.damaged" in said[0]


@pytest.mark.parametrize("place", ["disk", "memory"], indirect=True)
def test_a_damaged_object_is_named_counts_as_missing_and_is_written_anew(member, place, said):
    ours = member("ours")
    ours.put("k", RESULT, **HOW)
    whole, draw = stored(place, "k"), random.Random(5)
    cases = [whole[: draw.randrange(len(whole))] for _ in range(60)]
    cases += [b"", b"PK", whole[:-1], whole[1:]]
    for _ in range(120):
        spot = draw.randrange(len(whole))
        cases.append(
            whole[:spot] + bytes([whole[spot] ^ 1 << draw.randrange(8)]) + whole[spot + 1 :]
        )
    refused = 0
    for number, case in enumerate(cases):
        overwrite(place, "k", case)
        theirs = member(f"theirs-{number}")
        said.clear()
        if (record := theirs.get("k")) is None:
            refused += 1
            assert said[0].startswith(f"The run k in {place} is damaged: ")
            assert said[0].endswith("It counts as missing.")
            assert theirs.get("k") is None and "k" not in theirs and len(said) == 1
            assert theirs.keys() == []
        else:  # a bit of the archive that says nothing of the files, as a date
            assert bytes_of(theirs, "k") == bytes_of(ours, "k") and record.seed == 3
    assert refused > 150
    overwrite(place, "k", whole[:-9])
    theirs = member("theirs")
    assert theirs.get("k") is None
    theirs.put("k", RESULT, **HOW)
    assert member("another").get("k").seed == 3


def packed(files: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", how) as members:
        for name, content in files.items():
            members.writestr(name, content)
    return archive.getvalue()


def made(key: str = "k", **more: bytes) -> dict[str, bytes]:
    """Return the files of a run, and others under the right digests."""
    files = run_files.contents({"key": key, "computed": "", "host": "", **HOW, **TIMES}, RESULT)
    sums = [run_files.line_of(name, content) for name, content in more.items()]
    return files | more | {run_files.SUMS: files[run_files.SUMS] + b"".join(sums)}


TIMES = {"started": "2024-05-01T12:00:05+00:00", "finished": "2024-05-01T12:00:06+00:00"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (packed(made(**{"../../../evil": b"x"})), "'../../../evil' is no file of a run"),
        (packed(made(**{"/tmp/evil": b"x"})), "'/tmp/evil' is no file of a run"),
        (packed(made("another")), "record.json is that of another run"),
        (
            packed(made() | {"weights.safetensors": bytes(10**8)}, zipfile.ZIP_DEFLATED),
            "compressed",
        ),
        (packed({}), "record.json is missing"),
        (b"not a zip", "it is no whole zip archive"),
    ],
    ids=["parent", "absolute", "another", "bomb", "empty", "text"],
)
def test_a_hostile_object_writes_nothing(tmp_path, content, says):
    (tmp_path / "team").mkdir()
    overwrite_here = tmp_path / "team" / "calls" / "k.zip"
    overwrite_here.parent.mkdir()
    overwrite_here.write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    shared = SharedRuns(str(tmp_path / "team"), "calls")
    with pytest.raises(Damage, match=says.replace(".", r"\.")):
        shared.get("k")
    said: list[str] = []
    assert (
        Journal(tmp_path / "ours", said.append, shared=SharedRuns(shared.place, "calls")).get("k")
        is None
    )
    assert says in said[0] and sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "address", ["team", "s3://", "no-such-store://team", "zip://x::memory://y"]
)
def test_a_place_that_is_not_there_is_told_before_anything_is_trained(tmp_path, address):
    place = address if "://" in address else str(tmp_path / address)
    journal = Journal(tmp_path / "ours", shared=SharedRuns(place, "calls"))
    with pytest.raises(InputError, match="shared_journal") as caught:
        journal.fetch(["k"])
    assert f"The shared journal {place} cannot be read: " in str(caught.value)
    assert not (tmp_path / "team").exists(), "a disk that is not mounted is not made up"


def test_a_run_that_cannot_be_sent_is_kept_and_sent_later(tmp_path):
    said: list[str] = []
    team = tmp_path / "team"
    team.mkdir()
    ours = Journal(tmp_path / "ours", said.append, shared=SharedRuns(str(team), "calls"))
    ours.put("first", RESULT, **HOW)
    (team / "calls" / "first.zip").unlink()
    (team / "calls").rmdir()
    (team / "calls").write_text("in the way")
    for key in ("one", "two"):
        ours.put(key, RESULT, **HOW)
    assert len(said) == 1 and "cannot be written" in said[0] and "uphold journal share" in said[0]
    assert "From one on" in said[0] and ours.keys() == ["first", "one", "two"]
    (team / "calls").unlink()
    later = Journal(tmp_path / "ours", said.append, shared=SharedRuns(str(team), "calls"))
    assert later.share() == 3
    assert SharedRuns(str(team), "calls").keys == {"first", "one", "two"}


def test_many_at_once_share_the_same_run(tmp_path, said):
    (tmp_path / "team").mkdir()
    begin = threading.Barrier(8)

    def one(number: int) -> None:
        shared = SharedRuns(str(tmp_path / "team"), "calls")
        journal = Journal(tmp_path / f"member-{number}", said.append, shared=shared)
        begin.wait()
        for key in range(20):
            journal.put(f"k{key}", RESULT, **HOW | {"seconds": float(number)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    assert said == []
    names = sorted(path.name for path in (tmp_path / "team" / "calls").iterdir())
    assert names == sorted(f"k{key}.zip" for key in range(20))
    reader = Journal(tmp_path / "reader", shared=SharedRuns(str(tmp_path / "team"), "calls"))
    assert reader.fetch(f"k{key}" for key in range(20)) == 20


def test_what_a_dead_process_left_is_no_run(tmp_path):
    (tmp_path / "team" / "calls").mkdir(parents=True)
    for name in (".k.zip.0af.partial", "k.zip.partial", "notes.txt"):
        (tmp_path / "team" / "calls" / name).write_bytes(b"half")
    assert SharedRuns(str(tmp_path / "team"), "calls").keys == frozenset()


def test_without_a_shared_place_there_is_nothing_to_share(tmp_path):
    journal = Journal(tmp_path)
    journal.put("k", RESULT, **HOW)
    assert journal.fetch(["k", "other"]) == 0
    with pytest.raises(InputError, match="names no shared journal"):
        journal.share()
