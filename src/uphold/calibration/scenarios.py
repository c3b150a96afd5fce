"""The scenarios whose rates of error the page shows, each with the designs that it is tried on.

In: nothing. Out: `SCENARIOS`. Promised: a case says what is true of each claim, and nothing of what
a verdict should be: which verdicts are false follows from what is true
(`uphold.calibration.truth`). Where nothing differs, the margin is so small that nothing is called
equivalent, which would hide how often it is called different.
"""

from dataclasses import replace
from itertools import product

import numpy as np

from uphold.calibration import searches, tables
from uphold.calibration.beyond import beyond
from uphold.calibration.case import Case
from uphold.calibration.scenario import FAMILY, MARGIN, STEP, TIGHT, Scenario, family, one
from uphold.calibration.tables import BASE, NOISE


def _sizes(contexts: int, seeds: int) -> str:
    return f"{contexts} {'context' if contexts == 1 else 'contexts'}, {seeds} seeds"


def _null() -> list[Scenario]:
    sizes = [(1, 3), (1, 10), (4, 5), (16, 3)]
    crossed = [(c, s) for c in (1, 4, 16) for s in (3, 5, 10)]
    found = [
        Scenario("no effect", tuple(one(_sizes(*n), tables.arms(*n)) for n in sizes), True),
        Scenario(
            "seeds that shift all arms alike",
            tuple(one(_sizes(*n), tables.arms(*n, shift=3.0)) for n in sizes),
            True,
        ),
    ]
    for share in (0.1, 0.3, 0.5):
        cases = tuple(one(_sizes(*n), tables.arms(*n, share=share)) for n in crossed)
        title = f"seeds that act differently on the arms ({100 * share:.0f} % of the variance)"
        found.append(Scenario(title, cases, True))
    return found


def _units() -> list[Scenario]:
    nested = ("dataset", "seed")
    return [
        Scenario(
            "data sets that act differently on the arms",
            tuple(
                one(f"{n} data sets, {s} seeds each", tables.data_sets(n, s), 0.0, ("arm",), nested)
                for n, s in ((3, 10), (5, 3), (8, 3))
            ),
            True,
        ),
        Scenario(
            "every run on a seed of its own",
            tuple(
                one(f"{_sizes(*n)} an arm", tables.own_seeds(n[0], (n[1], n[1])))
                for n in ((1, 3), (1, 10), (4, 3), (4, 5))
            ),
            True,
        ),
        Scenario(
            "runs missing",
            tuple(
                one(
                    f"{_sizes(*n)}, {100 * lost:.0f} % missing",
                    tables.arms(*n, missing=lost, shift=1.0),
                )
                for n, lost in (((1, 5), 0.1), ((4, 5), 0.1), ((4, 3), 0.2), ((16, 5), 0.1))
            ),
        ),
    ]


def _spreads() -> list[Scenario]:
    three = (1.0, 3.0)
    return [
        Scenario(
            "arms that spread one to three",
            (
                one("1 context, 5 shared seeds", tables.arms(1, 5, spread=three)),
                one("4 contexts, 5 shared seeds", tables.arms(4, 5, spread=three)),
                one("1 context, 5 own seeds an arm", tables.own_seeds(1, (5, 5), spread=three)),
                one("12 and 4 own seeds", tables.own_seeds(1, (12, 4), spread=three)),
            ),
        ),
        Scenario(
            "noise with heavy tails",
            tuple(
                one(_sizes(*n), tables.arms(*n, noise=tables.heavy))
                for n in ((1, 3), (1, 10), (4, 5))
            ),
            True,
        ),
        Scenario(
            "collapses alike in both arms, one run in twenty",
            tuple(
                one(_sizes(*n), tables.arms(*n, noise=tables.collapsing))
                for n in ((1, 5), (1, 10), (4, 5))
            ),
        ),
        Scenario(
            "proportions near one",
            tuple(
                one(f"{s} seeds, {items} items", tables.proportions(s, items, 0.985))
                for s, items in ((3, 200), (5, 200), (10, 1000))
            ),
        ),
    ]


def _forms() -> list[Scenario]:
    crossed = {"of": STEP, "with": {"factor": "context", "from": 0, "to": 1}}
    return [
        Scenario(
            "no interaction",
            tuple(
                one(
                    f"2 × 2 arms, {s} seeds",
                    tables.arms(2, s, share=0.3),
                    expect="difference",
                    interaction=crossed,
                )
                for s in (3, 5, 10)
            ),
            True,
        ),
        Scenario(
            "no difference among several levels",
            tuple(
                one(
                    f"{n} levels, {s} seeds",
                    tables.levels(n, s),
                    0.0,
                    ("arm",),
                    covered=False,
                    anova={"over": "arm"},
                    expect="difference",
                )
                for n, s in ((3, 3), (4, 5), (8, 5))
            ),
        ),
    ]


def _margins() -> list[Scenario]:
    sizes = ((1, 3), (1, 10), (4, 5))
    found = []
    for title, part, expected in (
        ("an effect of just the margin", 1.0, ("increase", "no-increase", "no-effect")),
        ("an effect just inside the margin", 0.9, ("no-increase", "no-effect")),
        ("an effect just outside the margin", 1.1, ("increase", "no-increase", "no-effect")),
    ):
        effect = part * MARGIN
        cases = [
            one(
                f"{expect}, {_sizes(*n)}",
                tables.arms(*n, effect=effect),
                effect,
                margin=MARGIN,
                contrast=STEP,
                expect=expect,
            )
            for expect in expected
            for n in sizes
        ]
        found.append(Scenario(title, tuple(cases), True))
    cases = [
        one(
            _sizes(*n),
            tables.arms(*n, effect=MARGIN),
            MARGIN,
            margin=MARGIN,
            gain={"at_least": MARGIN, "over": {"arm": 0}},
            where={"arm": 1},
        )
        for n in sizes
    ]
    return [*found, Scenario("a gain of just what is claimed", tuple(cases), True)]


def _bounds() -> list[Scenario]:
    def bounded(design: str, means: np.ndarray, seeds: int) -> Case:
        return one(
            design,
            tables.configurations(means, seeds),
            BASE + NOISE * float(means.min()),
            ("arm",),
            covered=False,
            bound={"at_least": BASE},
        )

    return [
        Scenario(
            "all means half an SD above their floor",
            tuple(
                bounded(f"{n} configurations, {s} seeds", np.full(n, 0.5), s)
                for n, s in ((32, 3), (32, 5), (8, 10))
            ),
        ),
        Scenario(
            "one mean just at its floor, the others far above",
            tuple(
                bounded(f"{n} configurations, {s} seeds", np.r_[0.0, np.full(n - 1, 20.0)], s)
                for n, s in ((32, 3), (32, 5), (8, 10))
            ),
        ),
    ]


def _stability() -> list[Scenario]:
    by = 1.5
    step = {**STEP, "by": by}
    shared = ((1, 6), (4, 6), (16, 6), (1, 10), (4, 10))
    alike = {
        "normal noise": (
            *((f"{_sizes(*n)}", tables.arms(*n)) for n in shared),
            *(
                (f"{_sizes(*n)}, seeds that act", tables.arms(*n, shift=2.0, share=0.3))
                for n in shared
            ),
            *(
                (f"{_sizes(*n)} of its own an arm", tables.own_seeds(n[0], (n[1], n[1])))
                for n in ((4, 3), (1, 5), (1, 10))
            ),
        ),
        "heavy tails": tuple((_sizes(*n), tables.arms(*n, noise=tables.heavy)) for n in shared),
        "one run in twenty collapsed": tuple(
            (_sizes(*n), tables.arms(*n, noise=tables.collapsing)) for n in shared
        ),
    }
    found = [
        Scenario(
            f"arms that spread alike, {noise}",
            tuple(
                one(design, draw, 1.0, stability=step, expect="difference")
                for design, draw in designs
            ),
        )
        for noise, designs in alike.items()
    ]
    limits = [
        one(
            f"{expect}, {_sizes(*n)}",
            tables.arms(*n, spread=(1.0, by)),
            by,
            stability=step,
            expect=expect,
        )
        for expect in ("increase", "no-increase", "no-effect")
        for n in ((1, 10), (4, 10), (16, 6))
    ]
    return [*found, Scenario(f"arms that spread one to {by}, which just matters", tuple(limits))]


def _searches() -> list[Scenario]:
    """Return scenarios of slopes over the trials of a search."""

    def along(trials: int, learns: bool, expect: str, effect: float, uneven: float = 0.0) -> Case:
        kind = "a search that learns" if learns else "a random search"
        return one(
            f"{expect}, {trials} trials of {kind}",
            searches.trials(trials, effect, learns, uneven),
            effect,
            (),
            ("trial",),
            margin=abs(effect) or TIGHT,
            numeric=searches.NUMERIC,
            slope={"of": "rate", "per": 10},
            expect=expect,
        )

    sizes = [*product((15, 30, 100), (False,)), *product((30, 100), (True,))]
    return [
        Scenario(
            "a searched setting that does nothing",
            tuple(along(*size, "difference", 0.0) for size in sizes),
        ),
        Scenario(
            "a searched setting that does nothing but to spread scores",
            tuple(along(*size, "difference", 0.0, uneven=0.6) for size in sizes),
        ),
        Scenario(
            "a searched setting whose slope is just the margin",
            tuple(
                along(*size, expect, MARGIN)
                for expect in ("increase", "no-effect")
                for size in sizes
            ),
        ),
    ]


def _apart() -> list[Scenario]:
    """Return scenarios in which the effect is another in each context."""
    found = []
    kinds: dict[str, tuple[list[float], ...]] = {
        "contexts that go apart by the margin, half up and half down": ([1, -1], [1, 1, -1, -1]),
        "1.5 margins in one of 4 contexts, no effect in the others": ([1.5, *[0.0] * 3],),
        "1.5 margins in one of 16 contexts, no effect in the others": ([1.5, *[0.0] * 15],),
        "just the margin in one of 16 contexts, no effect in the others": ([1, *[0.0] * 15],),
    }
    for title, patterns in kinds.items():
        cases = []
        for pattern, seeds in product(patterns, (3, 5, 10)):
            effects = MARGIN * np.array(pattern)
            case = one(
                _sizes(effects.size, seeds),
                tables.apart(effects, seeds),
                float(effects.mean()),
                margin=MARGIN,
                contrast=STEP,
                expect="no-effect",
            )
            cases.append(replace(case, furthest=float(np.abs(effects).max())))
        found.append(Scenario(title, tuple(cases), True))
    return found


def _families() -> list[Scenario]:
    none, company = np.zeros(FAMILY), np.r_[0.0, np.full(FAMILY // 3, 5 * NOISE)]
    alone = family(
        f"3 times the spread of {FAMILY // 3} other tasks, 3 seeds",
        tables.tasks(company, 3, noisiest=3.0),
        company,
        "task",
        primary=1,
    )
    return [
        Scenario("one claim that is noisier than all beside it", (alone,)),
        Scenario(
            f"{FAMILY} claims in one family, runs missing",
            (
                family(
                    "a task each, 5 seeds, 10 % missing",
                    tables.tasks(none, 5, missing=0.1),
                    none,
                    "task",
                ),
                family(
                    "one control for all, 5 seeds, 10 % missing",
                    tables.variants(none, 5, missing=0.1),
                    none,
                    "control",
                ),
            ),
        ),
    ] + [
        Scenario(
            f"{FAMILY} claims in one family, {words}",
            (
                family("a task each, 3 seeds", tables.tasks(none, 3, unequal), none, "task"),
                family(
                    "one control for all, 3 seeds",
                    tables.variants(none, 3, unequal),
                    none,
                    "control",
                ),
            ),
            not unequal,
        )
        for words, unequal in (("equal spread", 0.0), ("unequal spread", 0.6))
    ]


SCENARIOS: tuple[Scenario, ...] = (
    *_null(),
    *_units(),
    *_spreads(),
    *_forms(),
    *_margins(),
    *_apart(),
    *_bounds(),
    *_stability(),
    *_searches(),
    *_families(),
    *beyond(),
)
