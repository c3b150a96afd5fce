"""The sentences of a run log's report: each is built from what was found, and says no more."""

from collections.abc import Sequence

from uphold.format import counted
from uphold.pages.log.names import HEAD, LONGEST, TAIL
from uphold.pages.say import errors
from uphold.pages.writeup import Page

VERDICTS = ("supported", "refuted", "equivalent", "inconclusive")


def summary(page: Page) -> str:
    """Say how large the log is, what the audit holds against it, and how the claims fared."""
    found = page.sweep("runs").found
    parts = [
        f"{counted(found['runs'], 'run')} of {counted(found['count'], 'configuration')},"
        f" {counted(found['seeds'], 'distinct value')} of {page.found['replicate']}."
    ]
    if found["failed"]:
        parts.append(f"{counted(found['failed'], 'run')} without a primary score.")
    parts.append(audited(page))
    if found_errors := _errors(page):
        parts.append(f"Errors make claims wrong as they stand: {', '.join(found_errors)}.")
    verdicts = [claim["verdict"] for claim in page.found["claims"].values()]
    if verdicts:
        told = _listed([f"{verdicts.count(v)} {v}" for v in VERDICTS if v in verdicts])
        fragile = sum(claim["fragile"] for claim in page.found["claims"].values())
        hang = "hangs" if fragile == 1 else "hang"
        hangs = f"; {fragile} of these {hang} on a single run or replicate" * bool(fragile)
        parts.append(f"Of {counted(len(verdicts), 'claim')}: {told}{hangs}.")
    else:
        parts.append("The spec makes no claim, so that nothing is judged.")
    return " ".join(parts)


def source(page: Page) -> str:
    """Say which file was read, and as what."""
    log, spec = (page.found["source"][part]["text"] for part in ("log", "spec"))
    return (
        f"This report is about {log}, one row a run, read as {spec} says."
        f" Runs of one configuration are told apart by {page.found['replicate']}."
    )


def left_out(page: Page) -> str:
    """Say what the report leaves out because there is too much of it, and how names are cut."""
    found = [part["text"] for part in page.found["left_out"]]
    if page.found["shortened"]:
        found.append(
            f"Names and words of more than {LONGEST} characters are shown by their first {HEAD}"
            f" and last {TAIL}; the CSV tables have them whole."
        )
    return " ".join(found) or "Nothing was left out."


def audited(page: Page) -> str:
    """Say how many errors and warnings the audit found."""
    severities = [remark["severity"] for remark in page.found["audit"]["runs"]]
    if not severities:
        return "The audit found nothing."
    counts = {word: severities.count(word) for word in ("error", "warning")}
    notes = severities.count("info")
    told = [counted(n, word) for word, n in counts.items() if n]
    told += [counted(notes, "note")] if notes else []
    return f"The audit found {_listed(told)}."


def trusted(page: Page) -> str:
    """Say that verdicts take the scores as logged, and what the audit holds against them."""
    text = "Verdicts take the scores as they were logged."
    if not (found := _errors(page)):
        return text
    claims = page.found["claims"]
    touched = sum(bool(errors(page, claim)) for claim in claims)
    named = "an error" if len(found) == 1 else f"{len(found)} errors"
    rest, say = ("rests", "says") if touched == 1 else ("rest", "say")
    told = f" {touched} of {counted(len(claims), 'claim')} {rest} on such runs, and {say} so."
    return (
        f"{text} The audit found {named} in them ({', '.join(found)}): until that is mended, a"
        f" supported claim is one about this log and not about the models.{told * bool(touched)}"
    )


def compared(page: Page) -> str:
    """Say how many printed numbers the runs give again."""
    if not page.found["published"]:
        return "The spec transcribes no published table."
    named = {"values": "printed means and SDs", "sizes": "printed n"}
    parts = [
        f"{found['agree']} of {found['count']} {named[part]}"
        for part, found in page.found["compared"].items()
        if found["count"]
    ]
    return f"The runs give {_listed(parts)}, up to rounding."


def planned(page: Page) -> str:
    """Say what the plan rests on."""
    if not page.found["next"]:
        return "No claim is open, and no cell of the design is missing."
    return (
        "Runs are planned for 80 % power to see a difference of one margin, from the spread that"
        " was seen, before the adjustment for the number of claims."
    )


def _errors(page: Page) -> list[str]:
    return [
        remark["check"] for remark in page.found["audit"]["runs"] if remark["severity"] == "error"
    ]


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
