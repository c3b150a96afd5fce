"""What a page says and draws of a search."""

from dataclasses import replace

import pandas as pd
import pytest

from uphold.analysis.analyze import analyze
from uphold.analysis.model.runs import Design
from uphold.analysis.searched import searched
from uphold.claims.log import Log
from uphold.pages import searches
from uphold.statistics.scores import Scores

from ..analysis.test_searched import beginning_early, search
from .conftest import METRICS, PROMOTED

ARMS = ["untuned", "finalist-1", "finalist-2"]


@pytest.fixture
def tuned(page):
    """Return a function that gives a sweep of finalists, the best with so much on fresh seeds."""

    def make(best: float = 0.85, many: int = 40, change=dict):
        rows = [
            {
                **{"run": f"{arm} {seed}", "configuration": f"arm={arm}", "arm": arm, "seed": seed},
                **{"status": "ok", "failure": None, "f1_gap": 0.0},
                **{"validation_f1": mean + seed / 100, "ood_f1": mean - seed / 50},
            }
            for arm, mean in zip(ARMS, (0.7, best, 0.8), strict=True)
            for seed in (1, 2, 3)
        ]
        scores = Scores(pd.DataFrame(rows), ("arm",), "seed", run="run")
        levels = {"arm": ARMS}
        design = Design(title="Tuned", kind="autotune", levels=levels, search=change(search(many)))
        found = analyze(Log(scores, METRICS), "ood_f1", design, PROMOTED)
        found = found.model_copy(update={"searched": searched(scores, design)})
        return replace(page().sweep("toy"), found=found)

    return make


def test_it_says_what_ending_early_saved(tuned):
    said = searches.cost(tuned())
    assert said == (
        "The search tried 41 combinations of 3 settings on one seed: 27 were trained whole, 13"
        " ended early, 1 failed. That took 148 epochs, where all of them whole would have taken"
        " 164 (10 % saved)."
    )


def test_it_says_how_much_the_best_trial_flattered(tuned):
    sweep = tuned(0.85)
    (score,) = (a.searched for a in sweep.designed.searched.arms if a.arm == "finalist-1")
    assert searches.held(sweep) == (
        f"The best trial scored {score:.3f} in validation_f1 on the search’s seed. On 3 seeds that"
        f" ranked no trial, its settings average 0.870: as a trial they scored {score - 0.87:.3f}"
        f" better than over these seeds ({score - 0.87 - 0.02484:.3f} to"
        f" {score - 0.87 + 0.02484:.3f}). The settings that the search began at average 0.720."
    )


def test_a_trial_that_scored_less_than_it_holds_is_told_as_worse(tuned):
    assert " worse than over these seeds (" in searches.held(tuned(0.95))


def test_a_best_trial_that_ended_early_is_held_against_nothing(tuned):
    sweep = tuned(change=beginning_early)
    assert searches.held(sweep) == (
        "No trial that differs from the start was trained whole: the best one ended early, and its"
        " score is not compared with those of whole runs. On 3 seeds that ranked no trial, its"
        " settings average 0.870. The settings that the search began at average 0.720."
    )
    assert searches.finalists(sweep)._tbl_data.iloc[1, 2] == "–"


def test_the_table_has_the_arms_with_their_settings(tuned):
    table = searches.finalists(tuned())._tbl_data
    assert list(table["arm"]) == ARMS
    assert table["settings"][0] == "mixup on"
    assert table["settings"][1].startswith("dropout ")
    assert table.iloc[0, 2] == "–"
    assert table.iloc[1, 3] == "0.870 ± 0.010" and table.iloc[1, 4] == "0.810 ± 0.020"


def test_the_course_shows_every_trial_that_has_a_score(tuned):
    axis = searches.course(tuned()).axes[0]
    early, whole = (c.get_offsets() for c in axis.collections)
    assert (len(early), len(whole)) == (13, 27)


def test_importances_are_drawn_or_said_to_be_unknown(tuned):
    axis = searches.importances(tuned()).axes[0]
    labels = [tick.get_text() for tick in axis.get_yticklabels()]
    assert labels[0] == "learning_rate (40)" and len(labels) == 3
    (text,) = searches.importances(tuned(many=9)).axes[0].texts
    assert "too few trials" in text.get_text()


def test_every_scored_trial_is_a_line_through_what_it_was_asked(tuned):
    axis = searches.parallel(tuned()).axes[0]
    assert len(axis.lines) == 40
    assert {len(line.get_xdata()) for line in axis.lines} == {2, 3}
    heights = [height for line in axis.lines for height in line.get_ydata()]
    assert min(heights) >= 0 and max(heights) <= 1
