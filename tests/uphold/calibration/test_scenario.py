"""What a case is made of: how its log is read, and what is true of its claims."""

import numpy as np

from uphold.calibration import tables
from uphold.calibration.scenario import STEP, family, one, spec


def test_one_claim_says_that_the_arms_differ_unless_another_is_given():
    case = one("a design", tables.arms(1, 3), 0.1)
    (claim,) = case.spec.claims.values()
    assert (claim.form, claim.expectation) == ("contrast", "difference")
    assert case.effect == {"claim": 0.1}
    other = one("a design", tables.arms(1, 3), bound={"at_least": 0.5})
    assert [claim.form for claim in other.spec.claims.values()] == ["bound"]


def test_a_family_has_a_claim_for_each_effect_and_so_many_are_primary():
    effects = np.array([0.0, 0.1, 0.2])
    case = family("a design", tables.tasks(effects, 3), effects, "task", primary=2)
    assert case.effect == {"claim 0": 0.0, "claim 1": 0.1, "claim 2": 0.2}
    assert [c.role for c in case.spec.claims.values()] == ["primary", "primary", "secondary"]
    assert [c.where for c in case.spec.claims.values()] == [{"task": i} for i in range(3)]
    against = family("a design", tables.variants(effects, 3), effects, "control")
    assert [c.contrast.to for c in against.spec.claims.values()] == [1, 2, 3]


def test_the_spec_reads_what_is_made_up():
    read = spec(["arm"], {"it": {"contrast": STEP}}, ("dataset", "seed"), margin=0.5)
    assert read.replicate == ("dataset", "seed") or list(read.replicate) == ["dataset", "seed"]
    assert read.metrics["score"].margin == 0.5 and read.claims["it"].metric == "score"
