"""How much text and how many cells a page has, counted by hand."""

import pytest

from uphold.rendering import tree
from uphold.rendering.amounts import Amounts
from uphold.rendering.pandoc import MARKDOWN, Fragment, read

TABLE = """
| a | b |
|---|---|
| c | d |
| e |   |

: These words are no text
"""


def of(text: str) -> Amounts:
    (document,) = read([Fragment(MARKDOWN, text)], "here")
    return Amounts.of(document["blocks"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Four words stand here.\n\nAnd three more.", 7),
        ("# A heading\n\n- one\n- two words\n\n> And so on", 8),
        ("With *emphasis on* `code`.", 4),
        ("```bash\nuphold make all of it\n```\n\nOne.", 1),
        ("![A caption of a picture](a.svg)\n\nOne.", 1),
        ("::: {.callout-note}\nIt stands open.\n:::", 3),
        ('::: {.callout-note collapse="true"}\nIt is folded.\n:::\n\nOne.', 1),
    ],
)
def test_words_are_those_of_the_text_that_stands_open(text, words):
    assert of(text) == Amounts(words, 0, 0)


def test_cells_are_counted_where_they_stand():
    assert of(f"Two words.\n{TABLE}") == Amounts(2, 5, 0)
    folded = f'::: {{.callout-note collapse="true"}}\nIn it.\n{TABLE}\n:::\n'
    assert of(f"Two words.\n\n{TABLE}\n{folded}\n{folded}") == Amounts(2, 5, 10)
    assert str(of(folded)) == "0 words, 0 cells open, 5 folded"


def test_large_amounts_can_be_read():
    assert str(Amounts(1043, 212, 1480)) == "1,043 words, 212 cells open, 1,480 folded"


def test_counting_leaves_the_page_as_it_is():
    (document,) = read([Fragment(MARKDOWN, f"Two words.\n{TABLE}")], "here")
    blocks = document["blocks"]
    before = tree.text(blocks)
    Amounts.of(blocks)
    assert tree.text(blocks) == before
