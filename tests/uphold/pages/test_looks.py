"""At which look the claims of a page stand."""

import pytest

from uphold.pages import looks, say

from ...partly import put

PLAN = [3, 5, 8, 12]
DECLARED = (
    "Claims are judged at declared looks, at 3, 5, 8 and 12 seeds, and the error rate holds over"
    " all of them together."
)


def standing(*at: tuple) -> dict:
    return {
        f"claim {i}": {
            **{"role": "primary", "sweep": "toy", "look": look, "looks": plan},
            **{"next_look": after[0] if after else next(iter(plan), None)},
            "outcome": {"seeds": 9},
        }
        for i, (look, plan, *after) in enumerate(at)
    }


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ([], ""),
        ([(0, [])], ""),
        (
            [(3, PLAN)],
            f"{DECLARED} 1 claim stands at look 1 of 4, at 3 seeds; if it is undecided, 5 seeds are"
            " next.",
        ),
        (
            [(3, PLAN), (3, PLAN), (12, PLAN), (0, PLAN)],
            f"{DECLARED} 1 claim has not come to the first look: nothing is decided of it before 3"
            " seeds. 2 claims stand at look 1 of 4, at 3 seeds; where they are undecided, 5 seeds"
            " are next. 1 claim stands at look 4 of 4, at 12 seeds; the plan is used up.",
        ),
        (
            [(0, PLAN, 3), (0, PLAN, 8), (0, PLAN, None), (0, PLAN, None)],
            f"{DECLARED} 1 claim has not come to the first look: nothing is decided of it before 3"
            " seeds. 1 claim rests on seeds in no known order: nothing is decided of it but at"
            " exactly 8 seeds. 2 claims rest on seeds in no known order: nothing is decided of them"
            " now, with more than the 12 of the last look.",
        ),
        (
            [(8, [8]), (8, [8])],
            "Claims are judged at one declared look, at 8 seeds. All 2 claims stand at look 1 of 1,"
            " at 8 seeds; the plan is used up.",
        ),
        (
            [(8, [8]), (0, [])],
            "Claims on “a sweep” are judged at one declared look, at 8 seeds. 1 claim stands at"
            " look 1 of 1, at 8 seeds; the plan is used up.",
        ),
    ],
)
def test_where_claims_stand_in_their_plan(page, at, text):
    one = page()
    put(standing(*at), one.found, "claims")
    assert looks.sentence(one) == f"{text} {looks.runs_shown(one)}".strip()
    assert bool(looks.runs_shown(one)) == bool(text)
    assert text in say.families(one)
