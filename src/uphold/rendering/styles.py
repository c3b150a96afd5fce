"""Cell and text styles: from CSS, where great_tables writes them, to Typst.

In: the value of an HTML ``style`` attribute. Out: Pandoc's ``typst:…`` attributes, which its Typst
writer turns into parameters of the cell or of the text in it. A property that has no counterpart
here is refused by name, so that a colour cannot be in the HTML and missing in the PDF.
"""

import re

from uphold.errors import InputError, nearest

# what concerns only a screen, or what the page itself decides for all tables
_IMMATERIAL = frozenset({"white-space", "overflow-x", "overflow-y", "width", "height"})
_ALIGN = frozenset({"left", "right", "center"})


def properties(style: str) -> dict[str, str]:
    """Return the properties of a ``style`` attribute."""
    pairs = (part.partition(":") for part in style.split(";") if part.strip())
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def to_typst(style: str) -> dict[str, str]:
    """Return the ``typst:…`` attributes that say what a ``style`` attribute says.

    Raises
    ------
    InputError
        For a property or a value without a counterpart.
    """
    out = {}
    for name, value in properties(style).items():
        match name:
            case "color":
                out["typst:text:fill"] = colour(value)
            case "background-color" | "background":
                out["typst:fill"] = colour(value)
            case "font-weight":
                out["typst:text:weight"] = _weight(value)
            case "font-style":
                out["typst:text:style"] = _one_of(name, value, {"normal", "italic", "oblique"})
            case "font-size":
                out["typst:text:size"] = _size(value)
            case "text-align":
                _one_of(name, value, _ALIGN)  # becomes the cell's own alignment
            case _ if name not in _IMMATERIAL:
                known = {"color", "background-color", "font-weight", "font-style", "font-size"}
                raise InputError(
                    f"style {name!r} has no counterpart in print.{nearest(name, known)}"
                )
    return out


def colour(value: str) -> str:
    """Return a CSS colour as Typst writes it, such as ``rgb("#d7f0dd")``."""
    value = value.lower()
    if value == "transparent":
        return "none"
    if value.isalpha():
        from matplotlib.colors import CSS4_COLORS  # late, for the few documents that name one

        value = str(CSS4_COLORS.get(value, value)).lower()
    if re.fullmatch(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", value):
        return f'rgb("{value}")'
    if found := re.fullmatch(r"rgba?\(([\d.,%\s]+)\)", value):
        parts = [part.strip() for part in found[1].split(",")]
        if len(parts) == 4:
            parts[3] = f"{float(parts[3]) * 100:g}%"
        return f"rgb({', '.join(parts)})"
    raise InputError(f"colour {value!r} is not known; write it as '#rrggbb'.")


def _weight(value: str) -> str:
    if value.isdecimal():
        return value
    weight = {"normal": "regular", "initial": "regular", "bold": "bold", "bolder": "bold"}
    if value not in weight:
        raise InputError(f"font-weight {value!r} is not known.")
    return f'"{weight[value]}"'


def _one_of(name: str, value: str, known: frozenset[str] | set[str]) -> str:
    if value not in known:
        raise InputError(f"{name} {value!r} is not known.{nearest(value, known)}")
    return f'"{value}"'


def _size(value: str) -> str:
    found = re.fullmatch(r"([\d.]+)(px|pt|em|rem|%)", value)
    if not found:
        raise InputError(f"font-size {value!r} is not known; write it in px, pt, em or %.")
    number, unit = float(found[1]), found[2]
    # a CSS pixel is 3/4 point; relative sizes are relative to the text around in both
    scale, typst = {"px": (0.75, "pt"), "pt": (1, "pt"), "%": (0.01, "em")}.get(unit, (1, "em"))
    return f"{number * scale:g}{typst}"
