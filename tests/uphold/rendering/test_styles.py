"""CSS to Typst, property by property."""

import pytest

from uphold.errors import InputError
from uphold.rendering.styles import to_typst


@pytest.mark.parametrize(
    ("css", "typst"),
    [
        ("color: #116329", {"typst:text:fill": 'rgb("#116329")'}),
        ("background-color:#D7F0DD;", {"typst:fill": 'rgb("#d7f0dd")'}),
        ("background-color: #fff", {"typst:fill": 'rgb("#fff")'}),
        ("color: grey", {"typst:text:fill": 'rgb("#808080")'}),
        ("color: transparent", {"typst:text:fill": "none"}),
        ("color: rgb(1, 2, 3)", {"typst:text:fill": "rgb(1, 2, 3)"}),
        ("color: rgba(1, 2, 3, .5)", {"typst:text:fill": "rgb(1, 2, 3, 50%)"}),
        ("font-weight: bold", {"typst:text:weight": '"bold"'}),
        ("font-weight: 600", {"typst:text:weight": "600"}),
        ("font-style: italic", {"typst:text:style": '"italic"'}),
        ("font-size: 12px", {"typst:text:size": "9pt"}),
        ("font-size: 80%", {"typst:text:size": "0.8em"}),
        ("text-align: right; white-space: nowrap", {}),
        ("", {}),
    ],
)
def test_what_has_a_counterpart(css, typst):
    assert to_typst(css) == typst


@pytest.mark.parametrize(
    ("css", "message"),
    [
        ("text-shadow: 1px", "style 'text-shadow' has no counterpart in print"),
        ("colour: #fff", "style 'colour' has no counterpart in print. Did you mean 'color'?"),
        ("color: blurple", "colour 'blurple' is not known"),
        ("color: #12", "colour '#12' is not known"),
        ("font-size: large", "font-size 'large' is not known"),
        ("font-weight: heavy", "font-weight 'heavy' is not known"),
        ('color: red"); #panic("x', "is not known"),
    ],
)
def test_what_has_none_is_refused_by_name(css, message):
    with pytest.raises(InputError, match=message.replace("(", r"\(")) as refused:
        to_typst(css)
    assert message in str(refused.value)
