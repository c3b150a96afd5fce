"""Which values stand for what, and which contexts are averaged before anything is solved."""

import numpy as np

from uphold.statistics.layout import laid_out


def cells(arms, contexts, units):
    grid = np.array([(a, c, u) for a in range(arms) for c in range(contexts) for u in range(units)])
    return grid.T


def test_contexts_of_the_same_arms_and_units_become_one():
    arm, context, unit = cells(2, 4, 3)
    value = 10.0 * arm + context + 0.1 * unit
    layout, mean, back = laid_out(arm, context, unit, value, 2)
    assert (layout.arms, layout.contexts, layout.units) == (2, 1, 3)
    assert mean.size == 6 and np.all(layout.weight == 4)
    # By hand: the mean of contexts 0 to 3 is 1.5.
    assert np.allclose(mean, 10.0 * layout.arm + 1.5 + 0.1 * layout.unit)
    assert np.allclose(mean[back], 10.0 * arm + 1.5 + 0.1 * unit)


def test_a_context_with_a_gap_is_a_kind_of_its_own():
    arm, context, unit = cells(2, 3, 3)
    kept = ~((arm == 1) & (context == 2) & (unit == 2))
    layout, mean, back = laid_out(arm[kept], context[kept], unit[kept], np.ones(kept.sum()), 2)
    assert layout.contexts == 2
    assert sorted(np.bincount(layout.context)) == [5, 6]
    assert layout.weight.sum() == kept.sum() == back.size and np.all(mean == 1)


def test_what_is_adjusted_for_is_not_averaged():
    arm, context, unit = cells(2, 2, 3)
    side = np.column_stack([context])
    layout, mean, _ = laid_out(arm, context, unit, np.arange(12.0), 2, side)
    assert mean.tolist() == list(range(12)) and layout.side is side and layout.contexts == 1
