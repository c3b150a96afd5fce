"""From ``reports/<name>.qmd`` to ``<name>.html`` and ``<name>.pdf``.

`render` checks a document, executes it once, and writes both formats from that one execution, with
Quarto where it is installed and with Pandoc and Typst from pip where it is not. `lint` says what
`render` would refuse. Both renderers know the same subset of Quarto, and refuse the rest by name
and line: see `vocabulary`.

The way of a document: `document` takes the text apart, `skeleton` reads it as a tree, `checks`
judges it, `execution` runs it, `page` puts the results in their places, `embedded` or `quarto`
writes it.
"""

from studies.reporting.rendering.document import Problem
from studies.reporting.rendering.rendered import Rendered, lint, render

__all__ = ["Problem", "Rendered", "lint", "render"]
