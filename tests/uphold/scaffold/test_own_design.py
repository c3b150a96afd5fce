"""The design and the claims of a sweep that is asked for."""

from copy import deepcopy
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.pipeline.params import load
from uphold.pipeline.study import find
from uphold.scaffold.own_design import Asked, claims_of, design_of, promotion_of

from .asking import asked

PARAMS = load(Path(__file__).parents[3])


def designed(wanted: Asked) -> dict:
    return design_of(wanted, PARAMS, find(wanted.study))


@pytest.mark.parametrize(
    ("study", "switches"),
    [
        ("calls", ["label_smoothing", "mixup"]),
        ("multitask", ["mixup", "label_smoothing"]),
        ("radio", ["film", "denoiser"]),
        ("speech", ["class_weights", "specaugment"]),
    ],
)
def test_without_factors_it_switches_what_the_study_s_first_sweep_varies(study, switches):
    design = designed(asked(study=study))
    assert design["factors"] == {factor: [False, True] for factor in switches}
    claims = claims_of(asked(study=study), PARAMS, design)
    one, other = (switch.replace("_", "-") for switch in switches)
    assert list(claims) == [f"{one}-matters", f"{other}-matters", f"{one}-depends-on-{other}"]


@pytest.mark.parametrize(
    ("study", "idle"), [("speech", "batch_norm"), ("radio", "degradation_aimed")]
)
def test_a_setting_without_effect_is_no_switch(study, idle):
    params = deepcopy(PARAMS)
    first = next(s for s, names in params.names.sweeps.items() if names.study == study)
    given = params.study(study).sweeps[first]["design"]
    given["factors"] = {idle: [False, True], **given.get("factors", {})}
    design = design_of(asked(study=study), params, find(study))
    assert len(design["factors"]) == 2 and idle not in design["factors"]


def test_seeds_looks_and_promotion_are_those_of_the_study_s_first_sweep():
    params = deepcopy(PARAMS)
    first = params.study("calls").sweeps["calls-augmentation"]
    first["design"]["looks"] = [3, 5]
    design = design_of(asked(), params, find("calls"))
    assert {key: design[key] for key in ("seeds", "looks")} == {
        key: first["design"][key] for key in ("seeds", "looks")
    }
    assert promotion_of(PARAMS, find("calls")) == first["promote"]


def test_levels_are_as_the_study_s_settings_hold_them():
    factors = {"qualities": "high,high+medium", "learning_rate": "1e-5,0.001,1e-2"}
    wanted = asked(**factors, dropout="0,0.5")
    design = designed(wanted)
    assert design["factors"] == {
        "qualities": [["high"], ["high", "medium"]],
        "learning_rate": [0.00001, 0.001, 0.01],
        "dropout": [0.0, 0.5],
    }
    claims = claims_of(wanted, PARAMS, design)
    assert list(claims) == [
        "qualities-matters",
        "learning-rate-matters",
        "dropout-matters",
        "qualities-depends-on-dropout",
    ]
    assert claims["qualities-matters"]["contrast"]["to"] == "high+medium"
    assert claims["learning-rate-matters"]["anova"] == {"over": "learning_rate"}


def test_claims_in_a_write_up_that_is_there_name_the_sweep():
    wanted = asked(writeup="calls-stage2", dropout="0,0.5")
    claims = claims_of(wanted, PARAMS, designed(wanted))
    assert list(claims) == ["own-dropout-matters"]
    assert claims["own-dropout-matters"]["sweep"] == "own"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (asked(learning_rat="1,2"), "Did you mean 'learning_rate'"),
        (asked(learning_rate="0.1,fast"), "--factor learning_rate=fast"),
        (asked(dropout="0.1,1.5"), "--factor dropout=1.5"),
        *(
            (
                asked(dropout=levels),
                f"--factor dropout={levels}: level {place} is empty: name it, or leave out the"
                " comma.",
            )
            for place, levels in [(3, "0.1,0.2,"), (1, ",0.2"), (2, "0.1,,0.2")]
        ),
        (asked(dropout=""), "--factor dropout=: level 1 is empty"),
        (asked(dropout="0.1"), "--factor dropout: name two levels or more"),
        (asked(dropout="0.1,0.10"), "--factor dropout: the level 0.1 stands twice"),
        (asked(mixup_alpha="0.1,0.2"), "--factor mixup_alpha: some of its levels are the same run"),
    ],
)
def test_a_factor_that_does_not_fit_is_refused(wanted, said):
    with pytest.raises(InputError) as refused:
        designed(wanted)
    assert said in str(refused.value)
