"""Only `uphold.format` writes numbers that a reader sees: no other module has format codes."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = [
    *(f"src/uphold/{room}" for room in ("claims", "audits", "archive", "analysis", "runlog")),
    *(
        "src/uphold/comparison",
        "src/uphold/gate",
        "src/uphold/pages",
        "src/uphold/scaffold/study/page",
    ),
    *(f"src/studies/{study}/page" for study in ("calls", "multitask", "radio", "speech")),
]
NUMERIC = re.compile(r"[+,_.%]|[0-9]*[defgn]$", re.IGNORECASE)
"""A format code of a number: ``.3f``, ``,``, ``+.2e``, ``g``; ``<20`` and ``>8`` align texts."""


ALLOWED = {
    # Nine figures of a number in JSON, made a number again at once.
    "src/uphold/analysis/findings.py",
}


def writes_numbers(source: str) -> list[int]:
    """Return the lines that write a number by a format code or a rounding of their own."""
    return sorted({n.lineno for n in ast.walk(ast.parse(source)) if _writes(n)})


def _writes(node: ast.AST) -> bool:
    match node:
        case ast.FormattedValue(conversion=-1, format_spec=ast.JoinedStr(values=spec)):
            # What stands in braces within a code is a number of digits.
            codes = [part.value for part in spec if isinstance(part, ast.Constant)]
            return len(codes) < len(spec) or any(map(NUMERIC.search, codes))
        case ast.FormattedValue(value=shown) | ast.Call(func=ast.Name(id="str"), args=[shown]):
            return _rounds(shown)
        case ast.Call(func=ast.Name(id="format"), args=[_, _, *_]):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return bool(re.search(r"\{\w*:", text))
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return bool(re.search(r"%[-+0-9.]*[defg]", text))
        case ast.Call(func=ast.Attribute(attr="replace"), args=[_, ast.Constant(value="−")]):
            return True
    return False


def _rounds(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="round") | ast.Attribute(attr="round")):
            return True
    return False


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_writes_numbers_by_itself(room):
    paths = sorted((ROOT / room).rglob("*.py"))
    assert paths, f"{room} holds no code"
    found = {str(path.relative_to(ROOT)): lines for path in paths if (lines := _lines(path))}
    assert {path: lines for path, lines in found.items() if path not in ALLOWED} == {}


def _lines(path: Path) -> list[int]:
    return writes_numbers(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        'f"{x:.3f}"', 'f"{x:g}"', 'f"{n:,}"', 'f"{x:+.{d}f}"', 'f"{share:.0%}"', 'f"{x:d}"',
        'format(x, ".2f")', '"{:.2f}".format(x)', '"%.2f" % x', 'f"{round(x, 2)}"',
        "str(round(x, 2))", 'f"{np.round(x, 2)}"', 'f"{x!s}".replace("-", "−")',
    ],
)  # fmt: skip
def test_every_way_to_write_a_number_is_seen(source):
    assert writes_numbers(source) == [1]


@pytest.mark.parametrize(
    "source", ['f"{x}"', 'f"{name:<20}"', "round(x, 2)", "number(x, 3)", '"{}".format(x)', "n % 2"]
)
def test_texts_and_sums_are_not_taken_for_one(source):
    assert writes_numbers(source) == []


def test_the_one_format_module_does_write_numbers():
    assert _lines(ROOT / "src/uphold/format.py")
