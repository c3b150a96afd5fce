"""What the error of a claim comes from, as pages show it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.analysis.findings import claim_of, findings
from uphold.analysis.items import over_items
from uphold.claims.items import Items
from uphold.claims.judge import judge
from uphold.randomness import generator
from uphold.statistics.estimate import interval_half_width
from uphold.statistics.items import ItemScores

from ..conftest import STEP


@pytest.fixture
def judged(log, claim):
    """Return a function that judges a claim about a log of so many groups of items."""

    def make(groups, nested=False, **parts):
        rng = np.random.default_rng(7)
        mixup = log.scores.column("mixup").to_numpy(dtype=int)
        of = np.arange(160) % groups
        own = (0.02 * rng.normal(size=(2, 160)) + 0.004 * rng.normal(size=(2, groups))[:, of])[
            mixup
        ]
        score = own + 0.001 * rng.normal(size=(16, 160))
        if nested:
            seed = log.scores.column("seed").to_numpy()
            score[of % 4 != (seed - 1)[:, None]] = np.nan
        score += log.scores.values("f1")[:, None] - np.nanmean(score, axis=1, keepdims=True)
        items = Items("clip", {"f1": ItemScores(score, of, drawn=True)}, "recorder")
        told = replace(log, items=items)
        found = judge({"runs": told}, {"it": claim(contrast=STEP, expect="increase", **parts)})
        return found["it"], told

    return make


def test_shares_add_up_and_intervals_widen(judged):
    j, _ = judged(8)
    found, o = over_items(j), j.outcome
    assert found.seeds + found.items_ + found.groups == pytest.approx(1)
    assert 0 < found.seeds < 1 and found.groups > 0
    whole = o.items.groups.together(o.se)
    assert found.seeds == pytest.approx(o.se**2 / whole)
    assert found.items_ == pytest.approx((o.items.items.together(o.se) - o.se**2) / whole)
    assert found.counts == {"items": 160, "groups": 8}
    assert (found.these.ci_low, found.these.ci_high) == (o.ci_low, o.ci_high)
    widths = [i.ci_high - i.ci_low for i in (found.these, *found.like_these.values())]
    assert widths == sorted(widths) and widths[0] < widths[2]
    half = interval_half_width(*o.items.total(o.se, o.df))
    assert found.like_these["groups"].ci_high == pytest.approx(o.value + half)


def test_too_few_groups_have_neither_share_nor_interval(judged):
    j, _ = judged(3)
    found = over_items(j)
    assert found.groups is None
    assert list(found.like_these) == ["items"]
    assert found.seeds + found.items_ == pytest.approx(1)
    assert found.counts["groups"] == 3


def test_items_of_ones_own_leave_no_share_to_tell(judged):
    found = over_items(judged(16, nested=True)[0])
    assert found.nested
    assert (found.seeds, found.items_, found.groups) == (None, None, None)
    assert found.like_these["groups"] == found.these


def test_the_interval_on_these_items_stays_beside_that_of_a_claim_about_others(judged):
    here, (wide, log) = judged(8)[0], judged(8, about="items-like-these")
    assert over_items(here).these == over_items(wide).these
    shown = over_items(wide).like_these["groups"]
    assert (wide.outcome.ci_low, wide.outcome.ci_high) == (shown.ci_low, shown.ci_high)
    assert claim_of(wide, log).about == "items-like-these"


def test_findings_of_primary_claims_have_them(judged):
    j, log = judged(8)
    found = findings({"it": j}, {"runs": log}, {})["claims"]["it"]
    assert set(found["items"]) == {"seeds", "items", "groups", "ci_low", "ci_high", "verdict"}
    second, log = judged(8, role="secondary")
    assert "items" not in findings({"it": second}, {"runs": log}, {})["claims"]["it"]


def test_without_items_there_is_nothing(log, claim):
    j = judge({"runs": log}, {"it": claim(contrast=STEP)})["it"]
    assert over_items(j) is None
    assert claim_of(j, log).items_ is None


def test_no_interval_for_items_like_these_is_narrower_than_for_these(make, claim):
    """Nor that of an effect which is noisier than its company, and keeps its own interval."""
    draw, borrowing = generator(2, "noisy"), 0
    rows = [(on, k, s) for k in range(16) for on in (False, True) for s in range(3)]
    table = pd.DataFrame(rows, columns=["mixup", "task", "seed"])
    sd = np.where(table["task"] == 0, 0.03, 0.01)
    claims = {f"c{k}": claim(contrast=STEP, where={"task": k}) for k in range(16)}
    for _ in range(25):
        log = make(table.assign(f1=0.6 + draw.normal(0, sd)), ["mixup", "task"])
        score = log.scores.values("f1")[:, None] + draw.normal(0, 0.001, (len(table), 60))
        items = ItemScores(score, np.arange(60) % 10, drawn=True)
        log = replace(log, items=Items("clip", {"f1": items}, "recorder"))
        for j in judge({"runs": log}, claims, fragility=False).values():
            found = over_items(j)
            for wide in found.like_these.values():
                assert wide.ci_low <= found.these.ci_low + 1e-12
                assert wide.ci_high >= found.these.ci_high - 1e-12
            borrowing += j.outcome == j.alone
    assert borrowing
