"""One question has one p: in a claim, in the table of effects, in every breakdown."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest

from uphold.analysis.analyze import analyze
from uphold.analysis.model.runs import Design, SweepFound
from uphold.analysis.moderated import effects, with_moderated
from uphold.claims.judge import judge, pools_of
from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.claims.moderation import Pools
from uphold.randomness import generator
from uphold.statistics.estimate import interval_half_width
from uphold.statistics.scores import Scores

from ..conftest import read_claim
from .promoted import PROMOTED

METRICS = {
    "accuracy": Metric(
        label="accuracy",
        better="higher",
        margin=0.01,
        items=40,
        bands={"low": "accuracy_low", "high": "accuracy_high"},
    ),
    "accuracy_low": Metric(label="low", better="higher", margin=0.01, items=30),
    "accuracy_high": Metric(label="high", better="higher", margin=0.01, items=10),
}
FACTORS = {"size": list("abcdefghijkl"), "mixup": [False, True], "noise": [0, 1]}
SWITCHES = {
    "mixup": {"factor": "mixup", "from": False, "to": True},
    "noise": {"factor": "noise", "from": 0, "to": 1},
}
SIZE = {"factor": "size", "from": "a", "to": "d"}
CLAIMS = {
    "mixup": {"contrast": SWITCHES["mixup"]},
    "size": {"contrast": SIZE},
    "low": {"contrast": SIZE, "metric": "accuracy_low"},
    "both": {"interaction": {"of": SWITCHES["mixup"], "with": SWITCHES["noise"]}},
}


@pytest.fixture(scope="module")
def found():
    """A sweep of three factors as it is judged: its claims, and what it says before and after."""
    draw = generator(0, "moderated")
    rows = itertools.product(*FACTORS.values(), (1, 2, 3))
    table = pd.DataFrame(rows, columns=[*FACTORS, "seed"])
    for band, lift in (("accuracy_low", 0.03), ("accuracy_high", 0.0)):
        noise = draw.normal(0, 0.02, len(table))
        table[band] = 0.6 + noise + lift * (table["size"] == "d") + 0.02 * table["mixup"]
    table["accuracy"] = (30 * table["accuracy_low"] + 10 * table["accuracy_high"]) / 40
    named = [" ".join(map(str, row)) for row in table[list(FACTORS)].itertuples(index=False)]
    table = table.assign(configuration=named, status="ok", failure=None)
    table["run"] = table["configuration"] + ", seed=" + table["seed"].astype(str)
    log = Log(Scores(table, tuple(FACTORS), "seed", run="run"), METRICS)
    design = Design(title="A sweep", kind="grid", levels=FACTORS)
    alone = analyze(log, "accuracy", design, PROMOTED)
    beside = list(effects("s", alone, "accuracy"))
    claims = {
        name: read_claim({"metric": "accuracy", "expect": "difference", **parts})
        for name, parts in CLAIMS.items()
    }
    judged = judge({"s": log}, claims, beside=beside)
    pools = pools_of(judged, beside)
    return judged, alone, with_moderated("s", alone, "accuracy", METRICS, pools)


def move(found: SweepFound, metric: str, factor: str, to: object):
    (one,) = (e for e in found.effects[metric] if (e.factor, e.to) == (factor, to))
    return one


SHOWN = ("value", "p", "se", "df", "ci_low", "ci_high", "n")


def shown(effect) -> tuple:
    return tuple(getattr(effect, name) for name in SHOWN)


def test_a_claim_and_the_table_of_effects_say_the_same(found):
    judged, _, after = found
    assert shown(judged["mixup"].outcome) == shown(move(after, "accuracy", "mixup", True))
    assert shown(judged["size"].outcome) == shown(move(after, "accuracy", "size", "d"))
    assert shown(judged["low"].outcome) == shown(move(after, "accuracy_low", "size", "d"))


def test_a_claim_and_the_table_of_interactions_say_the_same(found):
    judged, _, after = found
    (one,) = (i for i in after.interactions if {i.of, i.by} == {"mixup", "noise"})
    assert shown(judged["both"].outcome) == shown(one)


def test_what_adds_up_says_what_effects_and_interactions_do(found):
    _, _, after = found
    gains = after.additivity.in_company
    (one,) = (i for i in after.interactions if {i.of, i.by} == {"mixup", "noise"})
    assert set(gains) == {"mixup", "noise"} and after.additivity.alone.keys() == gains.keys()
    # With two factors the excess over single gains is their interaction.
    excess = after.additivity.excess
    same = ("value", "p", "se", "df")
    assert [getattr(excess, n) for n in same] == pytest.approx([getattr(one, n) for n in same])
    assert one.df > 2


def test_errors_are_other_than_an_effect_s_own_and_values_are_not(found):
    _, alone, after = found
    pairs = list(zip(effects("s", alone, "accuracy"), effects("s", after, "accuracy"), strict=True))
    assert len(pairs) > 30
    for (_, before), (_, now) in pairs:
        assert (now.value, now.n, now.runs) == (before.value, before.n, before.runs)
        assert now.df >= before.df
        # Symmetric about the value, and never found by what others tell alone.
        assert now.ci_low + now.ci_high == pytest.approx(2 * now.value)
        assert now.p >= 0.05 or before.p < 0.05
    assert sum(now.df > before.df for (_, before), (_, now) in pairs) > 20


def test_the_parts_of_a_step_still_add_up(found):
    _, alone, after = found
    assert len(after.breakdowns["accuracy"]) == len(after.effects["accuracy"]) == 13
    for before, step in zip(
        alone.breakdowns["accuracy"], after.breakdowns["accuracy"], strict=True
    ):
        whole = move(after, "accuracy", step.factor, step.to)
        assert step.sum == before.sum == pytest.approx(whole.value)
        for name in ("low", "high", "overall"):
            part = step.parts[name]
            assert part.share == {"low": 0.75, "high": 0.25, "overall": 1}[name]
            for end in ("value", "ci_low", "ci_high", "se"):
                scaled = part.share * getattr(part.difference, end)
                assert getattr(part.contribution, end) == pytest.approx(scaled), (name, end)
            assert (part.contribution.p, part.contribution.df) == (
                *(part.difference.p, part.difference.df),
            )


def test_the_bands_of_a_step_have_the_errors_of_their_own_metrics(found):
    _, _, after = found
    for step in after.breakdowns["accuracy"]:
        whole = move(after, "accuracy", step.factor, step.to)
        assert shown(step.parts["overall"].difference) == pytest.approx(shown(whole))
        for band in ("low", "high"):
            single = move(after, f"accuracy_{band}", step.factor, step.to)
            assert shown(step.parts[band].difference) == pytest.approx(shown(single))


def test_how_much_each_run_counts_is_not_written(found):
    _, _, after = found
    assert move(after, "accuracy", "mixup", True).loading.run.size == 144
    written = json.dumps(after.dumped(), allow_nan=False)
    assert "loading" not in written and '"scale"' in written
    assert SweepFound.model_validate(json.loads(written)).dumped() == after.dumped()


def test_an_effect_without_an_error_stays_as_it_is(make):
    table = pd.DataFrame({"mode": ["a", "b"] * 2, "seed": [1, 1, 2, 2]})
    log = make(table.assign(f1=[0.5, 0.6, 0.5, np.nan]), ["mode"])
    alone = analyze(log, "f1")
    beside = list(effects("runs", alone, "f1"))
    after = with_moderated("runs", alone, "f1", log.metrics, pools_of({}, beside))
    assert after == alone and after.effects["f1"][0].p is None


def test_what_would_be_found_by_what_it_borrows_alone_keeps_its_error(make):
    """In tables as in claims: the interval of every effect follows from its error."""
    draw, kept = generator(0, "noisy"), 0
    rows = itertools.product("abcdefghijkl", (1, 2, 3))
    table = pd.DataFrame(rows, columns=["size", "seed"])
    sd = np.where(table["size"] == "b", 0.04, 0.01)
    for _ in range(25):
        log = make(table.assign(f1=0.6 + draw.normal(0, sd)), ["size"])
        alone = analyze(log, "f1")
        pools = Pools(effects("s", alone, "f1"))
        after = with_moderated("s", alone, "f1", log.metrics, pools)
        for own, one in zip(alone.effects["f1"], after.effects["f1"], strict=True):
            half = interval_half_width(one.se, one.df)
            assert one.ci_high - one.value == pytest.approx(half)
            kept += own == one
    assert kept
