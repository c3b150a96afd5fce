"""A file of runs and a spec → a checked log."""

from pathlib import Path

from uphold.claims.log import Log
from uphold.claims.spec import Spec, read_spec
from uphold.errors import InputError
from uphold.runlog.make_log import make_log
from uphold.runlog.tables import read_table


def read(runs: Path, spec: Path) -> tuple[Spec, Log]:
    """Return a spec and the log that it describes.

    Raises
    ------
    InputError
        Either cannot be used.
    """
    try:
        text = spec.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{spec} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{spec} is not text in UTF-8: a spec is YAML.") from None
    found = read_spec(text, str(spec))
    return found, read_log(runs, found)


def read_log(runs: Path, spec: Spec) -> Log:
    """Read a file of runs as a spec says; see `uphold.runlog.make_log.make_log`."""
    return make_log(read_table(runs, spec.factors), spec, str(runs))
