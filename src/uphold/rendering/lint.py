"""Digits in running text must come from inline expressions.

A number typed by hand goes stale when the runs change. In: a document. Out: a problem for every
character of a number in running text: prose, headings, captions, titles, mathematics. Left alone
are code, link targets, labels, citations, attributes and list markers, which are not running text,
the names that ``lint-names`` allows, such as 'Stage 2' or 'F1', and 0, 1 and 2 in a formula, where
they are a part of what it defines.

How a digit is traced to its line: Pandoc's tree has no positions, so each digit is exchanged for
a rare letter that stands for its line, and the text is parsed with those letters in it. Those that
arrive in running text are the digits of running text, and say where they were.
"""

import re
import unicodedata
from collections.abc import Iterator

from uphold.errors import InputError
from uphold.rendering import pandoc, skeleton, tree
from uphold.rendering.document import Document, Problem
from uphold.rendering.pandoc import Fragment
from uphold.rendering.tree import Element, Elements

# Cuneiform, hieroglyphs and Bamum: letters to Pandoc, so that keys and labels stay what they are,
# and one column wide, so that tables stay aligned
_LINES = "".join(c for c in map(chr, range(0x12000, 0x16A39)) if unicodedata.category(c) == "Lo")
# where a digit belongs to no text: list markers, and the keys of notes and of links
_KEY = re.compile(r"(?m)^\s*\(?\d+[.)](?=\s)|\[\^[^\]\s]+\]|(?<=\])\[[^\]]+\]|^ {0,3}\[[^\]]+\]:")
# what a formula is made of, and no result: 1 - p, a square, a half
_FORMULA = re.compile(r"\$\$[^$]+\$\$|(?<!\\)\$(?=\S)[^$\n]+\$")
_CONSTANT = re.compile(r"(?<![\d.,])[012](?![\d.,]*\d)")
_LETTER_AND_DIGIT = re.compile(r"(?=.*[^\W\d_])(?=.*\d)")


def problems(document: Document, names: tuple[str, ...]) -> Iterator[Problem]:
    """Yield each number typed by hand, and each allowed name that is no name.

    Parameters
    ----------
    document : Document
    names : tuple of str
        What may be written with digits: ``lint-names``.
    """
    for name in names:
        if not _LETTER_AND_DIGIT.match(name):
            yield Problem(1, f"lint-names: {name!r} is no name with letters and digits.")
    prose, phrases = skeleton.texts(document, lambda text, line: _coded(text, line, names))
    fragments = [Fragment(pandoc.MARKDOWN, text) for text in (prose, *(p[3] for p in phrases))]
    lines = [None, *(phrase[2] for phrase in phrases)]
    for read, line in zip(pandoc.read(fragments, str(document.path)), lines, strict=True):
        for word in _words(read["blocks"]):
            at = next((_LINES.index(letter) for letter in word if letter in _LINES), None)
            if at is None and any(map(_is_digit, word)):
                # what looked like a list marker or a key, and is text, kept its digits
                at = line or document.find(re.escape(word))
            if at is not None:
                yield Problem(at, _message(document, at))


def _message(document: Document, line: int) -> str:
    text = document.path.read_text(encoding="utf-8").split("\n")[line - 1].strip()
    return (
        f"a number typed by hand: {text!r}. Write `{{python}} ...`, or name it in lint-names if it "
        "belongs to a name."
    )


def _coded(text: str, line: int, names: tuple[str, ...]) -> str:
    """Return the text with the digits of names blanked and all others exchanged for their lines."""
    if line + text.count("\n") >= len(_LINES):
        raise InputError(
            f"A write-up of more than {len(_LINES)} lines cannot be checked; divide it."
        )
    for name in names:
        words = r"\s+".join(map(re.escape, name.split()))
        text = re.sub(rf"(?<!\w){words}(?!\w)", lambda found: _blank(found[0]), text)
    kept = {at for found in _KEY.finditer(text) for at in range(*found.span())}
    for formula in _FORMULA.finditer(text):
        kept |= {formula.start() + found.start() for found in _CONSTANT.finditer(formula[0])}
    out = []
    for at, letter in enumerate(text):
        line += letter == "\n"
        out.append(_LINES[line] if _is_digit(letter) and at not in kept else letter)
    return "".join(out)


def _blank(text: str) -> str:
    return "".join("x" if _is_digit(letter) else letter for letter in text)


def _is_digit(letter: str) -> bool:
    return unicodedata.category(letter).startswith("N")


def _words(node: Elements | Element) -> Iterator[str]:
    """Yield the strings of running text, links to addresses that show themselves left out."""
    if isinstance(node, list):
        for each in node:
            yield from _words(each)
    elif isinstance(node, dict):
        match node.get("t"):
            case "Str":
                yield node["c"]
            case "Math":
                yield _CONSTANT.sub("x", node["c"][1])
            case "Code" | "CodeBlock" | "RawBlock" | "RawInline" | "Cite":
                return
            case "Link" if {"uri", "email"} & set(tree.attributes(node)[1]):
                return
            case "Image":
                yield from _words(node["c"][1])
            case _:
                yield from _words(list(node.values()))
