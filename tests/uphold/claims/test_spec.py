import copy

import pytest
import yaml

from uphold.claims.spec import Spec, read_spec
from uphold.errors import InputError
from uphold.pipeline.judged import Judged
from uphold.validation import read_yaml, validated

from ..conftest import STEP, read_claim


@pytest.fixture
def full(values) -> dict:
    """A spec that uses every key."""
    found = copy.deepcopy(values)
    found["title"], found["rows"], found["training"] = "Runs", {"ratio": [0, 0.5]}, ["size"]
    found["metrics"]["f1"] |= {
        "kind": "f1",
        "split": "test",
        "counts": {"tp": "tp", "fp": "fp", "fn": "fn", "tn": "tn"},
        "precision": "precision",
        "recall": "recall",
        "auroc": "auroc",
        "items": 100,
        "threshold": {"column": "threshold", "grid": [0.0, 1.0], "chosen_on": "validation"},
    }
    found["claims"] = {
        "contrast": {"metric": "f1", "contrast": STEP, "expect": "increase", "says": "It helps."},
        "interaction": {
            "metric": "f1",
            "interaction": {"of": STEP, "with": {"factor": "ratio", "from": 0, "to": 0.5}},
            "expect": "difference",
        },
        "anova": {
            "metric": "f1",
            "anova": {"over": ["mixup", "ratio"]},
            "where": {"ratio": [0, 0.5]},
        },
        "bound": {"metric": "f1", "bound": {"at_most": 0.9}},
        "gain": {"metric": "f1", "gain": {"at_least": 0.01, "over": {"mixup": False}}},
    }
    found["published"] = [{"where": {"mixup": True}, "f1": {"mean": 0.6, "sd": 0.1}, "n": 3}]
    return copy.deepcopy(found)


@pytest.mark.parametrize("items", [0, -3, 2.5, True])
def test_a_number_of_items_that_is_none(values, items):
    values["metrics"]["f1"]["items"] = items
    with pytest.raises(InputError) as error:
        read(values)
    assert str(error.value) == (
        f"spec.yaml: metrics.f1.items: {str(items).lower()} is no number of items: give 1 or more,"
        " or a column's name."
    )


def read(values: dict) -> Spec:
    return read_spec(yaml.safe_dump(values, sort_keys=False), "spec.yaml")


def test_every_key_is_read(full):
    spec = read(full)
    assert spec.claims["anova"].anova.over == ("mixup", "ratio")
    assert spec.metrics["f1"].threshold.grid == [0.0, 1.0]
    assert spec.published[0].values["f1"].sd == 0.1 and spec.published[0].n == 3
    assert [c.form for c in spec.claims.values()] == list(full["claims"])


def test_only_four_keys_are_needed(values):
    del values["run"]
    assert read(values).claims == {}


@pytest.mark.parametrize("key", ["replicate", "factors", "metrics", "primary"])
def test_a_missing_key_is_named(values, key):
    del values[key]
    with pytest.raises(InputError, match=rf"spec\.yaml: {key} is missing"):
        read(values)


@pytest.mark.parametrize("key", ["label", "better", "margin"])
def test_a_missing_key_of_a_metric_is_named(values, key):
    del values["metrics"]["f1"][key]
    with pytest.raises(InputError, match=rf"metrics\.f1\.{key} is missing"):
        read(values)


@pytest.mark.parametrize(
    ("path", "wrong", "message"),
    [
        ((), "titel", r"spec\.yaml: titel is not a key\. Did you mean 'title'"),
        (("metrics", "f1"), "marginn", r"metrics\.f1\.marginn.*'margin'"),
        (("metrics", "f1", "counts"), "tpp", r"metrics\.f1\.counts\.tpp.*'tp'"),
        (("metrics", "f1", "threshold"), "colum", r"threshold\.colum.*'column'"),
        (("claims", "contrast"), "expects", r"claims\.contrast\.expects.*'expect'"),
        (("claims", "contrast", "contrast"), "form", r"contrast\.contrast\.form.*'from'"),
        (("claims", "interaction", "interaction"), "width", r"interaction\.width.*'with'"),
        (("claims", "interaction", "interaction", "with"), "factr", r"with\.factr.*'factor'"),
        (("claims", "bound", "bound"), "at_mots", r"bound\.at_mots.*'at_most'"),
        (("published", 0, "f1"), "mena", r"published\.0.*mena.*'mean'"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(full, path, wrong, message):
    part = full
    for step in path:
        part = part[step]
    part[wrong] = 1
    with pytest.raises(InputError, match=message):
        read(full)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("primary",), "f2", r"primary: there is no metric 'f2'"),
        (("metrics", "f1", "margin"), 0, "more than 0"),
        (("metrics", "f1", "margin"), float("nan"), "margin"),
        (("metrics", "f1", "better"), "more", r"better is 'more'.*'higher' or 'lower'"),
        (("claims", "contrast", "metric"), "f_1", r"claims\.contrast\.metric: there is no.*'f1'"),
        (("claims", "contrast", "expect"), "rise", "expect is 'rise'"),
        (("claims", "contrast", "contrast", "factor"), "mixp", r"no factor 'mixp'.*'mixup'"),
        (("claims", "contrast", "contrast", "to"), [1], "is no level"),
        (
            ("claims", "contrast", "where"),
            {"raito": 1},
            r"where\.raito: there is no factor.*'ratio'",
        ),
        (("claims", "gain", "gain", "over"), {"mxup": 1}, r"no factor 'mxup'"),
        (("claims", "gain", "gain", "over"), "plain", "no baseline"),
        (("claims", "gain", "expect"), "increase", "leave 'expect' out"),
        (("claims", "anova", "expect"), "increase", "difference or no-effect"),
        (("claims", "anova", "anova", "over"), ["mixup", "rat"], r"anova\.over\.1: there is no"),
        (("claims", "bound", "bound"), {}, "either 'at_most' or 'at_least'"),
        (("claims", "bound", "bound"), {"at_most": 1, "at_least": 0}, "either"),
        (("claims", "bound", "anova"), {"over": "mixup"}, "this has anova and bound"),
        (("published", 0, "m"), 3, "neither 'where', 'n' nor a metric"),
        (("published", 0, "f2"), {"mean": 1}, "no metric 'f2'"),
        (("published", 0, "where"), {"mixp": 1}, "no factor 'mixp'"),
        (("factors",), [], "factors"),
    ],
)
def test_a_wrong_value_is_named(full, path, value, message):
    part = full
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(InputError, match=message):
        read(full)


def test_a_claim_without_a_form_says_which_there_are():
    with pytest.raises(InputError, match=r"claims\.it: .*one form of contrast, inter.*has none"):
        validated(Judged, {"claims": {"it": {"metric": "f1"}}}, "params")


def test_everything_wrong_is_said_at_once(values):
    values["metrics"]["f1"]["marginn"] = values.pop("primary")
    with pytest.raises(InputError) as error:
        read(values)
    assert "marginn" in str(error.value) and "primary is missing" in str(error.value)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("5e-4", 0.0005),
        ("1E3", 1000.0),
        ("0.5", 0.5),
        ("linear", "linear"),
        ("true", True),
        ("'1'", "1"),
    ],
)
def test_levels_are_what_they_look_like(text, level):
    claim = f"{{metric: f1, contrast: {{factor: a, from: {text}, to: other}}}}"
    found = read_claim(read_yaml(claim, "it")).contrast.from_
    assert found == level and type(found) is type(level)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "not valid YAML"),
        ("a: 1\nb: 2\na: 3", "'a' stands twice"),
        ("!!python/object/apply:os.system ['true']", "not valid YAML"),
        ("[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        read_yaml(text, "spec.yaml")


@pytest.mark.parametrize("text", ["", "just text", "- 1", "3"])
def test_what_is_no_mapping_is_no_spec(text):
    with pytest.raises(InputError, match="holds no spec"):
        read_spec(text, "spec.yaml")


MIXUP = {"factor": "mixup", "from": False, "to": True}


def judged_spec(form: dict) -> str:
    spec = {
        "replicate": "seed",
        "factors": ["mixup", "ratio"],
        "metrics": {"f1": {"label": "F1", "better": "higher", "margin": 0.02}},
        "primary": "f1",
        "claims": {"it": {"metric": "f1", **form}},
    }
    return yaml.safe_dump(spec)


@pytest.mark.parametrize(
    ("one", "other"),
    [(0.5, 0.5), (0.5, "0.5"), ("5e-1", 0.5), (True, "true"), ("off", False), (512, 512.0)],
)
@pytest.mark.parametrize("place", ["contrast", "interaction.of", "interaction.with"])
def test_a_step_from_a_level_to_itself_is_refused(one, other, place):
    step = {"factor": "ratio", "from": one, "to": other}
    form = {"contrast": step}
    if place != "contrast":
        form = {"interaction": {"of": MIXUP, "with": MIXUP, place.split(".")[1]: step}}
    with pytest.raises(InputError, match=rf"claims\.it\.{place}: 'from' and 'to' are one level"):
        read_spec(judged_spec(form), "spec.yaml")


def test_versions_are_two_levels():
    step = {"factor": "ratio", "from": "1.1", "to": "1.10"}
    assert read_spec(judged_spec({"contrast": step}), "spec.yaml")


def test_an_interaction_of_a_factor_with_itself_is_refused():
    form = {"interaction": {"of": MIXUP, "with": MIXUP}}
    with pytest.raises(InputError, match=r"claims\.it\.interaction: .*one factor"):
        read_spec(judged_spec(form), "spec.yaml")


@pytest.mark.parametrize(
    ("where", "over"),
    [
        ({"mixup": True}, {"mixup": True}),
        ({"mixup": True, "ratio": 0.5}, {"ratio": "0.5", "mixup": "true"}),
        ({"mixup": True, "ratio": 0.5}, {"ratio": [0, 0.5]}),
    ],
)
def test_a_gain_over_its_own_runs_is_refused(where, over):
    form = {"where": where, "gain": {"at_least": 0.1, "over": over}}
    with pytest.raises(InputError, match=r"claims\.it: 'gain.over' holds every run of 'where'"):
        read_spec(judged_spec(form), "spec.yaml")


def test_a_gain_over_some_of_the_runs_is_a_gain_of_the_others():
    form = {"gain": {"at_least": 0.1, "over": {"mixup": False}}, "where": {"ratio": 0}}
    assert read_spec(judged_spec(form), "spec.yaml")


def test_a_replicate_of_no_column_says_what_to_name(values):
    with pytest.raises(InputError, match=r"replicate: it names no column: give the one in which"):
        read_spec(yaml.safe_dump({**values, "replicate": []}), "spec.yaml")


def test_a_log_has_factors_or_numeric_settings(values):
    def spec(**changes):
        return read_spec(yaml.safe_dump({**values, "claims": {}, **changes}), "spec.yaml")

    assert spec(factors=[], numeric={"lr": "log"}).numeric == {"lr": "log"}
    with pytest.raises(InputError, match=r"factors names no column.*under numeric"):
        spec(factors=[])
    for place, name in (("factors", "mixup"), ("replicate", "seed"), ("metrics", "f1")):
        with pytest.raises(InputError, match=rf"numeric: '{name}' stands under {place} as well"):
            spec(numeric={name: "linear"})
    with pytest.raises(InputError, match=r"numeric\.lr"):
        spec(numeric={"lr": "square"})


def test_a_slope_needs_a_numeric_setting(values):
    claims = {"it": {"metric": "f1", "slope": {"of": "lr", "per": 10}}}
    with pytest.raises(
        InputError, match=r"it\.slope\.of: 'lr' is no numeric setting, and there is"
    ):
        read_spec(yaml.safe_dump({**values, "claims": claims}), "spec.yaml")
