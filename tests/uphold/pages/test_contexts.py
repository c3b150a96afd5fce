"""What a page says of the contexts that its claims average over."""

import pytest

from uphold.pages import contexts, say

from ...partly import put


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ([{}], ""),
        (
            [{"mixup": 2}, {"upsampling_ratio": 3, "mixup": 2}],
            "A claim that does not fix mixup or upsampling ratio is about the mean over the levels"
            " that were run.",
        ),
        (
            [{"dataset": 2}, {"dataset": 4}],
            "A claim that names no dataset is about the datasets of its runs (2 or 4) taken"
            " together, not about others like them: for that, “replicate” would have to begin with"
            " dataset.",
        ),
        (
            [{"dataset": 4}, {"dataset": 4}],
            "A claim that names no dataset is about these 4 datasets taken together, not about"
            " others like them: for that, “replicate” would have to begin with dataset.",
        ),
    ],
)
def test_claims_are_about_the_contexts_that_were_run(page, found, text):
    one = page()
    put(
        {f"c{i}": {"contexts": c, "sweep": "toy"} for i, c in enumerate(found)}, one.found, "claims"
    )
    assert contexts.sentence(one) == text
    assert say.reading(one).endswith(text)


@pytest.mark.parametrize(
    ("unit", "drawn"),
    [
        *[(name, True) for name in ("dataset", "data_set", "dataSet", "tested_fold", "tasks")],
        *[(name, False) for name in ("seed", "data_release", "settings", "multitask")],
    ],
)
def test_units_that_are_drawn_speak_of_others_like_them(page, unit, drawn):
    one = page()
    put([unit], one.found, "sweeps", "toy", "design", "replicate")
    text = f"Verdicts are about {unit.removesuffix('s')}s like these."
    assert (text in contexts.sentence(one)) == drawn
