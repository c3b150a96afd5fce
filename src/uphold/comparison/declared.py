"""What params declare of a claim at two revisions → what changed of it.

A claim may be worded, expected or given a margin otherwise and still be about the same estimate;
whatever else changed makes it another test.
"""

from typing import Any, NamedTuple

from uphold.comparison.revisions import Revision, at

SAME_ESTIMATE = frozenset({"says", "role", "expect", "about", "margin"})
NAMES = {"says": "words", "expect": "expectation"}


class Redeclared(NamedTuple):
    """What changed of a claim's declaration.

    Attributes
    ----------
    parts : dict of str to tuple
        ``margin``, ``words``, ``expectation``, …, with what stood there before and after.
    same_test : bool
    says : str
        The claim's sentence as it is now.
    """

    parts: dict[str, tuple[Any, Any]]
    same_test: bool
    says: str


def redeclared(before: Revision, after: Revision, writeup: str, claim: str) -> Redeclared:
    """Return what changed of a claim's declaration between two revisions."""
    studies = before.study(writeup), after.study(writeup)
    claims = [at(study, "writeups", writeup, "claims", claim) for study in studies]
    a, b = (claim if isinstance(claim, dict) else {} for claim in claims)
    says = str(b.get("says", ""))
    if not a or not b:
        return Redeclared({}, True, says)
    keys = [key for key in a | b if a.get(key) != b.get(key)]
    parts = {NAMES.get(key, key): (a.get(key), b.get(key)) for key in keys}
    margins = [
        at(study, "metrics", str(one.get("metric")), "margin")
        for study, one in zip(studies, (a, b), strict=True)
    ]
    if margins[0] != margins[1]:
        parts["margin"] = (margins[0], margins[1])
    return Redeclared(parts, set(keys) <= SAME_ESTIMATE, says)
