"""The verdicts of a page as they were with other margins, or without one of its units."""

from uphold.analysis.model.found import Found


class Units(Found):
    """The units of a sweep, or of a log, each of which was left out in turn."""

    sweep: str
    units: tuple[str, ...]


class WhatIf(Found):
    """Verdicts under other margins and without single units; see `uphold.analysis.what_if`.

    Attributes
    ----------
    times : tuple of float
        How many times as large as declared every smallest difference that matters is.
    left_out : tuple of Units
        What is left out, one unit at a time, after nothing.
    verdicts : mapping of str to tuple of str
        By claim: a text for each of ``times``, in it a letter for nothing left out and then for
        each unit: the first of the verdict's word, or ``?`` where that was not tried.
    """

    times: tuple[float, ...]
    left_out: tuple[Units, ...]
    verdicts: dict[str, tuple[str, ...]]
