"""Whether the claims of a page stood in git before the runs that they judge.

In: the page's claims, this machine's journal and the repository's history. Out: one line. Promised:
where either does not tell, the line says so, and never that a claim stood.
"""

from datetime import datetime

from studies.claims.registration import Registration, registration
from studies.reporting.numbers import counted
from studies.reporting.writeup import Page

PARAMS = "params.yaml"


def sentence(page: Page) -> str:
    """Say how many claims stood in git, as they stand now, before the first run they judge."""
    claims = page.found["claims"]
    first = {name: _first_run(page, name) for name in {c["sweep"] for c in claims.values()}}
    told = [name for name in claims if first[claims[name]["sweep"]] is not None]
    if not told:
        return (
            "Whether the claims stood in git before the runs cannot be told here: this machine's"
            " journal does not hold the runs."
        )
    found = {name: _registered(page, name, first[claims[name]["sweep"]]) for name in told}
    if not any(r.commit for r in found.values()):
        return (
            "Whether the claims stood in git before the runs cannot be told here: there is no"
            f" history of {PARAMS} that holds them."
        )
    stood = [name for name, r in found.items() if r.before]
    parts = [
        f"{len(stood)} of {counted(len(claims), 'claim')} stood in git, as they stand now, before"
        " the first of the runs that they judge was finished.",
        _listed("Not before it", [name for name in told if name not in stood]),
        _listed("Unknown, for want of runs in the journal", [n for n in claims if n not in told]),
    ]
    return " ".join(filter(None, parts))


def _listed(what: str, names: list[str]) -> str:
    return f"{what}: {', '.join(names)}." if names else ""


def _registered(page: Page, claim: str, first_run: datetime) -> Registration:
    keys = ("writeups", page.name, "claims", claim)
    return registration(page.root, PARAMS, keys, first_run)


def _first_run(page: Page, sweep: str) -> datetime | None:
    """Return when the first of a sweep's runs was finished; None where one is not recorded."""
    records = [page.journal.told(key) for key in set(page.sweep(sweep).runs["key"])]
    if not records or None in records:
        return None
    return min(datetime.fromisoformat(record["finished"]) for record in records)
