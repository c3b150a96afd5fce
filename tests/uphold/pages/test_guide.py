"""The example of the guide comes to each verdict, and is judged as any log is."""

import json
import subprocess
import sys
from pathlib import Path

from uphold.analysis.findings import plain_number
from uphold.pages import first_screen, guide

ROOT = Path(__file__).parents[3]
VERDICTS = ("supported", "refuted", "equivalent", "inconclusive")


def test_it_comes_to_each_verdict_and_to_none_and_one_claim_is_exploratory():
    page = guide.example(ROOT)
    primary = page.primary_claims.values()
    assert sorted(c.verdict for c in primary if not c.outcome.reason) == sorted(VERDICTS)
    assert [c.outcome.seeds for c in primary if c.outcome.reason] == [0]
    assert page.exploratory_claims
    assert first_screen.answers(page).data.count("- **") == len(primary)
    assert "seeds instead of" in guide.sentence(page, "longer")


def test_it_is_judged_as_uphold_report_judges_it(tmp_path):
    folder = ROOT / guide.EXAMPLE
    command = [sys.executable, "-m", "uphold", "report", folder / guide.RUNS, "--spec"]
    subprocess.run([*command, folder / guide.SPEC, "--out", tmp_path], check=True)
    reported = json.loads((tmp_path / "findings.json").read_text())["claims"]
    page = guide.example(ROOT)
    for key, claim in page.found.claims.items():
        told = reported[key]
        assert (told["verdict"], told["role"]) == (claim.verdict, claim.role)
        assert told["estimate"] == plain_number(claim.outcome.value)
        assert told["p_adjusted"] == plain_number(claim.p_adjusted)
