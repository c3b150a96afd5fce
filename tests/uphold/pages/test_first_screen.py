"""The head of a page: answers as claims were judged, and how many there are."""

import pytest

from uphold.errors import InputError
from uphold.pages import first_screen

from ...partly import put
from .conftest import tried


@pytest.fixture
def several(page):
    """A page with claims of both roles and several verdicts."""
    found = page()
    one = found.found.claims["mixup"].model_copy(update={"says": "It helps."})

    def claim(verdict: str, role: str = "primary"):
        brief = f"Called {verdict}: +0.1."
        more = {"brief": f"{brief} And more.", "answer": brief}
        return one.model_copy(update={"verdict": verdict, "role": role} | more)

    claims = {f"open-{i}": claim("inconclusive") for i in range(6)}
    claims |= {"extra": claim("refuted", "secondary"), "yes": claim("supported")}
    put(claims, found.found, "claims")
    put({}, found.found, "audit")
    return found


def test_decided_primary_claims_are_answered_first_and_not_all_of_them(several):
    lines = first_screen.answers(several).data.splitlines()
    assert len(lines) == first_screen.MOST
    assert lines[0] == r"- **Called supported.** *It helps:* \+0\.1\. And more\."
    assert all("inconclusive" in line for line in lines[1:])


def test_a_page_chooses_and_a_control_stands_beside_its_claim(several):
    answer, beside = first_screen.answers(several, ["yes", "extra"]).data.splitlines()
    assert answer == r"- **Called supported.** *It helps:* \+0\.1\. And more\."
    assert beside == r"  - **Called refuted.** *It helps:* \+0\.1\."


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("held", ""),
        ("not decided again", "Fresh seeds alone point the same way, by less, and are too few"),
        ("contradicted", "Fresh seeds alone decide against it: +0.030 (−0.020 to 0.080)."),
    ],
)
def test_an_answer_says_that_fresh_seeds_did_not_bear_it_out(several, outcome, words):
    put({"yes": tried(outcome)}, several.found, "replication")
    (line,) = first_screen.answers(several, "yes").data.replace("\\", "").splitlines()
    answered = "- **Called supported.** *It helps:* +0.1. And more."
    assert line.startswith(f"{answered} {words}".rstrip())
    assert words or line == answered


def test_no_difference_in_another_metric_names_its_margin(several):
    claims = dict(several.found.claims)
    claims["yes"] = claims["yes"].model_copy(update={"verdict": "equivalent", "metric": "f1_gap"})
    put(claims, several.found, "claims")
    (line,) = first_screen.answers(several, "yes").data.replace("\\", "").splitlines()
    assert line.endswith("The effect is within ±0.02 (gap).")
    claims["yes"] = claims["yes"].model_copy(update={"metric": "ood_f1"})
    put(claims, several.found, "claims")
    assert "within" not in first_screen.answers(several, "yes").data


def test_a_claim_that_is_not_there_is_named_with_the_nearest(several):
    with pytest.raises(InputError, match=r"no claim 'yess'\. Did you mean 'yes'\?"):
        first_screen.answers(several, "yess")


def test_what_the_audit_objects_to_says_so(page):
    assert r"The audit objects\: no\-op\-arm\." in first_screen.answers(page()).data


def test_verdicts_are_counted_by_role_with_their_marks(several):
    assert first_screen.counts(several).data == (
        "7 primary claims: ●\N{NO-BREAK SPACE}**1** supported and ○\N{NO-BREAK SPACE}**6**"
        " undecided; 1 exploratory one: ◆\N{NO-BREAK SPACE}**1** refuted."
    )


def test_how_to_read_intervals_is_said_where_there_are_several(several, page):
    rule = "Verdicts allow for the number of claims; the intervals shown do not."
    assert first_screen.on_what(several).startswith(rule)
    assert rule not in first_screen.on_what(page())


@pytest.mark.parametrize(("others", "named"), [(0, 0), (1, 1), (2, 2), (3, 0)])
def test_few_verdicts_that_did_not_hold_on_fresh_seeds_are_named(several, others, named):
    outcomes = ["not decided again"] * others + ["held"] * 4
    standing = {f"open-{i}" if i < 6 else "yes": tried(one) for i, one in enumerate(outcomes)}
    claims = several.found.claims
    claims = {k: c.model_copy(update={"says": f"It is {k}."}) for k, c in claims.items()}
    put(claims, several.found, "claims")
    put(standing, several.found, "replication")
    said = first_screen.held(several).replace("\\", "")
    many = f"4 of {others + 4}" if others else "All 4"
    assert said.startswith(f"{many} decisive verdicts held on fresh seeds")
    assert said.count("“") == named
    assert ("on “It is open-0”" in said) == said.endswith("did not.") == (named > 0)


def test_what_could_not_be_tested_is_not_counted_as_undecided(several):
    claims = dict(several.found.claims)
    outcome = claims["open-0"].outcome.model_copy(update={"reason": "nothing was compared"})
    claims["open-0"] = claims["open-0"].model_copy(update={"outcome": outcome})
    put(claims, several.found, "claims")
    assert first_screen.counts(several).data.startswith(
        "7 primary claims: ●\N{NO-BREAK SPACE}**1** supported, ○\N{NO-BREAK SPACE}**5**"
        " undecided and **1** not tested; "
    )


def test_no_character_of_a_name_is_a_mark():
    assert first_screen.escaped("a_b *c* [d](e) <f>") == r"a\_b \*c\* \[d\]\(e\) \<f\>"
