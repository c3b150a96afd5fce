"""What a page says of a larger scale, from a file that is read as pages read it."""

import json

import pytest

from uphold.analysis.larger import kept
from uphold.errors import InputError
from uphold.pages import advice, first_screen, larger, say
from uphold.pages.writeup import Page

from ...partly import put
from .conftest import cells

TURNS = "No advice: it turns round at a larger scale."
UP = {"value": 0.1, "ci_low": 0.08, "ci_high": 0.12}
DOWN = {"value": -0.1, "ci_low": -0.12, "ci_high": -0.08}
AROUND = {"value": 0.0, "ci_low": -0.03, "ci_high": 0.03}
SIZES = {
    "classes": {"of": "data", "here": 8, "full": 24},
    "training frames": {"of": "data", "here": 3200, "full": 312000},
    "stem_width": {"of": "network", "here": 32, "full": 64},
    "epochs": {"of": "training", "here": 12, "full": 50},
}
MORE = {
    "training frames": {"of": "data", "here": 12800, "full": 312000},
    "stem_width": {"of": "network", "here": 32, "full": 64},
    "epochs": {"of": "training", "here": 24, "full": 50},
}


def judged(found: Page, verdict: str, estimate=UP, **changed) -> Page:
    """Give a page one claim with a verdict."""
    claim = {
        **{"says": "Mixup helps.", "sweep": "toy", "metric": "ood_f1", "role": "primary"},
        **{"form": "contrast", "test": "a digest", "direction": 0, "beyond": False},
        **{"verdict": verdict, "p_adjusted": 0.01, "fragile": False, "sentence": "It does."},
        **{"brief": "Yes.", "in_margins": {"value": 5, "ci_low": 4, "ci_high": 6, "claimed": 0}},
        "outcome": {**estimate, "anova": None, "ratio": False, "seeds": 3, "reason": ""},
    }
    put({"mixup": claim | changed}, found.found, "claims")
    put({}, found.found, "audit")
    return found


def apart(found: Page) -> Page:
    """Give the ratio, whose arms are one arm in these runs, an effect of its own."""
    for effect in found.found.sweeps["toy"].effects["ood_f1"]:
        if effect.factor == "upsampling_ratio":
            for part, value in (("value", 0.001), ("ci_low", -0.001), ("ci_high", 0.003)):
                put(value, effect, part)
    return found


@pytest.fixture
def tried(page):
    """Return a function that gives a page beside which a larger one was kept."""

    def of(
        here: float = 0.1, there: float = 0.1, verdicts=("supported", "supported"), estimate=UP,
        **changed,
    ) -> Page:  # fmt: skip
        other = apart(judged(page(there), verdicts[1], estimate, **changed))
        put("medium", other.found, "scale")
        put(MORE, other.found, "sizes")
        found = apart(judged(page(here), verdicts[0]))
        put(SIZES, found.found, "sizes")
        what = kept(
            other.found, {"toy": ["a", "b"]}, {"epochs": (12, 24)}, commit="c0ffee", data="d"
        )
        folder = found.folder / "sweeps" / "toy"
        folder.mkdir(parents=True, exist_ok=True)
        (found.folder / "larger.json").write_text(json.dumps(what.dumped()))
        return found

    return of


def test_signs_that_agree_are_counted_and_how_much_larger_it_was_is_told(tried):
    found = tried()
    assert larger.sentence(found) == (
        "At scale medium there are 12,800 training frames instead of 3,200 and 24 epochs instead of"
        " 12. There both effects have the same sign. 1"
        " effect can be told from zero at one scale at least; it keeps its sign."
    )
    assert larger.of_verdicts(found) == (
        "There, the one claim that is decided here is decided alike."
    )
    assert larger.head(found) == ""
    assert advice.given(found, ["mixup"], "use it") == "use it"
    assert cells(larger.table(found))[0][0] == "mixup: off → on"
    assert cells(larger.table(found))[0][3] == "same sign"


def test_arms_that_are_one_arm_have_no_effect_to_compare(tried, page):
    assert [row[0] for row in cells(larger.table(tried()))] == [
        "mixup: off → on",
        "upsampling ratio: 0 → 0.5",
    ]
    again = judged(page(0.1), "supported")
    put(SIZES, again.found, "sizes")
    assert [row[0] for row in cells(larger.table(again))] == ["mixup: off → on"]
    assert "There the one effect keeps its sign." in larger.sentence(again)


def test_a_conclusion_that_turns_round_is_no_advice_and_stands_in_the_head(tried):
    found = tried(there=-0.1, verdicts=("supported", "refuted"), estimate=DOWN)
    assert cells(larger.table(found))[0][3] == "turns round"
    assert "1 of 2 effects has the same sign" in larger.sentence(found)
    assert larger.sentence(found).endswith(
        "it has the opposite sign at the other, clearly so at both."
    )
    assert advice.given(found, ["mixup"], "use it") == TURNS
    says = "One conclusion turns round at a larger scale: the verdict on “Mixup helps”."
    assert say.made_by(found).endswith(f"{says} No advice is given on that.")
    assert larger.of_verdicts(found).endswith(says)
    (answer,) = first_screen.answers(found).data.splitlines()
    assert "*Mixup helps:*" in answer
    assert answer.endswith(r"It turns round at a larger scale\.")


def test_advice_on_what_is_open_at_the_larger_scale_says_so(tried):
    found = tried(verdicts=("supported", "inconclusive"), estimate=AROUND)
    assert advice.given(found, ["mixup"], "use it") == "use it. Not confirmed at a larger scale."
    assert larger.head(found) == ""
    assert "is not confirmed" in larger.of_verdicts(found)


def test_an_open_claim_whose_interval_is_on_the_other_side_turns_round(tried):
    found = tried(verdicts=("supported", "inconclusive"), estimate=DOWN)
    assert advice.given(found, ["mixup"], "use it") == TURNS


@pytest.mark.parametrize(
    ("there", "says"),
    [
        ({"value": -0.01, "ci_low": -0.04, "ci_high": 0.02}, True),
        ({"value": 0.01, "ci_low": -0.02, "ci_high": 0.04}, False),
    ],
)
def test_an_effect_whose_sign_changes_is_no_advice_though_nothing_is_decided_there(
    tried, there, says
):
    found = tried(verdicts=("supported", "inconclusive"), estimate=there)
    why = "No advice: at a larger scale the effect points the other way."
    assert (advice.given(found, ["mixup"], "use it") == why) == says
    (answer,) = first_screen.answers(found).data.replace("\\", "").splitlines()
    words = (
        "At a larger scale the effect points the other way, undecided: −0.010 (−0.040 to 0.020)."
    )
    assert answer.endswith(words) == says


@pytest.mark.parametrize(
    ("part", "value"),
    [("in_margins", {"claimed": -0.15}), ("estimates", "mean"), ("in_margins", None)],
)
def test_where_a_limit_decides_a_sign_says_nothing(tried, part, value):
    there = {"value": -0.01, "ci_low": -0.04, "ci_high": 0.02}
    found = tried(verdicts=("supported", "inconclusive"), estimate=there)
    assert larger.sign_differs(found, "mixup")
    put(value, found.found.claims["mixup"], part)
    assert not larger.sign_differs(found, "mixup")


def test_what_is_around_zero_here_has_no_sign_to_change(tried):
    there = {"value": -0.01, "ci_low": -0.04, "ci_high": 0.02}
    found = tried(verdicts=("equivalent", "inconclusive"), estimate=there)
    for part, value in (("value", 0.001), ("ci_low", -0.01), ("ci_high", 0.012)):
        put(value, found.found.claims["mixup"], "outcome", part)
    assert not larger.sign_differs(found, "mixup")


@pytest.mark.parametrize("changed", [{"test": "another"}, {"says": "x", "test": ""}])
def test_a_claim_with_another_test_counts_as_not_tried(tried, changed):
    found = tried(verdicts=("supported", "refuted"), estimate=DOWN, **changed)
    assert advice.given(found, ["mixup"], "use it") == "use it"
    assert larger.of_verdicts(found) == (
        "No claim that is decided here was tried there as it now stands."
    )


def test_a_sweep_with_other_levels_counts_as_not_tried(tried):
    found = tried(there=-0.1, verdicts=("supported", "refuted"), estimate=DOWN)
    path = found.folder / "larger.json"
    values = json.loads(path.read_text())
    values["sweeps"]["toy"]["design"] = "of other arms"
    path.write_text(json.dumps(values))
    assert {row[3] for row in cells(larger.table(found))} == {"not tried"}
    assert "None of the effects below was tried there" in larger.sentence(found)
    assert advice.given(found, ["mixup"], "use it") == "use it"


def test_a_step_that_was_renamed_counts_as_not_tried(tried):
    found = tried()
    path = found.folder / "larger.json"
    values = json.loads(path.read_text())
    (first, *_) = values["sweeps"]["toy"]["effects"].values()
    first["factor"] = "blending"
    path.write_text(json.dumps(values))
    assert [row[3] for row in cells(larger.table(found))] == ["not tried", "same sign"]
    assert larger.sentence(found).endswith("1 effect was not tried there in its present form.")


@pytest.mark.parametrize("text", [None, "{}"])
def test_without_the_file_nothing_was_tried_and_advice_stays(page, text):
    found = judged(page(), "supported")
    if text:
        found.folder.mkdir(parents=True, exist_ok=True)
        (found.folder / "larger.json").write_text(text)
    assert larger.sentence(found).startswith("This was not tried at a larger scale: python bench")
    assert larger.of_verdicts(found) == larger.head(found) == ""
    assert not larger.turns_round(found, "mixup")
    assert advice.given(found, ["mixup"], "use it") == "use it"
    assert cells(larger.table(found)) == [["–", "none was tried at a larger scale"]]
    assert larger.figure(found)._repr_svg_()


def test_a_file_made_otherwise_is_refused(tried):
    found = tried()
    (found.folder / "larger.json").write_text('{"scale": "medium", "verdict": "fine"}')
    with pytest.raises(InputError, match=r"larger\.json is not as this version writes it"):
        larger.sentence(found)


def test_several_claims_and_effects_are_counted(tried):
    found = tried()
    claims = dict(found.found.claims)
    put(claims | {"again": claims["mixup"]}, found.found, "claims")
    path = found.folder / "larger.json"
    values = json.loads(path.read_text())
    opened = values["claims"]["mixup"] | {"verdict": "inconclusive", "ci_low": -0.1}
    values["claims"]["again"] = opened
    path.write_text(json.dumps(values))
    assert larger.of_verdicts(found) == (
        "Of the 2 claims that are decided here and were tried there, 1 is decided alike, 1 is not"
        " confirmed and none turns round."
    )


def test_effects_that_change_their_sign_are_counted_by_how_clearly(tried, monkeypatch):
    found = tried()
    (one, *_) = larger._effects(found)

    def said(*signs: str) -> str:
        monkeypatch.setattr(larger, "_effects", lambda _: [one._replace(signs=s) for s in signs])
        return larger.sentence(found).partition("signs. ")[2] or larger.sentence(found)

    same, differs, turns = "same sign", "sign differs", "turns round"
    for signs, end in (
        (
            [same] * 3,
            "3 effects can be told from zero at one scale at least; all keep their signs.",
        ),
        ([same, differs], "1 of them has the opposite sign at the other, though not clearly so at"),
        ([differs] * 2, "both have the opposite sign at the other, though not clearly so at both."),
        (
            [same, turns, turns],
            "2 of them have the opposite sign at the other, clearly so at both.",
        ),
        (
            [turns, differs],
            "both have the opposite sign at the other, 1 of these clearly so at both.",
        ),
    ):
        assert end in said(*signs)


def test_the_figure_has_both_scales(tried):
    drawn = larger.figure(tried())
    assert [text.get_text() for text in drawn.legends[0].get_texts()] == ["quick", "medium"]
    note = larger.figure(tried()).get_suptitle().replace("\n", " ")
    assert "95 % intervals over 3 seeds at scale quick, 95 % intervals over 3 seeds at" in note


def test_the_head_says_what_is_less_than_at_scale_full(tried):
    found = tried()
    assert larger.smaller(found) == (
        "Scale quick has 8 of 24 classes and 3,200 of 312,000 training"
        " frames. Its networks have half the width."
    )
    assert larger.smaller(found) in say.made_by(found)
    for width, says in ((48, "75 % of the width"), (8, "an eighth of the width")):
        put(
            SIZES | {"stem_width": {"of": "network", "here": width, "full": 64}},
            found.found,
            "sizes",
        )
        assert larger.smaller(found).endswith(f"Its networks have {says}.")
    put(SIZES | {"heads": {"of": "network", "here": 1, "full": 4}}, found.found, "sizes")
    assert larger.smaller(found).endswith("Its networks have as little as a quarter of the width.")
    put({}, found.found, "sizes")
    assert larger.smaller(found) == ""
