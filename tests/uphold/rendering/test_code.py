"""Documents format and never compute."""

import pytest

from uphold.rendering import code
from uphold.rendering.document import parse

START = "```{python}\nimport sample_results as r\n\nv = r.draw()\n```\n\n"


def problems(path):
    return [(p.line, p.text) for p in code.problems(parse(path))]


@pytest.mark.parametrize(
    "source",
    [
        "r.figure()",
        'r.text("0.5")',
        "x, y = r.pair(v)[0]",
        "r.table(columns=['a', 'b'], order={'a': 1}, digits=2)",
        "from sample_results import text\ntext(v.f1)",
        "from sample_results.deeper import text as t\nt(v)",
        "from studies.calls import page\npage.gap(v)",
        "from studies.calls.page import gap as g\ng(v)",
        "from studies.calls.page.splits import gap\ngap(v)",
    ],
)
def test_calls_are_allowed(write, source):
    assert problems(write(f"{START}```{{python}}\n{source}\n```")) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "import numpy as np",
            "documents import sample_results and a study's page alone",
        ),
        ("from os import path", "imports 'os'"),
        ("from sample_results_not import x", "imports 'sample_results_not'"),
        ("from . import x", "imports '.'"),
        ("from studies.calls import settings", "imports 'studies.calls.settings'"),
        ("from studies import calls", "imports 'studies.calls'"),
        ("import studies.calls", "imports 'studies.calls'"),
        ("from studies.calls.training import page", "imports 'studies.calls.training.page'"),
        ("v.a + v.b", "arithmetic in a document"),
        ("-v.a", "arithmetic in a document"),
        ("x = v\nx += v", "arithmetic in a document"),
        ("v.a > v.b", "a comparison in a document"),
        ("v.a and v.b", "a condition in a document"),
        ("r.f(v if v else v)", "a condition in a document"),
        ("for x in v:\n    r.f(v)", "a loop in a document"),
        ("[r for r in v]", "ListComp in a document"),
        ("r.f(lambda: v)", "a function in a document"),
        ("def f():\n    pass", "a function in a document"),
        ("class C:\n    pass", "a class in a document"),
        ('f"{v}"', "a format string in a document"),
        ("print(v)", "'print' is not imported or made by this document"),
        ("r.__dict__", "uses the private name '__dict__'"),
        ("with r:\n    pass", "With in a document"),
        ("r.f(", "this is not Python"),
    ],
)
def test_everything_else_is_refused(write, source, message):
    found = problems(write(f"{START}```{{python}}\n#| echo: false\n{source}\n```"))
    last = 13 + source.count("\n")
    assert any(13 <= line <= last and message in text for line, text in found), found


def test_names_must_come_first(write):
    path = write(f"`{{python}} r.draw()`\n\n{START}`{{python}} v`")
    assert problems(path) == [(5, "'r' is not imported or made by this document.")]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("'0.81'", "inline expression \"'0.81'\" is a constant, not a result"),
        ("v.a / v.b", "arithmetic in a document"),
        ("x = v", "is not a Python expression"),
    ],
)
def test_expressions_obey_too(write, expression, message):
    ((line, text),) = problems(write(f"{START}a\n`{{python}} {expression}`"))
    assert line == 12
    assert message in text
