"""Freed memory stays with the process, where the C library can be told so."""

import platform
import subprocess
import sys

import pytest

STEPS = """
import resource, torch
from uphold.training.kept_memory import keep_freed_memory
if {kept}:
    keep_freed_memory()
for step in range(20):
    if step == 10:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    blocks = [torch.ones(2**18) for _ in range(40)]
    del blocks
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(kept: bool) -> int:
    code = STEPS.format(kept=kept)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(run.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only GNU's library is told")
def test_a_step_finds_the_memory_of_the_one_before() -> None:
    otherwise = faults(False)
    if not otherwise:
        pytest.skip("the library kept it by itself")
    assert faults(True) * 10 < otherwise
