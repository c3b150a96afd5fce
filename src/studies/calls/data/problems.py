"""Problems with a user's files, collected, so that all of them are named at once."""

from uphold.errors import InputError

FEW = 4
"""Problems of one cause that are told one by one."""


def once(problems: list[str], before: str, after: str) -> list[str]:
    """Return the problems of one cause; more than a few as one, the text around "8 more"."""
    if len(problems) <= FEW:
        return problems
    return [f"{before} {len(problems) - 1:,} more{after}"]


def refuse(problems: list[str], where: object, many: int | None = None) -> None:
    """Raise one error that lists the problems, each a sentence with its way out; none: do nothing.

    ``many`` is how many there are where not all of them are listed.

    Raises
    ------
    InputError
        With one line a problem, in the order given.
    """
    if problems:
        many = len(problems) if many is None else many
        count = "1 problem" if many == 1 else f"{many:,} problems"
        raise InputError("\n".join([f"{count} in {where}:", *(f"- {p}" for p in problems)]))
