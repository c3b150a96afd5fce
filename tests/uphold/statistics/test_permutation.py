import numpy as np

from uphold.statistics.permutation import permuted_within


def test_values_stay_in_their_block_and_each_is_used_once():
    values, block = np.arange(9.0), np.array([0, 1, 2] * 3)
    copies = np.concatenate(list(permuted_within(values, block, 200)))
    assert copies.shape == (200, 9)
    for b in range(3):
        assert (np.sort(copies[:, block == b], axis=1) == values[block == b]).all()
    assert len(np.unique(copies, axis=0)) > 100


def test_every_arrangement_is_equally_likely():
    copies = np.concatenate(list(permuted_within(np.arange(3.0), np.zeros(3, int), 6000)))
    counts = np.unique(copies, axis=0, return_counts=True)[1]
    # 6 arrangements, 1,000 each; five standard deviations are 144
    assert counts.size == 6 and (np.abs(counts - 1000) < 144).all()


def test_chunks_hold_all_draws(monkeypatch):
    monkeypatch.setattr("uphold.statistics.permutation.CHUNK", 50)
    chunks = list(permuted_within(np.arange(9.0), np.zeros(9, int), 23))
    assert [len(c) for c in chunks] == [5, 5, 5, 5, 3]
    assert not (chunks[0] == chunks[1]).all()
