"""A run of a program gives what it wrote, or says why it has failed, and leaves nothing behind."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from uphold.command import training
from uphold.pipeline.stages.once_more import NUMBER

from .programs import HONEST, Program, written

BEATING = """
import pathlib, time
while True:
    pathlib.Path({!r}, str(time.time_ns())).touch()
    time.sleep(.02)
"""
"""A program that leaves a mark for as long as it lives."""
START = "import os, sys, time\nout = sys.argv[3]\n"
FAILING = {
    "raise ValueError('no such thing')": "no such thing",
    "sys.exit(3)": "exit status 3. It said nothing",
    "os.kill(os.getpid(), 9)": "killed by signal 9 (SIGKILL)",
    "pass": "wrote no metrics.json",
    "open(out + '/metrics.json', 'w').write('{')": "metrics.json is not whole JSON",
    "open(out + '/metrics.json', 'w').write('[1]')": "map each to a number",
    "open(out + '/metrics.json', 'w').write('{}')": "holds no number",
    "open(out + '/metrics.json', 'w').write('{\"a\": NaN}')": "a is nan",
    "open(out + '/metrics.json', 'w').write('{\"a\": 1e999}')": "a is inf",
    "open(out + '/metrics.json', 'w').write('{\"a\": \"good\"}')": "a is str and no number",
    "open(out + '/metrics.json', 'w').write('{\"a\": 1, \"a\": 2}')": "a name stands twice",
}


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch, tmp_path):
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield
    assert list(place.iterdir()) == []


def test_a_run_gives_the_numbers_that_it_wrote(tmp_path):
    program = Program(tmp_path, HONEST)
    first, again, other = program.result(1), program.result(1), program.result(2)
    assert first.failure is None
    assert set(first.predictions) == {f"{NUMBER}accuracy", f"{NUMBER}validation_accuracy"}
    assert first.predictions[f"{NUMBER}accuracy"] == again.predictions[f"{NUMBER}accuracy"]
    assert first.predictions[f"{NUMBER}accuracy"] != other.predictions[f"{NUMBER}accuracy"]


@pytest.mark.parametrize(("does", "why"), FAILING.items())
def test_what_is_no_result_is_a_failed_run_and_no_score(tmp_path, does, why):
    result = Program(tmp_path, START + does).result()
    assert not result.predictions
    assert why in result.failure


def test_a_failure_says_the_same_each_time(tmp_path):
    program = Program(tmp_path, "raise ValueError(__file__)")
    assert program.result().failure == program.result().failure


def test_a_run_is_ended_at_its_limit_with_all_that_it_started(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    does = f"""
        import subprocess, sys, time
        subprocess.Popen([sys.executable, "-c", {BEATING.format(str(marks))!r}])
        print("started", flush=True)
        time.sleep(60)
    """
    program = Program(tmp_path, does, resources={"minutes": 1 / 60})
    start = time.monotonic()
    failure = program.result().failure
    assert time.monotonic() - start < 20
    assert "its limit" in failure
    assert failure.endswith("started")
    many = len(list(marks.iterdir()))
    time.sleep(0.3)
    assert len(list(marks.iterdir())) == many


def test_a_run_sees_the_files_that_are_named_and_no_others(tmp_path):
    does = """
        import json, os, sys
        found = sorted(os.listdir("."))
        json.dump({"files": len(found), "here": float("train.py" in found)},
                  open(sys.argv[3] + "/metrics.json", "w"))
    """
    program = Program(tmp_path, does)
    (program.folder / "secret.csv").write_text("1")
    numbers = program.result().predictions
    assert (numbers[f"{NUMBER}files"], numbers[f"{NUMBER}here"]) == (1, 1)


def test_what_a_run_writes_beside_its_results_changes_no_other_run(tmp_path):
    does = HONEST + "    open('train.py', 'a').write('raise SystemExit(1)')\n"
    program = Program(tmp_path, does)
    before = (program.data / "files" / "train.py").read_bytes()
    assert program.result(1).failure is program.result(2).failure is None
    assert (program.data / "files" / "train.py").read_bytes() == before


def test_a_large_file_that_a_run_changes_makes_it_fail(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "COPIED", 10_000)
    does = HONEST + "    open('large.bin', 'a').write('x')\n"
    program = Program(tmp_path, does)
    (program.data / "files" / "large.bin").write_text("x" * 20_000)
    assert "changed large.bin, which runs read" in program.result().failure


def test_settings_reach_a_program_by_arguments_environment_and_a_file(tmp_path):
    does = """
        import json, os, sys
        import yaml
        asked = yaml.safe_load(open(sys.argv[1]))
        scores = {"file": asked["lr"], "environment": float(os.environ["LR"])}
        json.dump({**scores, "seed": asked["seed"]}, open(asked["out"] + "/metrics.json", "w"))
    """
    program = Program(
        tmp_path,
        does,
        command=["python", "train.py", "{config}"],
        environment={"LR": "{lr}"},
    )
    numbers = program.result(5, lr=0.25).predictions
    assert {name.removeprefix(NUMBER): float(one) for name, one in numbers.items()} == {
        "file": 0.25,
        "environment": 0.25,
        "seed": 5,
    }


def test_a_level_goes_to_no_shell(tmp_path):
    mark = tmp_path / "mark"
    program = Program(
        tmp_path,
        "import json, sys\n"
        "json.dump({'long': len(sys.argv[2])}, open(sys.argv[3] + '/metrics.json', 'w'))",
        settings={"lr": {"kind": "str"}},
    )
    level = f"; touch {mark} & $(touch {mark})"
    assert program.result(lr=level).predictions[f"{NUMBER}long"] == len(level)
    assert not mark.exists()
    assert (
        shlex.split(training.told(program.task(lr=level), training.load(program.data)))[3] == level
    )


def test_a_history_and_arrays_are_kept(tmp_path):
    does = (
        HONEST
        + """
    import numpy as np
    open(out + "/metrics.csv", "w").write("epoch,loss\\n1,0.5\\n2,\\n")
    np.savez(out + "/predictions.npz", test=np.arange(6).reshape(2, 3))
"""
    )
    result = Program(tmp_path, does).result()
    assert result.history["epoch"].tolist() == [1, 2]
    assert result.history["loss"][0] == 0.5
    assert result.predictions["test"].tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("np.savez(out + '/predictions.npz', test=np.array([np.nan]))", "not finite"),
        ("np.savez(out + '/predictions.npz', test=np.array(['a']))", "no numbers"),
        (
            "np.savez(out + '/predictions.npz', test=np.array([{}], dtype=object))",
            "holds Python objects",
        ),
        ("open(out + '/predictions.npz', 'w').write('x')", "predictions.npz"),
        ("open(out + '/metrics.csv', 'w').write('epoch,loss\\n1,bad\\n')", "'bad'"),
        ("open(out + '/metrics.csv', 'w').write('epoch,loss\\n1\\n')", "other lengths"),
        ("open(out + '/metrics.csv', 'w').write('a,a\\n1,2\\n')", "one twice"),
    ],
)
def test_other_files_that_are_no_results_make_a_run_fail(tmp_path, line, why):
    does = f"{textwrap.dedent(HONEST)}import numpy as np\n{line}\n"
    result = Program(tmp_path, does).result()
    assert why in result.failure
    assert not result.predictions


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="processes are killed by their group")
def test_nothing_runs_on_for_a_worker_that_was_killed(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    code = textwrap.dedent(
        f"""
        import os, sys
        from pathlib import Path
        from uphold.command import process
        folder = Path({str(tmp_path)!r})
        does = [sys.executable, "-c", {BEATING.format(str(marks))!r}]
        process.run(does, folder, dict(os.environ), folder / "log", None)
        """
    )
    source = Path(__file__).parents[3] / "src"
    worker = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(source)}
    )
    until = time.monotonic() + 30
    while not list(marks.iterdir()) and time.monotonic() < until:
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert list(marks.iterdir())
    time.sleep(0.5)
    many = len(list(marks.iterdir()))
    time.sleep(0.5)
    assert len(list(marks.iterdir())) == many


def test_what_a_tracker_wrote_is_read(tmp_path):
    does = """
        import json, os, sys
        # as Sacred's file observer leaves a run
        folder = os.path.join(sys.argv[3], "1")
        os.mkdir(folder)
        run = {"status": "COMPLETED", "experiment": {"name": "x"}, "result": None}
        json.dump(run, open(folder + "/run.json", "w"))
        json.dump({"lr": float(sys.argv[2])}, open(folder + "/config.json", "w"))
        metric = {"accuracy": {"steps": [0, 1], "timestamps": ["a", "b"], "values": [0.5, 0.75]}}
        json.dump(metric, open(folder + "/metrics.json", "w"))
    """
    result = Program(tmp_path, does).result()
    assert result.failure is None
    assert result.predictions[f"{NUMBER}accuracy"] == 0.75


def test_a_run_without_a_result_is_no_crash_of_its_lane(tmp_path):
    program = Program(tmp_path, written({"accuracy": 0.5}))
    (program.data / "files" / "train.py").unlink()
    assert "exit status 2" in program.result().failure
