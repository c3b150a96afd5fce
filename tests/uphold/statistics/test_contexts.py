"""Which settings arms share, and what stands in the way where they share none."""

import pandas as pd
import pytest

from uphold.statistics.contexts import ARM, shared_contexts

KEYS = ["lr", "width"]


def cells(rows):
    return pd.DataFrame(rows, columns=[ARM, *KEYS])


def test_only_settings_of_every_arm_are_contexts():
    found = shared_contexts(cells([(0, 1, 8), (1, 1, 8), (0, 2, 8), (1, 3, 8)]), KEYS, 2)
    assert found.context.tolist() == [0, 0, -1, -1]
    assert not (found.confounded or found.together or found.nested or found.adjusted)


def test_a_factor_without_effect_looks_for_a_partner_without_it():
    found = shared_contexts(cells([(0, None, 8), (1, 1, 8), (1, 2, 8), (0, 1, 16)]), KEYS, 2)
    one, *others, alone = found.context.tolist()
    assert one == others[0] == others[1] >= 0 and alone == -1


@pytest.mark.parametrize(
    ("rows", "stands"),
    [
        ([(0, 1, 8), (1, 2, 8)], {"confounded": ("lr",)}),
        ([(0, 1, 8), (0, 2, 8), (1, 3, 8), (1, 4, 8)], {"nested": ("lr",)}),
        ([(0, 1, 8), (0, 2, 16), (1, 1, 16), (1, 2, 8)], {"together": ("lr", "width")}),
    ],
)
def test_what_stands_in_the_way_is_named(rows, stands):
    found = shared_contexts(cells(rows), KEYS, 2)._asdict()
    named = ("confounded", "together", "nested", "adjusted")
    assert {name: found[name] for name in named if found[name]} == stands
