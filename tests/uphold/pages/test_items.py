"""The table of what errors come from, and its sentence."""

import pytest

from uphold.analysis.model.writeup import Claim, OverItems
from uphold.pages import items

from ...partly import partly, put
from .conftest import cells

THESE, WIDE, WIDEST = ({"ci_low": 0.1 - d, "ci_high": 0.1 + d} for d in (0.02, 0.03, 0.05))
MISSING = "–"


def over(verdict="supported", **parts) -> OverItems:
    values = {
        **{"seeds": 0.25, "items": 0.25, "groups": 0.5, "nested": False, "verdict": verdict},
        **{"counts": {"items": 90, "groups": 6}, "these": THESE},
        **{"like_these": {"items": WIDE, "groups": WIDEST}},
    }
    return OverItems.model_validate(values | parts)


def claim(found=None, verdict="supported", **parts) -> Claim:
    known = {"says": "It helps.", "role": "primary", "sweep": "toy", "metric": "ood_f1"}
    outcome = {"reason": "", **THESE}
    known |= {"form": "contrast", "verdict": verdict, "about": "these-items", "outcome": outcome}
    return partly(Claim, {**known, "items": found} | parts)


@pytest.fixture
def told(page):
    """Return a function that gives a page with claims, about clips of recorders."""

    def make(*claims, item="clip", group="recorder"):
        found = page()
        for name, value in (
            ("item", item), ("item_group", group), ("claims", dict(enumerate(claims)))
        ):  # fmt: skip
            object.__setattr__(found.found, name, value)
        return found

    return make


FEW = {"groups": None, "counts": {"items": 90, "groups": 3}, "like_these": {"items": WIDE}}


def test_a_claim_has_shares_and_an_interval_a_kind_of_item(told):
    table = items.table(told(claim(over())))
    assert list(table._tbl_data) == [
        "claim", "seeds", "clips", "recorders", "on these clips",
        "on other clips of the same recorders", "on clips and recorders like these",
    ]  # fmt: skip
    intervals = ["0.080 to 0.120", "0.070 to 0.130", "0.050 to 0.150"]
    assert cells(table) == [["It helps.", "25 %", "25 %", "50 %", *intervals]]


def test_without_groups_there_are_two_kinds(told):
    found = over(groups=None, counts={"items": 90}, like_these={"items": WIDE})
    table = items.table(told(claim(found), item="frame", group=""))
    assert list(table._tbl_data) == [
        "claim", "seeds", "frames", "on these frames", "on frames like these"
    ]  # fmt: skip


def test_what_is_not_known_is_left_open(told):
    secondary = claim(over(), role="secondary")
    few, bound = claim(over(**FEW)), claim(estimates="mean")
    rows = cells(items.table(told(claim(over()), few, bound, secondary)))
    assert rows[1][3] == rows[1][6] == MISSING
    assert rows[2][1:] == [*[MISSING] * 3, "0.080 to 0.120", *[MISSING] * 2]
    assert len(rows) == 3


def test_groups_of_which_nothing_is_known_have_no_column(told):
    table = items.table(told(claim(over(**FEW))))
    assert list(table._tbl_data) == [
        "claim", "seeds", "clips", "on these clips", "on other clips of the same recorders"
    ]  # fmt: skip


def test_items_of_ones_own_are_in_the_spread_of_units(told):
    found = over(nested=True, seeds=None, items=None, groups=None)
    assert cells(items.table(told(claim(found))))[0][1:4] == ["100 %", "in it", "in it"]


def test_a_page_without_items_says_so(told):
    page = told(claim())
    assert cells(items.table(page)) == [
        [MISSING, "what test items add is known of no primary claim"]
    ]
    assert items.sentence(page) == ""


def test_the_sentence_counts_the_verdicts_that_would_hold(told):
    held, lost = claim(over()), claim(over(verdict="inconclusive"))
    undecided = claim(over(verdict="inconclusive"), verdict="inconclusive")
    assert items.sentence(told(held, lost, undecided)) == (
        "Verdicts are about these clips. 1 of the 2 decisive primary verdicts about them would hold"
        " on clips and recorders like these."
    )
    assert "Both decisive primary verdicts" in items.sentence(told(held, held))
    assert "None of the 2 decisive primary verdicts" in items.sentence(told(lost, lost))
    assert "The one decisive primary verdict about them would not hold" in items.sentence(
        told(lost)
    )
    assert items.sentence(told(undecided)) == "Verdicts are about these clips."


def test_the_sentence_says_what_is_not_known(told):
    page = told(claim(over(**FEW)), claim(estimates="mean"), claim(form="gain"))
    assert items.sentence(page) == (
        "Verdicts are about these clips. The one decisive primary verdict about them would hold on"
        " other clips of the same recorders. Nothing is said about other recorders: there are"
        " only 3. What other clips would change is not known for 2 primary claims (a bound on"
        " several means, OOD F1 is no mean over clips)."
    )


@pytest.mark.parametrize(
    ("recorders", "says"),
    [
        (["unspecified"], "no recorder is named."),
        (["a", "unspecified"], "not every clip names its recorder."),
        (["a"], "there are only 3."),
    ],
)
def test_groups_without_a_name_are_not_counted(told, recorders, says):
    page = told(claim(over(**FEW)))
    put({"iid": {"recorders": recorders}}, page.found, "data", "splits")
    assert f"Nothing is said about other recorders: {says}" in items.sentence(page)


def test_the_sentence_says_where_units_have_items_of_their_own(told):
    own = claim(over(nested=True))
    assert items.sentence(told(own)) == (
        "Every seed has clips and recorders of its own, so that intervals hold for clips and"
        " recorders like these, and their share in the error cannot be told apart."
    )
    text = items.sentence(told(own, claim(over())))
    assert text.startswith("For 1 claim every seed has clips and recorders of its own")
    assert "The other verdicts are about these clips." in text


def test_claims_about_others_are_told_apart(told):
    text = items.sentence(told(claim(over()), claim(over(), about="items-like-these")))
    assert "about these clips, unless their sentence says otherwise." in text
    assert "The one decisive primary verdict about them" in text
