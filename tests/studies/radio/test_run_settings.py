import pytest

from studies.radio.settings.run import RadioRun

DENOISER = {"denoiser": True}


@pytest.mark.parametrize(
    ("base", "change"),
    [
        ({}, {"mixup_alpha": 0.5}),
        ({}, {"mixup_probability": 0.1}),
        ({}, {"mixup_min_snr": 6.0}),
        ({}, {"lambda_noise": 1.0}),
        ({}, {"auxiliary_epochs": 3}),
        ({}, {"noise_channels": 3}),
        ({"film": True}, {"lambda_denoise": 2.0}),
        ({"film": True}, {"lambda_id": 0.05}),
        ({"film": True}, {"degradation_steps": [3, 4]}),
        ({"film": True}, {"degradation_aimed": True}),
        ({"film": True}, {"denoiser_channels": 3, "denoiser_levels": 1}),
        (DENOISER, {"degradation_aim": [-10, -8]}),
        (DENOISER, {"lambda_preservation": 3.0}),
        (DENOISER, {"preservation_from": 0.5}),
        ({"schedule": "cosine"}, {"warmup": 4}),
    ],
)
def test_what_has_no_effect_makes_no_other_run(base, change):
    assert RadioRun(**base).canonical() == RadioRun(**base | change).canonical()


@pytest.mark.parametrize(
    ("base", "change"),
    [
        ({"mixup": "all-losses"}, {"mixup_min_snr": 6.0}),
        ({"film": True}, {"lambda_noise": 1.0}),
        (DENOISER, {"lambda_id": 0.05}),
        (DENOISER, {"bypass_denoiser": True}),
        (DENOISER, {"degradation_aimed": True}),
        (DENOISER | {"degradation_aimed": True}, {"degradation_aim": [-10, -8]}),
        (DENOISER, {"denoiser_levels": 1}),
        ({}, {"patience": 3}),
        ({}, {"flat_patience": 3}),
        ({"dual_path": True, "preservation": True} | DENOISER, {"preservation_from": 0.5}),
    ],
)
def test_what_has_an_effect_makes_another_run(base, change):
    assert RadioRun(**base).canonical() != RadioRun(**base | change).canonical()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dual_path": True}, "dual_path needs the denoiser"),
        ({"bypass_denoiser": True}, "bypass_denoiser needs the denoiser"),
        (DENOISER | {"preservation": True}, "needs dual_path"),
        (DENOISER | {"degradation_steps": [-1, 3]}, "cannot be negative"),
        (DENOISER | {"degradation_steps": [8, 2]}, "lowest value comes first"),
    ],
)
def test_what_cannot_be_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        RadioRun(**settings)
