"""Drawings on a dark screen: the page's ground, light letters, and verdicts of the same hue."""

import colorsys
import io

import pytest
from PIL import Image

from uphold import palette

SIDE = 40
DRAWN = ("paper", "ink", "supported", "refuted")
ADD = """pictures => {
  for (const [id, src] of Object.entries(pictures)) {
    const picture = document.createElement("img");
    Object.assign(picture, { id, src, alt: "" });
    document.querySelector("main").append(picture);
  }
  return Promise.all([...document.images].map((picture) => picture.decode()));
}"""


@pytest.fixture
def dark(made, opened):
    """Return a function that gives the middles of squares of a picture on a dark page."""
    page = opened(made / "sample.html", color_scheme="dark")
    squares = "".join(
        f'<rect x="{SIDE * k}" width="{SIDE}" height="{SIDE}" fill="{palette.colour(name)}"/>'
        for k, name in enumerate(DRAWN)
    )
    size = f'width="{SIDE * len(DRAWN)}" height="{SIDE}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{squares}</svg>'
    photograph = "() => { const c = document.createElement('canvas'); const x = c.getContext('2d');"
    photograph += "x.fillStyle = 'white'; x.fillRect(0, 0, 999, 999); return c.toDataURL(); }"
    drawn = "data:image/svg+xml," + svg.replace("#", "%23")
    page.evaluate(ADD, {"drawn": drawn, "photograph": page.evaluate(photograph)})

    def seen(name: str) -> dict[str, tuple[int, ...]]:
        shot = Image.open(io.BytesIO(page.locator(f"#{name}").screenshot())).convert("RGB")
        middles = ((SIDE * k + SIDE // 2, SIDE // 2) for k in range(len(DRAWN)))
        return {name: shot.getpixel(at) for name, at in zip(DRAWN, middles, strict=True)}

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return seen, tuple(map(int, ground.removeprefix("rgb(").removesuffix(")").split(", ")))


def hue(colour) -> float:
    """Return the hue of red, green and blue up to 255, on a circle of length 1."""
    return colorsys.rgb_to_hsv(*(part / 255 for part in colour))[0]


def test_a_drawing_stands_on_the_ground_of_the_page_and_keeps_its_hues(dark):
    seen, ground = dark
    shown = seen("drawn")
    assert shown["paper"] == pytest.approx(ground, abs=2)
    assert min(shown["ink"]) > 200
    for verdict in ("supported", "refuted"):
        light = bytes.fromhex(palette.colour(verdict).removeprefix("#"))
        assert hue(shown[verdict]) == pytest.approx(hue(light), abs=0.08)
        assert max(shown[verdict]) > 200


def test_a_photograph_stays_what_it_is(dark):
    seen, _ = dark
    assert set(seen("photograph").values()) == {(255, 255, 255)}
