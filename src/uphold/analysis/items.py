"""What the error of a judged claim comes from, and how sure it is on other test items.

In: a judgement. Out: the shares of seeds, items and groups in its squared standard error, and its
interval on these items and on others like them; nothing where its items are not known.
"""

from uphold.analysis.model.writeup import Interval, OverItems
from uphold.claims.judgement import Judgement
from uphold.claims.outcomes import Outcome


def over_items(j: Judgement) -> OverItems | None:
    """Return what the items of a claim add to its error."""
    here = j.here
    if here is None or here.items is None or here.reason or j.like_these is None:
        return None
    found = here.items
    counts = {"items": found.items.members}
    if found.groups is not None:
        counts["groups"] = found.groups.members
    errors = {"items": found.items.total(here.se, here.df)}
    if len(found.known) > 1:
        errors["groups"] = found.total(here.se, here.df)
    nested = all(draw.nested for draw in found.known)
    seeds = items = groups = None
    if not nested and here.se > 0:
        by_level = [draw.together(here.se) for draw in found.known]
        whole = max(by_level)
        seeds, items = here.se**2 / whole, (by_level[0] - here.se**2) / whole
        groups = (whole - by_level[0]) / whole if len(by_level) > 1 else None
    return OverItems(
        seeds=seeds,
        items_=items,
        groups=groups,
        counts=counts,
        nested=nested,
        these=_interval(here),
        like_these={k: _interval(here.with_error(*error)) for k, error in errors.items()},
        verdict=j.like_these,
    )


def _interval(o: Outcome) -> Interval:
    return Interval(ci_low=o.ci_low, ci_high=o.ci_high)
