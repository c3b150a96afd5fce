import numpy as np
import pandas as pd
import pytest

from uphold.claims.spec import Spec
from uphold.errors import InputError
from uphold.runlog.propose import propose, propose_spec
from uphold.runlog.read import log_of, read
from uphold.runlog.score_cells import no_number, score_numbers

SPEC = {
    "replicate": "seed",
    "factors": ["mixup"],
    "metrics": {"f1": {"label": "F1", "better": "higher", "margin": 0.1}},
    "primary": "f1",
}


def test_percentages_are_numbers_in_percent():
    found = score_numbers(pd.Series(["85.3%", " 86 % ", None, "-1%"], dtype=object))
    assert found.tolist()[:2] == [85.3, 86.0] and np.isnan(found[2]) and found[3] == -1


@pytest.mark.parametrize("cells", [["85%", "0.9"], ["85%", 0.9], ["85%", "off"], [True, 1], [None]])
def test_other_columns_are_left_as_they_are(cells):
    assert score_numbers(pd.Series(cells, dtype=object)) is None


def test_a_score_in_percent_is_read_and_proposed_and_a_level_stays_text():
    rows = [(d, s) for d in ("10%", "20%") for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["mixup", "seed"]).assign(ratio=1)
    table["f1"] = ["80.1%", "81.3%", "79.9%", "83.2%", "84.4%", "82.0%"]
    log = log_of(table, Spec.model_validate(SPEC), "runs.csv")
    assert log.scores.values("f1").tolist() == [80.1, 81.3, 79.9, 83.2, 84.4, 82.0]
    assert log.scores.levels("mixup") == ["10%", "20%"]
    assert "margin: 2.0\nprimary: f1" in propose(table)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,234.5", "999"], [1234.5, 999]),
        (["1.234,5", "999"], [1234.5, 999]),
        (["1.234", "999,5"], [1234, 999.5]),
        (["1 234.5", "7"], [1234.5, 7]),
        (["1'234'567", "7"], [1234567, 7]),
        (["85,3%", "80,1 %"], [85.3, 80.1]),
        (["0,853", "1,234"], [0.853, 1.234]),
        (["1.234", "—", "-", "N/A", "n.a.", "", None], [1.234] + [None] * 6),
        ([1.5, 2, "–"], [1.5, 2, None]),
        (["\N{MINUS SIGN}0.5", "1e-3", "inf"], [-0.5, 0.001, np.inf]),
    ],
)
def test_numbers_are_read_as_people_write_them(cells, numbers):
    column = pd.Series(cells, [7] * len(cells), dtype=object)
    found = score_numbers(column)
    assert found.tolist() == pytest.approx(
        [np.nan if n is None else n for n in numbers], nan_ok=True
    )
    assert no_number(column) is None


@pytest.mark.parametrize(
    ("cells", "place", "says"),
    [
        (["1,234", "2,345"], 0, "nobody knows what parts thousands"),
        (["0.5", "1,234", "2.345,1"], 1, "nobody knows what parts thousands"),
        ([1.5, "1,234"], 1, "nobody knows what parts thousands"),
        (["0.5", "diverged", "0.7"], 1, "which is no number. Leave the cell empty"),
        (["0.5", "0.6", "85%"], 2, "and others are no percentages"),
        (["85%", None, "0.9", "86%"], 2, "and others are percentages"),
    ],
)
def test_a_cell_that_is_no_number_is_named(cells, place, says):
    column = pd.Series(cells, dtype=object)
    assert score_numbers(column) is None
    found = no_number(column)
    assert found.row == place and says in found.why
    table = pd.DataFrame({"mixup": list("ab") * 3, "seed": [1, 1, 2, 2, 3, 3], "ratio": 1})
    table["f1"] = pd.Series([*cells, *cells, *cells][:6], dtype=object)
    spec = Spec.model_validate(SPEC)
    with pytest.raises(InputError, match=f"row {place + 1}: the column 'f1' holds") as error:
        log_of(table, spec, "runs.csv")
    assert found.why in str(error.value)
    with pytest.raises(InputError, match=f"f1 is no metric: row {place + 1} holds"):
        propose(table)
    noted = propose(table.assign(loss=[1.5, 1.6, 1.7, 1.8, 1.9, 2.0])).replace("\n# ", " ")
    assert f"f1 is no metric: row {place + 1} holds" in noted


def test_how_many_cells_count_as_missing_is_said():
    table = pd.DataFrame({"model": list("ab") * 3, "seed": [1, 1, 2, 2, 3, 3]})
    table["acc"] = pd.Series(["0.5", "—", "0.7", "0.6", "–", "0.4"], dtype=object)
    assert "2 cells of acc, such as '—', count as missing." in propose(table)


def test_a_dash_is_a_level_of_a_factor():
    rows = [(d, s) for d in ("-", "0.1") for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["mixup", "seed"])
    table["acc"] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.4]
    assert "from: '-'\n      to: '0.1'" in propose(table)


def test_levels_in_percent_are_claimed_as_they_are_written():
    rows = [(d, s) for d in ("10%", "20%") for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["mixup", "seed"]).assign(
        f1=["80.1%", "81.3%", "79.9%", "83.2%", "84.4%", "82.0%"]
    )
    assert "from: 10%\n      to: 20%" in propose(table)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_log_is_read_as_it_is_proposed(tmp_path, separator):
    scores = {"—": None, "1,234.5": 1234.5, "999": 999, "n/a": None, "0.5": 0.5, "2": 2, "3": 3}
    rows = [("base" if i % 2 else "big", i // 2, f'"{cell}"') for i, cell in enumerate(scores)]
    text = "\n".join(separator.join(map(str, row)) for row in [("model", "seed", "rmse"), *rows])
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    proposed = propose_spec(tmp_path / "a.csv")
    assert "1 cell of rmse, such as '—', count as missing." in proposed
    (tmp_path / "spec.yaml").write_text(proposed, encoding="utf-8")
    it = read(tmp_path / "a.csv", tmp_path / "spec.yaml")
    known = [number for number in scores.values() if number is not None]
    assert sorted(it.log.scores.table["rmse"].dropna()) == sorted(known)
    assert any("such as '—'" in note for note in it.source.notes)
