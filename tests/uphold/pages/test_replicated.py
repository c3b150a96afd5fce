"""What a page says of verdicts that were tried on fresh seeds."""

import pytest

from uphold.analysis.model.replication import Tried
from uphold.pages import claim_tables, replicated
from uphold.pages.writeup import Page

from ...partly import put
from .conftest import cells, tried

SEEN = {"seen": True}


@pytest.fixture
def page_with(page):
    def of(*outcomes: str) -> Page:
        found = page()
        claim = found.found.claims["mixup"].model_copy(
            update={"metric": "ood_f1", "form": "contrast"}
        )
        names = [f"c{number}" for number in range(len(outcomes))]
        put(dict.fromkeys(names, claim), found.found, "claims")
        put(dict(zip(names, map(tried, outcomes), strict=True)), found.found, "replication")
        return found

    return of


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        ([], "No verdict is decisive, so that none was tried on fresh seeds."),
        (["not tried"], "The one decisive verdict was not tried on fresh seeds."),
        (
            ["not decided again"],
            "The one decisive verdict was left undecided when all runs behind it were trained"
            " again on fresh seeds and judged alone.",
        ),
        (
            ["of an earlier state"],
            "The one decisive verdict was not tried on fresh seeds as it stands. 1 verdict was"
            " tried in an earlier state of claim, data or runs: uphold replicate toy-page tries"
            " again.",
        ),
        (["not tried"] * 2, "None of the 2 decisive verdicts was tried on fresh seeds."),
        (
            ["held", "held", "not decided again", "contradicted", "not tried"],
            "2 of 5 decisive verdicts held, 1 was left undecided and 1 turned round when all runs"
            " behind them were trained again on fresh seeds and judged alone. 1 was not tried yet.",
        ),
        *(
            (
                ["held"] * many,
                f"{which} decisive verdicts held when all runs behind them were trained again on"
                " fresh seeds and judged alone.",
            )
            for many, which in ((2, "Both"), (3, "All 3"))
        ),
        (
            ["held", "of an earlier state", "of an earlier state"],
            "1 of 3 decisive verdicts held when all runs behind them were trained again on fresh"
            " seeds and judged alone. 2 verdicts were tried in an earlier state of claim, data or"
            " runs: uphold replicate toy-page tries again.",
        ),
    ],
)
def test_how_many_held(page_with, outcomes, says):
    assert replicated.sentence(page_with(*outcomes)) == says


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        (["held"], "The one decisive exploratory verdict held when all"),
        (["not tried"] * 4, "None of the 4 decisive exploratory verdicts was tried"),
        (["held", "not tried"], "1 of 2 decisive exploratory verdicts held"),
    ],
)
def test_verdicts_on_secondary_claims_alone_are_exploratory(page_with, outcomes, says):
    found = page_with(*outcomes)
    for name in found.found.claims:
        put("secondary", found.found, "claims", name, "role")
    assert replicated.sentence(found).startswith(says)


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        (["held"], " Its fresh seeds were looked at before, for an earlier state of verdicts."),
        (
            ["held", "contradicted", "not tried"],
            " 2 were judged on fresh seeds that were looked at before, for an earlier state of"
            " verdicts.",
        ),
    ],
)
def test_fresh_seeds_that_were_looked_at_before_are_told(page_with, outcomes, says):
    found = page_with(*outcomes)
    first = replicated.sentence(found)
    known = {
        name: Tried(outcome=one.outcome, found=one.found and one.found.model_copy(update=SEEN))
        for name, one in found.found.replication.items()
    }
    put(known, found.found, "replication")
    assert replicated.sentence(found) == first + says


def test_both_estimates_stand_beside_each_other(page_with):
    found = page_with("not decided again", "of an earlier state", "not tried")
    ((_, first, fresh, change, outcome),) = cells(replicated.table(found))
    assert first == "supported, +0.100 (0.080 to 0.120)"
    assert fresh == "undecided, +0.030 (−0.020 to 0.080)"
    assert change == "−0.070 (−0.100 to −0.040)"
    assert outcome == "same direction, undecided"


@pytest.mark.parametrize(
    ("estimates", "first", "fresh"),
    [
        ("difference", "supported, +0.100", "undecided, +0.030"),
        ("mean", "supported, 0.100", "undecided, 0.030"),
        ("share", "supported, partial ω² 0.10", "undecided, partial ω² 0.03"),
        ("ratio", "supported, 0.10 ×", "undecided, 0.03 ×"),
    ],
)
def test_what_is_no_value_of_the_metric_is_named(page_with, estimates, first, fresh):
    """Else a verdict of equivalence within ±.02 stands beside an effect size beyond it."""
    found = page_with("held")
    put(estimates, found.found.claims["c0"], "estimates")
    ((_, one, other, *_),) = cells(replicated.table(found))
    assert one.split(" (")[0] == first and other.split(" (")[0] == fresh


def test_without_anything_tried_the_table_says_so(page_with):
    (row,) = cells(replicated.table(page_with("not tried", "of an earlier state")))
    assert row[1] == "none was tried on fresh seeds as it stands"


def test_the_table_of_claims_says_it_of_each_verdict(page_with):
    found = page_with("held", "contradicted", "of an earlier state", "not tried")
    table = claim_tables.claims(found)
    assert list(table._tbl_data)[4] == "on fresh seeds"
    assert [row[4] for row in cells(table)] == [
        *("held", "turned round", "tried in an earlier state", "not tried")
    ]


def test_it_has_no_such_column_where_nothing_was_ever_tried(page_with):
    assert "on fresh seeds" not in list(claim_tables.claims(page_with("not tried"))._tbl_data)


EQUIVALENT = {"verdict": "equivalent", "value": 0.001, "ci_low": -0.01, "ci_high": 0.012}
WITHIN = {"value": 0.1, "ci_low": -0.5, "ci_high": 0.6, "claimed": 0.0}


@pytest.mark.parametrize(
    ("outcome", "first", "fresh", "word", "says"),
    [
        ("held", {}, {"verdict": "supported"}, "held", ""),
        (
            *("not decided again", {}, {}, "same direction, undecided"),
            "Fresh seeds alone point the same way, by less, and are too few to decide: +0.030"
            " (−0.020 to 0.080).",
        ),
        (
            *("not decided again", {}, {"value": 0.12}, "same direction, undecided"),
            "Fresh seeds alone point the same way, and are too few to decide: +0.120 (−0.020 to"
            " 0.080).",
        ),
        (
            *("not decided again", {}, {"value": -0.01}, "other direction, undecided"),
            "Fresh seeds alone point the other way, and are too few to decide: −0.010 (−0.020 to"
            " 0.080).",
        ),
        (
            *("not decided again", {"verdict": "equivalent", "in_margins": WITHIN}, {}),
            *("undecided", "Fresh seeds alone leave it undecided: +0.030 (−0.020 to 0.080)."),
        ),
        (
            *("not decided again", {"verdict": "equivalent", "in_margins": WITHIN}),
            *({"verdict": "supported", "ci_low": 0.01}, "an effect"),
            "Fresh seeds alone show an effect: +0.030 (0.010 to 0.080).",
        ),
        (
            *("not decided again", {}, EQUIVALENT, "no difference that matters"),
            "Fresh seeds alone show no difference that matters: +0.001 (−0.010 to 0.012).",
        ),
        (
            *("contradicted", {}, {"verdict": "refuted", "value": -0.05}, "turned round"),
            "Fresh seeds alone decide against it: −0.050 (−0.020 to 0.080).",
        ),
        ("not tried", {}, {}, "not tried", ""),
    ],
)
def test_what_fresh_seeds_found_is_said_and_not_only_that_they_differ(
    page_with, outcome, first, fresh, word, says
):
    found = page_with(outcome)
    for part, value in first.items():
        put(value, found.found, "claims", "c0", part)
    put({"c0": tried(outcome, **fresh)}, found.found, "replication")
    assert replicated.word(found, "c0") == word
    assert replicated.beside(found, "c0") == says


@pytest.mark.parametrize("claimed", [1.0, None])
def test_no_direction_is_told_of_a_gain_that_was_claimed_nor_of_what_has_no_place(
    page_with, claimed
):
    """Of these the limit decides, or several means, and not the side of no effect."""
    found = page_with("not decided again")
    place = claimed and {"value": 5.2, "ci_low": 2.5, "ci_high": 7.5, "claimed": claimed}
    put(place, found.found, "claims", "c0", "in_margins")
    assert replicated.word(found, "c0") == "undecided"


@pytest.mark.parametrize(("first", "fresh", "less"), [(0.5, 0.8, True), (0.8, 0.5, False)])
def test_a_ratio_is_less_the_nearer_it_is_to_one(page_with, first, fresh, less):
    found = page_with("not decided again")
    put(True, found.found, "claims", "c0", "outcome", "ratio")
    place = {"value": -2.0, "ci_low": -3.0, "ci_high": -1.5, "claimed": 0.0}
    put(place, found.found, "claims", "c0", "in_margins")
    one = tried("not decided again", value=fresh)
    sides = one.found.model_copy(
        update={"first": one.found.first.model_copy(update={"value": first})}
    )
    put({"c0": one.model_copy(update={"found": sides})}, found.found, "replication")
    assert replicated.word(found, "c0") == replicated.SAME_WAY
    assert ("by less" in replicated.beside(found, "c0")) == less


def test_verdicts_that_became_others_without_contradiction_are_counted_as_that(page_with):
    found = page_with("held", "not decided again")
    put(
        {"c0": tried("held"), "c1": tried("not decided again", **EQUIVALENT)},
        found.found,
        "replication",
    )
    assert replicated.sentence(found).startswith(
        "1 of 2 decisive verdicts held and 1 came to another verdict that need not contradict the"
        " first when all runs"
    )
