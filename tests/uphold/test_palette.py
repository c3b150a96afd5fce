"""One palette: the stylesheet, Typst and the figures take their colours from it alone.

A dark screen has the same colours by name in other shades, in a file beside it.
"""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from uphold import palette
from uphold.errors import InputError
from uphold.pages import drawing

ROOT = Path(__file__).parents[2]
HEXADECIMAL = re.compile(r"""#[0-9a-fA-F]{6}\b|["']#[0-9a-fA-F]{3}["']""")
DARK = "dark.css"
PALETTE = palette.THEME / palette.FILE
EYES = {
    "all cones": np.eye(3),
    "no long ones": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no middle ones": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no short ones": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""Linear red, green and blue as they are seen (Machado, Oliveira and Fernandes, 2009)."""
XYZ = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])
APART = 15
"""CIELAB distance of two lines that are told apart without looking twice; 2 is just noticed."""
MADE = {"_site", ".quarto"}  # what rendering leaves beside the documents
CODE = [
    path
    for folder in ("src/uphold", "src/studies", "reports")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".css", ".typ", ".html", ".qmd", ".yml") and path.is_file()
]
HEADINGS = {10.0}  # of a third level, as large as text
SIZES = {
    of: dict(re.findall(rf"--{of}-([a-z]+):\s*([\d.]+){unit};", PALETTE.read_text("utf-8")))
    for of, unit in (("type", "rem"), ("paper", "pt"))
}


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


def test_the_smallest_type_of_a_picture_on_paper_is_that_of_text():
    smallest = float(SIZES["paper"]["smallest"])
    assert smallest <= drawing.LEAST <= smallest + 0.2
    assert all(float(size) >= smallest for size in SIZES["paper"].values())


def test_a_size_that_has_a_name_is_written_once():
    typst = (palette.THEME / "page.typ").read_text("utf-8")
    css = (palette.THEME / "page.css").read_text("utf-8")
    written = re.findall(r"text\((?:size: )?([\d.]+)pt", typst)
    assert not {*map(float, written)} & {*map(float, SIZES["paper"].values())} - HEADINGS
    assert not {f"{size}rem" for size in SIZES["type"].values()} & {*re.findall(r"[\d.]+rem", css)}


def test_every_colour_that_styles_ask_for_is_in_the_palette():
    colours = palette.read(palette.THEME / palette.FILE)
    css = (palette.THEME / "page.css").read_text("utf-8")
    own = set(re.findall(r"--([a-z0-9-]+):", css)) | {f"type-{name}" for name in SIZES["type"]}
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", css)) <= colours.keys() | own
    typst = (palette.THEME / "page.typ").read_text("utf-8")
    assert set(re.findall(r"palette\.([a-z-]+)", typst)) - {"css", "at"} <= colours.keys()
    assert set(re.findall(r"size\.([a-z]+)", typst)) == SIZES["paper"].keys()
    kinds = ("note", "tip", "important", "warning", "caution")
    assert {f"{kind}{end}" for kind in kinds for end in ("", "-tint")} <= colours.keys()


def test_a_dark_screen_has_colours_of_the_palette_by_name_and_all_of_callouts():
    colours = palette.read(palette.THEME / palette.FILE)
    dark = palette.read(palette.THEME / DARK)
    assert dark.keys() <= colours.keys()
    kinds = ("note", "tip", "important", "warning", "caution")
    assert {"paper", "ink", *kinds, *(f"{kind}-tint" for kind in kinds)} <= dark.keys()


def test_the_palette_is_one_colour_or_size_a_line():
    text = (palette.THEME / palette.FILE).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip().startswith("--")]
    colours = palette.read(palette.THEME / palette.FILE)
    assert len(lines) == len(colours) + sum(map(len, SIZES.values()))
    assert len(colours) > 30


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


def linear(colour: str) -> np.ndarray:
    """Return linear red, green and blue between 0 and 1."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(colour: str, eye: str) -> np.ndarray:
    """Return a colour's CIELAB coordinates as such an eye sees it."""
    xyz = XYZ @ np.clip(EYES[eye] @ linear(colour), 0, 1) / XYZ.sum(axis=1)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eye", EYES)
def test_any_eye_tells_the_series_apart(eye):
    near = {
        (a, b): round(distance)
        for a, b in combinations(palette.series(), 2)
        if (distance := np.linalg.norm(lab(a, eye) - lab(b, eye))) < APART
    }
    assert near == {}


@pytest.mark.parametrize("eye", EYES)
def test_any_eye_tells_what_is_supported_from_what_is_refuted(eye):
    for one, other in (("supported", "refuted"), ("holds", "fails")):
        colours = [lab(palette.colour(name), eye) for name in (one, other)]
        assert np.linalg.norm(colours[0] - colours[1]) > APART


def test_lines_can_be_seen_on_paper():
    paper = XYZ[1] @ linear(palette.colour("paper")) + 0.05
    faint = {c: paper / (XYZ[1] @ linear(c) + 0.05) for c in palette.series()}
    assert {c: r for c, r in faint.items() if r < 3} == {}
