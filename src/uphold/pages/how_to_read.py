"""How a verdict is read: the same words in the appendix of each write-up and in the guide.

In: a page, for its units. Out: a list of what verdicts and the words beside them say, and for the
guide a table of the verdicts, with what to do.
"""

from typing import NamedTuple

from great_tables import GT
from IPython.display import Markdown

from uphold.format import several
from uphold.pages.say import units
from uphold.pages.table import coloured, plain
from uphold.pages.verdicts import CELLS, LOOKS, NOT_TESTED
from uphold.pages.writeup import Page

GUIDE = "guide-verdict"
"""The guide's document; a repository that was laid out before there were guides has none."""


class Meaning(NamedTuple):
    """What the runs show where a verdict stands, and what to do then."""

    shown: str
    do: str


MEANINGS = {
    "supported": Meaning(
        "what is claimed, against all that so many claims would show by chance",
        "Go by it. The answer says if the effect may be too small to matter.",
    ),
    "refuted": Meaning(
        "that it is not so, against the same chance",
        "Drop the claim. The answer says if the contrary holds.",
    ),
    "equivalent": Meaning(
        "that the whole effect is smaller than the smallest difference that matters, either way",
        "Take what is cheaper or simpler.",
    ),
    "inconclusive": Meaning(
        "none of these: they leave it open",
        "Report it as open, or run as many more as the answer names.",
    ),
}
UNTESTED = Meaning(
    "nothing: there were no runs to compare, or they were all the same",
    "Mend what the reason names; until then the claim is open.",
)


def verdicts(page: Page) -> Markdown:
    """Return what each verdict, and each word beside one, means."""
    kinds = units(page)
    unit, others = " or ".join(kinds), " or ".join(map(several, kinds))
    words = [
        f"- **{look.word.capitalize()}**: the runs show {MEANINGS[of].shown}."
        for of, look in LOOKS.items()
    ]
    beside = [
        f"- **Fragile**: leaving out a single run or a single {unit} changes the verdict.",
        "- **Exploratory** claims were not named as primary ones: of their decisive verdicts a"
        " small share may be wrong, while a page's primary ones are meant to hold together.",
        f"- The unit of replication is the {unit}: what one of the {others} does in several"
        " configurations counts once. An interval holds for one estimate at a time; a verdict"
        " allows for all claims, so that an interval may exclude zero where the verdict is"
        " undecided.",
    ]
    return Markdown("\n".join([*words, *beside, *_more(page)]))


def _more(page: Page) -> list[str]:
    """Return where there is more, if that page is among those of the site."""
    if not (page.root / "reports" / f"{GUIDE}.qmd").is_file():
        return []
    return ["", f"[How to read a verdict]({GUIDE}.html) has the longer form, with an example."]


def table() -> GT:
    """Each verdict, what the runs show where it stands, and what to do then."""
    rows = [(f"{look.mark} {look.word}", *MEANINGS[of]) for of, look in LOOKS.items()]
    heads = {"verdict": "24%", "the runs show": "40%", "what to do": "36%"}
    made = plain([*rows, (NOT_TESTED, *UNTESTED)], list(heads))
    return coloured(made, CELLS).cols_width(heads)
