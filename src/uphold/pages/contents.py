"""The front page: a card for each write-up, from what its analysis left for it.

In: ``results/front``, a file a write-up, and the order of ``params.yaml``. Out: for each write-up
its question, the answers to its first primary claims, what it rests on, and a small picture of all
primary claims. One that has not been analyzed yet says so.
"""

from collections.abc import Iterator
from pathlib import Path

from IPython.display import Markdown, display
from matplotlib.figure import Figure

from uphold.analysis.model.found import read
from uphold.analysis.model.front import Front
from uphold.format import count, counted
from uphold.pages import forest
from uphold.pages.first_screen import answer, escaped, of_verdicts
from uphold.pages.writeup import root_above
from uphold.pipeline.params import load
from uphold.pipeline.stages.paths import Paths

ANSWERS = 2
"""So many answers stand on a card: decided ones first."""


def cards(root: Path | None = None) -> None:
    """Show a card for each write-up."""
    root = root or root_above()
    names = load(root).names
    for name, writeup in names.writeups.items():
        path = Paths(root).front(name)
        if not path.is_file():
            text = f"**[{escaped(writeup.title)}]({name}.html)** has not been analyzed yet."
            display(Markdown(text))
            continue
        found = read(Front, path, f"dvc repro analyze@{name}")
        display(Markdown("\n\n".join(_lines(found))))
        if found.primary:
            display(picture(found))


def calibration(root: Path | None = None) -> Markdown:
    """Say where it stands how often verdicts are wrong: on a page of this site, if it has one."""
    document = Paths(root or root_above()).document("calibration")
    there = document.is_file()
    where = "[the calibration page](calibration.html)" if there else "the documentation of uphold"
    tried = "The rules that judge were tried on made-up logs whose truth is known"
    return Markdown(f"{tried}: {where} says how often they err.")


def _lines(found: Front) -> Iterator[str]:
    yield "***"
    yield f"**[{escaped(found.title)}]({found.name}.html)** ([PDF]({found.name}.pdf))"
    if found.question:
        yield f"*{escaped(found.question)}*"
    decided_first = sorted(found.primary.values(), key=lambda c: c.verdict == "inconclusive")
    yield "\n".join(answer(claim) for claim in decided_first[:ANSWERS])
    primary = list(found.primary.values())
    many = f"{counted(len(primary), 'primary claim')}: {of_verdicts(primary)}. " if primary else ""
    trained = f", the last on {found.trained.isoformat()}" if found.trained else ""
    yield (
        f"{many}{count(found.decided)} of {counted(len(primary) + found.others, 'claim')}"
        f" {'is' if found.decided == 1 else 'are'} decided. {counted(found.runs, 'run')} on"
        f" {found.source} data at scale {found.scale}{trained}."
    )


def picture(found: Front) -> Figure:
    """Draw the primary claims in one strip."""
    primary = list(found.primary.values())
    figure = forest.strip(primary)
    figure.set_label(f"Primary claims of {found.title}: {forest.said(primary)}")
    return figure
