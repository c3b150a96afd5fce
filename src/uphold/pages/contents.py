"""The front page: a card for each write-up, from what its analysis left for it.

In: ``results/front``, a file a write-up, and the order of ``params.yaml``. Out: for each write-up
its question, the answer to the claims that ``answered_by`` names there, what it rests on, and a
small picture of all primary claims. One that has not been analyzed yet says so.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from IPython.display import Markdown, display
from matplotlib.figure import Figure

from uphold.analysis.model.found import read
from uphold.analysis.model.front import Front
from uphold.errors import InputError, nearest
from uphold.format import counted, day, named
from uphold.pages import forest, replicated
from uphold.pages.first_screen import answer, escaped, of_verdicts
from uphold.pages.writeup import root_above
from uphold.pipeline.params import load
from uphold.pipeline.stages.paths import Paths

CITATION = "CITATION.cff"
DEFAULT = 1
"""So many answers stand on a card of which params do not say whose: decided ones first."""


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
        display(Markdown("\n\n".join(_lines(found, writeup.answered_by))))
        if found.primary:
            display(picture(found))


def calibration(root: Path | None = None) -> Markdown:
    """Say where it stands how often verdicts are wrong: on a page of this site, if it has one."""
    document = Paths(root or root_above()).document("calibration")
    there = document.is_file()
    where = "[the calibration page](calibration.html)" if there else "the documentation of uphold"
    tried = "The rules that judge were tried on made-up logs whose truth is known"
    return Markdown(f"{tried}: {where} says how often they err.")


def how_to_cite(root: Path | None = None) -> Markdown:
    """Say how to cite the software, by its file of citation where that is at hand, and a page."""
    path = (root or root_above()) / CITATION
    software = f"The software is cited by {CITATION} in its repository."
    if path.is_file():
        told = yaml.safe_load(path.read_text("utf-8"))
        authors = named([author["name"] for author in told["authors"]])
        year, title = str(told["date-released"])[:4], told["title"]
        software = f"{authors} ({year}). {title}. Version {told['version']}."
    page = (
        "A page is cited as its provenance says, at the end of its appendix: by its title, the"
        " commit, and the day on which its last run was finished."
    )
    return Markdown(f"{escaped(software)}\n\n{page}")


def _lines(found: Front, answered_by: Sequence[str]) -> Iterator[str]:
    yield "***"
    asked = f" *{escaped(found.question)}*" if found.question else ""
    yield f"**[{escaped(found.title)}]({found.name}.html)**{asked}"
    yield "\n".join(_answers(found, answered_by))
    primary = list(found.primary.values())
    many = f"{counted(len(primary), 'primary claim')}: {of_verdicts(primary)}. " if primary else ""
    trained = f", {day(found.trained.isoformat())}" if found.trained else ""
    yield (
        f"{many}{counted(found.runs, 'run')} on {found.source} data at scale"
        f" {found.scale}{trained}. [PDF]({found.name}.pdf)"
    )


def _answers(found: Front, answered_by: Sequence[str]) -> Iterator[str]:
    """Yield the answers to the claims that are named, else to the first, without their plans."""
    if unknown := [key for key in answered_by if key not in found.primary]:
        raise InputError(
            f"params.yaml: writeups.{found.name}.answered_by names {unknown[0]!r}, which is no"
            f" primary claim of it.{nearest(unknown[0], found.primary)}"
        )
    first = sorted(found.primary, key=lambda k: found.primary[k].verdict == "inconclusive")
    for key in answered_by or first[:DEFAULT]:
        claim = found.primary[key]
        fresh = found.fresh.get(key)
        more = replicated.beside_claim(claim, fresh, found.margins[claim.metric]) if fresh else ""
        # without the plan of one that is open, which its page tells
        yield answer(claim.model_copy(update={"brief": claim.answer or claim.brief}), more)


def picture(found: Front) -> Figure:
    """Draw the primary claims in one strip."""
    primary = list(found.primary.values())
    figure = forest.strip(primary)
    figure.set_label(f"Primary claims of {found.title}: {forest.said(primary)}")
    return figure
