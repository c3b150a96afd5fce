"""Claims about these items, and about items like these."""

from dataclasses import replace

import numpy as np
import pytest

from uphold.claims.items import Items, decided
from uphold.claims.judge import judge
from uphold.claims.looks import over_looks
from uphold.claims.spec import check_claim, read_spec
from uphold.errors import InputError
from uphold.statistics.items import ItemScores

from ..conftest import STEP, read_claim

RUNS, CLIPS = 16, 120
LIKE_THESE = "items-like-these"


@pytest.fixture
def known(log):
    """Return a function that gives the log with items: their spread, and their groups."""

    def make(spread, groups=0, group="recorder", seed=3):
        rng = np.random.default_rng(seed)
        mixup = log.scores.column("mixup").to_numpy(dtype=bool)
        own = spread * rng.normal(size=(2, CLIPS))[mixup.astype(int)]
        own += 0.01 * rng.normal(size=(RUNS, CLIPS))
        score = own - own.mean(axis=1, keepdims=True) + log.scores.values("f1")[:, None]
        of = np.arange(CLIPS) % groups if groups else np.zeros(CLIPS, dtype=int)
        items = {"f1": ItemScores(score, of, drawn=bool(groups))}
        return replace(log, items=Items("clip", items, group if groups else ""))

    return make


def numbers(o):
    return (o.value, o.se, o.df, o.p, o.ci_low, o.ci_high, o.scale, o.hedges_g, o.reason, o.takes)


def only(log, claim):
    return judge({"runs": log}, {"it": claim})["it"]


def test_what_items_add_is_known_beside_a_verdict_and_changes_nothing_of_it(log, known, claim):
    mine = claim(contrast=STEP, expect="increase")
    plain, told = only(log, mine), only(known(0.5), mine)
    assert numbers(plain.outcome) == numbers(told.outcome)
    assert (plain.verdict, plain.p_adjusted) == (told.verdict, told.p_adjusted)
    assert plain.outcome.items is None and plain.like_these is None and plain.over == ""
    assert told.outcome.items is not None
    assert told.sentence == plain.sentence.replace("4 seeds", "4 seeds, on these clips")


def test_a_claim_about_items_like_these_rests_on_both(known, claim):
    log = known(0.5)
    here = only(log, claim(contrast=STEP, expect="increase"))
    wide = only(log, claim(contrast=STEP, expect="increase", about=LIKE_THESE))
    assert (here.verdict, wide.verdict) == ("supported", "inconclusive")
    assert here.like_these == "inconclusive" == wide.like_these
    items = here.outcome.items.items
    assert wide.outcome.se**2 == pytest.approx(here.outcome.se**2 + items.variance - items.shared)
    assert wide.outcome.value == here.outcome.value
    assert wide.p_adjusted == pytest.approx(wide.outcome.p)
    assert "on clips like these)" in wide.sentence
    more = "More seeds would leave the part of the error that comes from the clips."
    assert wide.sentence.endswith(more)
    assert numbers(wide.here) == numbers(here.outcome)


def test_where_items_are_alike_the_verdict_stays(known, claim):
    j = only(known(0.02), claim(contrast=STEP, expect="increase", about=LIKE_THESE))
    assert j.verdict == "supported" == j.like_these


def test_nothing_is_surer_on_items_like_these(known, claim):
    log = known(0.05)
    mine = claim(contrast=STEP, expect="increase")
    outcome = only(log, mine).outcome
    # an error that items double: wider at 95 %, and with more degrees of freedom surer far out
    se = float(np.sqrt(outcome.items.items.variance / 4))
    far = replace(outcome, value=30 * se).with_error(se, 2.0)
    assert far.like_these().ci_low < far.ci_low and far.like_these().p < far.p
    assert decided(mine, far, 0.02, like_these=True)[0].p == far.p


def test_too_few_groups_have_no_test_and_say_so(known, claim):
    mine = claim(contrast=STEP, expect="increase", about=LIKE_THESE)
    j = only(known(0.02, groups=4), mine)
    assert j.verdict == "inconclusive" and not j.outcome.seeds_help
    assert "4 recorders cannot speak for others like them (16 runs, 4 seeds)" in j.sentence
    assert j.sentence.endswith("It takes at least 5 recorders, and no number of seeds.")
    assert j.like_these == "supported"  # as far as is known: other clips of these recorders
    enough = only(known(0.02, groups=5), mine)
    assert enough.verdict == "supported"
    assert "on clips and recorders like these" in enough.sentence


def test_where_seeds_have_items_of_their_own_claims_are_about_items_like_these(known, claim):
    log = known(0.05)
    seed = log.scores.column("seed").to_numpy()
    score = log.items.scores["f1"].score.copy()
    score[np.arange(CLIPS) % 4 != (seed - 1)[:, None]] = np.nan
    own = Items("clip", {"f1": ItemScores(score, np.zeros(CLIPS, dtype=int))})
    mine = claim(contrast=STEP, expect="increase")
    j = only(replace(log, items=own), mine)
    assert "on clips like these" in j.sentence
    other = only(replace(log, items=own), mine.model_copy(update={"about": LIKE_THESE}))
    assert (j.outcome.se, j.outcome.df) == (other.outcome.se, other.outcome.df)


def test_its_fragility_is_that_of_both_errors(known, claim):
    mine = claim(contrast=STEP, expect="increase", about=LIKE_THESE)
    log = known(0.02)
    test = mine.test(log, np.arange(RUNS))
    keep = np.arange(RUNS) > 3
    assert test.outcome(keep).items is not None
    assert claim(contrast=STEP).test(log, np.arange(RUNS)).outcome(keep).items is None


@pytest.mark.parametrize("form", [{"anova": {"over": "ratio"}}, {"bound": {"at_least": 0.5}}])
def test_a_form_without_an_error_over_items_is_refused(form):
    with pytest.raises(ValueError, match="leave 'about' out, or claim a contrast"):
        read_claim({"metric": "f1", "about": LIKE_THESE, **form})


def test_a_log_without_items_cannot_speak_of_others_like_them(log, known, claim):
    mine = claim(contrast=STEP, about=LIKE_THESE)
    unknown = r"claims\.it\.about is items-like-these, but what each test item adds to f1 is not"
    with pytest.raises(InputError, match=f"{unknown} known here: leave 'about' out"):
        only(log, mine)
    with pytest.raises(InputError, match="adds to f1 is known of accuracy, recall alone: leave"):
        check_claim(mine, ["f1"], ["mixup", "ratio"], "it", {"recall", "accuracy"})
    check_claim(mine, ["f1"], ["mixup", "ratio"], "it", known(0.1).items.scores)


def test_a_spec_of_anyones_log_is_refused_by_its_key():
    text = """
replicate: seed
factors: [mixup]
metrics: {f1: {label: F1, better: higher, margin: 0.02}}
primary: f1
claims:
  helps: {metric: f1, contrast: {factor: mixup, from: false, to: true}, about: items-like-these}
"""
    with pytest.raises(InputError, match=r"^spec.yaml: claims.helps.about is items-like-these"):
        read_spec(text, "spec.yaml")


def test_looks_spend_the_level_of_either(known, claim):
    log = replace(known(0.02), looks=(4, 8))
    mine = claim(contrast=STEP, expect="increase", about=LIKE_THESE)
    j = only(log, mine)
    (direction, _) = over_looks(decided(mine, j.here, 0.02), log.looks, 4)
    assert j.p_adjusted == pytest.approx(direction.p)
