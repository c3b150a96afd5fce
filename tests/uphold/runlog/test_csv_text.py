from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.csv_text import csv_text

PATH = Path("runs.csv")


@pytest.mark.parametrize(
    ("head", "note"),
    [
        ("sep=;\n", ""),
        ("\ufeffsep=;\n", ""),
        ("# made by me\n# on Monday; at noon\n", "2 lines of comments"),
        ("\n# one\n", "1 line of comments"),
    ],
)
def test_lines_above_the_header(head, note):
    found = csv_text(f"{head}seed;acc\n1;0,5\n2;0,7\n", PATH)
    assert found.columns == {"seed": ("1", "2"), "acc": ("0,5", "0,7")} and found.comma
    assert note in " ".join(found.notes) and bool(note) == bool(found.notes)


def test_a_header_that_is_written_as_a_comment():
    found = csv_text("# seed,acc\n1,0.5\n2,0.7\n", PATH)
    assert list(found.columns) == ["seed", "acc"] and not found.notes


def test_a_comment_of_as_many_words_is_one():
    found = csv_text("# yes,no\nmodel,name\na,b\n", PATH)
    assert list(found.columns) == ["model", "name"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("model,acc,acc,f1\n,mean,sd,mean\n", ["model", "acc mean", "acc sd", "f1 mean"]),
        ("model,test,,val\n,acc,f1,acc\n", ["model", "test acc", "test f1", "val acc"]),
        ("model,acc,f1,time\n-,(%),(%),(s)\n", ["model -", "acc (%)", "f1 (%)", "time (s)"]),
    ],
)
def test_a_header_of_two_lines(text, names):
    found = csv_text(f"{text}a,1,2,3\nb,1,2,3\n", PATH)
    assert list(found.columns) == names
    assert found.notes == ("The header has two lines, which were joined.",)


@pytest.mark.parametrize(
    "text",
    [
        "model,opt\na,adam\nb,sgd\nc,sgd\n",
        "model,acc\na,\nb,1\nc,2\n",
        "model,acc\na,failed\nb,1\nc,2\n",
        "model,acc,f1\na,NA,NA\nb,1,2\nc,2,1\n",
        ",model,acc\n0,a,1\n1,b,2\n",
    ],
)
def test_a_first_run_is_no_second_header(text):
    found = csv_text(text, PATH)
    assert len(found.columns["model"]) == text.count("\n") - 1


def test_a_table_as_wide_as_a_log_is_not():
    with pytest.raises(InputError, match=r"100,000 columns, and a log at most 10,000"):
        csv_text(",".join(f"c{i}" for i in range(100_000)) + "\n", PATH)
