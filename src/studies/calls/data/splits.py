"""Splits: what is trained on, what settings are chosen on, and what is tested on.

=============  =================================================================
split          use
=============  =================================================================
train          the only one that weights are fitted to
validation     thresholds, checkpoints and configurations are chosen on it
iid            tested once: recordings like those trained on
ood            tested once: recorders (or places) never heard in training
=============  =================================================================

Who is out of distribution is knowledge about the recordings, which nobody can draw: ``ood`` comes
from the user alone. The others are drawn here where they are not given, from a seed and stratified,
such that items of equal content stay together.
"""

from collections import defaultdict
from collections.abc import Sequence

from studies.calls.settings.data import SPLITS
from uphold.format import percent
from uphold.randomness import generator


def complete(
    given: Sequence[str],
    strata: Sequence[tuple[str, ...]],
    contents: Sequence[str],
    *,
    validation_share: float,
    test_share: float,
    seed: int,
) -> tuple[list[str], list[str]]:
    """Draw the splits that are not given.

    1. An item without a split whose content is that of one with a split joins it.
    2. Of the others without a split, `test_share` goes to ``iid``, unless some item was given
       ``iid``; the rest goes to ``train``.
    3. Where no item was given ``validation``, `validation_share` of ``train`` goes there.

    Each draw takes ``round(share * n)`` contents of each stratum.

    Parameters
    ----------
    given : sequence of str
        The split of each item, empty where it is not given.
    strata : sequence of tuple of str
        What the shares are kept over: label, call type, quality.
    contents : sequence of str
        A digest of what each item contains; equal contents stay on one side.
    validation_share, test_share : float
    seed : int

    Returns
    -------
    splits : list of str
        A split for each item.
    decisions : list of str
        A sentence on each draw that was made.
    """
    splits, decisions = list(given), []
    known = {content: split for content, split in zip(contents, given, strict=True) if split}
    free = [k for k, split in enumerate(splits) if not split]
    for k in free:
        splits[k] = known.get(contents[k], "")
    free = [k for k in free if not splits[k]]
    if free:
        drawn = set()
        if "iid" not in given:
            drawn = _draw(free, strata, contents, test_share, seed, "iid")
            decisions.append(_sentence("iid", test_share, "the items that have no split", seed))
        for k in free:
            splits[k] = "iid" if k in drawn else "train"
    if "validation" not in given:
        train = [k for k, split in enumerate(splits) if split == "train"]
        for k in _draw(train, strata, contents, validation_share, seed, "validation"):
            splits[k] = "validation"
        decisions.append(_sentence("validation", validation_share, "the training items", seed))
    if "ood" not in splits:
        decisions.append("No item is out of distribution: the split ood is empty.")
    return splits, decisions


def crossings(
    splits: Sequence[str], contents: Sequence[str], names: Sequence[str]
) -> list[tuple[str, str]]:
    """Return, for each content that is in several splits, two items of different splits.

    Returns
    -------
    list of (str, str)
        Two items as ``"name (split)"``.
    """
    first: dict[str, dict[str, str]] = defaultdict(dict)
    for split, content, name in zip(splits, contents, names, strict=True):
        first[content].setdefault(split, f"{name} ({split})")
    pairs = []
    for by_split in first.values():
        found = [by_split[split] for split in SPLITS if split in by_split]
        pairs += [(found[0], other) for other in found[1:]]
    return pairs


def _draw(
    among: list[int],
    strata: Sequence[tuple[str, ...]],
    contents: Sequence[str],
    share: float,
    seed: int,
    purpose: str,
) -> set[int]:
    """Return the items drawn: in each stratum a share of the contents, whole."""
    members: dict[str, list[int]] = defaultdict(list)
    for k in among:
        members[contents[k]].append(k)
    by_stratum: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for content, items in members.items():
        by_stratum[strata[items[0]]].append(content)
    drawn: set[int] = set()
    for stratum, found in sorted(by_stratum.items()):
        order = generator(seed, "split", purpose, *stratum).permutation(len(found))
        # Sorted, so that the draw depends on what the items contain and not on their order.
        found = sorted(found)
        for k in order[: round(share * len(found))]:
            drawn.update(members[found[k]])
    return drawn


def _sentence(split: str, share: float, pool: str, seed: int) -> str:
    return (
        f"The split {split} was drawn here, since no item names it: {percent(share)} of {pool}, "
        f"stratified by label, call type and quality, seed {seed}."
    )
