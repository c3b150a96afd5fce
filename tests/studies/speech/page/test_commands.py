"""Commands of arms, held against those of the archived write-up as its script reads them."""

import shlex
from argparse import ArgumentParser
from pathlib import Path

import pytest
import yaml

from studies.speech.page import commands
from studies.speech.settings.data import LogMel
from studies.speech.settings.run import SpeechRun
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page
from uphold.pipeline import sweeps
from uphold.pipeline.params import load

from ....partly import partly

ROOT = Path(__file__).parents[4]
PARAMS = load(ROOT)
SOUND = "--sr 22050 --n_mels 128 --n_fft 1024 --hop_length 512"
RESNET = "--mode sentiment --model resnet18 --train_ratio 0.8 --val_ratio 0.1 --batch_size 16"

ARCHIVED = {
    ("speech-ladder", "plain (5)"): f"{RESNET} --epochs 5 {SOUND}",
    ("speech-models", "SmallCNN, plain (25)"): "--mode sentiment --epochs 25",
    ("speech-ladder", "weights (15)"): f"{RESNET} --epochs 15 --class_weight_loss {SOUND}",
    ("speech-ladder", "weights + SpecAugment (30)"): (
        f"{RESNET} --epochs 30 --class_weight_loss --use_specaug {SOUND}"
    ),
    ("speech-ladder", "weights + SpecAugment + smoothing (30)"): (
        f"{RESNET} --epochs 30 --class_weight_loss --use_specaug --label_smoothing 0.05 {SOUND}"
    ),
    ("speech-ladder", "focal + SpecAugment (30)"): (
        f"{RESNET} --epochs 30 --focal_loss --focal_gamma 1.5 --use_specaug {SOUND}"
    ),
    ("speech-models", "advanced (50)"): (
        "--mode sentiment --epochs 50 --use_specaug --specaug_freq 12 --specaug_time 30"
        " --mixup_alpha 0.3 --focal_loss --focal_gamma 2.0 --label_smoothing 0.1 --dropout 0.3"
        " --use_bn --balanced_sampler --lr 1e-3"
    ),
}
"""The write-up's recommended training commands, but for the folder."""


def read(line: str) -> dict:
    """Return what the script makes of a command line: its options and their defaults."""
    script = ArgumentParser()
    script.add_argument("--data_root")
    values = {
        **{"mode": "sentiment", "train_ratio": 0.8, "val_ratio": 0.1, "batch_size": 32},
        **{"epochs": 25, "lr": 3e-4, "weight_decay": 1e-4, "model": "smallcnn", "dropout": 0.0},
        **{"specaug_freq": 8, "specaug_time": 20, "mixup_alpha": 0.2, "focal_gamma": 2.0},
        **{"label_smoothing": 0.0, "n_mels": 128, "n_fft": 1024, "hop_length": 512, "sr": 22050},
        **{"duration": 3.0, "warmup_epochs": 2},
    }
    for name, default in values.items():
        script.add_argument(f"--{name}", type=type(default), default=default)
    for name in ("use_bn", "use_specaug", "balanced_sampler", "class_weight_loss", "focal_loss"):
        script.add_argument(f"--{name}", action="store_true")
    return {k: v for k, v in vars(script.parse_args(shlex.split(line))).items() if k != "data_root"}


def command(sweep: str, arm: str) -> str:
    (chosen,) = {
        run.levels["arm"]: run.chosen
        for run in sweeps.runs(PARAMS, sweep, promoted={})
        if run.levels["arm"] == arm
    }.values()
    line = commands.command(SpeechRun(**chosen), "sentiment")
    assert line.startswith("python train.py ")
    return line.removeprefix("python train.py ")


@pytest.mark.parametrize(("sweep", "arm"), ARCHIVED)
def test_the_commands_of_arms_are_the_archived_ones(sweep, arm):
    assert read(command(sweep, arm)) == read(ARCHIVED[sweep, arm])


@pytest.mark.parametrize("sweep", ["speech-ladder", "speech-options", "speech-models"])
def test_the_script_reads_the_command_of_every_arm(sweep):
    for arm in sweeps.sweep(PARAMS, sweep).design.arms:
        read(command(sweep, arm))


def test_options_stand_where_a_setting_is_no_default():
    assert commands.command(SpeechRun(), "emotion").endswith("ravdess --mode emotion")
    off = commands.command(SpeechRun(mixup=False, learning_rate=1e-4), "sentiment")
    assert read(off.removeprefix("python train.py")) == read("--mixup_alpha 0 --lr 1e-4")


def test_what_the_script_cannot_do_is_said():
    line = commands.command(SpeechRun(schedule="constant"), "sentiment")
    assert line == "none: the script has no option for schedule"


def test_at_full_scale_whatever_no_arm_sets_is_the_script_s():
    written = yaml.safe_load((ROOT / "params/speech.yaml").read_text("utf-8"))
    full = written["scales"]["full"]
    assert SpeechRun(**written["training"], **full["training"]) == SpeechRun(groups=8)  # ours
    assert LogMel(**full["data"]["spectrogram"]) == LogMel()


def cut_to(seconds: float) -> Page:
    data = {"settings": {"spectrogram": {"seconds": seconds}}}
    return Page("speech-f1macro", ROOT, partly(Writeup, {"data": data}))


def test_the_recipe_names_the_defaults():
    text = commands.recipe(cut_to(3.0))
    assert "learning rate of 0.0003 and a weight decay of 0.0001, 2 epochs" in text
    assert "mixup of alpha 0.2" in text
    assert "Clips are cut to 3 s, and" in text
    assert "Three things are unlike that script." in text


def test_the_recipe_names_the_seconds_of_these_clips():
    text = commands.recipe(cut_to(2.0))
    assert "Clips are cut to 2 s (the script: 3 s), and" in text


def test_commands_are_offered_for_what_is_not_so_here():
    def said(source: str, groups: int) -> str:
        data = {"source": source, "mode": "sentiment", "actors": [1, 2, 3, 4, 5, 6]}
        sweeps = {"speech-ladder": {"design": {"fixed": {"groups": groups}}}}
        page = Page("speech-f1macro", ROOT, partly(Writeup, {"data": data, "sweeps": sweeps}))
        return commands.other_data(page, page.sweep("speech-ladder")).data

    assert "training.groups=6`. Recorded voices" in said("synthetic", 3)
    assert "data.source=ravdess`." in said("synthetic", 3)
    assert said("ravdess", 6) == (
        "Classes by emotion: `dvc exp run -S params/speech.yaml:data.mode=emotion`."
    )
