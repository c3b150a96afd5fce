"""The prepared clips: how many there are of which voices, and what scores without listening."""

from great_tables import GT

from uphold.format import count, counted, number
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep

ACTORS = 24
"""Of the whole RAVDESS speech set."""


def data(page: Page) -> GT:
    """The prepared clips by emotion."""
    found = page.writeup.data["emotions"]
    rows = [(k, e["class"], count(e["clips"]), str(e["actors"])) for k, e in found.items()]
    return plain(rows, ["emotion", "class", "clips", "actors"])


def voices(page: Page) -> str:
    """Say how many clips and actors there are, and how they are looked at."""
    found = page.writeup.data
    mel = found["features"]
    return (
        f"{counted(found['clips'], 'clip')} by {len(found['actors'])} actors, in"
        f" {len(found['classes'])} classes ({', '.join(found['classes'])}). The network sees"
        f" log-mel spectrograms of {mel['bands']} bands by {mel['frames']} frames."
    )


def actors(page: Page) -> str:
    """Say how many of the set's actors there are; nothing of synthetic ones."""
    found = page.writeup.data
    if found["source"] == "synthetic":
        return ""
    which = (
        f"{len(found['actors'])} of the {ACTORS}"
        if len(found["actors"]) < ACTORS
        else f"all {ACTORS}"
    )
    return f"The clips are by {which} actors of RAVDESS."


def floors(sweep: Sweep) -> str:
    """Say what can be scored without listening."""
    row, digits = sweep.scores.iloc[0], sweep.page.digits("macro_f1")
    majority, chance = (number(row[f"floor_{which}"], digits) for which in ("majority", "chance"))
    return (
        f"Calling every test clip by the commonest class scores {majority} macro-F1, calling each"
        f" class equally often {chance}."
    )
