"""Accuracy over SNR: pairs of runs of the same seed, from what each frame adds."""

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from studies.radio.page.curves import by_seed, differences
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page, Sweep

from ....partly import partly

SNRS = [-10.0, 10.0]
# by arm and seed: hits among the four frames of each SNR, the first of which both classes share
HITS = {("A0", 1): (1, 2), ("A0", 2): (2, 3), ("A1", 2): (3, 3), ("A1", 1): (2, 4)}


@pytest.fixture
def sweep(tmp_path):
    """Return a function that gives a sweep of two arms whose frames fill some cells."""

    def make(cells: tuple[int, ...] = (0, 1, 2, 3)) -> Sweep:
        # cells are class by SNR, two frames each; frames lie in no order of their SNR
        group = np.repeat(np.array(cells, np.int32), 2)[::-1]
        rows = []
        for hits in HITS.values():
            left, row = dict(zip((0, 1), hits, strict=True)), []
            for cell in group:
                row.append(float(left[cell % 2] > 0))
                left[cell % 2] -= 1
            rows.append(row)
        arrays = {
            "group": np.ascontiguousarray(group),
            "accuracy/score": np.array(rows, np.float16),
            "accuracy/item": np.arange(len(group), dtype=np.int32),
        }
        folder = tmp_path / "results" / "page" / "sweeps" / "toy"
        folder.mkdir(parents=True)
        save_file(arrays, folder / "items.safetensors")
        pd.DataFrame([*HITS], columns=["arm", "seed"]).to_csv(folder / "scores.csv", index=False)
        found = {
            "data": {"snrs": SNRS, "classes": ["BPSK", "FM"]},
            "evaluation": {"bands": {"low": [-14.0, -6.0], "high": [6.0, 99.0]}},
            "sweeps": {"toy": {"design": {"replicate": ["seed"]}}},
        }
        return Page("page", tmp_path, partly(Writeup, found)).sweep("toy")

    return make


def test_accuracy_at_each_snr_run_by_run(sweep):
    found = by_seed(sweep())
    assert found.columns.tolist() == SNRS
    assert found.loc[("A0", 1)].tolist() == [0.25, 0.5]
    assert found.loc[("A1", 2)].tolist() == [0.75, 0.75]


def test_the_baseline_then_a_panel_for_each_difference(sweep):
    first, second, *rest = differences(sweep(), "A0", ["A1"]).axes
    assert [axis.get_title() for axis in (first, second)] == ["A0", "A1 less A0"]
    assert first.get_ylim() == (0, 1)
    assert not any(axis.axison for axis in rest)
    base, (line, _, (bars,)) = first.lines[-1].get_ydata(), second.containers[0]
    assert base.tolist() == [0.375, 0.625]
    # of the same seed: +.25 and +.25 at the lower SNR, +.5 and 0 at the higher one
    assert line.get_ydata().tolist() == [0.25, 0.25]
    low, high = bars.get_segments()[0][:, 1], bars.get_segments()[1][:, 1]
    assert low == pytest.approx([0.25, 0.25])
    half = 12.7062 * 0.25  # t with one degree of freedom, times the standard error of the pairs
    assert high == pytest.approx([0.25 - half, 0.25 + half], rel=1e-4)


def test_what_the_curves_show_is_told_with_their_ends_and_seeds(sweep):
    said = differences(sweep(), "A0", ["A1"]).get_label()
    assert "A0: accuracy 0.38 at −10 dB and 0.63 at 10 dB" in said
    assert "A1 less A0: from +0.25 at −10 dB to +0.25 at −10 dB" in said
    assert "95 % intervals over 2 seeds" in said


def test_data_without_all_cells_have_no_curves(sweep):
    assert by_seed(sweep((0, 1, 2))) is None


def test_without_curves_the_figure_says_so(sweep):
    (axis,) = differences(sweep((0, 1, 2)), "A0", ["A1"]).axes
    assert "no curves" in axis.texts[0].get_text()
