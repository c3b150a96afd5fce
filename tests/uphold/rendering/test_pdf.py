import html

import pytest
import typst

from uphold.rendering import pandoc, tree
from uphold.rendering.pandoc import Fragment
from uphold.rendering.pdf import shaped

MARKS = "selector(heading).or(list).or(enum).or(terms)"


@pytest.fixture
def marks_in_a_cell(tmp_path):
    """Return what Typst finds in a cell that holds a text, beside text."""

    def find(text: str, shape=shaped) -> str:
        cell = f"<table><tr><td>{html.escape(text)}</td></tr></table>"
        (read,) = pandoc.read([Fragment(pandoc.HTML, cell)], "a test")
        source = pandoc.write(shape(read["blocks"]), {}, ["--to=typst"], "a test", tmp_path)
        (tmp_path / "page.typ").write_text("#let muted = gray\n" + source, "utf-8")
        return typst.query(str(tmp_path / "page.typ"), MARKS)

    return find


@pytest.mark.parametrize("text", ["= a", "== a", "- a", "+ a", "/ a: b", "1. a"])
def test_text_in_a_cell_that_looks_like_a_mark_stays_text(marks_in_a_cell, text):
    assert marks_in_a_cell(text) == "[]"


def test_without_care_it_would_not(marks_in_a_cell):
    assert "heading" in marks_in_a_cell("= a", shape=list)


def test_a_word_with_a_mark_is_a_string_of_typst(tmp_path):
    blocks = shaped([tree.plain(tree.words('x..."\\ = 1.'))])
    source = pandoc.write(blocks, {}, ["--to=typst"], "a test", tmp_path)
    assert source == '#"x...\\"\\\\"; #"="; #"1.";\n'


def test_a_closing_quote_after_a_digit_is_no_prime(tmp_path):
    blocks = shaped([tree.plain(tree.words("‘macro-F1’ ‘0.532’."))])
    source = pandoc.write(blocks, {}, ["--to=typst"], "a test", tmp_path)
    assert source == '#"‘macro-F1’"; #"‘0.532’.";\n'


def test_the_hyphens_of_an_option_are_no_dash(tmp_path):
    blocks = shaped([tree.plain(tree.words("--use_bn, --dropout"))])
    source = pandoc.write(blocks, {}, ["--to=typst"], "a test", tmp_path)
    assert source == '#"--use_bn,"; #"--dropout";\n'


def test_other_words_are_left_to_pandoc():
    blocks = [tree.plain(tree.words("a=b -1 1.5 +x a/b"))]
    assert shaped(blocks) == blocks
