"""Did a change that was meant to be neutral move a number? The results of two checkouts, compared.

    python bench/neutral.py OLD NEW [PART_OF_A_NAME=ITS_NEW_ONE ...]

Run on one machine, since the last bits of a result depend on the processor. Held against each
other: every array of every run's predictions, every column of scores but the run keys, what each
sweep promoted, and every value of the findings. What one checkout alone has is told as differing,
never skipped. Exit status 1 where anything differs. Columns and keys that were renamed on purpose,
such as ``flattery=optimism``, are compared under their new names.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from safetensors.numpy import load_file

KEYS = ("key",)
"""Columns that name runs in the journal: they change with the code and decide nothing."""
TOLD = 10
RENAMED: dict[str, str] = {}


def main(old: Path, new: Path, *renamed: str) -> int:
    """Print what differs, and how much was compared; return the exit status."""
    compared: Counter[str] = Counter()
    differing: dict[str, list[str]] = {}
    RENAMED.update(pair.split("=", 1) for pair in renamed)
    for kind, name, same in _compared(old / "results", new / "results"):
        compared[kind] += 1
        if not same:
            differing.setdefault(kind, []).append(name)
    for kind, number in compared.items():
        names = differing.get(kind, [])
        print(f"{kind}: {number} compared, {len(names)} differ")
        print(*(f"  {name}" for name in names[:TOLD]), sep="\n" if names else "", end="")
        print(f"\n  … and {len(names) - TOLD} more" if len(names) > TOLD else "\n" * bool(names))
    if not compared:
        print("There is nothing to compare: run dvc repro in both checkouts first.")
    return int(bool(differing) or not compared)


def _compared(old: Path, new: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield a kind of thing, the name of one, and whether it is the same in both."""
    for kind, pattern, compare in (
        ("predictions", "*/sweeps/*/predictions.safetensors", _arrays),
        ("scores", "*/sweeps/*/scores.csv", _columns),
        ("promoted settings", "promoted/*.json", _values),
        ("findings", "*/findings.json", _values),
    ):
        files = {path.relative_to(root) for root in (old, new) for path in root.glob(pattern)}
        for file in sorted(files):
            if (old / file).is_file() and (new / file).is_file():
                for name, same in compare(old / file, new / file):
                    yield kind, f"{file}: {name}", same
            else:
                yield kind, f"{file}: in one checkout alone", False


def _arrays(old: Path, new: Path) -> Iterator[tuple[str, bool]]:
    one, other = load_file(old), load_file(new)
    for name in sorted(one.keys() | other.keys()):
        both = name in one and name in other
        yield name, both and np.array_equal(one[name], other[name], equal_nan=True)


def _columns(old: Path, new: Path) -> Iterator[tuple[str, bool]]:
    one, other = (pd.read_csv(path, dtype=str, keep_default_na=False) for path in (old, new))
    one = one.rename(columns=_now)
    for name in sorted({*one, *other}.difference(KEYS)):
        yield name, name in one and name in other and one[name].equals(other[name])


def _values(old: Path, new: Path) -> Iterator[tuple[str, bool]]:
    one, other = (dict(_leaves(json.loads(path.read_text("utf-8")))) for path in (old, new))
    one = {_now(name): value for name, value in one.items()}
    for name in sorted(one.keys() | other.keys()):
        yield name, name in one and name in other and one[name] == other[name]


def _now(name: str) -> str:
    """Return what something of the old checkout is called in the new one."""
    for old, new in RENAMED.items():
        name = name.replace(old, new)
    return name


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}.{key}" if place else key)
    else:
        yield place, value


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:3]), *sys.argv[3:]))
