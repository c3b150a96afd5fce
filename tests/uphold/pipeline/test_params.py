"""A study's params are checked whole before anything of it runs, and what is wrong is named."""

import shutil
from pathlib import Path

import pytest
import yaml

from studies.radio.data.synthetic import snrs
from uphold.errors import InputError
from uphold.pipeline import judged, sweeps
from uphold.pipeline.check import check, check_all
from uphold.pipeline.params import load, merged

ROOT = Path(__file__).parents[3]


@pytest.fixture
def copied(tmp_path):
    """Copy the project's params."""
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "params", tmp_path / "params")
    return tmp_path


@pytest.fixture
def changed(copied):
    """Return a function that loads and checks the project's params with some of them changed.

    A place is a file and keys, ``calls__data__source`` or ``params__scale``; ``_`` in names of
    sweeps and write-ups of calls stands for ``-``.
    """

    def change(**paths):
        for path, value in paths.items():
            name, *parents, last = path.split("__")
            file = copied / ("params.yaml" if name == "params" else f"params/{name}.yaml")
            values = yaml.safe_load(file.read_text())
            place = values
            for key in parents:
                place = place[key.replace("_", "-") if key.startswith("calls_") else key]
            place[last] = value
            file.write_text(yaml.safe_dump(values, sort_keys=False))
        params = load(copied)
        check_all(params)
        return params

    return change


def test_the_project_s_own_params_are_valid():
    params = load(ROOT)
    check_all(params)
    designs = {name: sweeps.sweep(params, name).design for name in params.names.sweeps}
    seeds = {name: design.seeds.values for name, design in designs.items()}
    assert all(designs[name].fewest_seeds == len(own) for name, own in seeds.items())
    assert all(set(s) >= {123, 456, 789} for s in seeds.values())


def test_the_sweeps_are_the_archived_ones():
    params = load(ROOT)
    configurations = {
        name: {run.configuration for run in sweeps.runs(params, name, {}) if run.seed == 123}
        for name in params.names.sweeps
    }
    assert len(configurations["calls-augmentation"]) == 32
    assert len(configurations["calls-balancing"]) == 10 * 2 + 1  # no mode at ratio 0
    assert len(configurations["calls-interaction"]) == 3 * 2 * 2 * 2
    assert len(configurations["calls-robustness"]) == 2 * 2 * 3


ARCHIVED = {"hidden_units": 512, "dropout": 0.25, "learning_rate": 5e-4, "batch_size": 32}
ARCHIVED |= {"label_smoothing": True, "smoothing_epsilon": 0.1, "mixup": True, "mixup_alpha": 0.2}
ARCHIVED |= {"focal_loss": False, "early_stopping": True}


@pytest.mark.parametrize(
    "sweep",
    [
        "calls-balancing",
        "calls-balancing-fine",
        "calls-interaction",
        "calls-robustness",
        "calls-stopping",
    ],
)
def test_stages_3_and_4_run_on_the_archived_anchors_whatever_is_promoted(sweep):
    params = load(ROOT)
    design = sweeps.sweep(params, sweep).design
    assert design.after == "none"
    for run in sweeps.runs(params, sweep, {}):
        found = run.settings.model_dump()
        held = {name: value for name, value in ARCHIVED.items() if name not in design.names}
        if not found["mixup"]:
            held.pop("mixup_alpha")
        assert {name: found[name] for name in held} == held


@pytest.mark.parametrize("sweep", ["calls-balancing-promoted", "calls-robustness-promoted"])
def test_the_promoted_settings_are_those_of_the_second_arms(sweep):
    promoted = {"hidden_units": 1024, "focal_loss": True, "mixup": False, "label_smoothing": False}
    params = load(ROOT)
    assert sweeps.sweep(params, sweep).design.after == "calls-augmentation"
    for run in sweeps.runs(params, sweep, promoted):
        found = run.settings.model_dump()
        assert {name: found[name] for name in promoted} == promoted


def test_runs_without_early_stopping_keep_their_keys():
    """What stops a run early has no place in the settings of one that does not stop."""
    params = load(ROOT)
    runs = sweeps.runs(params, "calls-stopping", {})
    settings = [run.settings.canonical() for run in runs]
    for s in settings:
        found = s.get("patience"), s.get("min_delta")
        assert found == ((5, 0.001) if s["early_stopping"] else (None, None))


def test_the_baseline_of_stage_4_is_a_configuration_of_stage_2_and_not_trained_again():
    params = load(ROOT)
    levels = "hidden_units=512, learning_rate=0.0005, label_smoothing=true, mixup=true"
    ours = {
        run.seed: run.settings.canonical()
        for run in sweeps.runs(params, "calls-augmentation", {})
        if run.configuration == f"{levels}, focal_loss=false"
    }
    baseline = "qualities=high+medium, balance=true, targeted_upsampling=none"
    for sweep, configuration in (
        ("calls-robustness", baseline),
        ("calls-balancing", "upsampling_ratio=0"),
    ):
        theirs = {
            run.seed: run.settings.canonical()
            for run in sweeps.runs(params, sweep, {})
            if run.configuration == configuration
        }
        assert theirs
        for seed in theirs.keys() & ours.keys():
            assert theirs[seed] == ours[seed]
        assert theirs.keys() & ours.keys() >= {123, 456, 789}


def test_every_scale_is_valid(changed):
    quick, full = changed(params__scale="quick"), changed(params__scale="full")
    assert quick.defaults("calls")["epochs"] == full.defaults("calls")["epochs"]
    assert full.data("calls").synthetic.train > quick.data("calls").synthetic.train


def test_what_training_is_shorter_by_is_told_against_scale_full(changed):
    scales = {name: changed(params__scale=name) for name in ("smoke", "quick", "medium", "full")}
    assert scales["smoke"].shorter("multitask") == {"epochs": (1, 100)}
    assert scales["smoke"].shorter("speech") == {"epochs_scale": (0.1, 1)}
    for name in ("quick", "medium", "full"):
        assert not any(scales[name].shorter(study) for study in scales[name].names.studies)


def test_how_large_all_is_is_told_beside_scale_full(changed):
    params = changed()
    sizes = params.sizes("radio")
    data, full = params.data("radio").synthetic, params.data("radio", "full").synthetic
    levels, most = len(snrs(data)), len(snrs(full))
    assert sizes["levels of SNR"] == ("data", levels, most)
    frames = len(data.classes) * levels * data.train, len(full.classes) * most * full.train
    assert sizes["training frames"] == ("data", *frames)
    assert sizes["widths.recurrent"][0] == sizes["noise_channels"][0] == "network"
    assert params.sizes("multitask")["width_scale"] == ("network", 0.5, 1)
    assert not any(here > full for _, here, full in sizes.values())


def test_files_of_users_are_told_by_their_card_alone(changed, copied):
    (copied / "data/recordings").mkdir(parents=True)
    sizes = changed(calls__data__source="folder").sizes("calls")
    assert {kind for kind, *_ in sizes.values()} == {"network", "training"}


def test_a_study_may_do_without_a_scale_until_it_is_asked_for(changed):
    scales = yaml.safe_load((ROOT / "params/calls.yaml").read_text())["scales"]
    without = {name: block for name, block in scales.items() if name != "medium"}
    params = changed(calls__scales=without)
    with pytest.raises(InputError, match=r"params/calls\.yaml: scales: there is no 'medium'"):
        params.data("calls", "medium")
    without.pop("smoke")
    with pytest.raises(InputError, match=r"params/calls\.yaml: scales: there is no 'smoke'"):
        changed(calls__scales=without)


def test_the_path_of_the_data_stands_in_params_yaml_alone(changed):
    assert changed(params__studies__calls={"path": "data/mine"}).data("calls").path == "data/mine"
    with pytest.raises(
        InputError, match=r"params/calls\.yaml: data at scale .*studies\.calls\.path"
    ):
        changed(calls__data__path="data/elsewhere")


def test_what_a_sweep_comes_after_stands_in_params_yaml_alone(changed):
    after = sweeps.sweep(changed(), "calls-balancing-promoted").design.after
    assert after == "calls-augmentation"
    message = r"params/calls\.yaml: sweeps\.calls-balancing\.design\.after stands in params\.yaml"
    with pytest.raises(InputError, match=message):
        changed(calls__sweeps__calls_balancing__design__after="none")


@pytest.mark.parametrize("claim", ["smoothing-lift", "smoothing-steadies"])
def test_a_card_is_answered_by_a_primary_claim(changed, claim):
    changed(params__writeups__calls_stage2__answered_by=["focal-hurts"])
    message = rf"writeups\.calls-stage2\.answered_by: there is no '{claim}'"
    with pytest.raises(InputError, match=message):
        changed(params__writeups__calls_stage2__answered_by=[claim])


def test_a_study_s_params_are_loaded_without_those_of_others(copied):
    for name in ("multitask", "radio", "speech"):
        (copied / "params" / f"{name}.yaml").write_text("a: [")
    params = load(copied)
    check(params, "calls")
    assert judged.judged(params, "calls-stage2").claims
    with pytest.raises(InputError, match=r"params/multitask\.yaml is not valid YAML"):
        check_all(params)


@pytest.mark.parametrize("kind", ["searches", "sweeps", "writeups"])
def test_names_stand_in_both_files(changed, kind):
    first = yaml.safe_load((ROOT / "params" / "calls.yaml").read_text())[kind]
    name, block = next(iter(first.items()))
    with pytest.raises(InputError) as error:
        changed(**{f"calls__{kind}__calls-new": block})
    assert str(error.value).startswith(
        f"params/calls.yaml: {kind}.calls-new is not named in params.yaml, under {kind}"
    )
    left = {key: value for key, value in first.items() if key != name}
    with pytest.raises(InputError) as error:
        changed(**{f"calls__{kind}": left})
    assert str(error.value).startswith(
        f"params/calls.yaml: {kind}.{name} is missing, which params.yaml names."
    )


def test_claims_that_name_no_sweep_are_about_the_write_up_s(changed):
    block = yaml.safe_load((ROOT / "params" / "calls.yaml").read_text())["sweeps"]
    further = {
        "params__sweeps__further": {"study": "calls", "writeup": "calls-stage2", "after": "none"},
        "calls__sweeps__further": block["calls-robustness"] | {"promote": {**PROMOTE}},
    }
    with pytest.raises(InputError) as error:
        changed(**further)
    message = str(error.value)
    assert message.startswith(
        "params/calls.yaml: writeups.calls-stage2.claims.smoothing-lifts.sweep is missing"
    )
    assert "calls-augmentation, further" in message and "as writeups.calls-stage2.sweep" in message
    named = "calls__writeups__calls_stage2__sweep"
    with pytest.raises(InputError, match=r"stage2\.sweep: there is no 'furthe'.*'further'"):
        changed(**{named: "furthe"})
    params = changed(**{named: "calls-augmentation"})
    claims = judged.judged(params, "calls-stage2").claims.values()
    assert {claim.sweep for claim in claims} == {"calls-augmentation"}


PROMOTE = {"by": "validation_f1", "stable_sd": 0.03}


def test_a_file_of_no_study_and_a_study_without_a_file(copied):
    (copied / "params" / "call.yaml").write_text("{}")
    with pytest.raises(InputError) as error:
        check_all(load(copied))
    message = "params/call.yaml: params.yaml names no study 'call'. Did you mean 'calls'?"
    assert str(error.value) == message
    (copied / "params" / "call.yaml").unlink()
    (copied / "params" / "radio.yaml").unlink()
    with pytest.raises(InputError, match=r"radio\.yaml is missing: it holds the settings of"):
        check_all(load(copied))


def test_a_name_of_the_pipeline_s_own_is_refused(changed):
    block = {"study": "calls", "title": "A page"}
    sweep = {"study": "calls", "writeup": "promoted", "after": "none"}
    with pytest.raises(InputError, match="'promoted' is a name of the pipeline's own"):
        changed(params__writeups__promoted=block, params__sweeps__it=sweep)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"params__scal": "quick"}, "scal is not a key. Did you mean 'scale'?"),
        ({"params__scale": "huge"}, "scale is 'huge'"),
        ({"calls__training__dropuot": 0.1}, "Did you mean 'dropout'?"),
        ({"calls__data__sorce": "folder"}, "Did you mean 'source'?"),
        (
            {"calls__training__dropout": 1.5},
            "params/calls.yaml: training at scale smoke: dropout is 1.5",
        ),
        ({"calls__primary": "ood_f"}, "Did you mean 'ood_f1'?"),
        (
            {"calls__metrics__ood_auroc2": {"label": "x", "better": "lower", "margin": 1}},
            "Did you mean 'ood_auroc'?",
        ),
        ({"calls__metrics__ood_f1__bands": {"low": "ood_f"}}, "Did you mean 'ood_f1'?"),
        ({"calls__metrics__ood_f1__bands": {"low": "iid_f1"}}, "need 'items'"),
        ({"params__sweeps__calls_balancing__study": "cals"}, "Did you mean 'calls'?"),
        ({"params__sweeps__calls_balancing__writeup": "calls-stage5"}, "Did you mean 'calls-stage"),
        (
            {"calls__sweeps__calls_balancing__design__seeds": []},
            "sweeps.calls-balancing.design.seeds",
        ),
        (
            {"calls__sweeps__calls_balancing__design__factors": {"upsampling_ration": [0]}},
            "Did you mean 'upsampling_ratio'?",
        ),
        (
            {"calls__sweeps__calls_balancing__design__factors": {"upsampling_ratio": [0, 1.5]}},
            "upsampling_ratio is 1.5",
        ),
        (
            {"params__sweeps__calls_balancing__after": "calls-augmentaton"},
            "Did you mean 'calls-augmentation'?",
        ),
        (
            {"params__sweeps__calls_augmentation__after": "calls-balancing-promoted"},
            "in a circle",
        ),
        (
            {"calls__sweeps__calls_augmentation__promote": {"by": "ood_f1", "stable_sd": 0.1}},
            "there is no 'ood_f1'",
        ),
        ({"calls__searches__calls_search__by": "ood_f1"}, "there is no 'ood_f1'"),
        ({"calls__searches__calls_search__space": {}}, "searches.calls-search.space"),
        (
            {"calls__searches__calls_search__space__dropuot": [0, 0.5]},
            "searches.calls-search.space.dropuot: dropuot is not a key. Did you mean 'dropout'?",
        ),
        (
            {"calls__searches__calls_search__space__dropout": [0, 1.5]},
            "searches.calls-search.space.dropout: dropout is 1.5",
        ),
        (
            {"calls__sweeps__calls_autotune__design__seeds": [123, 2829]},
            "calls-autotune.design.seeds has 2829, the seed of calls-search",
        ),
        (
            {"calls__sweeps__calls_autotune__design__seeds": [123]},
            "calls-autotune.design: kind autotune compares finalists over seeds",
        ),
        (
            {"calls__sweeps__calls_autotune__design__kind": "grid"},
            "calls-autotune.design.kind: autotune is the kind of sweeps that come after a search",
        ),
        (
            {"params__sweeps__calls_balancing__after": "calls-search"},
            "calls-balancing.design.kind: autotune is the kind of sweeps that come after a search",
        ),
        ({"params__searches__calls_search__after": "calls-autotune"}, "in a circle"),
        ({"params__searches__calls_search__study": "cals"}, "Did you mean 'calls'?"),
        (
            {"params__searches": {"calls-balancing": {"study": "calls", "after": "none"}}},
            "searches.calls-balancing has the name of a sweep",
        ),
    ],
)
def test_what_is_not_valid_is_named_with_the_nearest_valid_name(changed, change, message):
    with pytest.raises(InputError) as error:
        changed(**change)
    assert message in str(error.value)
    (place,) = (path.split("__")[0] for path in change)
    if "come after a search" in message:  # both files are told, and which keys of them
        assert "params.yaml has sweeps." in str(error.value)
        place = "calls"
    file = "params.yaml" if place == "params" else f"params/{place}.yaml"
    assert str(error.value).startswith(f"{file}: ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"training__epoch": 3},
            "training at scale full: epoch is not a key. Did you mean 'epochs'?",
        ),
        ({"training__epochs": -3}, "training at scale full: epochs is -3"),
        (
            {"data__synthetic__trian": 9},
            "data at scale full: synthetic.trian is not a key. Did you mean 'train'?",
        ),
    ],
)
def test_the_scale_that_is_not_in_force_is_checked_as_well(changed, change, message):
    with pytest.raises(InputError) as error:
        changed(**{f"calls__scales__full__{path}": v for path, v in change.items()})
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"counts__tp": "ood_tpp"}, ".counts.tp: there is no 'ood_tpp'. Did you mean 'ood_tp'?"),
        ({"precision": "ood_precison"}, ".precision: there is no 'ood_precison'."),
        ({"recall": "ood_recal"}, ".recall: there is no 'ood_recal'."),
        ({"auroc": "ood_auro"}, ".auroc: there is no 'ood_auro'."),
        ({"items": "ood_item"}, ".items: there is no 'ood_item'."),
        (
            {"threshold__column": "treshold"},
            ".threshold.column: there is no 'treshold'. Did you mean 'threshold'?",
        ),
    ],
)
def test_the_columns_of_a_metric_are_scores_of_the_study(changed, change, message):
    with pytest.raises(InputError) as error:
        changed(**{f"calls__metrics__ood_f1__{path}": v for path, v in change.items()})
    assert f"params/calls.yaml: metrics.ood_f1{message}" in str(error.value)


def test_a_metric_may_be_over_a_number_of_items(changed):
    assert changed(calls__metrics__ood_recall__items=80)


CAPACITY = "calls__writeups__calls_stage2__claims__capacity-no-gain"
GAIN = "calls__writeups__calls_stage2__claims__best-beats-plain"
DEPENDS = "calls__writeups__calls_stage2__claims__mixup-needs-smoothing"
PRECISION = "calls__writeups__calls_stage3__claims__linear-lowers-precision"
TOLERATED = "calls__writeups__calls_stage4__claims__low-quality-tolerated"


@pytest.mark.parametrize(
    ("path", "level", "message"),
    [
        (
            f"{CAPACITY}__contrast__to",
            1025,
            "hidden_units has no level '1025' in the design. Valid levels: 512, 1024.",
        ),
        (f"{CAPACITY}__contrast__from", 500, "hidden_units has no level '500'"),
        (
            f"{CAPACITY}__where",
            {"mixup": "maybe"},
            "mixup has no level 'maybe' in the design. Valid levels: false, true.",
        ),
        (f"{DEPENDS}__interaction__of__to", 2, "mixup has no level '2'"),
        (f"{DEPENDS}__interaction__with__from", "off", "label_smoothing has no level 'off'"),
        (f"{GAIN}__gain__over__learning_rate", 0.005, "learning_rate has no level '0.005'"),
        (
            f"{PRECISION}__where__upsampling_ratio",
            [0.55, 0.56],
            "upsampling_ratio has no level '0.56'",
        ),
        (
            f"{TOLERATED}__contrast__to",
            "low+high",
            "qualities has no level 'low+high' in the design. "
            "Valid levels: high+medium, high+medium+low.",
        ),
    ],
)
def test_the_levels_of_a_claim_are_levels_of_its_sweep(changed, path, level, message):
    with pytest.raises(InputError) as error:
        changed(**{path: level})
    *_, writeup, _, claim = path.split("__")[:5]
    assert f"writeups.{writeup.replace('_', '-')}.claims.{claim}." in str(error.value)
    assert message in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_claim_about_items_like_these_is_of_a_score_that_is_told_item_by_item(changed):
    about = {f"{CAPACITY}__about": "items-like-these"}
    assert changed(**about)
    with pytest.raises(InputError, match=r"claims\.capacity-no-gain\.about is items-like-these"):
        changed(**about, **{f"{CAPACITY}__metric": "ood_auroc"})


def test_a_level_is_the_same_however_its_number_is_written(changed):
    assert changed(**{f"{CAPACITY}__contrast__to": 1024.0, f"{CAPACITY}__where": {"mixup": [True]}})
    assert changed(**{f"{GAIN}__gain__over__learning_rate": "5e-4"})


def test_levels_that_take_effect_once_something_is_promoted_may_be_claimed(changed):
    """The mode has no effect at ratio 0, from which the second sweep may be moved by the first."""
    assert changed(
        params__writeups__calls_stage3__answered_by=[],
        calls__sweeps__calls_balancing_promoted__design__factors={
            "upsampling_mode": ["repeat", "linear"]
        },
        calls__writeups__calls_stage3__claims={
            "linear-better": {
                "sweep": "calls-balancing-promoted",
                "metric": "ood_f1",
                "contrast": {"factor": "upsampling_mode", "from": "repeat", "to": "linear"},
            }
        },
    )


def test_settings_that_exclude_each_other_are_told_in_one_sentence(changed):
    with pytest.raises(InputError) as error:
        changed(calls__sweeps__calls_balancing__design__anchors={"targeted_upsampling": "quality"})
    assert str(error.value) == (
        "params/calls.yaml: sweeps.calls-balancing.design: targeted_upsampling and "
        "upsampling_ratio fill up the same training set: use one."
    )


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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sweep": "speech-split"}, "Did you mean 'speech-splits'?"),
        ({"metric": "macro_f2"}, "Did you mean 'macro_f1'?"),
        ({"random": ["folds", "seed"]}, "Did you mean 'fold'?"),
        ({"by": "seed"}, "by: there is no 'seed'"),
    ],
)
def test_what_a_spread_is_divided_among_exists(changed, change, message):
    spread = {"sweep": "speech-splits", "metric": "macro_f1", "random": ["fold", "seed"]}
    given = {"splits": spread | change}
    with pytest.raises(InputError) as error:
        changed(**{"speech__writeups__speech-f1macro__components": given})
    assert message in str(error.value)


def test_merging_goes_key_by_key():
    assert merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": 4}}) == {
        "a": {"b": 1, "c": 4},
        "d": 3,
    }


@pytest.mark.parametrize(
    "place", ["data/radio", "data/radio/files", "data", "./data/../data/radio"]
)
def test_no_study_reads_where_another_writes(changed, place):
    """Preparing the one would write over the files of the other."""
    with pytest.raises(InputError, match=r"params\.yaml: studies\.calls\.path") as refused:
        changed(params__studies__calls__path=place)
    assert "data/radio" in str(refused.value) or "data/calls" in str(refused.value)


def test_no_sweep_takes_the_name_that_stands_for_none(changed):
    """Its promoted settings would be written over those that promote nothing."""
    sweep = yaml.safe_load((ROOT / "params.yaml").read_text())["sweeps"]["radio-ablation"]
    with pytest.raises(InputError, match="'none'"):
        changed(params__sweeps__none=sweep)


def test_data_that_are_not_there_are_named_before_anything_runs(changed, copied):
    answer = r"There is no there/clips \(studies\.speech\.path in params\.yaml\).*'ravdess' reads"
    paths = {"speech__data__source": "ravdess", "params__studies__speech__path": "there/clips"}
    with pytest.raises(InputError, match=answer):
        changed(**paths)
    (copied / "there/clips").mkdir(parents=True)
    changed(**paths)
