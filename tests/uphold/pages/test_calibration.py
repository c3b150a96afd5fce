"""The page that says how often verdicts are wrong, from figures that are known."""

import json

import pytest

from uphold.analysis.model.calibration import (
    Calibration,
    Claimed,
    Design,
    Limits,
    Looked,
    Looped,
    Loops,
    Made,
    Peer,
    Peers,
    Rate,
    Scenario,
)
from uphold.errors import InputError
from uphold.pages.calibration import figures, say, tables
from uphold.pages.calibration.page import CalibrationPage, opened
from uphold.pages.calibration.say import DOUBTFUL, HELD, OVER, held


def rate(hits: int, draws: int = 100, low: float | None = None, high: float | None = None) -> Rate:
    value = hits / draws
    low = max(0.0, value - 0.02) if low is None else low
    return Rate(
        value=value, low=low, high=value + 0.02 if high is None else high, hits=hits, draws=draws
    )


def scenario(
    title: str, hits: int, covered: int, balanced: bool = True, beyond: bool = False
) -> Scenario:
    designs = {
        "few": Design(wrong={"supported": rate(hits - 1, 50)}, covered=rate(covered, 50)),
        "many": Design(wrong={"supported": rate(1, 50)}, covered=rate(covered, 50)),
    }
    of = Claimed(wrong={"supported": rate(hits)}, covered=rate(covered), designs=designs)
    return Scenario(title=title, balanced=balanced, beyond=beyond, claims={"difference": of})


def made(code: str = "abc", wrong: int = 5, scale: str = "quick") -> Calibration:
    power = {str(e): {str(s): rate(10 * e + s) for s in (3, 5)} for e in (1, 3)}
    return Calibration(
        made=Made(scale=scale, seed=1, code=code, versions={"numpy": "2"}),
        limits=Limits(
            wrong=0.06,
            coverage_low=0.935,
            coverage_high=0.965,
            coverage_least=0.93,
            power=0.5,
            power_effect=3,
            power_seeds=3,
        ),
        family=30,
        effective=10,
        scenarios={
            "no-effect": scenario("no effect", wrong, 95),
            "runs-missing": scenario("runs missing", 4, 93, balanced=False),
        },
        looks_at="3, 5",
        looks={"supported": Looked(naive=rate(17), declared=rate(5))},
        power={"alone": power, "tasks": power, "control": power},
    )


def page(found: Calibration | None = None) -> CalibrationPage:
    found = found or made()
    peers = Peers(
        seed=2,
        scenarios={"nothing": "no effect", "missing": "runs missing"},
        peers={
            "x": Peer(
                package="x", version="1", usage="as is", rates={"nothing": rate(9), "missing": None}
            )
        },
    )
    looped = {
        "title": "nothing gains", "gains": False, "any_false": rate(2), "found": None, "runs": 8.4,
        "fixed": 74, "false_by_score": 4.2, "any_by_score": rate(99),
    }  # fmt: skip
    real = looped | {"title": "some gain", "gains": True, "found": rate(85), "runs": 12.0}
    cases = {"idle": Looped(**looped), "mixed": Looped(**real)}
    loops = Loops(seed=1, code="a", loops=100, proposals=100, cases=cases)
    return CalibrationPage(found, found, found, peers, loops)


def cells(table) -> list[list[str]]:
    return table._tbl_data.to_numpy().tolist()


@pytest.mark.parametrize(
    ("hits", "low", "state"),
    [(5, 0.03, HELD), (6, 0.03, HELD), (8, 0.05, DOUBTFUL), (9, 0.061, OVER)],
)
def test_a_rate_over_its_limit_is_told_from_one_that_may_be_there_by_chance(hits, low, state):
    assert held(rate(hits, low=low), 0.06) == state


def test_the_answer_counts_what_keeps_the_limit_and_names_what_does_not():
    assert say.answer(page()).endswith(
        "In all 2 kinds of logs that keep to what verdicts assume, no more logs get a false verdict"
        " than are tolerated, 6.0 %. The highest rate that was counted is 5.0 %."
    )
    assert "most frequent is “supported” with no effect, 5.0 % (3.0 to 7.0)" in say.over(page())
    bad = page(made(wrong=20))
    assert "1 of 2 kinds" in say.answer(bad)
    broken = "The limit is broken, by more than chance, by “supported” with no effect, 20.0 % ("
    assert broken in say.over(bad) and "may be chance" not in say.over(bad)
    unsure = say.over(page(made(wrong=7)))
    assert "1 kind is above it by what may be chance, most of all “supported” with no" in unsure
    assert "more than chance" not in unsure


def broken(hits: int = 60) -> CalibrationPage:
    """A page of which one kind of logs breaks what verdicts assume."""
    known = made()
    more = {"collapse": scenario("a collapse", hits, 40, balanced=False, beyond=True)}
    return page(known.model_copy(update={"scenarios": known.scenarios | more}))


def test_a_limit_that_is_broken_beyond_what_is_assumed_is_called_broken_and_stands_apart():
    assert say.beyond(broken()) == (
        "Where logs break what verdicts assume, the limit is broken, by more than chance, in 1 of"
        " 1 kind that was tried."
    )
    assert "broken, by no more than chance in any of 1 kind" in say.beyond(broken(5))
    assert say.beyond(broken(7)).endswith("tried, and by what may be chance in 1.")
    assert say.furthest(broken()) == (
        "The most frequent is “supported” with a collapse, 60.0 % (58.0 to 62.0). 95 %"
        " intervals hold the true effect in as few as 40.0 % of such logs."
    )
    (row,) = cells(tables.beyond(broken()))
    assert row[:3] == ["a collapse", "60.0 % (58.0 to 62.0)", OVER]
    assert row[-1] == "40.0 % (38.0 to 42.0)"
    for said in (say.answer, say.over, say.covered, say.missing):
        assert said(broken()) == said(page())
    for table in (tables.rates, tables.coverage):
        assert cells(table(broken())) == cells(table(page()))


def test_figures_that_were_made_before_such_logs_are_read():
    before = made().dumped()
    for one in before["scenarios"].values():
        del one["beyond"]
    old = page(Calibration.model_validate(before))
    assert say.beyond(old) == "Logs that break what verdicts assume were not counted."
    assert say.furthest(old) == "" and cells(tables.beyond(old)) == []


def test_the_table_shows_what_is_over_and_the_design_where_it_is_most():
    assert cells(tables.rates(page(made(wrong=20)))) == [
        [
            "no effect",
            "20.0 % (18.0 to 22.0)",
            OVER,
            "supported: the arms differ",
            "38.0 % of 50 logs with few",
        ],
        [
            "runs missing",
            "4.0 % (2.0 to 6.0)",
            HELD,
            "supported: the arms differ",
            "6.0 % of 50 logs with few",
        ],
    ]


def test_coverage_is_held_against_the_limits_of_its_design():
    shown = cells(tables.coverage(page()))
    assert [row[3] for row in shown] == ["93.5 to 96.5 %", "93.0 to 100.0 %"]
    assert [row[4] for row in shown] == [HELD, HELD]
    low = made().model_copy(update={"scenarios": {"a": scenario("no effect", 5, 80)}})
    assert cells(tables.coverage(page(low)))[0][4] == "missed"
    assert "80.0 % to 80.0 %" in say.covered(page(low))
    assert say.missing(page()) == "That is as it should be for 2 of 2 kinds."
    assert say.missing(page(low)).endswith(
        "0 of 1 kinds. Off by more than chance: no effect, 80.0 % (78.0 to 82.0)."
    )


def test_power_is_told_and_drawn():
    assert say.found(page()).startswith(
        "3 seeds find 33.0 % of effects of 3 SD among 30 claims that share no runs"
    )
    assert "misses the aim of 50.0 %" in say.aim(page())
    assert "A claim by itself finds 33.0 %, and no family can find more" in say.aim(page())
    left, _, right = figures.power(page()).axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["3 seeds", "5 seeds"]
    assert left.get_title() == "one claim" and right.get_title() == "30 claims, one control"


def test_looks_and_peers_are_shown_whatever_came_out():
    assert cells(tables.looks(page())) == [
        ["supported", "one claim", "17.0 % (15.0 to 19.0)", "5.0 % (3.0 to 7.0)", HELD]
    ]
    assert "to 17.0 %" in say.looked(page())
    assert "at most 5.0 % (3.0 to 7.0)" in say.declared(page())
    assert cells(tables.peers(page())) == [["x 1", "as is", "9.0 %", "refuses"]]
    assert "100 logs of each kind (seed 2), which leaves up to 2.0 points" in say.peers(page())


def test_loops_are_told_with_what_the_gate_kept_found_and_saved():
    assert cells(tables.loops(page())) == [
        ["nothing gains", "2.0 % (0.0 to 4.0)", "–", "8.4", "74", "4.2"],
        ["some gain", "2.0 % (0.0 to 4.0)", "85.0 % (83.0 to 87.0)", "12.0", "74", "4.2"],
    ]
    text = say.loops(page())
    assert "at most 2.0 % (nothing gains)" in text and "at least 85.0 %" in text
    assert "at most 16.2 % of the runs" in text
    assert say.of_loops(page()) == "Each kind is of 100 loops (seed 1)."


def written(root, quick: Calibration, full: Calibration) -> None:
    folder = root / "results" / "calibration"
    folder.mkdir(parents=True)
    files = {"rates": quick, "full": full, "peers": page().peers, "gate": page().loops}
    for name, found in files.items():
        (folder / f"{name}.json").write_text(json.dumps(found.dumped()))


def test_the_full_figures_are_shown_where_they_are_of_this_code(tmp_path):
    written(tmp_path, made(), made(scale="full"))
    found = opened(tmp_path)
    assert found.found.made.scale == "full" and not found.stale
    assert "They were judged by the present code" in say.made_by(found)


def test_full_figures_of_other_code_are_not_shown_and_that_is_said(tmp_path):
    written(tmp_path, made(), made(code="older", scale="full"))
    found = opened(tmp_path)
    assert found.found.made.scale == "quick" and found.stale
    assert "judged by other code, so it is not shown" in say.made_by(found)


def test_what_is_missing_is_named_with_the_way_out(tmp_path):
    with pytest.raises(InputError, match=r"rates\.json is missing: run dvc repro calibrate"):
        opened(tmp_path)
