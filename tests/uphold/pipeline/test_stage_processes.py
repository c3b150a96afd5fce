"""Commands of stages as forks of one process: as from a shell, whatever was run before."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from uphold.pipeline.stage_graph import StageFailed, opened
from uphold.pipeline.stage_processes import LIBRARIES, StageProcesses

# Of a library below DVC, in DVC's use of it.
pytestmark = pytest.mark.filterwarnings("ignore:_NoneStep.value:DeprecationWarning")

PROGRAM = """\
import json, os, sys, time

def main():
    verb, *rest = sys.argv[1:]
    if verb == "fail":
        return "it failed"
    if verb == "die":
        os.kill(os.getpid(), 9)
    if verb == "sleep":
        try:
            open("begun", "w").close()
            time.sleep(60)
        except KeyboardInterrupt:
            try:
                time.sleep(0.5)
            except KeyboardInterrupt:
                return "interrupted while it tidied up"
            return 130
    loaded = {name: name in sys.modules for name in ("pandas", "uphold", "numpy")}
    own = {"loaded": loaded, "parent": os.getppid(), "pid": os.getpid(), "argv": sys.argv}
    own |= {"env": dict(os.environ), "cwd": os.getcwd()}
    json.dump(own, open(rest[0], "w"))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program that can be imported in the processes that are started."""
    (tmp_path / "program.py").write_text(PROGRAM)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def processes(folder):
    processes = StageProcesses("tell", "program:main")
    yield processes
    processes.close()


def told(path: Path) -> dict:
    import json

    return json.loads(path.read_text())


def test_a_command_has_the_environment_folder_and_words_that_are_asked_for(processes, folder):
    (folder / "below").mkdir()
    env = os.environ | {"ASKED": "yes"}
    assert processes.run("tell check own.json", str(folder / "below"), env) == 0
    own = told(folder / "below" / "own.json")
    assert own["env"]["ASKED"] == "yes" and own["argv"] == ["tell", "check", "own.json"]
    assert own["cwd"] == str(folder / "below") and "ASKED" not in os.environ
    assert processes.run("tell check again.json", str(folder), os.environ) == 0
    again = told(folder / "again.json")
    assert "ASKED" not in again["env"] and again["cwd"] == str(folder)
    assert again["pid"] != own["pid"] and again["parent"] == own["parent"]


def test_libraries_are_there_and_nothing_of_this_package(processes, folder):
    assert processes.run("tell other first.json", str(folder), os.environ) == 0
    assert not any(told(folder / "first.json")["loaded"].values())
    assert processes.run("tell check second.json", str(folder), os.environ) == 0
    assert told(folder / "second.json")["loaded"] == {
        "pandas": True,
        "numpy": True,
        "uphold": False,
    }


def test_code_that_is_edited_meanwhile_is_what_runs(processes, folder):
    assert processes.run("tell fail", str(folder), os.environ) == 1
    (folder / "program.py").write_text("def main(): raise SystemExit(7)\n")
    assert processes.run("tell fail", str(folder), os.environ) == 7


def test_exit_statuses_are_those_of_the_command(processes, folder):
    assert processes.run("tell fail", str(folder), os.environ) == 1
    assert processes.run("tell die", str(folder), os.environ) == -signal.SIGKILL
    assert processes.run("tell unknown", str(folder), os.environ) == 1  # a traceback
    assert processes.run("tell check own.json", str(folder), os.environ) == 0


@pytest.mark.parametrize("all_of_them", [True, False])
def test_an_interruption_comes_to_the_command_once_whoever_was_interrupted(
    processes, folder, all_of_them
):
    """A terminal interrupts all processes of its foreground, ``kill -INT`` the one it names."""

    def interrupt():
        while not (folder / "begun").exists():
            time.sleep(0.02)
        server = processes._server.pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for pid in (os.getpid(), *([server, *map(int, children)] if all_of_them else [])):
            os.kill(pid, signal.SIGINT)

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        pytest.skip("the tests run in the background, where Ctrl-C is ignored")
    thread = threading.Thread(target=interrupt)
    thread.start()
    assert processes.run("tell sleep", str(folder), os.environ) == 130
    thread.join()
    assert processes.run("tell check own.json", str(folder), os.environ) == 0


def test_a_command_that_has_not_begun_when_it_is_interrupted_does_not_begin(processes, folder):
    (folder / "slow.py").write_text("import time\nopen('loading', 'w').close()\ntime.sleep(1)\n")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        pytest.skip("the tests run in the background, where Ctrl-C is ignored")

    def interrupt():
        while not (folder / "loading").exists():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LIBRARIES, "sleep", ("slow",))
        assert processes.run("tell sleep", str(folder), os.environ) == -signal.SIGINT
    thread.join()
    assert not (folder / "begun").exists()


def test_a_process_that_died_is_an_exit_status_and_is_begun_again(processes, folder):
    assert processes.run("tell check own.json", str(folder), os.environ) == 0
    processes._server.kill()
    assert processes.run("tell check own.json", str(folder), os.environ) == -signal.SIGKILL
    assert processes.run("tell check own.json", str(folder), os.environ) == 0


@pytest.mark.parametrize(
    ("command", "here"),
    [
        ("tell check a-b.json", True),
        ("tell", True),
        ("other check", False),
        ("tell check > out", False),
        ("tell check && tell again", False),
        ("tell check $HOME", False),
        ("tell check 'a b'", False),
        ("retell check", False),
    ],
)
def test_commands_that_a_shell_would_change_are_left_to_it(command, here):
    assert StageProcesses("tell", "program:main").runs(command) == here


def test_stages_of_dvc_are_run_by_it_and_others_by_dvc(processes, folder):
    (folder / "dvc.yaml").write_text(
        "stages:\n"
        "  told: {cmd: tell check own.json, outs: [own.json]}\n"
        "  fails: {cmd: tell fail, outs: [never.json]}\n"
        "  other: {cmd: echo other > other.txt, outs: [other.txt]}\n"
    )
    for command in (["git", "init", "-q"], ["dvc", "init", "-q"]):
        env = os.environ | {"DVC_NO_ANALYTICS": "1"}
        subprocess.run(command, cwd=folder, check=True, env=env)
    with opened(folder, processes) as stages:
        for stage in ("told", "other"):
            stages.run(stage)
            assert not stages.out_of_date(stage)
        own = told(folder / "own.json")
        assert own["parent"] == processes._server.pid and own["env"]["DVC_STAGE"] == "told"
        with pytest.raises(StageFailed, match="failed to run: tell fail, exited with 1"):
            stages.run("fails")
    assert processes._server is None


def test_libraries_are_those_that_can_be_imported():
    names = sorted({name for libraries in LIBRARIES.values() for name in libraries})
    found = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(names)}"], capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
