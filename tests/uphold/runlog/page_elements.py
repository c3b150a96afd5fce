"""What a page consists of, to be compared with another page: elements, links, text."""

import re
from html.parser import HTMLParser
from pathlib import Path

LINKS = ("href", "xlink:href", "src", "action", "data", "formaction", "srcset")


class Elements(HTMLParser):
    """Collects a page's elements with the names of their attributes, its links, its text.

    Of its drawings, whose letters are strokes, it collects the kinds of elements alone.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.drawn: set[tuple[str, tuple[str, ...]]] = set()
        self.links: set[str] = set()
        self.text: list[str] = []
        self._drawing = False
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        self._drawing |= tag == "svg"
        element = tag, tuple(sorted(name for name, _ in attributes))
        if self._drawing:
            self.drawn.add(element)
        else:
            self.elements.append(element)
        self.links |= {value for name, value in attributes if name in LINKS}

    def handle_endtag(self, tag):
        self._drawing &= tag != "svg"

    def handle_data(self, data):
        self.text.append(data)

    @property
    def outward(self) -> set[str]:
        """The links that lead out of the page; pictures lie in it."""
        return {
            one for one in self.links if not one.startswith(("#", "data:image/svg+xml;base64,"))
        }


def squeezed(text: str) -> str:
    """Return a text without the spaces at which lines break, its minus signs as they are typed."""
    return re.sub(r"\s+", "", text).replace("\u2212", "-")
