"""DVC and what it runs, killed while a sweep trains; and two of them at once on one sweep.

Run as a script: ``python kills.py FOLDER [--kills N] [--pairs N]`` prints JSON, counts as those of
``campaign.py``. A run that the journal held when the kill came is not trained again: its record,
which tells when it was trained, is the same in every byte. Two at once count where they met: both
lived while one trained, or one was refused and named the other; together they trained each run
once.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import running
from counts import Count
from stages import STUDY, SWEEP, change, compared, journal, laid_out, runs, tree

from uphold.disk import PARTIAL

REPRO = ("dvc", "repro", f"train@{SWEEP}")
TRAIN = (sys.executable, "-m", "uphold", "train", SWEEP)
RUNS = 8
WHO = ("DVC", "its child", "both")
PATIENCE_S = 300


class Project:
    """The repository, its data prepared, and what training it undisturbed gives."""

    def __init__(self, folder: Path) -> None:
        self.kept, self.root = folder / "kept", folder / "repository"
        laid_out(self.kept)
        change(self.kept, f"params/{STUDY}.yaml", _longer)
        change(self.kept, "params.yaml", lambda names: names.update(searches={}))
        self.back()
        self.ended(self.start(("dvc", "repro", f"prepare@{STUDY}")))
        shutil.rmtree(self.kept)
        shutil.copytree(self.root, self.kept, symlinks=True)
        start = time.monotonic()
        training = self.start(REPRO)
        self.wait_for_lock(training)
        began = time.monotonic()
        self.ended(training)
        self.seconds, self.whole = time.monotonic() - began, time.monotonic() - start
        self.expected = self.outputs()

    def back(self) -> None:
        """Begin anew with prepared data."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.kept, self.root, symlinks=True)

    def start(self, command: Sequence[str]) -> subprocess.Popen[str]:
        """Start a command in a session of its own."""
        env = running.paths() | {"UPHOLD_WORKERS": "1"}
        env["PYTHONPATH"] = f"{self.root / 'src'}{os.pathsep}{env['PYTHONPATH']}"
        env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def ended(self, process: subprocess.Popen[str]) -> str:
        """Wait until a command has ended well; return what it said."""
        said = process.communicate(timeout=PATIENCE_S)[0]
        if process.returncode:
            raise AssertionError(f"{process.args} ended with {process.returncode}: {said[-2000:]}")
        return said

    def outputs(self) -> dict[str, bytes]:
        """Return what training leaves: outputs of the stage, the journal, DVC's lock."""
        places = (f"results/{STUDY}/sweeps/", f".uphold/journal/{STUDY}/", "dvc.lock")
        found = compared(tree(self.root))
        # The lock holds the digest of when runs were trained.
        found["dvc.lock"] = re.sub(
            rb"(training\.json\n.*?)md5: \w+\n.*?size: \d+",
            rb"\1",
            found.get("dvc.lock", b""),
            flags=re.S,
        )
        return {name: content for name, content in found.items() if name.startswith(places)}

    def records(self) -> dict[str, bytes]:
        """Return the record of each finished run, times and all."""
        return {run.name: (run / "record.json").read_bytes() for run in runs(self.root)}

    def wait_for_lock(self, process: subprocess.Popen[str]) -> None:
        """Return once a sweep is being trained, or the process has ended."""
        lock = journal(self.root) / "locks" / f"{SWEEP}.lock"
        while not lock.exists() and process.poll() is None:
            time.sleep(0.005)

    def wrong(self) -> list[str]:
        """Return which outputs are not those of an undisturbed training."""
        found = self.outputs()
        partial = {name for name in found if PARTIAL in name}  # of a killed process: pruned
        names = (found.keys() | self.expected.keys()) - partial
        return [f"{n} is another" for n in sorted(names) if found.get(n) != self.expected.get(n)]


def _longer(params: dict) -> None:
    params["scales"]["smoke"]["training"]["epochs"] = 60
    params["sweeps"][SWEEP]["design"]["seeds"] = [1, 2]
    params["searches"] = {}


def killed(project: Project, who: str, moment: float) -> list[str]:
    """Kill some time after training has begun; train on; return what is wrong."""
    project.back()
    training = project.start(REPRO)
    project.wait_for_lock(training)
    time.sleep(moment)
    children = _children(training.pid)
    before = project.records()
    for pid in {"DVC": [training.pid], "its child": children}.get(who, [training.pid, *children]):
        with suppress(ProcessLookupError):  # it has ended already
            os.kill(pid, signal.SIGKILL)
    if who == "its child":
        training.communicate(timeout=PATIENCE_S)
    else:
        training.wait(timeout=PATIENCE_S)  # what it has left may go on, and holds its output
    said = project.ended(project.start(REPRO))
    after = project.records()
    again = [key for key, record in before.items() if after.get(key) != record]
    wrong = [f"{key} was trained twice, or lost" for key in again]
    told = re.search(r"(\d+) runs published, (\d+) trained", said)
    if told and int(told[2]) > RUNS - len(before):
        wrong.append(f"{told[2]} trained with {len(before)} in the journal")
    return wrong + project.wrong()


def at_once(project: Project, command: Sequence[str]) -> tuple[bool, list[str]]:
    """Run a command twice at once; return whether they met, and what is wrong."""
    project.back()
    both = [project.start(command) for _ in range(2)]
    lock = journal(project.root) / "locks" / f"{SWEEP}.lock"
    overlap = False
    while all(process.poll() is None for process in both):
        overlap = overlap or (lock.exists() and 0 < len(runs(project.root)) < RUNS)
        time.sleep(0.005)
    said = [process.communicate(timeout=PATIENCE_S)[0] for process in both]
    # DVC lets no two of its own run one stage, and names the other.
    overlap = overlap or any(f"(PID {b.pid})" in text for b in both for text in said)
    if command == REPRO:  # DVC may have refused one of them, as it is free to do
        if all(process.returncode for process in both):
            return overlap, [f"both were refused: {said}"]
        said.append(project.ended(project.start(command)))
    elif any(process.returncode for process in both):
        return overlap, [f"one failed: {said}"]
    trained = sum(int(n) for text in said for n in re.findall(r"published, (\d+) trained", text))
    wrong = [f"{trained} runs were trained of {RUNS}: {said}"] if trained != RUNS else []
    found = [name for name in project.wrong() if command == REPRO or "dvc.lock" not in name]
    return overlap, wrong + found


def _children(pid: int) -> list[int]:
    """Return the processes below one, the nearest first."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            above = int(file.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if above == pid:
            found.append(int(file.parent.name))
    return found + [below for child in found for below in _children(child)]


def main() -> None:
    """Kill, run at once, and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=20)
    asked = parser.parse_args()
    project, chance = Project(asked.folder), random.Random(18)
    found = {f"{who} killed": Count() for who in WHO}
    for number in range(asked.kills):
        who, moment = (
            WHO[number % len(WHO)],
            project.seconds * (number + chance.random()) / asked.kills,
        )
        start = time.monotonic()
        wrong = killed(project, who, moment)
        count = found[f"{who} killed"]
        count.add(wrong, f"{moment:.2f} s after training began")
        count.seconds = max(count.seconds, time.monotonic() - start)
    for name, command in (
        ("two `uphold train` at once", TRAIN),
        ("two `dvc repro` at once", REPRO),
    ):
        count = found[name] = Count()
        for number in range(2 * asked.pairs):
            if count.tried == asked.pairs:
                break
            start = time.monotonic()
            overlap, wrong = at_once(project, command)
            if (
                overlap or wrong
            ):  # else one had ended before the other came so far: it shows nothing
                count.add(wrong, f"time {number + 1}")
                count.seconds = max(count.seconds, time.monotonic() - start)
    for count in found.values():
        count.steps = count.tried
    print(json.dumps({"train under DVC": {name: asdict(count) for name, count in found.items()}}))


if __name__ == "__main__":
    main()
