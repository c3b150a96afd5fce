"""The line that says what to do next: what firm verdicts advise, and what is cheapest to settle."""

import json
from dataclasses import replace

import pytest

from uphold.analysis.model.writeup import SeedsNeeded
from uphold.pages import implications, larger, next_step
from uphold.pages.implications import SHOWN, Finding

from ...partly import put
from .conftest import tried

FINDING = Finding("Mixup helps.", {"mixup": SHOWN}, "Keep mixup on.", "Leave mixup off.")
OPEN = {"verdict": "inconclusive", "fragile": False, "says": "It helps."}


@pytest.fixture
def of(page, monkeypatch):
    """Return a function that gives the page with claims of these parts, and no larger scale."""
    monkeypatch.setattr(larger, "turns_round", lambda *_: False)

    def make(**claims):
        found = page()
        one = found.found.claims["mixup"]
        made = {}
        for key, parts in claims.items():
            parts = dict(parts)
            outcome = one.outcome.model_copy(update=parts.pop("outcome", {}))
            needed = parts.pop("takes", None)
            needed = SeedsNeeded(low=2, high=needed) if needed else None
            made[key] = one.model_copy(
                update={"outcome": outcome, "seeds_needed": needed, "sweep": "toy"} | parts
            )
        put(made, found.found, "claims")
        times = {run: {"seconds": 60.0} for run in "abc"}
        (found.folder / "sweeps" / "toy" / "training.json").write_text(json.dumps(times))
        return found

    return make


def said(page, findings=()):
    return next_step.line(page, findings).data.replace("\\", "")


def test_a_firm_verdict_advises_either_way(of):
    firm = {"verdict": "supported", "fragile": False}
    assert "Keep mixup on." in said(of(mixup=firm), [FINDING])
    assert "Leave mixup off." in said(of(mixup=firm | {"verdict": "refuted"}), [FINDING])


def test_what_advice_costs_stands_beside_it_where_it_is_advised(of):
    does = replace(FINDING, does=("toy", "mixup", True))
    firm = {"verdict": "supported", "fragile": False}
    found = of(mixup=firm)
    put("lower", found.found, "metrics", "ood_f1", "better")
    assert "Keep mixup on. The price: OOD F1 +0.102" in said(found, [does])
    rows = implications.table(found, [does])._tbl_data["what follows"].tolist()
    assert "Keep mixup on. The price: OOD F1 +0.102" in rows[0]
    for parts in (firm | {"verdict": "refuted"}, firm | {"fragile": True}):
        found = of(mixup=parts)
        put("lower", found.found, "metrics", "ood_f1", "better")
        assert "costs" not in said(found, [does])
        assert "costs" not in implications.table(found, [does])._tbl_data["what follows"].item()


@pytest.mark.parametrize(
    "parts", [{"verdict": "supported", "fragile": True}, OPEN, {"verdict": "refuted"}]
)
def test_a_fragile_or_open_one_advises_nothing(of, parts):
    found = said(of(mixup={"fragile": True} | parts), [FINDING])
    assert "Nothing here is firm enough to act on." in found
    assert "mixup" not in found


def test_what_turns_round_at_a_larger_scale_is_not_advised(of, monkeypatch):
    found = of(mixup={"verdict": "supported", "fragile": False})
    monkeypatch.setattr(larger, "turns_round", lambda *_: True)
    assert "Keep" not in said(found, [FINDING])


@pytest.mark.parametrize(
    ("outcome", "advised"),
    [("held", True), ("not decided again", False), ("contradicted", False), ("not tried", True)],
)
def test_what_fresh_seeds_did_not_decide_again_is_not_advised(of, outcome, advised):
    found = of(mixup={"verdict": "supported", "fragile": False})
    put({"mixup": tried(outcome)}, found.found, "replication")
    assert ("Keep mixup on." in said(found, [FINDING])) == advised


def test_the_cheapest_open_primary_claim_is_named_with_what_it_costs(of):
    found = said(
        of(
            dear={**OPEN, "says": "It is dear.", "takes": 30},
            cheap={**OPEN, "says": "It is cheap.", "takes": 9},
            other={**OPEN, "says": "It is none.", "takes": 4, "role": "secondary"},
            untested={**OPEN, "takes": 4, "outcome": {"reason": "nothing was compared"}},
        )
    )
    # three seeds took three minutes
    assert found == (
        "**Next.** The open claim that is cheapest to settle is “It is cheap”: 9 seeds instead of"
        " 3 should settle it (about 6 minutes of further training)."
    )


@pytest.mark.parametrize("takes", [None, 3, 2])
def test_what_no_number_of_further_seeds_is_known_to_settle_is_not_named(of, takes):
    found = said(of(one={**OPEN, "takes": takes}))
    assert found == "**Next.** More seeds are not known to settle what is open."


def test_where_nothing_is_open_nothing_is_said_to_be(of):
    firm = {"verdict": "supported", "fragile": False}
    assert said(of(mixup=firm)) == "**Next.** Every primary claim is decided."
    found = of(mixup=firm)
    put({"mixup": tried("not tried")}, found.found, "replication")
    assert said(found).endswith("decided: uphold replicate toy-page tries them on fresh seeds.")


def test_what_the_data_have_no_units_for_is_said_and_not_promised(of):
    beyond = {**OPEN, "takes": None, "most_units": 8}
    dear = {**OPEN, "says": "It is dear.", "takes": 30}
    found = said(of(dear=dear, one=beyond, two=beyond))
    assert "“It is dear”: 30 seeds" in found
    assert found.endswith(
        " 2 other open claims would take more seeds than the 8 of these data: more data could"
        " settle them."
    )
    found = said(of(one=beyond))
    assert found == (
        "**Next.** The one open claim would take more seeds than the 8 of these data: more data"
        " could settle it."
    )
    named = of(one=beyond, two=beyond)
    put("actor", named.found, "item_group")
    assert said(named) == (
        "**Next.** All 2 open claims would take more seeds than the 8 of these data: more actors"
        " could settle them."
    )
