"""What params say of a command is refused where it cannot be meant, by file and key."""

import pickle
import subprocess
import sys

import pytest

from uphold.command.settings import Data, Evaluation, run_class
from uphold.command.study import study_of
from uphold.errors import InputError
from uphold.validation import validated

GOOD = {
    "path": "programs/toy",
    "command": ["python", "train.py", "{lr}", "{seed}", "{out}"],
    "files": ["train.py"],
    "settings": {"lr": {"kind": "float", "above": 0, "max": 1}},
}


def data(**change):
    return validated(Data, {**GOOD, **change}, "params/toy.yaml: data")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"command": ["python", "{lr}", "{seed}", "{out}", "{other}"]}, "settings has no 'other'"),
        ({"command": ["python", "{lr}", "{out}"]}, r"no \{seed\}"),
        ({"command": ["python", "{lr}", "{seed}"]}, r"no \{out\}"),
        ({"command": ["python", "{seed}", "{out}"]}, "does not get lr"),
        ({"command": ["python", "{lr}", "{seed}", "{out}", "{"]}, "belongs to no field"),
        ({"command": ["python", "{lr}", "{seed}", "{out}", "|", "tee"]}, "without one"),
        ({"command": ["python", "{lr}", "{seed}", "{out}", "a\0b"]}, "command"),
        ({"command": []}, "command"),
        ({"files": ["../train.py"]}, "below the program's folder"),
        ({"files": ["/etc/passwd"]}, "below the program's folder"),
        ({"files": []}, "files"),
        ({"settings": {"seed": {"kind": "int"}}}, "no setting can be called 'seed'"),
        ({"settings": {"class": {"kind": "int"}}}, "no setting can be called 'class'"),
        ({"settings": {"data": {"kind": "int"}}}, "no setting can be called 'data'"),
        ({"settings": {"canonical": {"kind": "int"}}}, "no setting can be called 'canonical'"),
        ({"settings": {"model_dump": {"kind": "int"}}}, "no setting can be called 'model_dump'"),
        ({"settings": {"lr": {"kind": "real"}}}, "kind"),
        ({"command": ["sh", "{lr?--fast}", "{seed}", "{out}"]}, "lr.*true or false"),
        ({"settings": {"lr": {"kind": "choice", "of": ["a"]}}}, "of"),
        ({"settings": {"lr": {"kind": "float", "only_if": {"lr": 1}}}}, "give both"),
        (
            {"settings": {"lr": {"kind": "float", "only_if": {"x": 1}, "otherwise": 0.1}}},
            "names no setting",
        ),
        ({"resources": {"cores": 0}}, "cores"),
        ({"resources": {"minutes": True}}, "minutes"),
        ({"shell": True}, "shell"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_file_and_key(change, why):
    with pytest.raises(InputError, match=why) as error:
        data(**change)
    assert "params/toy.yaml: data" in str(error.value)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ({"kind": "float", "above": 0, "max": 1}, [0.5, 1, 1.0], [0, 2, True, "x", float("nan")]),
        ({"kind": "int", "min": 1}, [1, 7], [0, 1.5, True, "1"]),
        ({"kind": "bool"}, [True, False], [1, "true", 0]),
        ({"kind": "choice", "of": ["sgd", "adam"]}, ["sgd"], ["adamw", 1, True]),
        ({"kind": "choice", "of": [1, 2]}, [1], [True, 3, "1"]),
        ({"kind": "str"}, ["; rm -rf ~", ""], ["\0", 1]),
    ],
)
def test_levels_are_of_their_kind_and_within_their_bounds(kind, good, bad):
    run = run_class("toy", data(settings={"lr": kind}))
    for value in good:
        assert validated(run, {"lr": value}, "x").canonical() == {"lr": value}
    for value in bad:
        with pytest.raises(InputError, match="lr"):
            validated(run, {"lr": value}, "x")
    with pytest.raises(InputError, match="lr"):
        validated(run, {}, "x")


def test_a_setting_without_effect_is_in_no_run_and_the_command_gets_one_value():
    settings = {
        "lr": {"kind": "float"},
        "smooth": {"kind": "bool"},
        "by": {"kind": "float", "only_if": {"smooth": True}, "otherwise": 0},
        "how": {"kind": "str", "only_if": {"by": 0.2}, "otherwise": "none"},
    }
    run = run_class("toy", data(command=["python", "{config}"], settings=settings))
    off = [run(lr=0.1, smooth=False, by=by, how="well") for by in (0.1, 0.2)]
    assert off[0].canonical() == off[1].canonical() == {"lr": 0.1, "smooth": False}
    assert off[0].given() == {"lr": 0.1, "smooth": False, "by": 0, "how": "none"}
    on = run(lr=0.1, smooth=True, by=0.2, how="well")
    assert on.canonical() == on.given() == {"lr": 0.1, "smooth": True, "by": 0.2, "how": "well"}
    assert run.model_validate(off[0].canonical()).canonical() == off[0].canonical()


def test_a_study_and_its_runs_travel_to_other_processes_without_their_params():
    study = study_of("toy", data(), Evaluation(scores={"accuracy": "acc"}))
    code = (
        "import pickle, sys\n"
        "study, run = pickle.load(sys.stdin.buffer)\n"
        "assert type(run) is study.run, 'a class for each'\n"
        "print(study.name, study.resources.cores, sorted(study.scores), run.canonical())\n"
    )
    sent = pickle.dumps((study, study.run(lr=0.1)))
    told = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=True)
    assert told.stdout.decode().strip() == "toy 1 ['accuracy'] {'lr': 0.1}"
    assert pickle.loads(sent) == (study, study.run(lr=0.1))


def test_scores_have_names():
    with pytest.raises(InputError, match="scores"):
        validated(Evaluation, {"scores": {}}, "x")
