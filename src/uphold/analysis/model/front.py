"""What the front page shows of a write-up: its question, its primary claims, what it rests on."""

from datetime import date

from uphold.analysis.model.found import Count, Found
from uphold.analysis.model.replication import Tried
from uphold.analysis.model.writeup import Claim, Writeup


class Front(Found):
    """A write-up on its card.

    Attributes
    ----------
    name, title, question, study_title : str
    source, scale : str
        Of the data, and of data and training.
    runs : int
    trained : date, optional
        When the last of its runs was finished; None without one.
    primary : dict of str to Claim
        Its primary claims.
    others : int
        How many further claims there are.
    decided : int
        How many of all claims are decided.
    fresh : dict of str to Tried
        What fresh seeds say of the decisive primary claims.
    margins : dict of str to float
        The smallest difference that matters in each metric of the primary claims.
    """

    name: str
    title: str
    question: str
    study_title: str
    source: str
    scale: str
    runs: Count
    trained: date | None
    primary: dict[str, Claim]
    others: Count
    decided: Count
    fresh: dict[str, Tried] = {}
    margins: dict[str, float] = {}


def front(found: Writeup, question: str, trained: date | None) -> Front:
    """Return the card of a write-up."""
    primary = {key: c for key, c in found.claims.items() if c.role == "primary"}
    return Front(
        name=found.name,
        title=found.title,
        question=question,
        study_title=found.study_title,
        source=str(found.data.get("source", "unknown")),
        scale=found.scale,
        runs=sum(sweep.runs for sweep in found.sweeps.values()),
        trained=trained,
        primary=primary,
        others=len(found.claims) - len(primary),
        decided=sum(c.verdict != "inconclusive" for c in found.claims.values()),
        fresh={key: one for key, one in found.replication.items() if key in primary},
        margins={c.metric: found.metrics[c.metric].margin for c in primary.values()},
    )
