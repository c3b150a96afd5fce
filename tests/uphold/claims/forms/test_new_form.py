"""A kind of claim that no other file knows: parsed, judged, worded, audited and made to fail.

All that it takes is the class below, and its place in the list of forms.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import chi2

from uphold.analysis.findings import findings
from uphold.audits import audit
from uphold.claims import forms
from uphold.claims.claim import Claim
from uphold.claims.expectations import Decision, Expected
from uphold.claims.judge import judge
from uphold.claims.levels import Level
from uphold.claims.outcomes import Outcome, judged_by
from uphold.claims.spec import Spec, read_spec
from uphold.claims.untestable import one_seed
from uphold.claims.wording import number, where_text
from uphold.errors import InputError
from uphold.pipeline.judged import Judged
from uphold.runlog.make_log import make_log
from uphold.statistics.scores import codes
from uphold.testing.mutation import perturbed, reachable
from uphold.validation import Settings, validated

NARROW = Expected(
    lambda o, margin: (Decision("supported", o.inside_p), Decision("refuted", o.outside_p)),
    "bound",
    "tell the spread from the limit at a distance of ",
)


class Spread(Settings):
    at_most: float


class SpreadClaim(Claim):
    """The SD between the seeds of a configuration is at most so large."""

    form: ClassVar[str] = "spread"
    spread: Spread

    @property
    def expected(self) -> Expected:
        return NARROW

    def test(self, log, alike):
        rows = np.flatnonzero(self.rests_on(log.scores) & ~np.isnan(log.scores.values(self.metric)))
        return SpreadTest(log, self.metric, self.spread.at_most, rows)

    def shown(self, outcome, metric):
        return f"spread {outcome.value:.2f}"

    def measured(self, j):
        low, high = (number(x, j.metric.margin) for x in (j.outcome.ci_low, j.outcome.ci_high))
        size = {"supported": "at most", "refuted": "more than"}.get(j.verdict, "perhaps not")
        return (
            f"The SD of {j.metric.label} between seeds{where_text(self.where)} is {size}"
            f" {self.spread.at_most:g} (95 % interval {low} to {high}; {{runs}})."
        )

    def shape(self, log):
        return np.where(codes(log.scores.table, [log.scores.replicate]) % 2, 1.0, -1.0)


class SteadierClaim(SpreadClaim):
    """Seeds are steadier from one level to the next, in the order in which it names them."""

    form: ClassVar[str] = "steadier"
    spread: Spread = Spread(at_most=1)
    steadier: list[Level]


@dataclass(frozen=True)
class SpreadTest:
    log: object
    metric: str
    limit: float
    rows: np.ndarray

    def outcome(self, keep=None, draws=0):
        scores = self.log.scores
        rows = self.rows if keep is None else self.rows[keep[self.rows]]
        cell, values = scores.cells()[rows], scores.values(self.metric)[rows]
        mean = np.bincount(cell, values) / np.maximum(np.bincount(cell), 1)
        squares, df = ((values - mean[cell]) ** 2).sum(), rows.size - len(set(cell))
        seeds = len(set(codes(scores.table, [scores.replicate])[rows]))
        low, high = np.sqrt(squares / chi2.ppf([0.975, 0.025], max(df, 1)))
        found = Outcome(
            value=np.sqrt(squares / max(df, 1)), ci_low=low, ci_high=high, p=np.nan, se=np.nan,
            df=df, n=rows.size, runs=rows.size, seeds=seeds, method="χ²", limit=self.limit,
            inside_p=chi2.cdf(squares / self.limit**2, max(df, 1)),
            outside_p=chi2.sf(squares / self.limit**2, max(df, 1)),
        )  # fmt: skip
        return judged_by(found, one_seed("runs", scores.replicate) if seeds < 2 else None)


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(forms.FORMS, "spread", SpreadClaim)


@pytest.fixture
def spec(values) -> Spec:
    claims = {
        "steady": {"metric": "f1", "spread": {"at_most": 0.01}, "says": "It is steady."},
        "half": {"metric": "f1", "spread": {"at_most": 0.0001}, "where": {"ratio": 0.5}},
        "helps": {"metric": "f1", "contrast": {"factor": "mixup", "from": False, "to": True}},
    }
    return read_spec(yaml.safe_dump({**values, "claims": claims}, sort_keys=False), "spec.yaml")


def test_it_is_read_from_a_spec(spec):
    assert isinstance(spec.claims["steady"], SpreadClaim)
    assert spec.claims["steady"].form == spec.claims["steady"].expectation == "spread"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"spread": {"at_mots": 1}}, r"it\.spread\.at_mots is not a key\. Did you mean 'at_most'"),
        ({"spread": {}}, r"it\.spread\.at_most is missing"),
        ({"spraed": {"at_most": 1}}, r"it\.spraed is not a key\. Did you mean 'spread'"),
        ({"spread": {"at_most": 1}, "expect": "increase"}, "A spread says what it expects"),
        ({"spread": {"at_most": 1}, "bound": {"at_most": 1}}, "this has bound and spread"),
        ({"spread": {"at_most": 1}, "where": {"mixp": 1}}, r"where\.mixp: there is no.*'mixup'"),
    ],
)
def test_what_is_wrong_with_it_is_said_as_of_any_other(values, wrong, message):
    claims = {"it": {"metric": "f1", **wrong}}
    with pytest.raises(InputError, match=message):
        read_spec(yaml.safe_dump({**values, "claims": claims}, sort_keys=False), "spec.yaml")


def test_it_is_judged_and_worded(table, spec):
    log = make_log(table, spec, "runs")
    judged = judge({"runs": log}, spec.claims)
    assert {name: j.verdict for name, j in judged.items()} == {
        "steady": "supported", "half": "refuted", "helps": "supported",
    }  # fmt: skip
    assert judged["steady"].sentence.startswith("The SD of F1 between seeds is at most 0.01 (95 %")
    assert judged["half"].sentence == (
        "The SD of F1 between seeds (with ratio 0.5) is more than 0.0001 (95 % interval 0.001 to"
        " 0.003; 8 runs, 4 seeds)."
    )
    # it is one of three claims, and its decisive verdict is controlled with theirs
    assert judged["steady"].family == 3
    assert judged["steady"].p_adjusted >= judged["steady"].outcome.inside_p
    found = findings(judged, {"runs": log}, {})["claims"]["steady"]
    assert found["verdict"] == "supported" and found["p"] == pytest.approx(judged["steady"].p)


def test_it_is_not_shown_where_it_cannot_be_tested(table, spec):
    log = make_log(table[table.seed == 1], spec, "runs")
    answer = judge({"runs": log}, spec.claims)["steady"].sentence
    assert answer.startswith("Undecided. No test of F1 was possible: all runs share one seed")


def test_what_an_audit_finds_names_it(table, spec):
    table.loc[0, "f1"] = np.nan
    log = make_log(table, spec, "runs")
    missing = next(r for r in audit(log, spec.claims) if r.check == "nonfinite")
    assert missing.claims == ("steady", "helps")


def test_it_can_fail(log, spec):
    it = spec.claims["steady"]
    assert {"supported", "refuted"} <= reachable({"runs": log}, {"it": it})["it"]
    made = {effect: perturbed(log, it, effect, 0.01) for effect in (0.0, 10.0)}
    found = {e: judge({"runs": other}, {"it": it})["it"].verdict for e, other in made.items()}
    assert found == {0.0: "supported", 10.0: "refuted"}


def test_it_may_hang_on_a_run(table, spec):
    table = pd.concat([table, table[table.seed == 1].assign(seed=5)], ignore_index=True)
    table["run"] = [f"r{i}" for i in range(20)]
    table.loc[0, "f1"] = 0.7
    j = judge({"runs": make_log(table, spec, "runs")}, spec.claims)["steady"]
    assert j.verdict == "refuted"
    assert ("run", "r0", "supported") in {(x.kind, x.name, x.verdict) for x in j.depends_on}


def test_only_a_list_that_its_form_knows_to_have_no_order_is_sorted():
    up, down, where = [0, 0.5], [0.5, 0], {"ratio": [0.5, 0]}
    rising = SteadierClaim(metric="f1", steadier=up)
    assert rising.same_test() == SteadierClaim(metric="f1", steadier=[0.0, 0.5]).same_test()
    assert rising.same_test() != SteadierClaim(metric="f1", steadier=down).same_test()
    one, other = (SteadierClaim(metric="f1", steadier=up, where=w) for w in (where, {"ratio": up}))
    assert one.same_test() == other.same_test()


def test_a_claim_of_no_form_names_every_form():
    every = f"one form of {', '.join(forms.FORMS)}, and this has none"
    assert "spread" in every
    with pytest.raises(InputError, match=every):
        validated(Judged, {"claims": {"it": {"metric": "f1"}}}, "params")
