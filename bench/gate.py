"""Loops of a hundred proposals whose gains are known, decided by ``uphold gate``.

Out: results/calibration/gate.json, which the page of calibration shows, with the digest of the code
that decided. Beside the gate goes the rule "keep what scores better".

    PYTHONPATH=src python bench/gate.py [loops] [processes]
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from uphold.analysis.model.calibration import Looped, Loops
from uphold.calibration.calibrate import shown
from uphold.calibration.loops import CASES, PROPOSALS, code, fixed, tally
from uphold.calibration.parts import Tally
from uphold.pipeline.stages.files import json_bytes

OUT = Path(__file__).parents[1] / "results" / "calibration" / "gate.json"
SEED, LOOPS, PART = 1, 400, 10


def part(key: str, first: int, loops: int) -> tuple[str, Tally]:
    return key, tally(key, SEED, range(first, min(first + PART, loops)))


def main() -> None:
    loops = int(sys.argv[1]) if sys.argv[1:] else LOOPS
    processes = int(sys.argv[2]) if sys.argv[2:] else 2
    started = time.monotonic()
    parts = [(key, first, loops) for key in CASES for first in range(0, loops, PART)]
    found: dict[str, Tally] = {}
    with ProcessPoolExecutor(processes) as pool:
        for key, counts in pool.map(part, *zip(*parts, strict=True)):
            both = found.setdefault(key, {})
            for name, rate in counts.items():
                both[name] = both[name] + rate if name in both else rate
            if both["any"].draws >= loops:
                print(key, {k: round(r.value, 4) for k, r in both.items()}, flush=True)
    cases = {
        key: Looped(
            title=CASES[key].title,
            gains=CASES[key].gains,
            any_false=shown(rates["any"]),
            found=shown(rates["found"]) if "found" in rates else None,
            runs=round(rates["runs"].value, 2),
            fixed=fixed(CASES[key].margin),
            false_by_score=round(rates["naive false"].hits / loops, 2),
            any_by_score=shown(rates["naive any"]),
        )
        for key, rates in found.items()
    }
    made = Loops(seed=SEED, code=code(), loops=loops, proposals=PROPOSALS, cases=cases)
    OUT.write_bytes(json_bytes(made.dumped()))
    print(f"{OUT.name}: {len(cases)} kinds, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
