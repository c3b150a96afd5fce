"""HTML tables from cells, as Pandoc tables."""

import pytest

from uphold.errors import InputError
from uphold.rendering import pandoc, tables, tree
from uphold.rendering.pandoc import Fragment


def extract(html: str):
    (document,) = pandoc.read([Fragment(pandoc.HTML, html)], "test")
    return tables.extract(document["blocks"], "page.qmd:7: cell 'tbl-x'")


def described(table) -> list[tuple[str, str, str]]:
    return [
        (tree.text(blocks), side["t"].removeprefix("Align"), dict(attributes[2]).get("style", ""))
        for attributes, side, _, _, blocks in tables.cells(table)
    ]


def test_great_tables_comes_with_colours_alignments_spanner_and_note(results):
    table = extract(results.coloured()._repr_html_())
    cells = described(table)
    assert ("True", "Left", "background-color: #d7f0dd; color: #116329; font-weight: bold") in cells
    assert ("0.71 ± 0.07", "Right", "") in cells
    assert ("OOD F1", "Right", "") in cells
    assert ("Scores", "Center", "") in cells
    assert cells[-1] == ("Three seeds each.", "Left", "")
    assert results.HOSTILE in [text for text, _, _ in cells]


def test_groups_are_marked_and_footnote_marks_are_raised(results):
    table = extract(results.grouped()._repr_html_())
    groups = [
        tree.text(blocks)
        for attributes, _, _, _, blocks in tables.cells(table)
        if "group" in attributes[1]
    ]
    assert groups == ["low", "high"]
    (raised,) = {
        tree.text(element["c"])
        for _, _, _, _, blocks in tables.cells(table)
        for element in tree.walk(blocks)
        if element["t"] == "Superscript"
    }
    assert raised == "1"


def test_the_same_table_gives_the_same_tree(results):
    # great_tables names a table anew each time
    first, second = results.coloured()._repr_html_(), results.coloured()._repr_html_()
    assert first != second
    assert extract(first) == extract(second)


def test_pandas_is_aligned_by_what_is_in_it(results):
    table = extract(results.frame()._repr_html_())
    sides = [side["t"] for side, _ in table["c"][2]]
    assert sides == ["AlignRight", "AlignLeft", "AlignRight"]
    assert [text for text, _, _ in described(table)] == [
        *("", "mode", "n"),
        *("0", "repeat", "33"),
        *("1", "linear", "33"),
    ]


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<p>no table</p>", "gives HTML with 0 tables"),
        ("<table><tr><td>a</td></tr></table>" * 2, "gives HTML with 2 tables"),
        (
            "<p>five rows</p><table><tr><td>a</td></tr></table>",
            "text beside its table: 'five rows'",
        ),
        ("<style>#T_1 {color: red}</style><table><tr><td>a</td></tr></table>", "HTML of its own"),
        ("<script>x()</script><table><tr><td>a</td></tr></table>", "HTML of its own"),
        ("<table><tr><td><button>a</button></td></tr></table>", "'<button>', which is HTML only"),
        ("<table><caption>c</caption><tr><td>a</td></tr></table>", "use the option 'tbl-cap'"),
        ("<table><tr><td style='opacity: 0'>a</td></tr></table>", "style 'opacity'"),
    ],
)
def test_what_one_format_would_lose_is_refused(html, message):
    with pytest.raises(InputError) as refused:
        extract(html)
    assert str(refused.value).startswith("page.qmd:7: cell 'tbl-x'")
    assert message in str(refused.value)


def test_a_truncated_frame_is_refused():
    import pandas as pd

    html = pd.DataFrame({"a": range(100)})._repr_html_()
    with pytest.raises(InputError, match="100 rows × 1 columns"):
        extract(html)


def test_values_are_told_from_sentences(results):
    table = tables.marked(extract(results.sentences()._repr_html_()))
    values = {
        tree.text(blocks): "value" in attributes[1]
        for attributes, _, _, _, blocks in tables.cells(table)
    }
    assert values == {
        results.SENTENCE: False,
        "refuted": True,
        "not shown": True,
        "0.41": True,
        "0.2": True,
        "claim": False,
        "verdict": False,
        "p": False,
    }
    assert tables.longest(table) == [len(results.SENTENCE), len("not shown"), len("0.41")]


SPANS = """
<table><thead>
<tr><th></th><th colspan="3">Scores</th><th>n</th></tr>
<tr><th>arm</th><th>low</th><th>mid</th><th>high</th><th>of runs</th></tr>
</thead><tbody>
<tr><td colspan="5">group</td></tr>
<tr><td>A0</td><td rowspan="2">1</td><td>2</td><td>3</td><td>4</td></tr>
<tr><td>A1</td><td>5</td><td>6</td><td>7</td></tr>
</tbody></table>
"""


def rows(table) -> list[list[tuple[str, int]]]:
    return [[(tree.text(cell[4]), cell[3]) for cell in row[1]] for row in tables.rows(table)]


def test_a_table_too_wide_is_divided_with_the_names_of_its_rows_in_each_part():
    first, second = tables.divided(extract(SPANS), [1, 1, 1, 1, 1], line=3)
    assert rows(first) == [
        [("", 1), ("Scores", 2)],
        [("arm", 1), ("low", 1), ("mid", 1)],
        [("group", 3)],
        [("A0", 1), ("1", 1), ("2", 1)],
        [("A1", 1), ("5", 1)],
    ]
    assert rows(second) == [
        [("", 1), ("Scores", 1), ("n", 1)],
        [("arm", 1), ("high", 1), ("of runs", 1)],
        [("group", 3)],
        [("A0", 1), ("3", 1), ("4", 1)],
        [("A1", 1), ("6", 1), ("7", 1)],
    ]
    assert len(first["c"][2]) == len(second["c"][2]) == 3


def test_a_table_that_fits_is_not_divided():
    table = extract(SPANS)
    assert tables.divided(table, [1, 1, 1, 1, 1], line=5) == [table]


def test_notes_stand_below_the_last_part(results):
    parts = tables.divided(extract(results.coloured()._repr_html_()), [1, 1, 1, 1], line=2)
    assert [rows(part)[-1][0][0] == "Three seeds each." for part in parts] == [False, False, True]


def test_a_head_may_break_into_lines_and_a_value_may_not():
    table = extract("<table><tr><th>a b c d</th></tr><tr><td>a b</td></tr></table>")
    (wide,), (word,) = tables.widths(table), tables.words(table)
    assert word < wide
    narrow = extract("<table><tr><th>a b c d</th></tr><tr><td>a</td></tr></table>")
    assert tables.widths(narrow) == tables.words(narrow)
