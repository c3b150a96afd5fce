"""params.yaml is checked whole before anything runs, and what is wrong is named."""

from pathlib import Path

import pytest
import yaml

from studies.errors import InputError
from studies.params import load, merged

ROOT = Path(__file__).parents[1]


@pytest.fixture
def changed(tmp_path):
    """Return a function that loads the project's params with some of them changed."""

    def change(**paths):
        values = yaml.safe_load((ROOT / "params.yaml").read_text())
        for path, value in paths.items():
            *parents, last = path.split("__")
            place = values
            for key in parents:
                place = place[key.replace("_", "-") if key.startswith("calls_") else key]
            place[last] = value
        (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
        return load(tmp_path)

    return change


def test_the_project_s_own_params_are_valid():
    params = load(ROOT)
    seeds = {name: sweep.design.seeds for name, sweep in params.sweeps.items()}
    assert {name for name, s in seeds.items() if len(s) == 5} == {"calls-balancing-fine"}
    assert all(set(s) >= {123, 456, 789} for s in seeds.values())


def test_the_sweeps_are_the_archived_ones():
    params = load(ROOT)
    runs = {name: len(params.runs(name, {})) for name in params.sweeps}
    assert runs["calls-augmentation"] == 32 * 3
    assert runs["calls-balancing"] == (10 * 2 + 1) * 3  # no mode at ratio 0
    assert runs["calls-robustness"] == 2 * 2 * 3 * 3


def test_every_scale_is_valid(changed):
    quick, full = changed(scale="quick"), changed(scale="full")
    assert quick.defaults("calls")["epochs"] < full.defaults("calls")["epochs"]
    assert full.data("calls").synthetic.train > quick.data("calls").synthetic.train


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"scal": "quick"}, "scal is not a key. Did you mean 'scale'?"),
        ({"scale": "huge"}, "scale is 'huge'"),
        ({"studies__calls__training__dropuot": 0.1}, "Did you mean 'dropout'?"),
        ({"studies__calls__data__sorce": "folder"}, "Did you mean 'source'?"),
        ({"studies__calls__training__dropout": 1.5}, "studies.calls.training: dropout is 1.5"),
        ({"studies__calls__primary": "ood_f"}, "Did you mean 'ood_f1'?"),
        (
            {"studies__calls__metrics__ood_auroc2": {"label": "x", "better": "lower", "margin": 1}},
            "Did you mean 'ood_auroc'?",
        ),
        ({"sweeps__calls_balancing__study": "cals"}, "Did you mean 'calls'?"),
        ({"sweeps__calls_balancing__writeup": "calls-stage5"}, "Did you mean 'calls-stage"),
        ({"sweeps__calls_balancing__design__seeds": []}, "sweeps.calls-balancing.design.seeds"),
        (
            {"sweeps__calls_balancing__design__factors": {"upsampling_ration": [0]}},
            "Did you mean 'upsampling_ratio'?",
        ),
        (
            {"sweeps__calls_balancing__design__factors": {"upsampling_ratio": [0, 1.5]}},
            "upsampling_ratio is 1.5",
        ),
        (
            {"sweeps__calls_balancing__design__after": "calls-augmentaton"},
            "Did you mean 'calls-augmentation'?",
        ),
        ({"sweeps__calls_augmentation__design__after": "calls-balancing"}, "in a circle"),
        (
            {"sweeps__calls_augmentation__promote": {"by": "ood_f1", "stable_sd": 0.1}},
            "there is no 'ood_f1'",
        ),
    ],
)
def test_what_is_not_valid_is_named_with_the_nearest_valid_name(changed, change, told):
    with pytest.raises(InputError) as error:
        changed(**change)
    assert told in str(error.value)
    assert "params.yaml" in str(error.value)


def test_a_missing_or_broken_file_is_named(tmp_path):
    with pytest.raises(InputError, match="is missing"):
        load(tmp_path)
    (tmp_path / "params.yaml").write_text("a: [")
    with pytest.raises(InputError, match="is not valid YAML"):
        load(tmp_path)


def test_yaml_cannot_run_code(tmp_path):
    (tmp_path / "params.yaml").write_text("!!python/object/apply:os.system ['true']")
    with pytest.raises(InputError, match="is not valid YAML"):
        load(tmp_path)


def test_merging_goes_key_by_key():
    assert merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": 4}}) == {
        "a": {"b": 1, "c": 4},
        "d": 3,
    }
