"""Whether the claims of a page stood in git before the runs that they judge began.

In: the page's claims, since when they stand (the stage ``register`` wrote it), and when their runs
began (``train`` wrote it). Out: one paragraph, the claims that have the same to say together.
Promised: where the history does not tell, the page says so, and never that a claim stood. A claim
rests on its own lines in the params, on its metric's margin and direction, and on the design of its
sweep.
"""

import json
from datetime import datetime
from typing import Any

from uphold.claims.registration import Change, Registration, registration
from uphold.errors import InputError
from uphold.pages import judged_again
from uphold.pages.writeup import Page


def sentence(page: Page) -> str:
    """Say which claims stood in git, as they stand now, before the first run that they judge."""
    claims, standing = page.found.claims, _standing(page)
    first = {sweep: _first_run(page, sweep) for sweep in {c.sweep for c in claims.values()}}
    by_words: dict[str, list[str]] = {}
    for name, claim in claims.items():
        since = _since(page, standing, name)
        found = registration(since, standing["history"], first[claim.sweep])
        by_words.setdefault(_words(found), []).append(name)
    parts = [
        f"{words}: {'all claims' if len(names) == len(claims) > 1 else ', '.join(names)}."
        for words, names in sorted(
            by_words.items(), key=lambda item: not item[0].startswith(REGISTERED)
        )
    ]
    return " ".join([*parts, *judged_again.sentences(page, standing)])


REGISTERED = "Registered"


def _words(found: Registration) -> str:
    if found.before is None:
        return f"Not known whether registered before the runs, since {found.reason}"
    if found.before:
        return f"{REGISTERED} in {found.commit}, before the first of the runs"
    parts: dict[Change | None, list[str]] = {}
    for part, commit in found.changed.items():
        parts.setdefault(commit, []).append(part)
    changes = (
        f"not committed as now: {', '.join(names)}"
        if commit is None
        else f"changed in {commit}: {', '.join(names)}"
        for commit, names in parts.items()
    )
    return f"Not registered before the runs ({'; '.join(changes)})"


def _standing(page: Page) -> dict[str, Any]:
    path = page.root / "results" / "registration" / f"{page.name}.json"
    try:
        standing: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path} is missing: run uphold register first.") from None
    return standing


def _since(page: Page, standing: dict[str, Any], name: str) -> dict[str, Change | None]:
    """Return what a claim rests on, and the commit that made the last change of each part."""
    claim = page.found.claims[name]
    metric, sweep = claim.metric, claim.sweep
    try:
        since = {
            "its text": standing["claims"][name],
            f"the margin of {metric}": standing["margin"][metric],
            f"what is better in {metric}": standing["better"][metric],
            f"the design of {sweep}": standing["design"][sweep],
        }
    except KeyError as error:
        raise InputError(
            f"The claim {name!r} of {page.name!r} rests on {error.args[0]!r}, which the params do "
            f"not hold any more: run dvc repro analyze@{page.name}."
        ) from None
    return {part: Change.of(change) for part, change in since.items()}


def _first_run(page: Page, sweep: str) -> datetime:
    """Return when the first of a sweep's runs began."""
    times = page.sweep(sweep).training.values()
    return min(datetime.fromisoformat(run["started"]) for run in times)
