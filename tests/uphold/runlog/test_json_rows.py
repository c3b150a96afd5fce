import json
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.json_rows import json_rows

ROWS = [{"seed": 1, "config": {"lr": 0.1}}, {"seed": 2, "config": {"lr": 0.2}}]
PATH = Path("runs.json")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "whole",
    [
        ROWS,
        {"runs": ROWS},
        {"version": 1, "results": ROWS},
        {"seed": [1, 2], "config.lr": [0.1, 0.2]},
    ],
)
def test_one_text_may_hold_rows_in_several_ways(whole, indent):
    if isinstance(whole, dict) and set(whole) == {"seed", "config.lr"} and indent is None:
        return  # in one line that is one run of lists
    found = json_rows(json.dumps(whole, indent=indent), PATH)
    assert found[["seed", "config.lr"]].to_dict("list") == {
        "seed": [1, 2],
        "config.lr": [0.1, 0.2],
    }


def test_objects_by_the_names_of_their_runs():
    found = json_rows(json.dumps({"a": ROWS[0], "b": ROWS[1]}, indent=1), PATH)
    assert found["run"].tolist() == ["a", "b"] and found["config.lr"].tolist() == [0.1, 0.2]


def test_two_lists_are_not_chosen_between():
    with pytest.raises(InputError, match="several lists of objects"):
        json_rows(json.dumps({"runs": ROWS, "epochs": ROWS}), PATH)


@pytest.mark.parametrize("letter", ["\u2028", "\u2029", "\u0085"])
def test_what_ends_a_line_for_python_alone_may_stand_in_a_text(letter):
    rows = [{"name": f"a{letter}b", "f1": 0.5}, {"name": "c", "f1": 0.25}]
    for end in ("\n", "\r\n"):
        text = "".join(json.dumps(row, ensure_ascii=False) + end for row in rows)
        assert json_rows(text, PATH).to_dict("records") == rows
