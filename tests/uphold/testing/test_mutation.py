"""Every form of claim can fail, and a claim that cannot be decided is told."""

import pytest

from uphold.testing.mutation import reachable

from ..claims.test_sentences import FORMS


def test_every_form_can_fail(log_for, claim):
    found = {
        name: reachable({"runs": log_for(name)}, {name: claim(**parts)})[name]
        for name, parts in FORMS.items()
    }
    for name, verdicts in found.items():
        assert "supported" in verdicts and len(verdicts) >= 2, name
    assert all(
        "refuted" in found[n] for n in ("increase", "no-effect", "no-increase", "bound", "gain")
    )
    assert all("equivalent" in found[n] for n in ("increase", "difference", "interaction", "anova"))


def test_a_sweep_of_one_seed_decides_nothing(table, relog, claim):
    log = relog(table[table["seed"] == 1])
    found = reachable({"runs": log}, {"it": claim(**FORMS["increase"])})
    assert found == {"it": {"inconclusive"}}


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_gains_follow_what_is_better(table, relog, claim, better):
    log = relog(table, metric={"better": better})
    found = reachable({"runs": log}, {"it": claim(**FORMS["gain"])})
    assert {"supported", "refuted"} <= found["it"]


def test_each_claim_is_perturbed_in_its_own_log(log, claim):
    claims = {"it": claim(**FORMS["increase"], sweep="b")}
    assert "refuted" in reachable({"a": log, "b": log}, claims)["it"]
