import pytest

from uphold.pages.log.names import Names, in_one_line, titled

LONG = "x" * 30 + "middle" + "y" * 30


def test_a_short_name_stays_as_it_is():
    assert Names().name("label_smoothing $x$ <b>") == "label_smoothing $x$ <b>"


def test_a_long_name_keeps_its_ends():
    names = Names()
    assert names.name(LONG) == "x" * 24 + "…" + "y" * 12
    assert names.shortened == 1


def test_a_name_of_forty_characters_is_whole():
    names = Names()
    assert names.name("n" * 40) == "n" * 40
    assert names.shortened == 0


def test_names_that_would_look_the_same_are_numbered():
    names = Names()
    first, second = names.name(LONG), names.name(LONG.replace("middle", "centre"))
    assert second == f"{first} (2)"
    assert names.name(LONG) == first


def test_a_sentence_keeps_its_length_and_cuts_its_words():
    said = Names().sentence(f"The change of {LONG} is small.")
    assert said == "The change of " + "x" * 24 + "…" + "y" * 12 + " is small."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\t\tc\x00d\x1b[31m", "a b c d [31m"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\ud800x", "x"),
        ("日本語 🐸", "日本語 🐸"),
    ],
)
def test_what_cannot_be_shown_is_left_out(text, expected):
    assert in_one_line(text) == expected


def test_nested_text_is_shown_keys_included():
    found = {LONG: [1, {"levels": {LONG: LONG}, "says": f"{LONG} is {'long ' * 20}"}]}
    short = "x" * 24 + "…" + "y" * 12
    assert Names().all(found) == {
        short: [1, {"levels": {short: short}, "says": f"{short} is {'long ' * 20}".strip()}]
    }


def test_a_title_has_an_end():
    assert titled("word " * 100) == ("word " * 24) + "…"


def test_a_level_is_a_name_whatever_its_factor_is_called():
    names = Names()
    levels = [{"levels": {"rows": text}} for text in (LONG, LONG.replace("middle", "centre"))]
    short = "x" * 24 + "…" + "y" * 12
    assert names.all(levels) == [{"levels": {"rows": short}}, {"levels": {"rows": f"{short} (2)"}}]
