"""Numbers on a grid; and that they make the prepared data of every study equal on every processor.

A study's data are prepared by processes that are told to do without some of this machine's
instructions, as a processor without them does.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__

from uphold import processor
from uphold.pipeline.study import found
from uphold.rounding import rounded

ROOT = Path(__file__).parents[2]

OPTIONAL = __cpu_dispatch__
"""The sets of instructions that numpy could do without: those too that are off in this process."""
AVX2 = {"AVX2", "FMA3", "X86_V3"}
WITHOUT = {
    "all": {
        "NPY_DISABLE_CPU_FEATURES": " ".join(OPTIONAL),
        "ATEN_CPU_CAPABILITY": "default",
        "OPENBLAS_CORETYPE": "Prescott",
        "MKL_CBWR": "COMPATIBLE",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2",
    },
    "AVX-512": {
        "NPY_DISABLE_CPU_FEATURES": " ".join(name for name in OPTIONAL if name not in AVX2),
        "ATEN_CPU_CAPABILITY": "avx2",
        "OPENBLAS_CORETYPE": "Haswell",
        "MKL_CBWR": "AVX2",
    },
}

PREPARED = """
import sys
from pathlib import Path

import numpy as np

from uphold import rounding

study, folder = sys.argv[1], Path(sys.argv[2])
seen, really = [], rounding.rounded


def rounded(values, step):
    seen.append(np.ravel(values / step))
    return really(values, step)


rounding.rounded = rounded

from uphold.cli.prepare import prepare
from uphold.pipeline import digest

prepare(study)
np.save("seen.npy", np.concatenate(seen))
print(digest.of_data(Path("data") / study))
"""


def prepared(study: str, folder: Path, environment: dict[str, str]) -> tuple[str, np.ndarray]:
    """Return the digest of the data of the scale smoke, and what was rounded, in steps."""
    (folder / "params").mkdir(parents=True)
    text = (ROOT / "params.yaml").read_text("utf-8")
    (folder / "params.yaml").write_text(text.replace("\nscale: quick\n", "\nscale: smoke\n"))
    for file in (ROOT / "params").iterdir():
        (folder / "params" / file.name).write_bytes(file.read_bytes())
    clean = {n: v for n, v in os.environ.items() if n not in processor.variables()}
    process = subprocess.run(
        [sys.executable, "-c", PREPARED, study, "data"],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT / "src")} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.split()[-1], np.load(folder / "seen.npy")


@pytest.mark.skipif(not OPTIONAL, reason="numpy has nothing here that it could do without")
@pytest.mark.parametrize("study", found())
def test_data_are_equal_on_processors_with_fewer_instructions(study, tmp_path):
    here, values = prepared(study, tmp_path / "here", {})
    for name, environment in WITHOUT.items():
        there, others = prepared(study, tmp_path / name, environment)
        # The chance that any number would be another: equal digests alone could be luck.
        assert np.abs(values - others).sum() < 1e-4, name
        assert here == there, name


def test_numbers_are_on_the_grid_and_the_nearest_there():
    values = np.random.default_rng(0).standard_normal(1000)
    found = rounded(values, 2.0**-6)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found * 64, np.rint(found * 64))
    assert np.abs(found - values).max() <= 2.0**-7


def test_zero_has_one_sign():
    assert not np.signbit(rounded(np.array([-0.0, -1e-9]), 2.0**-6)).any()


def test_what_is_a_little_off_is_rounded_alike():
    values = np.random.default_rng(1).standard_normal(100_000)
    off = values * (1 + 1e-15)
    assert (values != off).any()
    assert rounded(values, 2.0**-10).tobytes() == rounded(off, 2.0**-10).tobytes()
