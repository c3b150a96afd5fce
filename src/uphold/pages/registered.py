"""Whether the claims of a page stood in git before the runs that they judge began.

In: the page's claims, this machine's journal and the repository's history. Out: one paragraph, the
claims that have the same to say together. Promised: where journal or history do not tell, the page
says so, and never that a claim stood. A claim rests on its own lines in ``params.yaml``, on its
metric's margin and direction, and on the design of its sweep.
"""

from datetime import datetime, timedelta

from uphold.claims.registration import Commit, History, Keys, Registration, registration
from uphold.pages.writeup import Page

PARAMS = "params.yaml"


def sentence(page: Page) -> str:
    """Say which claims stood in git, as they stand now, before the first run that they judge."""
    claims = page.found["claims"]
    history = History(page.root, PARAMS)
    first = {sweep: _first_run(page, sweep) for sweep in {c["sweep"] for c in claims.values()}}
    told: dict[str, list[str]] = {}
    for name, claim in claims.items():
        found = registration(history, _parts(page, name), first[claim["sweep"]])
        told.setdefault(_words(found), []).append(name)
    parts = [
        f"{words}: {'all claims' if len(names) == len(claims) > 1 else ', '.join(names)}."
        for words, names in sorted(
            told.items(), key=lambda item: not item[0].startswith(REGISTERED)
        )
    ]
    return " ".join(parts)


REGISTERED = "Registered"


def _words(found: Registration) -> str:
    if found.before is None:
        return f"Not known whether registered before the runs, since {found.reason}"
    if found.before:
        return f"{REGISTERED} in {found.commit}, before the first of the runs"
    parts: dict[Commit | None, list[str]] = {}
    for part, commit in found.changed.items():
        parts.setdefault(commit, []).append(part)
    changes = (
        f"not committed as now: {', '.join(names)}"
        if commit is None
        else f"changed in {commit}: {', '.join(names)}"
        for commit, names in parts.items()
    )
    return f"Not registered before the runs ({'; '.join(changes)})"


def _parts(page: Page, name: str) -> dict[str, Keys]:
    """Return what a claim rests on, and where it stands in ``params.yaml``."""
    claim = page.found["claims"][name]
    metric = ("studies", page.found["study"], "metrics", claim["metric"])
    return {
        "its text": ("writeups", page.name, "claims", name),
        f"the margin of {claim['metric']}": (*metric, "margin"),
        f"what is better in {claim['metric']}": (*metric, "better"),
        f"the design of {claim['sweep']}": ("sweeps", claim["sweep"], "design"),
    }


def _first_run(page: Page, sweep: str) -> datetime | None:
    """Return when the first of a sweep's runs began; None where one is not recorded."""
    records = [page.journal.told(key) for key in set(page.sweep(sweep).runs["key"])]
    if not records or None in records:
        return None
    return min(map(_start, records))


def _start(record: dict) -> datetime:
    if "started" in record:
        return datetime.fromisoformat(record["started"])
    # Records of before that was kept: a run that was trained among others began earlier still.
    return datetime.fromisoformat(record["finished"]) - timedelta(seconds=record["seconds"])
