import numpy as np
import pandas as pd
import pytest

from uphold.errors import InputError
from uphold.statistics.breakdown import Band, bands
from uphold.statistics.scores import Scores


@pytest.fixture
def by_band() -> Scores:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": ["off"] * 4 + ["on"] * 4, "seed": [1, 2, 3, 4] * 2})
    for name in ("low", "mid", "high", "rest"):
        table[name] = rng.uniform(0.2, 0.9, size=8)
    table["all"] = (table.low * 50 + table.mid * 30 + table.high * 10 + table.rest * 10) / 100
    return Scores(table, ("a",), "seed")


PARTS = {"low": Band("low", 50), "mid": Band("mid", 30), "high": Band("high", 10)}


def test_parts_add_up_to_the_overall_difference(by_band):
    found = bands(by_band, PARTS, "a", "off", "on", overall=Band("all", 100))
    assert list(found) == ["low", "mid", "high", "no band", "overall"]
    parts = [found[name].contribution.value for name in found if name != "overall"]
    assert sum(parts) == pytest.approx(found["overall"].difference.value, abs=1e-12)
    assert [p.items for p in found.values()] == [50, 30, 10, 10, 100]


def test_each_part_is_its_bands_difference_times_its_share(by_band):
    found = bands(by_band, PARTS, "a", "off", "on", overall=Band("all", 100))
    off, on = by_band.table.iloc[:4], by_band.table.iloc[4:]
    for name in ("low", "rest"):
        d = on[name].to_numpy() - off[name].to_numpy()
        part = found["no band" if name == "rest" else name]
        assert part.difference.value == pytest.approx(d.mean())
        assert part.contribution.value == pytest.approx(part.share * d.mean())
        assert part.difference.se == pytest.approx(d.std(ddof=1) / 2)
        assert part.difference.p == pytest.approx(part.contribution.p)


def test_without_an_overall_score_the_bands_are_all(by_band):
    found = bands(by_band, PARTS, "a", "off", "on")
    assert "no band" not in found and found["overall"].items == 90


def test_a_run_that_lacks_a_band_is_out_of_all_of_them(by_band):
    by_band.table.loc[5, "mid"] = np.nan
    found = bands(by_band, PARTS, "a", "off", "on")
    assert {p.difference.n for p in found.values()} == {3}
    parts = [found[name].contribution.value for name in PARTS]
    assert sum(parts) == pytest.approx(found["overall"].difference.value)


def test_bands_cannot_hold_more_items_than_there_are(by_band):
    with pytest.raises(InputError, match=r"90 items.*80"):
        bands(by_band, PARTS, "a", "off", "on", overall=Band("all", 80))
