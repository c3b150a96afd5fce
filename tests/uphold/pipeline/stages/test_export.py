"""A finished run as a model: what is written, what is refused, what its predictions are."""

import contextlib
import errno
import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml
from safetensors.numpy import load_file

from uphold.cli.evaluate import evaluate
from uphold.cli.export import export
from uphold.cli.predict import predict
from uphold.cli.prepare import prepare
from uphold.cli.train import train
from uphold.errors import InputError
from uphold.pipeline.exported import opened
from uphold.pipeline.journal import Journal
from uphold.pipeline.params import load
from uphold.pipeline.run_files import line_of
from uphold.pipeline.stages.files import read_csv
from uphold.pipeline.study import find

ROOT = Path(__file__).parents[4]
SWEEP = "calls-augmentation"
FILES = {"README.md", "SHA256SUMS", "model.json", "weights.safetensors"}


def small_params() -> tuple[dict, dict]:
    """Return the project's params with one sweep of four small runs."""
    names = yaml.safe_load((ROOT / "params.yaml").read_text())
    params = yaml.safe_load((ROOT / "params" / "calls.yaml").read_text())
    del names["calibration"]
    for part in ("studies", "sweeps", "writeups"):
        wanted = {"studies": "calls", "sweeps": SWEEP, "writeups": "calls-stage2"}[part]
        names[part] = {wanted: names[part][wanted]}
    params["sweeps"] = {SWEEP: params["sweeps"][SWEEP]}
    params["writeups"] = {"calls-stage2": {"claims": {}}}
    params["sweeps"][SWEEP]["design"] |= {
        "factors": {"mixup": [False, True], "hidden_units": [8]},
        "seeds": [1, 2],
        "looks": [],
        "taken": {},
    }
    clips = {"train": 40, "validation": 30, "iid": 30, "ood": 30}
    params["scales"]["quick"] = {"data": {"synthetic": clips}, "training": {"epochs": 2}}
    return names, params


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    root = tmp_path_factory.mktemp("trained")
    names, params = small_params()
    (root / "params").mkdir()
    (root / "params.yaml").write_text(yaml.safe_dump(names, sort_keys=False))
    (root / "params" / "calls.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
    for file in ("reports/calls-stage2.qmd", "results/calls-stage2/replication.json"):
        (root / file).parent.mkdir(parents=True)
        (root / file).write_text("{}")
    with contextlib.chdir(root):
        prepare("calls")
        train(SWEEP, workers=1)
        evaluate(SWEEP)
    return root


@pytest.fixture
def here(trained, tmp_path):
    """Stand in a copy of the trained repository."""
    shutil.copytree(trained, tmp_path / "repository")
    with contextlib.chdir(tmp_path / "repository"):
        yield Path()


@pytest.fixture
def runs(here):
    return read_csv(here / "results" / "calls-stage2" / "sweeps" / SWEEP / "runs.csv")


def journal() -> Journal:
    return Journal.of(load(Path()), "calls")


def stored_again(key: str, name: str | None = None, **changes) -> None:
    """Store a run anew with another result, at another key if one is given."""
    record, weights = journal().get(key), journal().weights(key)
    result = replace(record.result, weights=weights)
    shutil.rmtree(journal().folder / "runs" / key)
    journal().put(
        name or key,
        replace(result, **changes),
        settings=record.settings,
        seed=record.seed,
        seconds=1.0,
        device="cpu",
    )


def test_a_model_is_weights_settings_labels_threshold_and_a_card(here, runs, capsys):
    run = runs.iloc[2]
    export([run["run"], "deep/model"])
    assert capsys.readouterr().out.startswith("deep/model: calls, mixup=true, hidden_units=8")
    assert {path.name for path in Path("deep/model").iterdir()} == FILES
    assert [path.name for path in Path("deep").iterdir()] == ["model"]
    for line in Path("deep/model/SHA256SUMS").read_bytes().splitlines(keepends=True):
        name = line.split()[1].decode()
        assert line == line_of(name, Path("deep/model", name).read_bytes())
    model = json.loads(Path("deep/model/model.json").read_text())
    scores = read_csv(here / "results" / "calls-stage2" / "sweeps" / SWEEP / "scores.csv")
    assert model["threshold"] == scores.iloc[2]["threshold"]
    assert (model["study"], model["labels"], model["seed"]) == ("calls", ["call"], run["seed"])
    assert model["settings"]["hidden_units"] == 8 and model["settings"]["mixup"] is True
    assert model["origin"]["key"] == run["key"]
    kept = load_file("deep/model/weights.safetensors")
    assert {name: array.shape for name, array in kept.items()} == {
        "0.weight": (1024, 8),
        "0.bias": (1, 8),
        "1.weight": (8, 1),
        "1.bias": (1, 1),
    }
    in_journal = journal().folder / "runs" / run["key"] / "weights.safetensors"
    assert in_journal.read_bytes() == Path("deep/model/weights.safetensors").read_bytes()


def test_a_run_trained_again_has_the_same_weights_to_the_bit(here, runs):
    place = journal().folder / "runs"
    before = {k: (place / k / "weights.safetensors").read_bytes() for k in runs["key"]}
    shutil.rmtree(place)
    train(SWEEP, workers=1)
    assert {k: (place / k / "weights.safetensors").read_bytes() for k in runs["key"]} == before


def test_what_is_promoted_is_exported_by_its_best_seed_and_predicts_sound(here, capsys):
    export(["model"], sweep=SWEEP, promoted=True)
    card = Path("model/README.md").read_text()
    assert "the best of 2 by mean validation F1, since none was stable" in card
    assert "Of its 2 seeds the one with the best validation score" in card
    # these runs do not stop early, whichever epoch was the best
    assert "configuration and seed. Its weights are those of the last of 2 epochs." in card
    scores = read_csv(here / "results" / "calls-stage2" / "sweeps" / SWEEP / "scores.csv")
    model = opened(Path("model")).model
    there = scores[scores["mixup"] == model.settings["mixup"]].set_index("seed")["validation_f1"]
    assert there[model.seed] == there.max() > there.min()
    assert "Real clips" in card and "bit for bit" in card
    rng = np.random.default_rng(0)
    soundfile.write("long.wav", rng.normal(0, 0.1, (44_100 * 7, 2)), 44_100)
    soundfile.write("short.WAV", rng.normal(0, 0.1, 16_000), 16_000)
    capsys.readouterr()
    predict(Path("model"), [Path("long.wav"), Path("short.WAV")])
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "file,start_s,end_s,label,call"
    cells = [line.split(",") for line in lines]
    assert [cell[:3] for cell in cells] == [
        ["long.wav", "0", "3"],
        ["long.wav", "3", "6"],
        ["long.wav", "6", "7"],
        ["short.WAV", "0", "1"],
    ]
    soundfile.write("rest.wav", rng.normal(0, 0.1, 16_000 * 4 - 3_200), 16_000)
    predict(Path("model"), [Path("rest.wav")])
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 2
    assert told.err == "rest.wav: its last 0.8 s, which are less than 1 s, are in no row.\n"
    threshold = json.loads(Path("model/model.json").read_text())["threshold"]
    assert all((float(p) >= threshold) == (told == "call") for *_, told, p in cells)
    predict(Path("model"), [Path("long.wav")], Path("out/table.csv"))
    assert capsys.readouterr().out == "out/table.csv: 3 rows of 1 file\n"
    assert Path("out/table.csv").read_text().splitlines() == [head, *lines[:3]]


def test_a_table_takes_the_place_of_its_like_alone(here):
    export(["model"], sweep=SWEEP, promoted=True)
    for name, seconds in (("long.wav", 7), ("rest.wav", 3)):
        soundfile.write(name, np.full(16_000 * seconds, 0.1), 16_000)
    mine = Path("mine.csv")
    mine.write_text("my,own\n1,2\n")
    for taken in (Path("long.wav"), mine):
        before = taken.read_bytes()
        with pytest.raises(InputError, match=f"--out {taken} is there already"):
            predict(Path("model"), [Path("long.wav")], taken)
        assert taken.read_bytes() == before
    predict(Path("model"), [Path("rest.wav")], Path("table.csv"))
    first = Path("table.csv").read_bytes()
    predict(Path("model"), [Path("long.wav")], Path("table.csv"))
    assert Path("table.csv").read_bytes() != first


def test_all_files_that_cannot_be_used_are_named_at_once(here):
    export(["model"], sweep=SWEEP, promoted=True)
    Path("notes.txt").write_text("a pond")
    soundfile.write("good.wav", np.full(16_000, 0.1), 16_000)
    with pytest.raises(InputError) as error:
        predict(Path("model"), [Path(p) for p in ("good.wav", "notes.txt", "none.wav", "params")])
    said = str(error.value).splitlines()
    assert len(said) == 3
    assert said[0].startswith("notes.txt cannot be read as WAV, FLAC")
    assert said[1] == "There is no file none.wav."
    assert said[2] == "params is a folder: name the files in it."


@pytest.mark.parametrize("name", ["model.json", "weights.safetensors"])
def test_a_model_that_is_not_as_its_digests_say_is_refused(here, name):
    export(["model"], sweep=SWEEP, promoted=True)
    file = Path("model", name)
    content = bytearray(file.read_bytes())
    content[-9] ^= 1
    file.write_bytes(content)
    with pytest.raises(InputError, match=rf"model/{name} is not as SHA256SUMS says"):
        opened(Path("model"))
    file.unlink()
    with pytest.raises(InputError, match=rf"{name}|no exported model"):
        opened(Path("model"))


def test_a_reader_may_add_to_the_card(here):
    export(["model"], sweep=SWEEP, promoted=True)
    with Path("model/README.md").open("a") as file:
        file.write("Used for the pond behind the house.\n")
    opened(Path("model"))


def test_a_run_from_before_weights_were_kept_says_how_to_get_them(here, runs):
    key = runs["key"][0]
    stored_again(key, "f" * 32, weights={})
    table = Path("results/calls-stage2/sweeps", SWEEP, "runs.csv")
    table.write_text(table.read_text().replace(key, "f" * 32))
    assert journal().get("f" * 32).result.predictions
    way_out = rf"before weights were kept, .* train it again: dvc repro evaluate@{SWEEP}"
    with pytest.raises(InputError, match=way_out):
        export([runs["run"][0], "model"])
    assert not Path("model").exists()


def test_a_study_whose_training_gives_no_weights_is_told_where_they_come_from(here, runs):
    stored_again(runs["key"][0], weights={})
    with pytest.raises(InputError, match="gives no weights: they are `weights` of the Result"):
        export([runs["run"][0], "model"])


def test_a_run_that_failed_or_is_gone_is_refused(here, runs):
    stored_again(runs["key"][0], predictions={}, failure="loss is NaN in epoch 1", weights={})
    with pytest.raises(InputError, match="failed and has no weights: loss is NaN in epoch 1"):
        export([runs["run"][0], "model"])
    shutil.rmtree(journal().folder / "runs" / runs["key"][1])
    with pytest.raises(InputError, match=r"not in .*journal/calls: train it again"):
        export([runs["run"][1], "model"])


def test_a_run_on_other_data_is_refused(here, runs):
    with Path("data/calls/items.parquet").open("ab") as file:
        file.write(b" ")
    with pytest.raises(InputError, match="trained by other code, data, torch or arithmetic than"):
        export([runs["run"][0], "model"])


def test_a_model_that_predicts_otherwise_than_its_run_is_not_written(here, runs):
    key = runs["key"][0]
    weights = {name: array + 0.5 for name, array in journal().weights(key).items()}
    stored_again(key, weights=weights)
    with pytest.raises(InputError, match="predicts prepared items otherwise than the run did"):
        export([runs["run"][0], "model"])
    assert not Path("model").exists()


def test_nothing_that_exists_is_overwritten_and_no_part_is_left(here, runs, monkeypatch):
    Path("taken").write_text("mine")
    with pytest.raises(InputError, match="taken exists already"):
        export([runs["run"][0], "taken"])
    full = OSError(errno.ENOSPC, "disk full")
    monkeypatch.setattr(os, "fsync", lambda file: (_ for _ in ()).throw(full))
    with pytest.raises(OSError, match=r"disk full: '.*model\.json'"):
        export([runs["run"][0], "model"])
    assert not list(Path().glob("*model*")) and not list(Path().glob(".*partial"))


@pytest.mark.parametrize(
    ("words", "options", "says"),
    [
        (["model"], {}, "Name one run and a folder"),
        (["run", "model"], {"sweep": SWEEP, "promoted": True}, "Name one run and a folder"),
        (["model"], {"promoted": True}, "need --sweep"),
        (["run", "model"], {"seed": 1}, "--seed goes with"),
        (["mixup=true, seed=9", "model"], {}, "no run 'mixup=true, seed=9'. The nearest:\n  mixup"),
        (["xyz", "model"], {}, "no run 'xyz'. Runs stand in results"),
        (["model"], {"sweep": "calls-aug", "promoted": True}, "Did you mean 'calls-augmentation'"),
        (["model"], {"sweep": SWEEP, "configuration": "mixup=no"}, "has no configuration"),
        (
            ["model"],
            {"sweep": SWEEP, "configuration": "hidden_units=8, mixup=true", "seed": 7},
            "has no seed 7. Valid seeds: 1, 2",
        ),
    ],
)
def test_a_run_that_is_not_there_is_told_with_the_near_ones(here, words, options, says):
    with pytest.raises(InputError, match=re.escape(says)):
        export(words, **options)


def test_a_run_is_named_by_the_first_characters_of_its_key(here, runs):
    export([runs["key"][3][:8], "model"])
    model = opened(Path("model")).model
    assert model.origin.key == runs["key"][3]
    assert model.seed == runs["seed"][3]


def test_the_scores_of_a_file_do_not_depend_on_the_files_beside_it(here):
    export(["model"], sweep=SWEEP, promoted=True)
    rng = np.random.default_rng(1)
    for k in range(3):
        soundfile.write(f"{k}.wav", rng.normal(0, 0.1, 16_000 * (k + 3)), 16_000)
    model = opened(Path("model"))
    together, _ = model.predict([Path(f"{k}.wav") for k in range(3)])
    alone, _ = model.predict([Path("1.wav")])
    assert (together[together["file"] == "1.wav"]["call"].to_numpy() == alone["call"]).all()
    assert find("calls").name == model.study.name
