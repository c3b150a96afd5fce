"""The scenarios that break what verdicts assume, so that a broken limit is no surprise.

In: nothing. Out: `beyond()`. Promised: each breaks one assumption, by as much as runs do.
"""

from itertools import product
from typing import Any

from uphold.calibration import tables
from uphold.calibration.scenario import STEP, Scenario, one


def beyond() -> list[Scenario]:
    """Return scenarios that break what the tests assume."""
    found = []
    for share, drop in ((0.05, 0.5), (0.1, 0.5)):
        title = (
            f"equal means, but one arm collapses in {100 * share:.0f} % of its runs and is better"
            " in the others"
        )
        cases = tuple(
            one(f"{n} seeds", tables.one_collapses(n, share, drop, lift=share * drop))
            for n in (3, 5, 10)
        )
        found.append(Scenario(title, cases, beyond=True))
    share, drop, margin = 0.1, 0.8, 0.05
    title = (
        f"a loss of {share * drop / margin:.1f} margins, all of it by collapses in"
        f" {100 * share:.0f} % of one arm's runs"
    )
    cases = tuple(
        one(
            f"{expect}, {n} seeds",
            tables.one_collapses(n, share, drop),
            -share * drop,
            margin=margin,
            contrast=STEP,
            expect=expect,
        )
        for expect in ("difference", "no-decrease")
        for n in (3, 5, 10)
    )
    found.append(Scenario(title, cases, beyond=True))
    return [*found, *_near_one(), *_very_unequal()]


def _near_one() -> list[Scenario]:
    mean = 0.985
    claims: dict[str, dict[str, Any]] = {
        "bound": {"bound": {"at_least": mean}},
        "bound from above": {"bound": {"at_most": mean}},
        "gain": {"gain": {"at_least": 0.0, "over": mean}, "where": {"arm": 0}},
    }
    cases = tuple(
        one(
            f"{of}, {seeds} seeds, {items} items",
            tables.proportions(seeds, items, mean, arms=1),
            0.0 if of == "gain" else mean,
            covered=of == "gain",
            **claim,
        )
        for of, claim in claims.items()
        for seeds, items in product((5, 10), (50, 200))
    )
    return [Scenario(f"proportions whose true mean is just the limit, {mean}", cases, beyond=True)]


def _very_unequal() -> list[Scenario]:
    levels = one(
        "4 levels, 5 shared seeds",
        tables.levels(4, 5, widest=3.2),
        0.0,
        ("arm",),
        covered=False,
        anova={"over": "arm"},
        expect="difference",
    )
    units = one("4 contexts, 15 % missing", tables.units_of_an_arm(4, (10, 3), (0.5, 3.0), 0.15))
    return [
        Scenario(title, (case,), beyond=True)
        for title, case in (
            ("no difference among levels of which one spreads 3.2 times as far", levels),
            ("10 seeds in one arm and 3 in the other, which spread six times as far", units),
        )
    ]
