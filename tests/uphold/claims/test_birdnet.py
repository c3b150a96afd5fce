"""A log that nobody here wrote: 120 runs of a frog-call classifier, and the claims made of them.

The numbers beside which ours are held are the archived table's, and counts taken from the file
with awk; see the comments. Where the file is not there, runs made in its shape take the same paths,
and are held against what was put into them (`frog_runs.py`) and what other code computes.
"""

import json

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from uphold.analysis.findings import findings
from uphold.audits import audit, compare_published
from uphold.claims.judge import judge
from uphold.claims.spec import read_spec
from uphold.runlog.read import read_log

FACTORS = ["hidden_units", "learning_rate", "label_smoothing", "mixup", "focal_loss"]

archived = pytest.mark.parametrize("frog", ["archived"], indirect=True)
"""A test that tells numbers of the archived runs."""


@pytest.fixture(scope="module")
def spec(frog):
    return read_spec((frog / "stage2_spec.yaml").read_text("utf-8"), "stage2_spec.yaml")


@pytest.fixture(scope="module")
def log(frog, spec):
    return read_log(frog / "stage2_runs.csv", spec)


@pytest.fixture(scope="module")
def table(frog):
    """Return the log as a table of its own, read without our code."""
    return pd.read_csv(frog / "stage2_runs.csv")


@pytest.fixture(scope="module")
def judged(log, spec):
    return judge({"archived": log}, spec.claims)


@pytest.fixture(scope="module")
def flags(log, spec):
    return {flag.check: flag for flag in audit(log, spec.claims)}


def test_the_printed_means_and_sds_reappear(log):
    compared = [c for c in compare_published(log) if c.quantity != "n"]
    assert len(compared) == 5 * 2 * 2
    for c in compared:
        assert round(c.recomputed, 2) == pytest.approx(c.printed, abs=0.0051), c


def test_what_the_audit_finds(flags, table):
    # awk -F, 'NR>1 {k=$3; for (i=4; i<=9; i++) k=k","$i; n[k]++} END {for (k in n) if (n[k]>1) c++;
    # print c}' gives 24 repeated cells
    assert flags["repeated-replicates"].count == 24
    assert flags["same-seed-disagrees"].count == 24
    at_one = (table["ood_threshold"] == 1).sum()
    below = (table["ood_auroc"] < 0.5).sum()
    items = table[["ood_tp", "ood_fp", "ood_fn", "ood_tn"]].sum(axis=1)
    assert f"ood_threshold is 1 in {at_one}" in flags["threshold-at-edge"].message
    assert f"ood_auroc is below 0.5 in {below}" in flags["below-chance"].message
    over = f"OOD F1 over {items.min():,} to {items.max():,} items"
    assert over in flags["evaluation-set-varies"].message
    assert flags["undefined-score"].rows == ("stage2b_085",)
    assert flags["selected-on-test"].count == 120
    assert flags["published-mismatch"].count == 2  # two rows hold six runs, not three
    assert not {"counts-mismatch", "nonfinite", "missing-cells", "constant-factor"} & set(flags)
    assert {r.severity for r in flags.values() if r.check == "no-op-arm"} == {"info"}


@archived
def test_what_the_audit_counts(flags):
    # awk -F, 'NR>1 && $27==1' | wc -l is 110; $36<.5 (where given) is 34
    assert "OOD F1 by 0.31 on average" in flags["same-seed-disagrees"].message
    assert "ood_threshold is 1 in 110" in flags["threshold-at-edge"].message
    assert "ood_auroc is below 0.5 in 34" in flags["below-chance"].message
    assert "OOD F1 over 29 to 6,042 items" in flags["evaluation-set-varies"].message


def test_what_the_audit_holds_against_the_claims(flags, spec):
    # stage2b_085 has 1024 units, rate 1e-3 and smoothing, and neither mixup nor focal loss
    without = set(spec.claims) - set(flags["undefined-score"].claims)
    assert without == {"focal-ceiling", "best-beats-plain"}
    for check in ("evaluation-set-varies", "threshold-at-edge", "same-seed-disagrees"):
        assert set(flags[check].claims) == set(spec.claims), check


def test_what_was_put_into_the_made_runs_is_found(judged):
    # and in the archived ones: focal loss costs F1, and what was best is better
    for name, sign in (("focal-hurts", -1), ("best-beats-plain", 1)):
        assert sign * judged[name].alone.value > 0.1 and judged[name].alone.p < 0.05, name
    assert judged["mixup-needs-smoothing"].verdict == "inconclusive"


def test_three_seeds_are_three_units_however_many_runs_there_are(judged):
    linear = [j.outcome for j in judged.values() if j.claim.form not in ("anova", "bound")]
    assert {o.n for o in linear} == {3} and max(o.runs for o in linear) == 120


@pytest.mark.parametrize("frog", ["made"], indirect=True)
def test_the_verdicts_about_the_made_runs(judged):
    decided = {n: j.verdict for n, j in judged.items() if j.verdict != "inconclusive"}
    assert decided == {"focal-hurts": "supported", "focal-ceiling": "refuted"}


@archived
def test_three_seeds_and_ten_claims_decide_none_of_them(judged):
    # Two come close (.0054 where .005 is asked for); a third holds on average, not in each setting.
    assert {j.verdict for j in judged.values()} == {"inconclusive"}
    suggestive = {n for n, j in judged.items() if "not after 10 claims" in j.sentence}
    assert suggestive == {"focal-hurts", "capacity-no-effect", "best-beats-plain"}
    for name in ("capacity-no-effect", "best-beats-plain"):
        assert judged[name].p_adjusted == pytest.approx(0.0542, abs=5e-5), name
    assert "not shown in 15 of 16 settings" in judged["capacity-no-gain"].sentence


@archived
def test_alone_the_best_beats_plain(log, spec):
    claim = {"best-beats-plain": spec.claims["best-beats-plain"]}
    (alone,) = judge({"archived": log}, claim).values()
    assert alone.verdict == "supported" and alone.family == 1


def test_with_three_seeds_every_verdict_hangs_on_each_so_none_is_said_to(judged):
    assert not any(j.fragile for j in judged.values())


@archived
def test_the_rate_s_effect(judged):
    j = judged["faster-rate-wins"]
    assert j.outcome.value == pytest.approx(-0.006, abs=5e-4)
    assert j.alone.p == pytest.approx(0.97, abs=0.005)


def test_the_anova_is_that_of_nested_regressions(judged, table):
    # 24 configurations ran twice with a seed: one mean of both
    means = table.groupby([*FACTORS, "seed"], as_index=False)["ood_f1"].mean()
    seed = pd.get_dummies(means["seed"], dtype=float).to_numpy()
    cells = pd.get_dummies(means[FACTORS].astype(str).agg("|".join, axis=1), dtype=float).to_numpy()
    y = means["ood_f1"].to_numpy()

    def rss(x):
        return ((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2).sum()

    a = judged["configurations-differ"].outcome.anova
    assert (a.df, a.df_resid, a.n) == (31, 62, 96)
    rest = rss(np.hstack([seed, cells]))
    F = (rss(seed) - rest) / 31 / (rest / 62)
    assert (a.F, a.p) == pytest.approx((F, scipy.stats.f.sf(F, 31, 62)), rel=1e-9)


@archived
def test_the_anova_is_rs(judged):
    # R: d$c <- interaction(d$hidden_units, d$learning_rate, d$label_smoothing, d$mixup,
    # d$focal_loss, drop=TRUE); a <- aggregate(ood_f1 ~ c + seed, d, mean)
    # summary(aov(ood_f1 ~ factor(seed) + c, a)); shapiro.test(resid(...))
    a = judged["configurations-differ"].outcome.anova
    assert (a.F, a.p) == pytest.approx((1.33193, 0.16748), rel=1e-4)
    assert a.shapiro_p == pytest.approx(0.73774442694, rel=1e-8)


@pytest.mark.parametrize(
    ("claim", "factor"), [("smoothing-lifts", "label_smoothing"), ("focal-hurts", "focal_loss")]
)
def test_a_contrast_is_a_paired_t_test_of_seeds_means(judged, table, claim, factor):
    others = [name for name in FACTORS if name != factor]
    means = table.pivot_table("ood_f1", [*others, "seed"], factor, aggfunc="mean")
    by_seed = means.groupby("seed").mean()
    alone = judged[claim].alone
    assert alone.value == pytest.approx((means[True] - means[False]).mean(), rel=1e-9)
    expected = scipy.stats.ttest_rel(by_seed[True], by_seed[False])
    assert alone.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert alone.n == 3


@archived
def test_contrasts_are_rs(judged):
    # R: d$c <- paste(the other factors); a <- aggregate(list(y=d$ood_f1), list(c=d$c, seed=d$seed,
    # l=d$label_smoothing), mean); u <- tapply(a$y, list(a$seed, a$l), mean)
    # t.test(u[, 2], u[, 1], paired=TRUE); the same for focal_loss
    smoothing, focal = judged["smoothing-lifts"].alone, judged["focal-hurts"].alone
    assert (smoothing.value, smoothing.p) == pytest.approx((0.07675, 0.0503817740929), rel=1e-9)
    assert (focal.value, focal.p) == pytest.approx((-0.1728541666667, 0.0163114830493), rel=1e-9)


def test_findings_are_json(judged, log, spec):
    text = json.dumps(
        findings(judged, {"archived": log}, {"archived": audit(log, spec.claims)}), allow_nan=False
    )
    best = (
        "hidden_units=512, learning_rate=0.001, label_smoothing=true, mixup=false, focal_loss=false"
    )
    assert json.loads(text)["configurations"][best]["ood_f1"]["n"] == 3
