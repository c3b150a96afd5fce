"""What a report has room for, and that it says what it leaves out."""

import itertools

import numpy as np
import pandas as pd

from uphold.analysis.analyze import analyze


def test_what_is_beyond_a_page_is_counted(make):
    rows = itertools.product(range(13), ["a", "b"], [1, 2])
    table = pd.DataFrame(rows, columns=["width", "mode", "seed"])
    table["f1"] = np.linspace(0, 1, len(table))
    found = analyze(make(table, ["width", "mode"]), "f1")
    assert len(found.configurations) == 12
    assert found.count == 26
    assert {e.factor for e in found.effects["f1"]} == {"mode"}
    answer = " ".join(found.left_out)
    assert "factors of more than 12 levels: width" in answer
    assert "Of 26 configurations the best 12" in answer


def test_steps_are_bounded_over_all_factors(make):
    names = [f"x{i}" for i in range(25)]
    table = pd.DataFrame({name: [0, 1] * 4 for name in names}).assign(seed=range(8), f1=0.5)
    found = analyze(make(table, names), "f1")
    assert len(found.effects["f1"]) == 20
    assert list(found.configurations[0].levels) == names[:8]
    assert any("leave out: x20, x21, x22, x23, x24." in text for text in found.left_out)
