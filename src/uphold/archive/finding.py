"""What printed numbers say of a sentence: a verdict, a text, and the numbers behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["contradicted", "not shown", "undecidable", "supported"]
WORST_FIRST: tuple[Verdict, ...] = ("contradicted", "not shown", "undecidable", "supported")


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    verdict : {"contradicted", "not shown", "undecidable", "supported"}
        ``contradicted``: the printed numbers say otherwise. ``not shown``: numbers are printed, and
        they do not carry the sentence. ``undecidable``: none are printed that could.
    text : str
        What the printed numbers do say.
    numbers : mapping of str to float
        The numbers of the text, unrounded.
    """

    verdict: Verdict
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)


def overall(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict of a sentence: that of its weakest part."""
    verdicts = {finding.verdict for finding in findings}
    return next((verdict for verdict in WORST_FIRST if verdict in verdicts), "undecidable")
