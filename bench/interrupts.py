"""Whether Ctrl-C ends a training: interrupts at random moments, on a machine that is busy.

Makes a small project, then again and again starts ``uphold train`` on two workers and interrupts
it: at any moment from its start until some time after its first finished run; as a terminal does
(the whole process group), or the parent alone, or the group twice. Two idle loops keep the cores
busy. Prints, for each way, how many trainings the interrupt ended, the seconds until their last
process's end, and how many it did not: those that went on or left a worker. What these said is
printed, with the line where they were, and so is what was said by one that ended with a status of
another kind, as torch does where it is interrupted while it is imported.

Run it with ``python bench/interrupts.py [interrupts] [seed]``, on Linux; 10 to 15 s an interrupt.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import TemporaryDirectory

import yaml

ROOT = Path(__file__).parents[1]
SWEEP = "calls-augmentation"
UPHOLD = [sys.executable, "-X", "faulthandler", "-m", "uphold"]
WAYS = ("group", "parent", "group twice")
PATIENCE = 20.0
"""Seconds after which a training counts as not ended."""


def main(interrupts: int, seed: int) -> None:
    """Interrupt, and print what came of it."""
    # A background job of a script has Ctrl-C ignored, and would hand that on to the trainings.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chance = random.Random(seed)
    ended: dict[str, list[float]] = defaultdict(list)
    failed: dict[str, int] = defaultdict(int)
    idle = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        with TemporaryDirectory() as folder:
            window = 1.5 * _make(Path(folder))
            print(f"interrupts within {window:.0f} s of the start", flush=True)
            for turn in range(interrupts):
                way, moment = WAYS[turn % len(WAYS)], chance.uniform(0, window)
                what, seconds = _interrupt(Path(folder), way, moment, chance.uniform(0, 0.5))
                if what:
                    failed[way] += 1
                    print(f"{way}, {moment:.2f} s after the start: {what}", flush=True)
                else:
                    ended[way].append(seconds)
    finally:
        for process in idle:
            process.kill()
    for way in WAYS:
        times = ended[way]
        told = f"median {median(times):.2f} s, at most {max(times):.2f} s" if times else ""
        print(f"{way}: {len(times)} ended, {told}; {failed[way]} not")


def _make(folder: Path) -> float:
    """Make a small project whose sweep takes minutes; return the seconds to its first run."""
    names = yaml.safe_load((ROOT / "params.yaml").read_text())
    calls = yaml.safe_load((ROOT / "params" / "calls.yaml").read_text())
    names["scale"] = "smoke"
    calls["scales"]["smoke"]["training"]["epochs"] = 40
    calls["sweeps"][SWEEP]["design"]["seeds"] = list(range(1, 21))
    (folder / "params").mkdir()
    for name, values in (("params.yaml", names), ("params/calls.yaml", calls)):
        (folder / name).write_text(yaml.safe_dump(values, sort_keys=False))
    promoted = folder / "results" / "promoted" / "none.json"
    promoted.parent.mkdir(parents=True)
    promoted.write_text("{}\n")
    subprocess.run([*UPHOLD, "prepare", "calls"], cwd=folder, check=True)
    start = time.monotonic()
    training = _start(folder)
    while not list(folder.glob(".uphold/journal/calls/runs/[!.]*")):
        if training.poll() is not None or time.monotonic() > start + 300:
            raise RuntimeError(f"No run has been trained: {training.communicate()[0]}")
        time.sleep(0.05)
    seconds = time.monotonic() - start
    os.killpg(training.pid, signal.SIGKILL)
    training.communicate()
    return seconds


def _start(folder: Path) -> subprocess.Popen:
    rmtree(folder / ".uphold", ignore_errors=True)
    return subprocess.Popen(
        [*UPHOLD, "train", SWEEP, "--workers", "2"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _interrupt(folder: Path, way: str, moment: float, pause: float) -> tuple[str, float]:
    """Interrupt a training; return what was wrong, if anything, and the seconds until its end."""
    training = _start(folder)
    time.sleep(moment)
    start = time.monotonic()
    for turn in range(1 + way.endswith("twice")):
        time.sleep(pause * turn)
        try:
            os.kill(-training.pid if way.startswith("group") else training.pid, signal.SIGINT)
        except ProcessLookupError:
            break  # it has ended already
    what = _wait(training, start)
    if what:
        training.send_signal(signal.SIGINT)
        what += ", ended by another" if not _wait(training, time.monotonic()) else ", for good"
        if training.poll() is None:
            training.send_signal(signal.SIGABRT)  # faulthandler shows where it is
            time.sleep(1)
        for pid in _session(training.pid):
            os.kill(pid, signal.SIGKILL)
    seconds = time.monotonic() - start
    output = training.communicate()[0]
    if training.returncode == 0:
        what = "it ended as if nothing had happened"
    elif not what and training.returncode not in (130, -signal.SIGINT):
        print(f"{way}, {moment:.2f} s after the start: status {training.returncode}\n{output}")
    return f"{what}\n{output}" if what else "", seconds


def _wait(training: subprocess.Popen, start: float) -> str:
    """Wait until no process of a training is left; return which one did not end in time."""
    while training.poll() is None or _session(training.pid):
        if time.monotonic() > start + PATIENCE:
            return "the parent goes on" if training.poll() is None else "a worker is left"
        time.sleep(0.01)
    return ""


def _session(leader: int) -> list[int]:
    """Return the processes of a session that live."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = file.read_text().rsplit(")", 1)[1].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(session) == leader and state != "Z":
            found.append(int(file.parent.name))
    return found


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    main(*given, *(200, 1)[len(given) :])
