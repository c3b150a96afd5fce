"""Thresholds are averaged over the runs that have a score, level by level of a factor."""

from pathlib import Path

from studies.calls.page import thresholds
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page, Sweep

from ....partly import partly


def sweep(folder: Path, *runs: str) -> Sweep:
    design = {"levels": {"balance": [True, False], "qualities": [["high"], ["high", "low"]]}}
    found = partly(SweepFound, {"title": "Toy", "design": design})
    one = Page("p", folder, partly(Writeup, {"sweeps": {"toy": found}})).sweep("toy")
    one.folder.mkdir(parents=True)
    (one.folder / "scores.csv").write_text("\n".join(["status,balance,qualities,threshold", *runs]))
    return one


def test_a_failed_run_has_no_threshold(tmp_path):
    runs = ("ok,True,high,0.3", "ok,True,high,0.4", "ok,False,high+low,0.5", "failed,False,high,")
    one = sweep(tmp_path, *runs)
    assert thresholds.sentence(one, "balance") == (
        "The threshold lies on average at 0.35 with balance on and 0.50 with balance off."
    )
    assert thresholds.sentence(one, "qualities") == (
        "The threshold lies on average at 0.35 with qualities high and 0.50 with qualities"
        " high+low."
    )


def test_without_a_score_there_is_no_threshold(tmp_path):
    said = thresholds.sentence(sweep(tmp_path, "failed,True,high,"), "balance")
    assert said == "No run of Toy has a score."
