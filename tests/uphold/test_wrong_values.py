"""Any wrong value, at any key of a spec, of params and of settings, is told in one plain sentence.

The keys are those of documents in which each key stands; the values are those of every kind that
YAML has.
"""

import copy
import re
from pathlib import Path

import pytest
import yaml

from uphold.claims.spec import Spec, read_spec
from uphold.errors import InputError
from uphold.pipeline import judged, sweeps
from uphold.pipeline.params import ParamsFile, StudyFile
from uphold.pipeline.study import find, found
from uphold.validation import validated

ROOT = Path(__file__).parents[2]
VALUES = {
    "a mapping": {"a": 1},
    "a list": [1],
    "a list of lists": [[1]],
    "words": "wrong",
    "a whole number": 5,
    "a negative number": -1,
    "zero": 0,
    "a fraction": 0.5,
    "true": True,
    "nothing": None,
    "an empty list": [],
    "an empty mapping": {},
    "no number": float("nan"),
    "a large number": 10**9,
}
JARGON = re.compile(
    r"input should|valid (tuple|list|integer|string|number|dictionary)|after validation|instance of"
    r"|unable to|None\b|\bTrue\b|\bFalse\b|field required|pydantic|Settings\b|value error",
)

METRICS = """
f1:
  {label: F1, better: higher, margin: 0.02, kind: f1, split: test, items: 100, precision: p,
   recall: r, auroc: a, counts: {tp: a, fp: b, fn: c, tn: d}, bands: {low: f1},
   threshold: {column: t, grid: [0.1, 0.9], chosen_on: validation}}
"""
CLAIMS = """
contrast:
  {metric: f1, says: It rises., role: secondary, about: these-items, expect: increase, sweep: s,
   where: {lr: [0.1, 0.2]}, contrast: {factor: mix, from: 0, to: 1}}
interaction:
  {metric: f1, interaction: {of: {factor: mix, from: 0, to: 1}, with: {factor: lr, from: 1, to: 2}}}
anova: {metric: f1, anova: {over: [mix, lr]}, expect: difference}
bound: {metric: f1, bound: {at_least: 0.5}}
above: {metric: f1, bound: {at_most: 0.5}}
gain: {metric: f1, where: {mix: 1}, gain: {at_least: 0.02, over: {mix: 0}}}
over: {metric: f1, gain: {at_least: 0.02, over: 0.5}}
stability: {metric: f1, stability: {factor: mix, from: 0, to: 1, by: 1.5}}
"""
SPEC = f"""
replicate: [dataset, seed]
factors: [mix, lr]
metrics: {{{METRICS}}}
primary: f1
title: A log
run: name
rows: {{split: test}}
training: [clips]
looks: [3, 5, 8]
claims: {{}}
published: [{{where: {{mix: 0}}, n: 3, values: {{f1: {{mean: 0.5, sd: 0.1}}}}}}]
"""
SWEEP = """
sweeps:
  s:
    title: A sweep
    promote: {by: validation_f1, higher: true, stable_sd: 0.1, confirm: 5}
    design:
      {kind: grid, factors: {mix: [0, 1]}, arms: {plain: {mix: 0}}, anchors: {lr: 0.1},
       seeds: {values: [1, 2, 3, 4], sharing: blocks, each: 2}, looks: [3, 5], replicate: [seed],
       taken: {5: ["mix=0"]}, after: none, members: [1, 3]}
"""
JUDGED = """
writeups:
  w: {claims: {}, components: {c: {sweep: s, metric: f1, random: [seed], by: mix}}}
"""


def _documents():
    claims = yaml.safe_load(CLAIMS)
    yield "spec", Spec, {**yaml.safe_load(SPEC), "claims": claims}
    yield "sweep", sweeps._Sweeps, yaml.safe_load(SWEEP)
    block = yaml.safe_load(JUDGED)
    block["writeups"]["w"]["claims"] = claims
    yield "write-up", judged._Writeups, block
    params = yaml.safe_load((ROOT / "params.yaml").read_text("utf-8"))
    for section in ("studies", "sweeps", "writeups"):
        params[section] = dict([*params[section].items()][:1])
    yield "params", ParamsFile, params
    for name in found():
        study = find(name)
        block = yaml.safe_load((ROOT / f"params/{name}.yaml").read_text("utf-8"))
        yield f"{name}, the file", StudyFile, block | {"sweeps": {}, "writeups": {}}
        for part, model in (("data", study.data), ("training", study.run)):
            at_scale = block[part] | block["scales"]["quick"][part]
            yield f"{name}, {part}", model, at_scale | ({"path": "x"} if part == "data" else {})
        yield f"{name}, evaluation", study.evaluation, block["evaluation"]


DOCUMENTS = {name: (model, document) for name, model, document in _documents()}


def _places(value, path=()):
    """Yield the path of every value below this one."""
    if not isinstance(value, dict | list):
        return
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(key, int) and key > 0:  # elements of a list are alike
            return
        yield (*path, key)
        yield from _places(below, (*path, key))


def _with(document, path, value):
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def _told(model, document):
    try:
        validated(model, document, "file.yaml")
    except InputError as error:
        return str(error)
    return ""


def _faults(model, document, path, value):
    """Yield what is wrong with how one wrong value is told."""
    told = _told(model, _with(document, path, value))
    if not told:
        return
    place = ".".join(map(str, path))
    if told.count("\n") and not isinstance(value, dict):
        yield "more than one sentence"
    if JARGON.search(told):
        yield "the words of a library"
    for line in told.splitlines():
        named = re.match(r"file\.yaml(?:: ([^ ]+?))?:? ", line)
        if named is None or not (
            f"{place}.".startswith(f"{named[1]}.") or place in (named[1] or "")
        ):
            yield "another place"
        if "not a key" in line or not re.search(
            r"it should|is missing", line
        ):  # a rule of the settings' own
            continue
        example = re.search(r", such as ([-\w .]+: .*?)\.(?: Did|$)", line)
        if example is None:
            yield "no example"
            continue
        (key, right), *_ = yaml.safe_load(f"{{{example[1]}}}").items()
        at = tuple(int(key) if key.isdigit() else key for key in named[1].split("."))
        at = at[: len(at) - at[::-1].index(key)]
        there = path[: len(at)] if len(at) <= len(path) else (*path, *at[len(path) :])
        try:
            mended = _with(_with(document, path, value), there, right)
        except TypeError:  # a short form of what the sentence writes out
            continue
        again = _told(model, mended)
        if any(
            line.startswith(f"file.yaml: {'.'.join(map(str, at))} ") for line in again.splitlines()
        ):
            yield f"the example does not fit: {again}"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("sweep", "sweeps.s.design.looks.0"),
        ("sweep", "sweeps.s.design.seeds.values.0"),
        ("sweep", "sweeps.s.design.seeds.each"),
        ("sweep", "sweeps.s.design.members.0"),
        ("sweep", "sweeps.s.promote.confirm"),
        ("sweep", "sweeps.s.promote.stable_sd"),
        ("spec", "looks.0"),
        ("spec", "metrics.f1.margin"),
        ("spec", "claims.bound.bound.at_least"),
        ("spec", "claims.gain.gain.at_least"),
    ],
)
def test_true_is_no_number(name, place):
    model, document = DOCUMENTS[name]
    path = [int(key) if key.isdigit() else key for key in place.split(".")]
    assert f"{place} is true: it should be a" in _told(model, _with(document, path, True))


def test_the_documents_are_right():
    for name, (model, document) in DOCUMENTS.items():
        assert _told(model, document) == "", name


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_wrong_value_is_told_in_one_plain_sentence_with_one_that_fits(name):
    model, document = DOCUMENTS[name]
    faults = [
        f"{path}, {kind}: {fault}: {_told(model, _with(document, path, value))}"
        for path in _places(document)
        for kind, value in VALUES.items()
        for fault in _faults(model, document, path, value)
    ]
    assert not faults, "\n".join(faults[:20])


@pytest.mark.parametrize(
    ("word", "read"), [("no", "false"), ("off", "false"), ("yes", "true"), ("on", "true")]
)
def test_a_claim_named_by_a_word_that_yaml_reads_as_a_truth_value(word, read):
    text = (
        "replicate: seed\nfactors: [lr]\nprimary: f1\n"
        "metrics: {f1: {label: F1, better: higher, margin: 0.01}}\n"
        "claims:\n  %s: {metric: f1, bound: {at_least: 0.5}}\n"
    )
    with pytest.raises(InputError, match=rf"claims has the key {read}: YAML reads yes, no.*quotes"):
        read_spec(text % word, "spec.yaml")
    assert list(read_spec(text % f'"{word}"', "spec.yaml").claims) == [word]
