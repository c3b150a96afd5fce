"""One instruction set for all numbers: what the libraries are told before they are imported.

In: the setting ``arithmetic`` of ``params.yaml``. Out: environment variables, which numpy, scipy
and torch read when they are loaded, and which workers and kernels of documents inherit.

With ``avx2``, the default, sums are taken in the order that 256-bit vectors and one thread give, on
a processor with longer vectors too, so that it computes what one without them does. Our values win
over those that a machine sets by itself, such as an OPENBLAS_CORETYPE for its own cores: the run
key says ``avx2``, and a variable that nobody sees must not make that untrue. With ``native`` every
library does as it is told elsewhere. Two things were seen to differ all the same between a real
processor and an emulated one: ``torch.sqrt`` of single precision, which in double precision and
rounded at the end is exact, and oneDNN's recurrent cells; why is not known.

Where there is nothing to pin (ARM, no AVX2, no Linux) nothing is set, and `unpinned` says why.
"""

import os
import platform
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, get_args

from uphold.errors import InputError

Arithmetic = Literal["avx2", "native"]
DEFAULT: Arithmetic = "avx2"
LOADED = ("numpy", "torch")
"""What reads its variables when it is imported."""
X86 = ("x86_64", "AMD64")

PINNED: Mapping[str, str] = {
    "ATEN_CPU_CAPABILITY": "avx2",  # torch's own loops
    "ONEDNN_MAX_CPU_ISA": "AVX2",  # its convolutions and recurrent cells
    "MKL_CBWR": "COMPATIBLE",  # its products and functions: the one value that MKL heeds on AMD too
    "OPENBLAS_CORETYPE": "Haswell",  # numpy's and scipy's matrix products
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def pin(arithmetic: Arithmetic = DEFAULT) -> None:
    """Set one instruction set for this process and those that it starts.

    Parameters
    ----------
    arithmetic : {"avx2", "native"}
        ``native`` sets nothing.

    Raises
    ------
    InputError
        If numpy or torch is loaded already and was not told beforehand: it is too late then.
    """
    wanted = variables() if arithmetic == "avx2" else {}
    if all(os.environ.get(name) == value for name, value in wanted.items()):
        return
    if loaded := [name for name in LOADED if name in sys.modules]:
        raise InputError(
            f"{' and '.join(loaded)} {'was' if len(loaded) == 1 else 'were'} imported before its "
            "instructions were chosen, so that arithmetic is not 'avx2' here: call "
            "uphold.processor.pin() before the first import, or set arithmetic: native in "
            "params.yaml."
        )
    os.environ.update(wanted)


def setting(root: Path) -> Arithmetic:
    """Return the setting in a repository's ``params.yaml``; the default where none can be read.

    What is wrong with the file is told by the verb that needs it.
    """
    import yaml

    try:
        found = yaml.safe_load((root / "params.yaml").read_text("utf-8"))
    except Exception:  # PyYAML has none of its own for a value that is not of its type
        return DEFAULT
    value = found.get("arithmetic", DEFAULT) if isinstance(found, dict) else DEFAULT
    return value if value in get_args(Arithmetic) else DEFAULT


def variables() -> dict[str, str]:
    """Return the variables that pin this machine, none where there is nothing to pin."""
    return {} if unpinned() else {**PINNED, **_of_numpy()}


def unpinned() -> str:
    """Say why this machine cannot be pinned; nothing where it can."""
    if platform.machine() not in X86:
        return f"a processor of the kind {platform.machine() or 'unknown'} has no AVX2"
    if sys.platform != "linux":
        return "what the processor can do is read on Linux alone"
    return "" if "avx2" in _flags() else "this processor has no AVX2"


def _of_numpy() -> dict[str, str]:
    """Return what keeps numpy's own loops to AVX2.

    numpy warns of names that it, or the processor, does not know: so they are those of this
    version, and of what this processor has.
    """
    try:
        major, minor = (int(part) for part in version("numpy").split(".")[:2])
    except PackageNotFoundError:
        return {}
    if (major, minor) >= (2, 4):  # levels of the x86-64 psABI since then
        return {"NPY_ENABLE_CPU_FEATURES": "X86_V3"}
    groups = {
        "AVX512F": {"avx512f"},
        "AVX512CD": {"avx512f", "avx512cd"},
        "AVX512_SKX": {"avx512f", "avx512cd", "avx512vl", "avx512bw", "avx512dq"},
    }
    there = [name for name, flags in groups.items() if flags <= _flags()]
    return {"NPY_DISABLE_CPU_FEATURES": " ".join(there)} if there else {}


@cache
def _flags() -> frozenset[str]:
    """Return what the processor can do, as Linux names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(
        next((x.partition(":")[2] for x in lines if x.startswith("flags")), "").split()
    )
