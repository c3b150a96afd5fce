"""Links from a page to places in the code.

Only the file and the name are given: lines move whenever the code is touched, names seldom. The
code is not opened while a page is made, so that a page does not depend on what it leads to; that
each place is there is held by ``uphold lint``: see `uphold.pages.code_places`.
"""

from uphold.rendering.vocabulary import CODE


def linked(file: str, name: str) -> str:
    """Return ``src/<file>: name`` as a link in Markdown that leads from a page to the file.

    The path may be broken after its folders, where a column is narrow.

    Parameters
    ----------
    file : str
        Below ``src``.
    name : str
        ``function``, ``Class`` or ``Class.method`` in it.
    """
    shown = f"src/{file}: {name}".replace("/", "/\u200b")
    return f"[{shown}]({CODE}{file})"
