import csv
import io
import json
import re

import pandas as pd
import pytest

from uphold.analysis.analyze import analyze
from uphold.analysis.findings import findings
from uphold.audits import audit
from uphold.claims.judge import judge
from uphold.runlog.csv_tables import csv_tables, harmless

from ..conftest import read_claim

ROWS = [("a", 1, 0.50), ("a", 2, 0.52), ("a", 3, 0.55), ("b", 1, 0.70), ("b", 2, 0.73)]


def tables(log, claims: dict) -> dict[str, list[dict]]:
    claims = {k: read_claim({"metric": "f1"} | c) for k, c in claims.items()}
    judged, flags = judge({"runs": log}, claims), audit(log, claims)
    found = csv_tables(log, "f1", analyze(log, "f1"), judged, flags, [])
    assert json.dumps(findings(judged, {"runs": log}, {"runs": flags}), allow_nan=False)
    return {k: list(csv.DictReader(io.StringIO(v.decode()))) for k, v in found.items()}


@pytest.mark.parametrize("name", ["n", "mean", "failed", "seeds", "ci_low"])
def test_a_factor_may_be_called_as_a_statistic(make, name):
    log = make(pd.DataFrame(ROWS, columns=[name, "seed", "f1"]), [name])
    found = tables(log, {})
    best, worst = found["configurations"]
    assert (best[name], best["f1 n"], worst[name], worst["f1 n"]) == ("b", "2", "a", "3")
    assert analyze(log, "f1").configurations[0].levels == {name: "b"}


def test_claims_say_what_the_audit_holds_against_them(make):
    log = make(pd.DataFrame(ROWS, columns=["mode", "seed", "f1"]), ["mode"])
    known = {"contrast": {"factor": "mode", "from": "a", "to": "b"}}
    unknown = {"contrast": {"factor": "mode", "from": "a", "to": "c"}}
    good, bad = tables(log, {"known": known, "unknown": unknown})["claims"]
    # unpaired seeds are a warning, and no objection
    assert (good["objections"], bad["objections"]) == ("", "level-not-run")
    assert (bad["seeds_low"], bad["seeds_high"]) == ("", "")


def test_a_claim_has_seeds_for_what_was_seen_and_before_its_first_look_no_p(make):
    frame = pd.DataFrame([*ROWS, ("b", 3, 0.51)], columns=["mode", "seed", "f1"])
    step = {"contrast": {"factor": "mode", "from": "a", "to": "b"}}
    (now,) = tables(make(frame, ["mode"]), {"it": step})["claims"]
    assert int(now["seeds_as_seen_low"]) < int(now["seeds_low"] or 101) and now["p_adjusted"]
    (before,) = tables(make(frame, ["mode"], looks=[5, 8]), {"it": step})["claims"]
    assert before["p_adjusted"] == "" and "nan" not in before["sentence"]


def test_the_p_of_a_claim_about_a_margin_is_that_of_the_margin(make):
    frame = pd.DataFrame([*ROWS, ("b", 3, 0.76)], columns=["mode", "seed", "f1"])
    step = {"factor": "mode", "from": "a", "to": "b"}
    kept = {"contrast": step, "expect": "no-decrease"}
    (found,) = tables(make(frame, ["mode"]), {"it": kept})["claims"]
    assert found["verdict"] == "supported" and found["p"] == found["p_adjusted"]


def test_a_claimed_anova_stands_among_the_others_with_every_p(make):
    log = make(pd.DataFrame(ROWS, columns=["mode", "seed", "f1"]), ["mode"])
    claimed, mode = tables(log, {"differ": {"anova": {"over": "mode"}}})["anova"]
    assert (claimed["name"], mode["name"]) == ("differ", "by mode")
    # R: y <- c(.50, .52, .55, .70, .73); m <- c("a", "a", "a", "b", "b")
    # anova(lm(y ~ factor(c(1, 2, 3, 1, 2)) + m)); kruskal.test(y, factor(m))$p.value
    assert float(claimed["F"]) == pytest.approx(1681, rel=1e-6)
    assert float(claimed["p"]) == pytest.approx(0.01552423363663, rel=1e-8)
    assert float(mode["p"]) == pytest.approx(0.01552423363663, rel=1e-8)
    assert float(claimed["kruskal_p"]) == pytest.approx(0.083264516664, rel=1e-6)


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\tx"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


FORMULAS = ["=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "-2+3", " =1", "\ufeff=1", "\u200b@A1"]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", "a;", "a; ", "a\t", "a|", "a\n", "a\r\n", "-1;", "x;b;"])
@pytest.mark.parametrize("after", ["", ";1", "\tb"])
def test_no_part_of_a_text_is_run_wherever_a_spreadsheet_parts_it(before, formula, after):
    found = harmless(f"{before}{formula}{after}")
    assert found.replace("'", "") == f"{before}{formula}{after}"
    parts = [part.strip(" \ufeff\u200b") for part in re.split(r"[;|\t\r\n]", found)]
    assert not any(part[:1] in tuple("=+@＝＋－＠") for part in parts if part)
    assert not any(part.startswith("-") and part != "-1" for part in parts)


@pytest.mark.parametrize("value", ["a; -0.6; b", "a;b=1", "1;-2", "x - y; z"])
def test_numbers_and_text_after_a_semicolon_stay(value):
    assert harmless(value) == value


@pytest.mark.parametrize("value", ["-0.5", "+1e-3", "-.5", "linear", "a=b", 3, None, ""])
def test_numbers_and_other_text_stay(value):
    assert harmless(value) == value
