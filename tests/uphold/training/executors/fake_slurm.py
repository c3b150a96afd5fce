"""Slurm's command line as far as submitit uses it, made up: this is no Slurm.

``sbatch`` takes a batch file, answers with a number, and runs it in the background once for each
task of its array, two at a time; ``srun`` runs a command with its output in a file; ``sacct`` tells
the states of tasks; ``scancel`` ends them. What they know lies in ``FAKE_SLURM``. There ``refuse``,
a file, lets sbatch refuse what it is given, and ``fail-N`` ends the task that is begun as the Nth
as its node's failure.
"""

import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

COMMANDS = ("sbatch", "srun", "sacct", "squeue", "scancel")
AT_ONCE = 2


def install(folder: Path) -> Path:
    """Write the commands into a folder, and return it."""
    folder.mkdir()
    for name in COMMANDS:
        command = folder / name
        command.write_text(f'#!/bin/sh\nexec {sys.executable} {__file__} {name} "$@"\n')
        command.chmod(0o755)
    return folder


def sbatch(batch: str) -> None:
    place = Path(os.environ["FAKE_SLURM"])
    if (place / "refuse").exists():
        sys.exit("sbatch: error: Batch job submission failed: Job violates accounting/QOS policy")
    text = Path(batch).read_text()
    array = re.search(r"#SBATCH --array=0-(\d+)%", text)
    tasks = [f"_{n}" for n in range(int(array[1]) + 1)] if array else [""]
    number = time.time_ns() // 1000  # submitit remembers states by numbers, across tests
    (place / f"{number}.batch").write_text(text)
    for task in tasks:
        (place / f"{number}{task}.state").write_text("PENDING")
    subprocess.Popen(
        [sys.executable, __file__, "run", str(number), *tasks],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    print(f"Submitted batch job {number}")


def run(number: str, *tasks: str) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda task: _task(number, task), tasks))


def _task(number: str, task: str) -> None:
    place = Path(os.environ["FAKE_SLURM"])
    state = place / f"{number}{task}.state"
    if state.read_text() != "PENDING":
        return
    state.write_text("RUNNING")
    env = os.environ | {"SLURM_JOB_ID": number, "SLURM_NTASKS": "1", "SLURM_JOB_NUM_NODES": "1"}
    env |= {"SLURM_NODEID": "0", "SLURM_PROCID": "0", "SLURM_LOCALID": "0"}
    if task:
        env |= {"SLURM_ARRAY_JOB_ID": number, "SLURM_ARRAY_TASK_ID": task[1:]}
    begun = len(list(place.glob("begun-*"))) + 1
    (place / f"begun-{begun}").touch()
    if (place / f"fail-{begun}").exists():
        state.write_text("NODE_FAIL")
        return
    job = subprocess.Popen(
        ["bash", str(place / f"{number}.batch")], env=env, start_new_session=True
    )
    (place / f"{number}{task}.group").write_text(str(job.pid))
    code = job.wait()
    if state.read_text() == "RUNNING":
        state.write_text("COMPLETED" if code == 0 else "FAILED")


def srun(*arguments: str) -> None:
    wanted = {"--output": "", "--error": ""}
    rest = list(arguments)
    while rest[0].startswith("--"):
        flag = rest.pop(0)
        if flag in wanted:
            wanted[flag] = _named(rest.pop(0))
    with Path(wanted["--output"]).open("a") as out, Path(wanted["--error"]).open("a") as err:
        sys.exit(subprocess.call(rest, stdout=out, stderr=err))


def _named(pattern: str) -> str:
    array, task = (os.environ.get(f"SLURM_ARRAY_{x}_ID", "") for x in ("JOB", "TASK"))
    named = pattern.replace("%A", array).replace("%a", task).replace("%t", "0")
    return named.replace("%j", os.environ["SLURM_JOB_ID"])


def sacct(*arguments: str) -> None:
    print("JobID|State|NodeList")
    asked = {arguments[n + 1] for n, word in enumerate(arguments) if word == "-j"}
    for state in sorted(Path(os.environ["FAKE_SLURM"]).glob("*.state")):
        if state.stem.partition("_")[0] in asked:
            print(f"{state.stem}|{state.read_text()}|loopback")


def squeue(*arguments: str) -> None:
    del arguments
    print("JOBID")
    for state in sorted(Path(os.environ["FAKE_SLURM"]).glob("*.state")):
        if state.read_text() in ("PENDING", "RUNNING"):
            print(state.stem)


def scancel(*numbers: str) -> None:
    place = Path(os.environ["FAKE_SLURM"])
    for number in numbers:
        for state in [*place.glob(f"{number}.state"), *place.glob(f"{number}_*.state")]:
            before = state.read_text()
            if before in ("PENDING", "RUNNING"):
                state.write_text("CANCELLED")
            group = state.with_suffix(".group")
            if before == "RUNNING":
                while not group.exists():
                    time.sleep(0.01)
                with suppress(ProcessLookupError):
                    os.killpg(int(group.read_text()), signal.SIGKILL)


if __name__ == "__main__":
    {f.__name__: f for f in (sbatch, run, srun, sacct, squeue, scancel)}[sys.argv[1]](*sys.argv[2:])
