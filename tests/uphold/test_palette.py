"""One palette: the stylesheet, Typst and the figures take their colours from it alone.

A dark screen has the same colours by name in other shades, in a file beside it.
"""

import re
from pathlib import Path

import pytest

from uphold import palette
from uphold.errors import InputError

ROOT = Path(__file__).parents[2]
HEXADECIMAL = re.compile(r"""#[0-9a-fA-F]{6}\b|["']#[0-9a-fA-F]{3}["']""")
DARK = "dark.css"
MADE = {"_site", ".quarto"}  # what rendering leaves beside the documents
CODE = [
    path
    for folder in ("src/uphold", "src/studies", "reports")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".css", ".typ", ".html", ".qmd", ".yml") and path.is_file()
]


def test_no_colour_is_written_anywhere_else():
    wrong = {
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in CODE
        if path.name not in (palette.FILE, DARK) and not MADE & {*path.parts}
        for found in HEXADECIMAL.finditer(path.read_text("utf-8"))
        if "#rrggbb" not in found[0]
    }
    # What says how a colour is written in Typst shows one.
    assert wrong <= {"src/uphold/rendering/styles.py: #d7f0dd"}


def test_every_colour_that_styles_ask_for_is_in_the_palette():
    colours = palette.read(palette.THEME / palette.FILE)
    css = (palette.THEME / "page.css").read_text("utf-8")
    own = set(re.findall(r"--([a-z0-9-]+):", css))
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", css)) <= colours.keys() | own
    typst = (palette.THEME / "page.typ").read_text("utf-8")
    assert set(re.findall(r"palette\.([a-z-]+)", typst)) - {"css", "at"} <= colours.keys()
    kinds = ("note", "tip", "important", "warning", "caution")
    assert {f"{kind}{end}" for kind in kinds for end in ("", "-tint")} <= colours.keys()


def test_a_dark_screen_has_colours_of_the_palette_by_name_and_all_of_callouts():
    colours = palette.read(palette.THEME / palette.FILE)
    dark = palette.read(palette.THEME / DARK)
    assert dark.keys() <= colours.keys()
    kinds = ("note", "tip", "important", "warning", "caution")
    assert {"paper", "ink", *kinds, *(f"{kind}-tint" for kind in kinds)} <= dark.keys()


def test_the_palette_is_one_colour_a_line():
    text = (palette.THEME / palette.FILE).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip().startswith("--")]
    assert len(lines) == len(palette.read(palette.THEME / palette.FILE)) > 30


def test_the_theme_of_the_reports_is_the_framework_s():
    assert (ROOT / "reports" / "theme").resolve() == palette.THEME


def test_a_theme_beside_the_document_comes_first(tmp_path, monkeypatch):
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / palette.FILE).write_text(":root {\n  --series-1: #123456;\n}\n")
    monkeypatch.chdir(tmp_path)
    palette._in_force.cache_clear()
    try:
        assert palette.series() == ["#123456"]
        with pytest.raises(InputError, match=r"theme/palette\.css has no colour 'serie-1'"):
            palette.colour("serie-1")
    finally:
        palette._in_force.cache_clear()


def test_figures_take_the_series_in_their_order():
    assert len(palette.series()) >= 7
    assert palette.series()[0] == palette.colour("series-1")
