"""From ``reports/<name>.qmd`` to ``<name>.html`` and ``<name>.pdf``.

`render` checks a document, executes it once, and writes both formats from that one execution, with
Quarto where it is installed and with Pandoc and Typst from pip where it is not. `lint` says what
`render` would refuse.

The way of a document: `document` takes the text apart, `skeleton` reads it as a tree, `checks`
judges it, `execution` runs it, `page` puts the results in their places, `embedded` or `quarto`
writes it, `signed` so that no file of somebody else is ever overwritten. The look is in the
project's ``theme``: ``palette.css`` has its colours, ``dark.css`` those of a dark screen,
``page.css`` is for the screen, ``page.typ`` for paper, with ``literal.lua``, which keeps signs what
they are on the way there; ``page.js`` marks the section that is read, unfolds what a link leads to,
and copies code; ``tables.js`` sorts and filters long tables; ``claims.js`` unfolds below a claim
what the runs say of it; ``whatif.js`` shows the runs behind a mark, and other verdicts under other
margins. ``_quarto.yml`` lists the pages in their order.

What a write-up may have
------------------------
Everything else is refused by name and line.

- Front matter: ``title``, ``subtitle``, ``date``, ``toc``, ``toc-depth``, ``number-sections``, and
  ``lint-names``, the names that may have digits in running text (``["Stage 2", "F1"]``).
- Cells: ```` ```{python} ```` with ``#|`` options ``label``, ``fig-cap``, ``fig-alt``, ``tbl-cap``,
  ``echo``, ``output``, ``warning``, ``include``. A cell imports from `uphold.pages`, calls it
  and names results; it computes nothing. A cell labelled ``fig-…`` or ``tbl-…`` has a caption and
  gives exactly one figure or table: a matplotlib figure (closed, so that it is not drawn twice), a
  great_tables or pandas table, a Markdown table.
- Other output of cells: Markdown objects and printed text. Markdown from a cell may refer to
  labels, and brings no headings.
- Inline expressions ``{python} expression`` in backticks: a string is shown literally, whatever
  characters it has; a Markdown object is read as Markdown, one paragraph; a whole number is shown.
  (Quarto by itself escapes most characters of a string, but not ``$ < @ ~ ^``.)
- References ``@fig-x``, ``@tbl-x``, ``@sec-x``, ``[-@fig-x]`` for the number alone; labels of
  sections ``{#sec-x}``, of Markdown tables ``: Caption {#tbl-x}``, of pictures ``{#fig-x}``.
- Citations ``@key`` and ``[@key]``, with ``::: {#refs}`` where the works are to be listed.
- Callouts ``::: {.callout-note title="…"}``, or with a heading inside as the title (the way
  to have an inline expression in it); kinds are ``note``, ``tip``, ``important``, ``warning``,
  ``caution``. With ``collapse="true"`` one is folded on a screen, and whole on paper.
- ``[text]{style="color: …; background-color: …"}``, ``{.unnumbered}`` headings, footnotes,
  mathematics, listings, lists, quotations, Markdown tables, comments, and links to addresses, to
  ``#labels`` and to other write-ups (``name.html``).
"""

from uphold.rendering.document import Problem
from uphold.rendering.rendered import (
    Rendered,
    lint,
    lint_site,
    render,
    render_all,
    superseded,
)

__all__ = ["Problem", "Rendered", "lint", "lint_site", "render", "render_all", "superseded"]
