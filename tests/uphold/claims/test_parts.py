"""Parts of runs that are taken for units: which they are, and that no claim is decided by them."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from uphold.audits import audit
from uphold.claims.judge import judge
from uphold.claims.parts import taken_for_unit
from uphold.runlog.plan import plan
from uphold.runlog.read import read

from ..conftest import OF_EACH_FORM, STEP, read_claim

LOGS = Path(__file__).parents[4] / "shared" / "data" / "logs"
FORMS = OF_EACH_FORM | {"none": {"contrast": STEP, "expect": "no-effect"}}


def logged(part: str, unit: str = "seed") -> pd.DataFrame:
    rows = itertools.product((False, True), (0, 0.5), (1, 2, 3), range(8))
    found = pd.DataFrame(rows, columns=["mixup", "ratio", unit, part])
    noise = np.sin(np.arange(96)) / 100
    return found.assign(f1=0.5 + 0.1 * found.mixup + noise)


def claims() -> dict:
    return {name: read_claim({"metric": "f1", **form}) for name, form in FORMS.items()}


@pytest.mark.parametrize("factors", [["mixup", "ratio"], ["mixup", "ratio", "seed"]])
@pytest.mark.parametrize("part", ["episode", "rollout", "eval_round", "iteration"])
def test_no_claim_gets_a_verdict_from_parts_of_runs(make, part, factors):
    log = make(logged(part), factors, replicate=part)
    assert taken_for_unit(log.scores).unit == "seed"
    judged = judge({"runs": log}, claims())
    assert {j.verdict for j in judged.values()} == {"inconclusive"}
    for j in judged.values():
        assert np.isnan(j.outcome.p) and np.isnan(j.outcome.ci_low)
        assert "of one seed" in j.outcome.reason and "no units" in j.outcome.reason
        assert f"`replicate: [seed, {part}]`" in j.outcome.takes and not j.outcome.seeds_help
    (flag,) = [f for f in audit(log, claims()) if f.check == "not-a-unit"]
    assert set(flag.claims) == set(FORMS)
    assert [step.what for step in plan(log, judged, [flag])] == [
        "nothing, before the spec names the unit"
    ]


def test_by_seed_they_are_judged(make):
    log = make(logged("episode"), ["mixup", "ratio"], replicate=["seed", "episode"])
    assert judge({"runs": log}, claims())["contrast"].outcome.n == 3


@pytest.mark.skipif(not LOGS.is_dir(), reason="the logs are not here")
@pytest.mark.parametrize(("name", "p"), [("08", 0.448), ("08b", 0.496)])
@pytest.mark.parametrize("replicate", ["episode", "[seed, episode]", "seed"])
def test_the_archived_episodes(tmp_path, name, p, replicate):
    text = (LOGS / f"{name}.yaml").read_text().replace(", seed]", "]")
    spec = tmp_path / "spec.yaml"
    spec.write_text(text.replace("replicate: episode", f"replicate: {replicate}"))
    found = read(LOGS / f"{name}.csv", spec)
    described, log = found.spec, found.log
    (found,) = judge({"runs": log}, described.claims).values()
    if replicate == "episode":
        assert found.verdict == "inconclusive" and "no units" in found.outcome.reason
    else:
        assert (found.outcome.n, found.outcome.p) == (2, pytest.approx(p, abs=5e-4))
