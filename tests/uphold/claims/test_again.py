"""What other runs say of a verdict."""

import pytest

from uphold.claims.again import Stand, held


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        (("supported", 0, False), ("supported", 0, False), "held"),
        (("supported", 0, True), ("inconclusive", 0, False), "not decided again"),
        (("supported", 0, False), ("refuted", 0, False), "contradicted"),
        (("supported", 1, False), ("supported", 1, False), "held"),
        (("supported", 1, False), ("supported", -1, False), "contradicted"),
        (("refuted", 1, False), ("refuted", -1, False), "held"),
        (("supported", 0, False), ("equivalent", 0, False), "not decided again"),
        (("supported", 0, True), ("equivalent", 0, False), "contradicted"),
        (("equivalent", 0, False), ("refuted", 0, True), "contradicted"),
        (("equivalent", 0, True), ("refuted", 0, False), "not decided again"),
    ],
)
def test_only_what_cannot_be_true_beside_it_contradicts_a_verdict(first, again, said):
    assert held(Stand(*first), Stand(*again)) == said
