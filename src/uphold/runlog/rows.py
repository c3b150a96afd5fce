"""The first rows that a flag names, and how many there are besides."""

from uphold.audits import AuditFlag
from uphold.audits.flag import MOST_ROWS

LONGEST = 120


def first_rows(flag: AuditFlag, most: int) -> tuple[list[str], int]:
    """Return the first rows of a flag and how many are not among them.

    A flag names what it counts, or what that belongs to (the configurations that lack a seed), up
    to a limit. A row of more than 120 characters is cut there.
    """
    named = [row if len(row) <= LONGEST else f"{row[:LONGEST]}…" for row in flag.rows[:most]]
    known = flag.count if len(flag.rows) == MOST_ROWS else len(flag.rows)
    return named, known - len(named)
