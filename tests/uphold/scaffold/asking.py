"""Sweeps as they are asked for, and what stands in files before and after."""

from pathlib import Path

from uphold.scaffold.own_design import Asked


def asked(name="own", study="calls", writeup=None, title="Own", **factors: str) -> Asked:
    levels = {factor: text.split(",") for factor, text in factors.items()}
    return Asked(name, study, writeup or name, title, levels)


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def kept(before: str, after: str) -> bool:
    """Whether all lines of a text are in another one, in their order."""
    lines = iter(after.splitlines())
    return all(line in lines for line in before.splitlines() if line)
