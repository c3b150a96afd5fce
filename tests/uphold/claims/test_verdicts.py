"""From the decisions that claims allow to verdicts: adjusted, one a claim, whatever its kind."""

import numpy as np
import pytest

from uphold.claims.expectations import Decision
from uphold.claims.verdicts import Settled, settle


def settled(decisions: dict, secondary=(), same=None) -> dict[str, Settled]:
    made = {
        name: tuple(Decision(verdict, p) for verdict, p in own.items())
        for name, own in decisions.items()
    }
    role = {name: "secondary" if name in secondary else "primary" for name in made}
    return settle(made, role, same or {name: name for name in made})


def alone(**own) -> Settled:
    return settled({"it": own})["it"]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"supported": 0.01}, ("supported", 0.01)),
        ({"supported": 0.049}, ("supported", 0.049)),
        ({"supported": 0.05}, ("inconclusive", 0.05)),
        ({"refuted": 0.01, "equivalent": 0.9}, ("refuted", 0.01)),
        # real, but too small to matter
        ({"supported": 0.001, "equivalent": 0.03}, ("equivalent", 0.03)),
        ({"supported": 0.03, "equivalent": 0.001}, ("equivalent", 0.001)),
        ({"supported": 0.6, "equivalent": 0.2}, ("inconclusive", 0.2)),
        ({"supported": 0.7, "refuted": 0.3}, ("inconclusive", 0.3)),
        ({"supported": np.nan, "refuted": 0.01}, ("refuted", 0.01)),
    ],
)
def test_the_decision_whose_p_is_below_the_level_is_made(own, expected):
    found = alone(**own)
    assert (found.verdict, found.p_adjusted) == (expected[0], pytest.approx(expected[1]))
    assert found.p == found.p_adjusted  # of one claim


def test_the_p_by_itself_is_that_of_the_decision_whose_adjusted_p_is_told():
    found = settled({"it": {"supported": 0.001, "equivalent": 0.02}, "other": {"supported": 0.4}})
    assert (found["it"].verdict, found["it"].p) == ("equivalent", 0.02)
    assert found["it"].p_adjusted == pytest.approx(0.04)
    assert (found["other"].p, found["other"].p_adjusted) == (0.4, pytest.approx(0.4))


@pytest.mark.parametrize(
    "own", [{}, {"supported": np.nan}, {"supported": np.nan, "refuted": np.nan}]
)
def test_what_could_not_be_tested_is_inconclusive(own):
    found = alone(**own)
    assert found.verdict == "inconclusive" and np.isnan(found.p_adjusted)


def test_every_decisive_verdict_is_adjusted_and_a_family_counts_claims():
    """Five kinds of claim, two tests each: the family is 5 and not 10."""
    words = ("supported", "refuted", "equivalent")
    found = settled({w + str(i): {w: 0.012, "inconclusive": 0.5} for i, w in enumerate(words)})
    assert [one.p_adjusted for one in found.values()] == pytest.approx([0.036] * 3)
    five = settled({f"c{i}": {"supported": 0.012, "equivalent": 0.5} for i in range(5)})
    assert {one.verdict for one in five.values()} == {"inconclusive"}
    assert [one.p_adjusted for one in five.values()] == pytest.approx([0.06] * 5)


def test_one_claim_s_rejection_helps_the_next():
    """By steps: .001 of 3, then .02 of 2; what no level reaches beside it lets a claim leave."""
    found = settled(
        {
            "sure": {"supported": 0.001, "equivalent": 0.99},
            "next": {"supported": 0.02, "equivalent": 0.99},
            "none": {"supported": 0.4, "equivalent": 0.6},
        }
    )
    assert [one.p_adjusted for one in found.values()] == pytest.approx([0.003, 0.04, 0.4])
    assert [one.verdict for one in found.values()] == ["supported", "supported", "inconclusive"]


def test_what_could_not_be_tested_was_declared_and_counts():
    found = settled({"it": {"supported": 0.03}, "nothing": {}})
    assert found["it"] == ("inconclusive", pytest.approx(0.06), 0.03)


def test_secondary_claims_are_a_family_of_their_own_by_false_discoveries():
    # R: p.adjust(c(.01, .02, .03, .04), "BH")
    p = (0.01, 0.02, 0.03, 0.04)
    claims = {f"s{i}": {"supported": own} for i, own in enumerate(p)}
    found = settled({**claims, "it": {"supported": 0.04}}, secondary=tuple(claims))
    assert [found[name].p_adjusted for name in claims] == pytest.approx([0.04] * 4)
    assert found["it"] == ("supported", 0.04, 0.04)
    # Holm would have supported the first alone.
    assert settled(claims)["s1"].verdict == "inconclusive"


def test_one_test_under_two_names_counts_once():
    same = {"a": "one", "b": "one", "c": "other"}
    found = settled({name: {"supported": 0.02} for name in same}, same=same)
    assert [one.p_adjusted for one in found.values()] == pytest.approx([0.04] * 3)


def test_the_order_of_claims_stays():
    found = settled({n: {"supported": 0.01} for n in "cab"}, secondary=("a",))
    assert list(found) == list("cab")
