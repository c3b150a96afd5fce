"""One instruction set: what is set, when, for whom, and what is said where it cannot be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from uphold import processor
from uphold.errors import InputError

ROOT = Path(__file__).parents[2]
PINNABLE = pytest.mark.skipif(bool(processor.unpinned()), reason="nothing to pin here")
READ = """
import json, os, sys
import numpy, scipy.linalg, torch
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from threadpoolctl import threadpool_info
print(json.dumps({
    "torch": torch.backends.cpu.get_cpu_capability(),
    "numpy": [n for n in __cpu_dispatch__ if n[:6] in ("X86_V4", "AVX512") and __cpu_features__[n]],
    "blas": sorted({i["architecture"] for i in threadpool_info() if i["user_api"] == "blas"}),
    "threads": sorted({i["num_threads"] for i in threadpool_info()}),
}))
"""
PINNED = {"torch": "AVX2", "numpy": [], "blas": ["Haswell"], "threads": [1]}


def run(code: str, *options: str, **environment: str) -> subprocess.CompletedProcess:
    """Run Python in a process that nothing is set for."""
    clean = {n: v for n, v in os.environ.items() if n not in processor.variables()}
    return subprocess.run(
        [sys.executable, *options, "-c", code],
        env=clean | environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


@PINNABLE
def test_all_libraries_obey_without_a_warning_and_whatever_the_machine_had_set():
    code = "from uphold import processor; processor.pin()\n" + READ
    done = run(
        code, "-W", "error::ImportWarning", OPENBLAS_CORETYPE="Prescott", OMP_NUM_THREADS="2"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == PINNED


@PINNABLE
def test_what_is_set_is_there_for_processes_that_are_started():
    code = (
        "import subprocess, sys; from uphold import processor; processor.pin()\n"
        f"subprocess.run([sys.executable, '-c', {READ!r}])"
    )
    assert json.loads(run(code).stdout) == PINNED


@PINNABLE
def test_these_tests_are_pinned():
    assert not processor.variables().items() - os.environ.items()


def test_native_sets_nothing():
    code = "import os; from uphold import processor; a = dict(os.environ); processor.pin('native')"
    assert run(f"{code}; assert a == dict(os.environ)").returncode == 0


@PINNABLE
@pytest.mark.parametrize("library", processor.LOADED)
def test_too_late_is_said_and_nothing_set(library):
    code = (
        f"import os, {library}; from uphold import processor; before = dict(os.environ)\n"
        "from uphold.errors import InputError\n"
        "try: processor.pin()\n"
        "except InputError as error: print(error, before == dict(os.environ))"
    )
    told = run(code).stdout
    assert library in told
    assert "pin() before" in told
    assert told.endswith("True\n")


def test_the_setting_is_that_of_the_params(tmp_path):
    for text, expected in {
        "arithmetic: native": "native",
        '{"arithmetic": native}': "native",
        "arithmetic: avx2": "avx2",
        "scale: quick": "avx2",
        "arithmetic: sse": "avx2",
        "a: [": "avx2",
        "- 1": "avx2",
    }.items():
        (tmp_path / "params.yaml").write_text(text)
        assert processor.setting(tmp_path) == expected, text
    assert processor.setting(tmp_path / "nowhere") == "avx2"


@pytest.mark.parametrize(
    ("machine", "platform", "flags", "why"),
    [
        ("aarch64", "linux", "avx2", "aarch64"),
        ("x86_64", "darwin", "avx2", "Linux"),
        ("x86_64", "linux", "sse4_2", "no AVX2"),
        ("x86_64", "linux", "avx2", ""),
    ],
)
def test_where_there_is_nothing_to_pin_it_is_said(monkeypatch, machine, platform, flags, why):
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(processor, "_flags", lambda: frozenset({flags}))
    monkeypatch.setattr(os, "environ", {})
    assert why in processor.unpinned()
    assert bool(processor.variables()) == (not why)
    if why:
        processor.pin()
        assert not os.environ
    else:
        with pytest.raises(InputError, match="imported before"):
            processor.pin()


@pytest.mark.parametrize(
    ("version", "flags", "expected"),
    [
        ("2.4.6", {"avx2"}, {"NPY_ENABLE_CPU_FEATURES": "X86_V3"}),
        ("2.3.1", {"avx2"}, {}),
        ("2.3.1", {"avx512f", "avx512cd"}, {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD"}),
    ],
)
def test_numpy_is_told_only_names_that_it_and_the_processor_know(
    monkeypatch, version, flags, expected
):
    monkeypatch.setattr(processor, "version", lambda _: version)
    monkeypatch.setattr(processor, "_flags", lambda: frozenset(flags))
    assert processor._of_numpy() == expected


COMMAND = """
import json, os, sys
from uphold import cli, processor

def app():
    assert not {"numpy", "torch"} & set(sys.modules), "too late"
    print(json.dumps({name: os.environ.get(name) for name in processor.PINNED}))

cli.app = app
cli.main()
"""


@PINNABLE
@pytest.mark.parametrize("setting", ["avx2", "native"])
def test_the_command_line_sets_it_before_anything_loads_numpy_or_torch(tmp_path, setting):
    (tmp_path / "params.yaml").write_text(f"arithmetic: {setting}")
    done = run(f"import os; os.chdir({str(tmp_path)!r})\n{COMMAND}", MKL_CBWR="AUTO")
    assert done.returncode == 0, done.stderr
    wanted = dict(processor.PINNED)
    found = json.loads(done.stdout)
    assert found == (wanted if setting == "avx2" else {**dict.fromkeys(wanted), "MKL_CBWR": "AUTO"})


@PINNABLE
def test_the_kernel_of_a_document_has_it(tmp_path):
    code = (
        "from uphold import processor; processor.pin()\n"
        "from pathlib import Path\n"
        "from uphold.rendering import kernel\n"
        f"with kernel.started(Path({str(tmp_path)!r})) as started, started.session() as session:\n"
        f"    answer = session.run({READ!r})\n"
        "    print(answer['outputs'][0]['text'])"
    )
    done = run(code)
    assert done.stdout, done.stderr
    assert json.loads(done.stdout) == PINNED
