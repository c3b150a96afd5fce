"""Whether the validation loss rises again is counted run by run, of those that did not fail."""

from pathlib import Path

from studies.calls.page import overfitting
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page, Sweep

from ....partly import partly


def sweep(folder: Path, **losses: list[float]) -> Sweep:
    found = partly(Writeup, {"sweeps": {"toy": partly(SweepFound, {"title": "Toy"})}})
    one = Page("p", folder, found).sweep("toy")
    one.folder.mkdir(parents=True)
    runs = [f"{run},{'failed' if run == 'broken' else 'ok'}" for run in losses]
    (one.folder / "scores.csv").write_text("\n".join(["run,status", *runs]))
    rows = [f"{r},{i},{x}" for r, of in losses.items() for i, x in enumerate(of, start=1)]
    # Order in the file says nothing.
    (one.folder / "histories.csv").write_text("\n".join(["run,epoch,validation_loss", *rows[::-1]]))
    return one


def test_a_rise_is_told_as_a_share_of_the_lowest_loss(tmp_path):
    one = sweep(tmp_path, up=[0.5, 0.4, 0.44], down=[3.0, 2.0, 1.0], broken=[1.0, 9.0])
    assert overfitting.sentence(one) == (
        "In 1 of 2 runs the validation loss had risen again when training ended. It then stood"
        " 5.0 % above its lowest, on average over all runs."
    )


def test_losses_that_fall_to_the_end_are_said_to(tmp_path):
    assert overfitting.sentence(sweep(tmp_path, down=[3.0, 2.0])) == (
        "Each of 1 run has its lowest validation loss at its end."
    )


def test_without_a_finished_run_nothing_is_said_of_losses(tmp_path):
    assert overfitting.sentence(sweep(tmp_path, broken=[1.0])) == "No run of Toy has a score."
