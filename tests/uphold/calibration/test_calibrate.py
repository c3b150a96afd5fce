"""All that is counted, put together."""

import json
import shutil
from pathlib import Path

import pytest

import uphold
from uphold.analysis.model.calibration import Calibration
from uphold.calibration import calibrate
from uphold.calibration.calibrate import Draws, claimed_in
from uphold.calibration.rates import Rate
from uphold.calibration.scenarios import SCENARIOS
from uphold.pages.calibration.tables import CLAIMED, LOOKED
from uphold.pipeline.code_digest import of_code

FEW = Draws(logs=1, families=1, power=1)


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrate.calibrate(FEW, "smoke", 1, 2)


def test_every_scenario_and_design_is_there_with_its_number_of_logs(found):
    assert len(found.scenarios) == len(SCENARIOS)
    for scenario, shown in zip(SCENARIOS, found.scenarios.values(), strict=True):
        assert shown.title == scenario.title
        designs = {name for claimed in shown.claims.values() for name in claimed.designs}
        assert designs == {case.design for case in scenario.cases}
        for claimed in shown.claims.values():
            for verdict, rate in claimed.wrong.items():
                parts = [d.wrong[verdict] for d in claimed.designs.values()]
                assert rate.draws == sum(p.draws for p in parts) == len(parts)
                assert rate.hits == sum(p.hits for p in parts)


def test_power_and_looks_are_there(found):
    assert {kind: of["3"]["3"].draws for kind, of in found.power.items()} == {
        "alone": 10,
        "tasks": 10,
        "control": 10,
    }
    assert set(found.looks) == {"supported", "refuted", "equivalent", "family"} == set(LOOKED)


def test_it_can_be_written_and_read_and_dvc_sees_mappings_alone(found):
    text = json.dumps(found.dumped(), allow_nan=False)
    assert Calibration.model_validate(json.loads(text)) == found
    assert "[" not in text


@pytest.fixture
def two_scenarios(monkeypatch):
    """Two scenarios are enough to see how they are counted."""
    monkeypatch.setattr(calibrate, "SCENARIOS", SCENARIOS[:2])
    monkeypatch.setattr(calibrate.looks, "CASES", {})
    monkeypatch.setattr(calibrate.power, "EFFECTS", ())


@pytest.mark.usefixtures("two_scenarios")
def test_processes_change_no_figure():
    one, two = (calibrate.calibrate(FEW, "smoke", 1, n) for n in (1, 2))
    assert one == two and len(one.scenarios) == 2


@pytest.mark.usefixtures("two_scenarios")
def test_what_is_close_to_its_limit_is_drawn_more_often(monkeypatch):
    closer = FEW._replace(closer=3)
    said = []
    monkeypatch.setattr(calibrate, "_close", lambda found: {"no-effect 0"})
    found = calibrate.calibrate(closer, "smoke", 1, 1, say=said.append)
    designs = found.scenarios["no-effect"].claims["difference"].designs
    assert [d.wrong["supported"].draws for d in designs.values()] == [3, 1, 1, 1]
    assert "1 kind of logs is close to a limit" in said[-1]


def test_a_kind_is_close_where_its_interval_holds_a_limit(monkeypatch):
    monkeypatch.setattr(calibrate, "SCENARIOS", SCENARIOS[:1])
    monkeypatch.setattr(calibrate.looks, "CASES", {})
    kinds = {f"no-effect {k}" for k in range(4)}

    def close(wrong: int, covered: int) -> set[str]:
        tally = {"supported": Rate(wrong, 1000), "covered": Rate(covered, 1000)}
        return calibrate._close(dict.fromkeys(kinds, tally))

    assert close(55, 950) == close(30, 937) == kinds
    assert close(30, 950) == close(90, 950) == set()


def test_the_digest_is_of_the_code_that_judges():
    reached = calibrate.code()
    assert reached == calibrate.code() and len(reached) == 16


@pytest.mark.parametrize(
    ("module", "before", "after"),
    [
        ("statistics/clustered.py", "TOLERATED = 1.25", "TOLERATED = 2.25"),
        ("statistics/matching.py", "here = here[whole_groups(", "here = here[~whole_groups("),
        ("statistics/cell_means.py", "n - 1.0", "n - 2.0"),
        ("statistics/oneway.py", "- blocks + 1", "- blocks + 2"),
        ("statistics/families.py", "p > sure", "p > 0.5"),
        ("statistics/spread_ratio.py", "n / (n - 1)", "n / (n - 2)"),
        ("claims/forms/stability.py", "spread.above_p(by)", "spread.above_p(1.0)"),
        ("claims/spread.py", "< ALPHA", "< 1"),
        ("claims/forms/gain.py", "o.above_p(o.limit)", "o.above_p(0.0)"),
        ("claims/expectations.py", "o.above_p(margin)", "o.above_p(0.0)"),
    ],
)
def test_the_digest_changes_with_whatever_decides_a_verdict(tmp_path, module, before, after):
    """The tests of claims are reached through their forms, which no call names."""
    shutil.copytree(Path(uphold.__file__).parent, tmp_path / "uphold")
    path = tmp_path / "uphold" / module
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    assert of_code(calibrate.JUDGES, tmp_path) != of_code(calibrate.JUDGES)


def test_what_each_case_claims_has_words_on_the_page():
    """A spread that rises is no effect that rises."""
    claimed = {claimed_in(case) for scenario in SCENARIOS for case in scenario.cases}
    assert claimed <= set(CLAIMED) and {"increase", "stability increase"} <= claimed
