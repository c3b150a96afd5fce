import numpy as np

from uphold.randomness import generator
from uphold.training import sampling


def test_evenly_meets_every_group_equally_often() -> None:
    groups = np.repeat([0, 1, 2], [100, 10, 3])
    drawn = sampling.evenly(generator(1, "rows"), groups, 32)
    counts = np.bincount(groups[drawn])
    assert sorted(counts) == [10, 11, 11]
    assert np.bincount(drawn)[110:].min() >= 3  # all three rows come before any comes again
    assert len(set(drawn[groups[drawn] == 0])) == counts[0]


def test_batches_take_every_row_and_none_is_left_alone() -> None:
    parts = sampling.batches(np.arange(33), 16)
    assert [len(part) for part in parts] == [11, 11, 11]
    assert np.concatenate(parts).tolist() == list(range(33))
