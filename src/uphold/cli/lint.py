"""``uphold lint``: would the documents render?"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from uphold.cli import ROOT, say


def lint(
    documents: Annotated[
        list[Path] | None, typer.Argument(help="Documents; without any, all in reports/.")
    ] = None,
) -> None:
    """Name what is wrong with documents by file and line, without running them.

    That is: numbers typed by hand, cells that compute, Markdown that pages cannot show, links to
    places that the code does not have, write-ups that do not answer first or show what no text
    speaks of; without any document named, links that modules of pages make as well, and documents
    that the list of pages lacks.
    Exit status 1: there is something; 2: a document could not even be taken apart.
    """
    from uphold.errors import InputError
    from uphold.pages import answered, cited, code_places, led_to
    from uphold.rendering import lint, lint_site
    from uphold.rendering.document import parse

    source = ROOT / "src"
    named, reports = documents, ROOT / "reports"
    documents = named or sorted(reports.glob("*.qmd"))
    if not documents:
        raise InputError(
            "There are no documents in reports here: name some, or run this elsewhere."
        )
    modules = [] if named else code_places.page_modules(source)
    of_site = [] if named else lint_site(reports)
    for text in of_site:
        say(text)
    found, unread = len(of_site), 0
    for document in documents:
        try:
            problems = [*lint(document), *code_places.in_document(document)]
            read = parse(document)
            problems += [*answered.problems(read), *cited.problems(read)]
            problems += led_to.problems(read)
        except (InputError, OSError) as error:
            print(f"error: {error}", file=sys.stderr)
            unread += 1
            continue
        for problem in problems:
            say(f"{document}:{problem.line}: {problem.text}")
        found += len(problems)
    for module in modules:
        problems = code_places.in_module(module, source)
        for problem in problems:
            say(f"{module}:{problem.line}: {problem.text}")
        found += len(problems)
    if found or unread:
        raise typer.Exit(2 if unread else 1)
    say(f"{len(documents)} documents: nothing to mend")
