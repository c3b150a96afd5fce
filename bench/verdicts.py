"""Which verdicts differ between two checkouts, for the same logs and claims? A table in Markdown.

    python bench/verdicts.py OLD NEW RUNS SPEC [RUNS SPEC ...]

Each checkout makes its own report of each log, as ``uphold report RUNS --spec SPEC`` does, and the
findings are read. A claim has one row: its verdict, its estimate with the interval, the units and p
on both sides, and what the audit of each has an error against. A log that a checkout refuses has
its message. Checkouts may be `git worktree`s; both run with the Python that runs this.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CALL = "import sys; from uphold.cli import main; sys.exit(main())"


def main(old: str, new: str, *logs: str) -> None:
    """Print the table."""
    print("| log | claim | before | after |\n|---|---|---|---|")
    for runs, spec in zip(logs[::2], logs[1::2], strict=True):
        sides = [findings(Path(checkout), Path(runs), Path(spec)) for checkout in (old, new)]
        claims = dict.fromkeys(name for side in sides for name in side.get("claims", {}))
        for name in claims or ["all"]:
            print("|", " | ".join([Path(runs).stem, name, *(told(s, name) for s in sides)]), "|")


def findings(checkout: Path, runs: Path, spec: Path) -> dict[str, Any]:
    """Return what a checkout finds, or its message under ``"refused"``."""
    environment = {**os.environ, "PYTHONPATH": str(checkout.resolve() / "src")}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report"
        command = ["report", str(runs.resolve()), "--spec", str(spec.resolve()), "--out", str(out)]
        done = subprocess.run(
            [sys.executable, "-c", CALL, *command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        if not (out / "findings.json").is_file():
            return {"refused": " ".join((done.stderr or done.stdout).split())}
        return dict(json.loads((out / "findings.json").read_text("utf-8")))


def told(side: dict[str, Any], name: str) -> str:
    """Return a verdict with its figures."""
    if "refused" in side:
        return str(side["refused"])
    claim = side["claims"].get(name)
    if claim is None:
        return "no such claim"
    parts = [f"**{claim['verdict']}**"]
    if claim.get("estimate") is not None:
        low, high = (claim.get(end) for end in ("ci_low", "ci_high"))
        interval = "" if None in (low, high) else f" [{low:.3g}, {high:.3g}]"
        parts.append(f"{claim['estimate']:.3g}{interval}, n {claim['n']}")
    if claim.get("p") is not None:
        adjusted = claim.get("p_adjusted")
        parts.append(f"p {claim['p']:.2g}" + (f" ({adjusted:.2g})" if adjusted is not None else ""))
    errors = [check for check, flag in side["audit"].items() if flag["severity"] == "error"]
    return "; ".join([*parts, *(f"error: {check}" for check in errors)])


if __name__ == "__main__":
    main(*sys.argv[1:])
