"""Parts: all are counted, once, whoever counts them and however often it was begun."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from uphold.calibration import parts
from uphold.calibration.parts import Kept, counted, parted, together
from uphold.calibration.rates import Rate

from ..processes import is_gone, wait_until

SAME = {"seed": "1", "code": "abc"}


def even(draws: range) -> dict[str, Rate]:
    return {"even": Rate(sum(n % 2 == 0 for n in draws), len(draws))}


def never(draws: range) -> dict[str, Rate]:
    raise AssertionError(f"counted again: {draws}")


def test_parts_are_all_draws_once():
    made = parted("a", range(3, 1000), 1.0, even)
    assert [n for part in made for n in part.draws] == list(range(3, 1000))
    assert max(part.work for part in made) == parts.PART and sum(p.work for p in made) == 997
    assert [len(p.draws) for p in parted("b", range(3), 1e6, even)] == [1, 1, 1]
    assert parted("none", range(0), 1.0, even) == []


def test_counts_add_up_by_name():
    assert together([{"a": Rate(1, 2)}, {"a": Rate(2, 5), "b": Rate(0, 1)}]) == {
        "a": Rate(3, 7),
        "b": Rate(0, 1),
    }


@pytest.mark.parametrize("processes", [1, 2])
def test_each_kind_has_all_its_draws(processes):
    made = [*parted("a", range(900), 1.0, even), *parted("b", range(1), 1.0, even)]
    found = counted(made, Kept(None, SAME), processes, print)
    assert found == {"a": {"even": Rate(450, 900)}, "b": {"even": Rate(1, 1)}}


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path):
    path = tmp_path / "full.json.part"
    first, second = parted("a", range(800), 1.0, even)
    counted([first], Kept(path, SAME), 1, print)
    kept = Kept(path, SAME)
    again = first._replace(tally=never)
    assert counted([again, second], kept, 1, print) == {"a": {"even": Rate(400, 800)}}
    assert set(Kept(path, SAME).found) == {first.name, second.name}
    kept.done()
    assert not path.exists()


FULL = """
import resource
from pathlib import Path
from uphold.calibration.parts import Kept, parted
from uphold.calibration.rates import Rate

resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
(part,) = parted("another", range(300), 1.0, None)
try:
    Kept(Path(PATH), {"seed": "1", "code": "abc"}).add(part, {"even": Rate(1, 2)})
except OSError as error:
    print(error.filename)
"""


def test_a_disk_that_becomes_full_leaves_what_was_counted(tmp_path):
    path = tmp_path / "full.json.part"
    counted(parted("a", range(800), 1.0, even), Kept(path, SAME), 1, print)
    before = path.read_bytes()
    script = FULL.replace("PATH", repr(str(path)))
    said = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert Path(said.strip()).parent == tmp_path
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_what_other_code_or_another_seed_counted_is_not_gone_on_from(tmp_path):
    path = tmp_path / "full.json.part"
    counted(parted("a", range(2), 1.0, even), Kept(path, SAME), 1, print)
    assert Kept(path, SAME).found
    assert not Kept(path, {**SAME, "seed": "2"}).found


def test_how_far_it_is_is_said(monkeypatch):
    monkeypatch.setattr(parts, "SAY_EVERY_S", 0.0)
    said = []
    counted(parted("a", range(800), 1.0, even), Kept(None, SAME), 1, said.append)
    assert said[0].startswith("  50% of the logs judged, about ") and len(said) == 2


# Its own file, so that a process that did not begin here can import what a part calls.
COUNTING = """
import os, signal, time
from functools import partial
from pathlib import Path
from uphold.calibration.parts import Kept, counted, parted

def begin(folder, draws):
    (Path(folder) / f"{os.getpid()}.pid").touch()
    time.sleep(600)

if __name__ == "__main__":
    # A background job of a script has Ctrl-C ignored, and the tests hand that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    counted(parted("a", range(800), 1.0, partial(begin, FOLDER)), Kept(None, {}), 2, print)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_a_count_that_was_ended(tmp_path, how):
    script = tmp_path / "counting.py"
    script.write_text(COUNTING.replace("FOLDER", repr(str(tmp_path))))
    command = [sys.executable, str(script)]
    parent = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    wait_until(lambda: len(list(tmp_path.glob("*.pid"))) == 2, seconds=120)
    counting = [int(path.stem) for path in tmp_path.glob("*.pid")]
    try:
        if how == signal.SIGINT:  # as a terminal does: to all of them
            os.killpg(parent.pid, how)
        else:
            parent.send_signal(how)
        wait_until(lambda: parent.poll() is not None and all(map(is_gone, counting)))
    finally:
        for pid in [parent.pid, *counting]:
            if not is_gone(pid):
                os.kill(pid, signal.SIGKILL)
    _, told = parent.communicate()
    assert parent.returncode == -how
    # The interrupted parent says so, once; the others say nothing.
    assert told.count(b"Traceback") == (how == signal.SIGINT), told.decode()
