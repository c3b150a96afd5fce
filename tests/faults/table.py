"""What the campaign found, as a page: ``docs/faults.json`` → ``docs/faults.md``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from counts import FAULTS, OF_MUTANTS, POWER

DOCS = Path(__file__).parents[2] / "docs"
FOUND, TABLE = DOCS / "faults.json", DOCS / "faults.md"
COLUMNS = "steps or states | tried | survived | longest trial, s | most memory, MB |"
LINE = "|---|--:|--:|--:|--:|--:|"

HEAD = """# What a run survives

Made by `make faults`, from `faults.json` beside it; do not edit.

Every stage is run in a small repository that `uphold init` lays out. Each of its system calls
that change the disk is a step. At a step the process is killed, half of a write done, or the call
fails; or the power goes, and the disk holds what POSIX promises and no more. A trial is survived
where

- each output is then what it was or what it becomes, as a whole;
- an error is one message that names a place, and the exit status is not 0, or the error was
  overcome;
- what was said to be there for good is there: runs that the journal took, outputs of a stage that
  ended;
- the stage, run again, leaves what it leaves undisturbed, byte for byte, and nothing else. When
  runs were trained and who held a lock is another answer each time.

Where fewer were tried than there are steps or states, they were a seeded choice.

"""
NOT_COVERED = """
## What is not covered

- **Programs without the C library**, Pandoc among them: they take no preloaded library. Pandoc
  gets its input and gives its output through pipes. Quarto, where it is installed, writes in
  temporary folders.
- **Writes through a shared mapping**, `copy_file_range`, `fallocate`: they are counted, fail and
  are killed at; the model of a loss of power refuses them, and no stage makes one. `io_uring` and
  calls past the C library are not seen, but for those that change names. The calls of four stages
  are held against `strace`, where it is installed.
- **Temporary files**: a kill there leaves in the repository what a kill at its next step leaves.
  Errors are tried at a few steps. What a killed process leaves in the system's temporary folder
  stays there.
- **Disks that lie** about a flush, lose what was flushed, or change bits. The journal and
  prepared data are read by their digests, so that such damage is named; other outputs are for DVC
  to compare.
- **A loss of power** is modelled, and of the states that it may leave a seeded choice is tried.
  Files of git and of DVC are in the states, and promised nothing.
- **What a killed preparation or a killed run leaves** under a partial name stays until a person
  deletes it: the next preparation names it, `uphold journal prune` lists and deletes it.
- `calibrate`, `replicate`, `decide`, `predict`, and sweeps on Ray or Slurm are no cases here. All
  but the first write by the functions that the cases above write by.
"""


def table(found: Mapping[str, Any]) -> str:
    """Return the page of what was found."""
    cases = {name: counts for name, counts in found["cases"].items() if name != OF_MUTANTS}
    rows = [f"| fault | {COLUMNS}", LINE]
    faults = list(dict.fromkeys(fault for counts in cases.values() for fault in counts))
    for fault in sorted(faults, key=lambda name: (*_order(name), name)):
        rows.append(_row(fault, [counts[fault] for counts in cases.values() if fault in counts]))
    of_cases = [f"| stage | {COLUMNS}", LINE]
    of_cases += [_row(name, list(counts.values())) for name, counts in cases.items()]
    parts = [
        HEAD + _lines(rows),
        "## By stage\n\n" + _lines(of_cases),
        "## Whether the campaign can fail\n\nEach takes the place of how the project writes, in the"
        " stage `check`.\n\n" + _lines(_mutants(found)),
        f"All of it took {found['seconds'] / 60:.0f} minutes.\n",
    ]
    return "\n".join(parts) + NOT_COVERED


def wrong(found: Mapping[str, Any]) -> list[str]:
    """Return everything that went wrong, and the ways of writing that were not found."""
    said = [
        f"{case}, {fault}: {what}"
        for case, counts in found["cases"].items()
        for fault, count in counts.items()
        for what in (count["wrong"] if case != OF_MUTANTS else ())
    ]
    return said + [f"{row}: not found" for row in _mutants(found)[2:] if row.endswith("nothing |")]


def _mutants(found: Mapping[str, Any]) -> list[str]:
    lines = ["| way of writing | trials | found in | by |", "|---|--:|--:|---|"]
    for mutant, faults in _by_mutant(found["cases"][OF_MUTANTS]).items():
        trials = sum(count["tried"] for count in faults.values())
        by = ", ".join(fault for fault, count in faults.items() if count["wrong"])
        failed = sum(map(_failed, faults.values()))
        lines.append(f"| {mutant} | {trials} | {failed} | {by or 'nothing'} |")
    return lines


def _by_mutant(counts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, count in counts.items():
        mutant, _, fault = name.partition(", ")
        found.setdefault(mutant, {})[fault] = count
    return found


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _order(fault: str) -> tuple[int, int]:
    names = [*FAULTS, POWER]
    place = next((k for k, name in enumerate(names) if fault.endswith(name)), len(names))
    return (fault not in names) + (place == len(names)), place


def _row(name: str, counts: list[Mapping[str, Any]]) -> str:
    tried = sum(count["tried"] for count in counts)
    survived = tried - sum(_failed(count) for count in counts)
    most = max(count["megabytes"] for count in counts)
    cells = [
        *(sum(count["steps"] for count in counts), tried, survived),
        *(f"{max(count['seconds'] for count in counts):.1f}", f"{most:.0f}" if most else ""),
    ]
    return " | ".join([f"| {name}", *map(str, cells)]) + " |"


def _failed(count: Mapping[str, Any]) -> int:
    """Return in how many trials something was wrong: what is said begins with which it was."""
    return len({what.partition(": ")[0] for what in count["wrong"]})
