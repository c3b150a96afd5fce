"""Archived sentences → verdicts, by their own printed numbers and beside our claims.

In: a study's transcriptions. Out: for each sentence the findings of its checks and one verdict.
Promised: no number in a finding is typed in; all come from the transcribed tables and sentences.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uphold.archive.archive import Archive, Sentence, read_archives, tables_of
from uphold.archive.finding import Finding, Verdict, overall
from uphold.validation import known

NOTHING_PRINTED = "No printed number decides it."


@dataclass(frozen=True)
class Decision:
    """One archived sentence and what its own write-up supports.

    Attributes
    ----------
    name : str
    sentence : Sentence
    verdict : {"contradicted", "not shown", "undecidable", "supported"}
    findings : tuple of Finding
        One a check.
    """

    name: str
    sentence: Sentence
    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """What the printed numbers say."""
        return " ".join(f.text for f in self.findings) or NOTHING_PRINTED


def decide(archives: dict[str, Archive], name: str) -> list[Decision]:
    """Hold every sentence of one archive against the printed tables of its study."""
    tables = tables_of(archives, name)
    decisions = []
    for key, sentence in archives[name].sentences.items():
        findings = tuple(check(tables) for check in sentence.checks)
        decisions.append(Decision(key, sentence, overall(findings), findings))
    return decisions


def as_archived(folder: Path, writeup: str, claims: Iterable[str]) -> dict[str, Any] | None:
    """Return what a write-up shows of the archived one that it repeats; None where it repeats none.

    Parameters
    ----------
    folder : Path
        The study's transcriptions.
    writeup : str
        The write-up's name.
    claims : iterable of str
        The names of its claims.

    Raises
    ------
    InputError
        For a sentence that is linked with a claim which the write-up does not make.
    """
    archives, claims = read_archives(folder), list(claims)
    name = next((n for n, archive in archives.items() if archive.writeup == writeup), None)
    if name is None:
        return None
    decisions = decide(archives, name)
    for decision in decisions:
        for claim in decision.sentence.claims:
            place = f"{folder / name}.yaml: sentences.{decision.name}.claims"
            known(claim, claims, "claim", place)
    archive = archives[name]
    return {
        "source": archive.source,
        "title": archive.title,
        "tables": {key: table.rows for key, table in archive.tables.items()},
        "sentences": {decision.name: _as_found(decision) for decision in decisions},
    }


def _as_found(decision: Decision) -> Mapping[str, Any]:
    return {
        "says": decision.sentence.says,
        "section": decision.sentence.section,
        "verdict": decision.verdict,
        "text": decision.text,
        "numbers": [dict(finding.numbers) for finding in decision.findings],
        "claims": list(decision.sentence.claims),
    }
