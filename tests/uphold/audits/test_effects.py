import itertools

import numpy as np
import pandas as pd

from uphold.audits.effects import heterogeneous_effect

from .conftest import flags

WIDER = {"factor": "width", "from": 64, "to": 512}


def over_sets(effects: list[float], seeds: int = 8, noise: float = 0.002) -> pd.DataFrame:
    """Return runs on several data sets, each with an effect of its own."""
    rows = itertools.product(range(len(effects)), (64, 512), range(seeds))
    found = pd.DataFrame(rows, columns=["dataset", "width", "seed"])
    effect = np.array(effects)[found.dataset] * (found.width == 512)
    drawn = np.random.default_rng(3).normal(scale=noise, size=len(found))
    return found.assign(f1=0.7 + effect + drawn, dataset="d" + found.dataset.astype(str))


def test_an_effect_that_turns_round_is_named_with_its_contexts(make, claim):
    log = make(over_sets([0.03, -0.03]), ["dataset", "width"])
    about = {"it": claim(contrast=WIDER, expect="no-effect")}
    found = flags(log, about)["heterogeneous-effect"]
    assert (found.severity, found.count, found.claims) == ("warning", 1, ("it",))
    assert "+0.031 with dataset d0, −0.030 with dataset d1 (p\u00a0<\u00a0.001)" in found.message
    assert "`where:`" in found.message


def test_one_context_that_makes_the_whole_effect_is_named(make, claim):
    log = make(over_sets([0.1, 0, 0]), ["dataset", "width"])
    found = flags(log, {"it": claim(contrast=WIDER)})["heterogeneous-effect"]
    assert "One context makes the effect" in found.message and "dataset d0" in found.message


def test_one_effect_everywhere_is_no_flag(make, claim):
    log = make(over_sets([0.03, 0.03, 0.03]), ["dataset", "width"])
    about = {"it": claim(contrast=WIDER), "among": claim(anova={"over": "width"})}
    assert "heterogeneous-effect" not in flags(log, about)


def test_noise_is_no_difference_however_many_claims_there_are(make, claim):
    """Noise beyond the margin, so that p alone decides: ten claims, each about runs of its own."""
    about = {f"c{i}": claim(contrast=WIDER, where={"part": i}) for i in range(10)}
    alarms = 0
    for seed in range(25):
        table = pd.concat([over_sets([0, 0], seeds=4).assign(part=i) for i in range(10)])
        noise = np.random.default_rng(seed).normal(scale=0.1, size=len(table))
        log = make(table.assign(f1=noise), ["dataset", "width", "part"])
        alarms += heterogeneous_effect(log, about) is not None
    assert alarms <= 3
