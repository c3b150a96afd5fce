"""Which classes the training split holds, and what balancing and a ratio do with them.

With one label its clips and the others are two classes. With several, clips without a label are no
class, as in BirdNET-Analyzer: what the sweeps on balancing compare is another thing then.
"""

import unicodedata
from collections import Counter
from typing import Any

from uphold.format import count, counted, named
from uphold.pages.writeup import Page, Sweep

UNKNOWN = "unspecified"
"""How the data card calls what is not known."""

NONE = ""
"""The class of clips that no label is present in."""


def held(page: Page) -> Counter[str]:
    """Return how many clips of the training split have each label; under `NONE` those of none."""
    found: Counter[str] = Counter()
    for labels in page.writeup.data["counts"]["train"].values():
        for text, inside in labels.items():
            for label in present(page, text) or {NONE}:
                found[label] += _total(inside)
    return found


def present(page: Page, text: str) -> set[str]:
    """Return the classes that a label of the data card says are present."""
    names = {name.strip() for name in unicodedata.normalize("NFC", text).split(",")}
    return names & set(page.writeup.data["classes"])


def overview(page: Page) -> str:
    """Say that several labels make another question of balancing; nothing where there is one."""
    names = page.writeup.data["classes"]
    if len(names) == 1:
        return ""
    return (
        f"These data have {counted(len(names), 'label')}, where the archived ones had one: a ratio"
        " then evens out the labels, and not calls against the other clips."
    )


def rule(page: Page, natural: Sweep) -> str:
    """Say what balancing and a ratio do with these classes.

    Parameters
    ----------
    page : Page
    natural : Sweep
        One that leaves the natural imbalance in place.
    """
    names = page.writeup.data["classes"]
    if len(names) > 1:
        return _several(page, names, natural)
    text = (
        "A ratio fills up each class to that share of the largest one. Balancing cuts the larger"
        " class to the size of the smaller, so that afterwards both are the largest: no ratio up"
        " to one asks for a further clip. On the natural imbalance "
    )
    runs = natural.scores[natural.scores["train_added"] == 0]
    if runs.empty:
        return f"{text}the smaller class is filled up."
    calls, others = (int(runs[f"train_{side}"].iloc[0]) for side in ("positive", "negative"))
    if calls == others:
        return f"{text}there are as many calls as other clips, so that a ratio adds none either."
    smaller = "calls" if calls < others else "other clips"
    return (
        f"{text}{smaller} are the smaller class, and a ratio acts from their natural share upwards."
    )


def _several(page: Page, names: list[str], natural: Sweep) -> str:
    found = held(page)
    parts = [f"{count(found[name])} of {name}" for name in names]
    text = (
        "With several labels a ratio fills up each label to that share of the commonest one; clips"
        " without a label are no class of their own, and are not filled up. Balancing cuts clips"
        " with any label, or those without one, to the same number, and does not make the labels"
        f" equal. The training split holds {named(parts)}, and {count(found[NONE])} clips without a"
        " label."
    )
    if len({found[name] for name in names}) == 1 and not natural.scores["train_added"].any():
        text += " All labels are equally frequent there, so that no ratio up to one adds a clip."
    return text


def _total(inside: Any) -> int:
    return sum(map(_total, inside.values())) if isinstance(inside, dict) else int(inside)
