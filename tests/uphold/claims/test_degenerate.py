"""Every form of claim about every kind of log that decides nothing: what is printed."""

import re

import numpy as np
import pandas as pd
import pytest

from uphold.claims.judge import judge
from uphold.format import use_names
from uphold.testing.mutation import perturbed

from ..conftest import STEP
from . import test_sentences
from .test_sentences import RESULT

FORMS = test_sentences.FORMS | {
    f"stability, {expect}": {"stability": STEP, "expect": expect}
    for expect in ("decrease", "no-increase")
}


def one_arm(table: pd.DataFrame) -> pd.DataFrame:
    """Leave the runs with mixup one seed, the others all four."""
    return table[~table.mixup | (table.seed == 1)]


LOGS = {
    "no scores": lambda t: t.assign(f1=np.nan),
    "no scores with mixup": lambda t: t.assign(f1=t.f1.where(~t.mixup)),
    "one run": lambda t: t[:1],
    "one seed": lambda t: t[t.seed == 1],
    "one seed with mixup": one_arm,
    "no common seed": lambda t: t.assign(seed=t.seed + 10 * t.mixup),
    "a seed for each run": lambda t: t.assign(seed=range(len(t))),
    "two seeds": lambda t: t[t.seed < 3],
    "one level": lambda t: t[t.mixup],
    "one configuration": lambda t: t[t.mixup & (t.ratio == 0)],
    "no level at all": lambda t: t.assign(mixup=None),
    "half without a level": lambda t: t.assign(mixup=t.mixup.where(t.ratio > 0)),
    "one score": lambda t: t.assign(f1=0.6),
    "the same differences": lambda t: t.assign(f1=0.6 + 0.01 * t.seed + 0.005 * t.mixup),
    "no difference": lambda t: t.assign(f1=0.6 + 0.01 * t.seed),
    "much noise": lambda t: t.assign(f1=np.random.default_rng(1).normal(0.6, 5, len(t))),
    "endless noise": lambda t: t.assign(f1=np.random.default_rng(1).normal(0, 1e6, len(t))),
}
COUNTED = r"\d+ runs?, [1-9]\d* seeds?"
WRONG = re.compile(
    r"nan|None|inf\b|\.\.|[{}]|\b1 (claims|runs|seeds|levels|configurations|means|intervals|matched"
    r" (pairs|differences)|unmatched values)\b|  |\( |\(\)|: \.|−0\.?0*\b(?![.\d])"
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("log", LOGS)
def test_what_is_printed_is_a_sentence_and_no_result(table, relog, claim, form, log):
    parts = {**FORMS[form], "says": "It is so."}
    j = judge({"runs": relog(LOGS[log](table))}, {"it": claim(**parts)})["it"]
    measured = j.sentence.split(" Depends on")[0]
    assert not WRONG.search(j.sentence), j.sentence
    assert re.fullmatch(r"([A-Z].*\.)( [A-Z].*\.)*", j.sentence), j.sentence
    assert "F1" in measured and bool(j.outcome.seeds) == bool(re.search(COUNTED, measured))
    if j.verdict == "inconclusive":
        assert measured.startswith("Undecided. ") and not RESULT.search(measured)
        planned = r"would take|Even 100 seeds are too few to|No number of seeds (decides|shows) it"
        assert re.search(planned, measured), measured
        plan = re.search(
            r"power(, if [^,]+,)? would take|Even \d+ seeds are too few to .* power", measured
        )
        assert (j.seeds_needed is None) == (plan is None)
        assert not j.outcome.reason or np.isnan([j.outcome.p, j.outcome.ci_low]).all()
    else:
        assert not j.outcome.reason and "would take" not in measured


@pytest.mark.parametrize("log", ["no scores", "one run", "one seed", "one score"])
@pytest.mark.parametrize("form", FORMS)
def test_such_logs_support_nothing(table, relog, claim, form, log):
    j = judge({"runs": relog(LOGS[log](table))}, {"it": claim(**FORMS[form])})["it"]
    assert j.verdict == "inconclusive"


def test_more_than_a_hundred_seeds_are_not_planned_for(log, claim):
    c = claim(contrast=STEP, expect="increase")
    j = judge({"runs": perturbed(log, c, 0.0, 1e6)}, {"it": c})["it"]
    assert j.sentence.endswith(
        "Even 100 seeds are too few to see a change of 0.02 with 80 % power."
    )


def test_what_is_replicated_is_told_by_its_name(table, relog, claim):
    """A column's name is no word; see `uphold.format.use_names`."""
    use_names({"seed": "tested fold"})
    try:
        for log in ("no scores", "one seed", "one score"):
            j = judge({"runs": relog(LOGS[log](table))}, {"it": claim(contrast=STEP)})["it"]
            assert "seed" not in j.sentence and "tested fold" in j.sentence, j.sentence
    finally:
        use_names({})
