"""How a verdict is read: the same words in the appendix of each write-up."""

from IPython.display import Markdown

from uphold.format import several
from uphold.pages.say import units
from uphold.pages.writeup import Page


def verdicts(page: Page) -> Markdown:
    """Return what each verdict, and each word beside one, means."""
    kinds = units(page)
    unit, others = " or ".join(kinds), " or ".join(map(several, kinds))
    return Markdown(f"""\
- **Supported** and **refuted**: the runs show what is claimed, or that it is not so, against all
  that the same number of claims would show by chance.
- **No difference that matters**: the whole effect is smaller than the smallest difference that
  matters, which was declared beforehand, either way.
- **Undecided**: none of these is shown. That is an answer too: it says what these runs leave open.
- **Fragile**: leaving out a single run or a single {unit} changes the verdict.
- **Exploratory** claims were not named as primary ones: of their decisive verdicts a small share
  may be wrong, while a page's primary ones are meant to hold together.
- The unit of replication is the {unit}: what one of the {others} does in several configurations
  counts once. An interval holds for one estimate at a time; a verdict allows for all claims, so
  that an interval may exclude zero where the verdict is undecided.
""")
