"""The library sees what the kernel sees: its log of a stage is that of strace."""

import re
import subprocess
import sys
from collections import Counter

import pytest

from . import running

pytestmark = pytest.mark.skipif(
    bool(running.missing()) or not running.strace(),
    reason=running.missing() or "there is no strace, whose list is the other one",
)

CALLS = {
    **dict.fromkeys(("open", "openat", "creat"), "open"),
    **dict.fromkeys(("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile"), "write"),
    **dict.fromkeys(("rename", "renameat", "renameat2"), "rename"),
    **dict.fromkeys(("unlink", "unlinkat"), "unlink"),
    **dict.fromkeys(("mkdir", "mkdirat"), "mkdir"),
    **dict.fromkeys(("link", "linkat"), "link"),
    **dict.fromkeys(("symlink", "symlinkat"), "symlink"),
    **dict.fromkeys(("fsync", "fdatasync", "syncfs", "sync", "sync_file_range"), "fsync"),
    **dict.fromkeys(("truncate", "ftruncate"), "truncate"),
    **dict.fromkeys(("copy_file_range", "fallocate", "splice"), "other"),
    "rmdir": "rmdir",
    "mmap": "mmap",
}
"""Every call of Linux that changes what a disk holds, by what it is called in the log."""
LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (\d+)")

ONE = """
import subprocess, sys
from pathlib import Path
from campaign import Place, prepared
from stages import CASES
folder, name, trace, strace = sys.argv[1:]
place = Place(Path(folder))
case = prepared(place, [name])[0].case
place.back(name.replace(" ", "-"))
place.watch(place.root)
place.control.arm(record=True)
command = [sys.executable, "-m", "uphold", *case.command]
subprocess.run([*strace.split(), "-o", trace, *command], cwd=place.root, check=True)
place.control.disarm()
for step in place.control.recorded():
    named = step.to if step.what in ("rename", "link", "symlink") else step.path
    print(step.what, Path(named).name)
"""


def of_kernel(text: str, root: str) -> Counter:
    """Return what strace saw below a folder, by call and the last name that it names."""
    found: Counter = Counter()
    for line in text.splitlines():
        match = LINE.match(line)
        if not match or (what := CALLS.get(match[1])) is None:
            continue
        inside = match[2]
        # A call that the kernel handed back is done again by the library; what it gave is no 0.
        if what not in ("open", "write", "other", "mmap") and match[3] != "0":
            continue
        if what == "open" and not re.search(r"O_CREAT|O_TRUNC", inside):
            continue
        if what == "mmap" and not ("MAP_SHARED" in inside and "PROT_WRITE" in inside):
            continue
        if what == "unlink" and "AT_REMOVEDIR" in inside:
            what = "rmdir"
        # The folder or file of a descriptor stands in <>, other names in quotes.
        quoted, of_files = re.findall(r'"([^"]*)"', inside), re.findall(r"<([^<>]*)>", inside)
        by_name = what not in ("write", "fsync", "other", "mmap") and bool(quoted)
        path = quoted[-1] if by_name else (of_files[-1] if match[1] == "sendfile" else of_files[0])
        where = path if path.startswith("/") else (of_files or [""])[-1] + "/"
        if f"{where}/".startswith(f"{root}/"):
            found[what, path.rpartition("/")[2].removesuffix(" (deleted)")] += 1
    return found


@pytest.mark.parametrize("case", ["prepare over other data", "train", "report"])
def test_the_log_has_every_call_that_strace_sees(case, tmp_path):
    trace = tmp_path / "trace"
    strace = [str(running.strace()), "-f", "-y", "-s", "0", "-e", "trace=" + ",".join(CALLS)]
    with running.folder() as base:
        command = [sys.executable, "-c", ONE, str(base), case, str(trace), " ".join(strace)]
        env = running.environment(base)
        env["PYTHONPATH"] = f"{running.HERE}:{env['PYTHONPATH']}"
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        root = str(base / "watched" / "repository")
    lines = (line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)
    words = {*CALLS.values()}
    log = Counter((what, name) for what, name in lines if what in words)
    assert log["open", ".written.json.partial"] or log.total() > 10
    assert of_kernel(trace.read_text(), root) == log
