"""Confusions of a configuration, and which configurations are chosen."""

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from uphold.analysis.model.writeup import Writeup
from uphold.errors import InputError
from uphold.pages.confusions import confusions
from uphold.pages.writeup import Page

from ...partly import partly


@pytest.fixture
def sweep(tmp_path):
    arms = [{"configuration": f"arm={a}", "levels": {"arm": a}} for a in ("A0", "A1")]
    found = {
        "metrics": {"accuracy": {"label": "accuracy", "margin": 0.01}},
        "sweeps": {"toy": {"configurations": arms}},
    }
    folder = tmp_path / "results" / "page" / "sweeps" / "toy"
    folder.mkdir(parents=True)
    cells = [("a", "a", 6), ("a", "b", 2), ("b", "a", 0), ("b", "b", 4)]
    rows = [("arm=A1", "low", *cell) for cell in cells]
    columns = ["configuration", "split", "truth", "predicted", "count"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "confusions.csv", index=False)
    return Page("page", tmp_path, partly(Writeup, found)).sweep("toy")


def test_a_confusion_matrix_shows_shares_of_the_true_class(sweep):
    (axis,) = confusions(sweep, {"arm": "A1"}, ["low"]).axes
    assert axis.collections[0].get_array().reshape(2, 2).tolist() == [[0.75, 0.25], [0, 1]]
    assert [text.get_text() for text in axis.texts] == [".75", ".25", ".00", "1"]
    sweep.confusions["count"] = [200, 1, 0, 4]
    (axis,) = confusions(sweep, {"arm": "A1"}, ["low"]).axes
    assert [text.get_text() for text in axis.texts] == ["1", ".00", ".00", "1"]
    with pytest.raises(InputError, match="no confusions of high"):
        confusions(sweep, {"arm": "A1"}, ["high"])


def test_the_title_of_a_panel_stays_inside_the_picture(sweep):
    table = sweep.confusions
    table["split"] = "a test split of a long name, head A"
    figure = confusions(sweep, {"arm": "A1"}, ["a test split of a long name, head A"])
    FigureCanvasAgg(figure).draw()
    title = figure.axes[0].title.get_window_extent()
    assert 0 <= title.x0 < title.x1 <= figure.bbox.x1


def test_what_is_not_there_cannot_be_chosen(sweep):
    assert [c.configuration for c in sweep.chosen()] == ["arm=A0", "arm=A1"]
    with pytest.raises(InputError, match="no configuration with A9"):
        sweep.chosen([{"arm": "A9"}])
