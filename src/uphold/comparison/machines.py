"""Changes → JSON for machines: everything, where Markdown names the first of many."""

from typing import Any

from uphold.comparison import reasons
from uphold.comparison.changes import CameAndWent, Changes
from uphold.comparison.markdown import summary
from uphold.comparison.verdicts import Verdict


def as_json(changes: Changes) -> dict[str, Any]:
    """Return what changed as nested mappings and lists."""
    return {
        "summary": summary(changes),
        "alarm": changes.alarm,
        "verdicts": {
            "judged": changes.judged,
            "changed": [_verdict(changes, one) for one in changes.alarming],
            "within_noise": [_verdict(changes, one) for one in changes.flipped],
        },
        "scores": {
            "compared": len(changes.scores),
            "unchanged": changes.unchanged,
            "not_comparable": [list(place) for place in changes.without_spread],
            "moved": [
                {
                    "writeup": one.writeup,
                    "configuration": one.configuration,
                    "metric": one.metric,
                    "before": one.before._asdict(),
                    "after": one.after._asdict(),
                    "difference": one.difference._asdict(),
                    "p_adjusted": p,
                }
                for one, p in changes.moved
            ],
        },
        "writeups": _came_and_went(changes.writeups),
        "claims": _came_and_went(changes.claims),
        "configurations": _came_and_went(changes.configurations),
        "promoted": [vars(one) for one in changes.promoted],
        "behind": {
            name: {
                "known": found.known,
                "data": sorted(found.data),
                "settings": {": ".join(key): list(pair) for key, pair in found.settings.items()},
                "seeds": {key: list(pair) for key, pair in found.seeds.items()},
                "code": {stage: sorted(paths) for stage, paths in found.code.items()},
            }
            for name, found in changes.behind.items()
        },
    }


def _verdict(changes: Changes, one: Verdict) -> dict[str, Any]:
    return {
        "writeup": one.writeup,
        "claim": one.claim,
        "before": one.before._asdict(),
        "after": one.after._asdict(),
        "difference": one.difference and one.difference._asdict(),
        "why": reasons.of_verdict(changes, one),
    }


def _came_and_went(found: CameAndWent) -> dict[str, list[list[str]]]:
    return {"came": [list(one) for one in found.came], "went": [list(one) for one in found.went]}
