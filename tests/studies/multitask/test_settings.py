import pytest

from studies.multitask.settings.run import MultitaskRun


@pytest.mark.parametrize(
    ("switch", "strength"),
    [
        ({"mixup": True}, {"mixup_alpha": 0.4}),
        ({"label_smoothing": True}, {"smoothing_epsilon": 0.2}),
        ({"schedule": "cosine"}, {"rate_floor": 0.0}),
        ({"schedule": "plateau"}, {"plateau_factor": 0.5}),
        ({"schedule": "plateau"}, {"plateau_patience": 3}),
        ({"schedule": "plateau"}, {"plateau_min_delta": 0.01}),
        ({"early_stopping": True}, {"patience": 3}),
    ],
)
def test_a_strength_counts_only_where_it_acts(switch, strength):
    assert MultitaskRun(**strength).canonical() == MultitaskRun().canonical()
    assert MultitaskRun(**switch, **strength).canonical() != MultitaskRun(**switch).canonical()
