"""Each figure and table of a write-up is spoken of."""

from uphold.pages import cited
from uphold.rendering.document import parse

OPENED = '```{python}\n#| include: false\npage = writeup("a")\n```\n'
TABLE = '```{python}\n#| label: tbl-one\n#| tbl-cap: "A table."\nshow()\n```\n'


def problems(tmp_path, body: str) -> list[str]:
    path = tmp_path / "page.qmd"
    path.write_text(f"---\ntitle: A\n---\n\n{body}", "utf-8")
    return [problem.text for problem in cited.problems(parse(path))]


def test_a_table_that_no_text_speaks_of_is_a_problem(tmp_path):
    (found,) = problems(tmp_path, OPENED + TABLE)
    assert "tbl-one" in found
    assert problems(tmp_path, f"{OPENED}See @tbl-one.\n\n{TABLE}") == []
    assert problems(tmp_path, f"{OPENED}See @tbl-one-more.\n\n{TABLE}") != []


def test_a_caption_may_speak_of_another_one(tmp_path):
    other = TABLE.replace("tbl-one", "tbl-two").replace("A table.", "More in @tbl-one.")
    assert problems(tmp_path, f"{OPENED}See @tbl-two.\n\n{TABLE}{other}") == []


def test_what_opens_no_write_up_may_show_what_it_likes(tmp_path):
    assert problems(tmp_path, TABLE) == []
