"""The errors that a user can mend, and the nearest valid name that they offer."""

import difflib
from collections.abc import Iterable


class InputError(Exception):
    """Settings, data or a log that cannot be used.

    The message names the file, row or key, says what is wrong with it and how to mend it. The
    command line prints it without a traceback and exits with status 2.
    """


class Busy(Exception):
    """Another process holds a sweep's lock; the message says which one.

    The command line exits with status 75 (EX_TEMPFAIL: try again later).
    """


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` or, where nothing is near, the list of valid names."""
    names = sorted(map(str, valid))
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    if close:
        return f" Did you mean {close[0]!r}?"
    return f" Valid names: {', '.join(names)}." if names else ""
