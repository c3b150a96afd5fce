"""A file of runs and a spec → a checked log."""

from pathlib import Path

from uphold.claims.log import Log, make_log
from uphold.claims.spec import Spec
from uphold.runlog.tables import read_table


def read_log(path: Path, spec: Spec) -> Log:
    """Read a file of runs as a spec says; see `uphold.claims.log.make_log`."""
    return make_log(read_table(path), spec, str(path))
