"""The sentences of a run log's report: each is built from what was found, and says no more."""

from collections.abc import Sequence

from IPython.display import Markdown

from uphold.error_rates import POWER
from uphold.format import a, counted, name, named, percent, value_of
from uphold.pages import first_screen
from uphold.pages.first_screen import escaped
from uphold.pages.log.names import HEAD, LONGEST, TAIL
from uphold.pages.log.page import LogPage
from uphold.pages.say import errors

VERDICTS = ("supported", "refuted", "equivalent", "inconclusive")


def summary(page: LogPage) -> str:
    """Say how large the log is, what the audit holds against it, and how the claims fared."""
    runs = page.runs
    parts = [
        f"{counted(runs.runs, 'run')} of {counted(runs.count, 'configuration')}{_units(page)}."
    ]
    if runs.numeric:
        settings = [*(one.name for one in runs.numeric), *(one.name for one in runs.factors)]
        parts = [f"{counted(runs.runs, 'run')} of a search over {named(settings)}."]
    if runs.failed:
        parts.append(f"{counted(runs.failed, 'run')} without a primary score.")
    parts.append(audited(page))
    if found_errors := _errors(page):
        found = ", ".join(found_errors)
        parts.append(f"Until its errors are mended ({found}), verdicts are about this log alone.")
    claims = list(page.found.claims.values())
    if not claims:
        parts.append("The spec makes no claim, so that nothing is judged.")
    elif all(claim.role == "secondary" for claim in claims):
        parts.append("No claim is primary: all that follows was explored, and shows nothing yet.")
    return " ".join(filter(None, parts))


def verdicts(page: LogPage) -> Markdown:
    """Count the verdicts, and say which of many claims are answered above."""
    counts = first_screen.counts(page).data
    some = f" Above are the first {first_screen.MOST}, decided ones before others."
    return Markdown(counts + some * (len(page.found.claims) > first_screen.MOST))


def next_step(page: LogPage) -> Markdown:
    """Say what to run next, first of all to mend the log."""
    if not page.found.next:
        return Markdown("**Next:** nothing that is claimed here is open.")
    first, *others = page.found.next
    runs = f" ({counted(first.runs, 'run')})" if first.runs else ""
    text = f"**Next:** {escaped(f'{first.what}{runs}. {first.why}')}"
    more = f" [{counted(len(others), 'more step')}](#what-to-run-next)." if others else ""
    return Markdown(text + more)


def source(page: LogPage) -> str:
    """Say what was read, and as what."""
    return (
        f"This report is about {page.found.log_file}, as {page.found.spec_file} describes it:"
        f" {page.found.read_as}"
        f" Runs of one configuration are told apart by {name(page.found.replicate)}."
    )


def left_out(page: LogPage) -> str:
    """Say what the report leaves out because there is too much of it, and how names are cut."""
    found = list(page.runs.left_out)
    if page.found.shortened:
        found.append(
            f"Names and words of more than {LONGEST} characters are shown by their first {HEAD}"
            f" and last {TAIL}; the CSV tables have them whole."
        )
    return " ".join(found) or "Nothing was left out."


def audited(page: LogPage) -> str:
    """Say how many errors and warnings the audit found."""
    severities = [flag.severity for flag in page.flags]
    if not severities:
        return "The audit found nothing."
    counts = {word: severities.count(word) for word in ("error", "warning")}
    notes = severities.count("info")
    parts = [counted(n, word) for word, n in counts.items() if n]
    parts += [counted(notes, "note")] if notes else []
    return f"The audit found {_listed(parts)}."


def trusted(page: LogPage) -> str:
    """Say that verdicts take the scores as logged, and what the audit holds against them."""
    text = "Verdicts take the scores as they were logged."
    if not (found := _errors(page)):
        return text
    claims = page.found.claims
    affected = sum(bool(errors(page, claim)) for claim in claims)
    named = "an error" if len(found) == 1 else f"{len(found)} errors"
    rest, say = ("rests", "says") if affected == 1 else ("rest", "say")
    resting = f" {affected} of {counted(len(claims), 'claim')} {rest} on such runs, and {say} so."
    resting *= bool(affected)
    return (
        f"{text} The audit found {named} in them ({', '.join(found)}): until that is mended, a"
        f" supported claim is one about this log and not about the models.{resting}"
    )


def compared(page: LogPage) -> str:
    """Say how many printed numbers the runs give again."""
    if not page.found.published:
        return "The spec transcribes no published table."
    named = {"values": "printed means and SDs", "sizes": "printed n"}
    parts = [
        f"{found.agree} of {found.count} {named[part]}"
        for part, found in page.found.compared.items()
        if found.count
    ]
    return f"The runs give {_listed(parts)}, up to rounding."


def planned(page: LogPage) -> str:
    """Say what the plan rests on."""
    if not page.found.next:
        return "No claim is open, and no cell of the design is missing."
    return (
        f"Runs are planned for {percent(POWER)} power to see a difference of one margin, at the"
        " level that the number of claims leaves, from the 80 % interval of the spread that was"
        " seen."
    )


def _units(page: LogPage) -> str:
    """Say over how many replicates runs are spread, or that none is one of two runs."""
    unit, runs = name(page.found.replicate), page.runs
    if runs.seeds == runs.runs:
        return f", each with {a(value_of(unit))} of its own"
    return f" over {counted(runs.seeds, unit)}"


def _errors(page: LogPage) -> list[str]:
    return [flag.check for flag in page.flags if flag.severity == "error"]


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
