"""A sweep of one's own runs as it stands, beside what is there or in it, and overwrites nothing."""

import contextlib
import re
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from uphold.cli import app
from uphold.cli.analyze import analyze
from uphold.cli.confirm import confirm
from uphold.cli.evaluate import evaluate
from uphold.cli.prepare import prepare
from uphold.cli.register import register
from uphold.cli.render import render
from uphold.cli.train import train
from uphold.errors import InputError
from uphold.pages.writeup import writeup
from uphold.pipeline import judged
from uphold.pipeline.check import check
from uphold.pipeline.params import load
from uphold.rendering import lint
from uphold.scaffold import site
from uphold.scaffold.own_sweep import lay_out_sweep

from .asking import asked, everything, kept

ROOT = Path(__file__).parents[3]


LEVELS = {"qualities": "high,high+medium", "learning_rate": "1e-5,0.001,1e-2", "dropout": "0,0.5"}


@pytest.mark.parametrize(
    ("study", "factors"),
    [("calls", {}), ("multitask", {}), ("radio", {}), ("speech", {}), ("calls", LEVELS)],
)
def test_a_sweep_of_every_study_is_valid_as_it_is_laid_out(project, study, factors):
    before = everything(project)
    written = lay_out_sweep(asked(study=study, **factors), project)
    assert {str(path) for path in written} == {
        "params.yaml",
        f"params/{study}.yaml",
        "reports/own.qmd",
        "reports/_quarto.yml",
        "results/own/replication.json",
        "results/own/larger.json",
    }
    for path, text in before.items():
        assert kept(text.decode(), path.read_text()) if path.suffix in (".yaml", ".yml") else True
    pages = yaml.safe_load((project / site.FILE).read_text())["website"]["sidebar"]["contents"]
    assert pages[-2] == {"text": "Own", "href": "own.qmd"}  # the last are the guides
    params = load(project)
    check(params, study)
    forms = [claim.form for claim in judged.judged(params, "own").claims.values()]
    several = ["anova"] if factors else []
    assert forms == ["contrast", *several, "contrast", "interaction"]
    assert not list(lint(project / "reports" / "own.qmd"))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (asked("calls-balancing"), "sweeps.calls-balancing exists already: take another name"),
        (asked("calls-search"), "searches.calls-search exists already: take another name"),
        (asked("Own"), "cannot be called 'Own'"),
        (asked("on"), "cannot be called 'on', which is no text in YAML"),
        (asked("2024"), "cannot be called '2024', which is no text in YAML"),
        (asked("1e5"), "cannot be called '1e5', which is no text in YAML"),
        (asked("2024-01-01"), "cannot be called '2024-01-01', which is no text in YAML"),
        (asked("own", writeup="null"), "A write-up cannot be called 'null', which is no text"),
        (asked("w" * 300), ": take up to 60 lower-case letters"),
        (asked("promoted"), "cannot be called 'promoted'"),
        (asked(writeup="radio-ablation"), "is about the study 'radio'"),
        (asked(study="cals"), "Did you mean 'calls'"),
        (asked(dropout="0.1"), "--factor dropout: name two levels or more"),
        (asked(targeted_upsampling="none,quality", upsampling_ratio="0,1"), "use one"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(project, wanted, said):
    before = everything(project)
    with pytest.raises(InputError) as refused:
        lay_out_sweep(wanted, project)
    assert said in str(refused.value)
    assert everything(project) == before


@pytest.mark.parametrize("place", ["reports/own.qmd", "results/own", "results/promoted/own.json"])
def test_what_is_there_is_not_overwritten(project, place):
    (project / place).parent.mkdir(parents=True, exist_ok=True)
    (project / place).symlink_to(project / "nowhere")
    before = everything(project)
    with pytest.raises(InputError, match="there already"):
        lay_out_sweep(asked(), project)
    assert everything(project) == before


def test_what_turns_out_not_to_be_valid_is_taken_back(project, monkeypatch):
    before, calls = everything(project), []

    def checked(params, study):
        calls.append(study)
        if len(calls) > 1:
            raise InputError("not valid")

    monkeypatch.setattr("uphold.scaffold.own_sweep.check", checked)
    with pytest.raises(InputError, match="not valid"):
        lay_out_sweep(asked(), project)
    assert everything(project) == before and not (project / "results" / "own").exists()


def test_ends_of_lines_stay_what_they_are(project):
    for name in ("params.yaml", "params/calls.yaml", "reports/calls-stage2.qmd"):
        path = project / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    for path in lay_out_sweep(asked(writeup="calls-stage2"), project):
        text = (project / path).read_bytes()
        assert text.count(b"\n") == text.count(b"\r\n") > 100 or path.suffix == ".yaml"
        assert text.count(b"\n") == text.count(b"\r\n")


def test_the_page_of_an_own_sweep_runs_as_it_stands_and_so_does_a_further_one(project):
    """Laid out, trained on next to nothing and rendered; a second sweep goes into the same page."""
    file = project / "params" / "calls.yaml"
    values = yaml.safe_load(file.read_text())
    values["sweeps"]["calls-augmentation"]["design"] |= {"seeds": [1, 2], "looks": [], "taken": {}}
    values["training"]["hidden_units"] = 256  # of which smoke takes a sixteenth
    file.write_text(yaml.safe_dump(values, sort_keys=False))
    names = project / "params.yaml"
    names.write_text(names.read_text().replace("scale: quick", "scale: smoke"))
    for place in ("data/published", "data/manifests", "data/recordings"):
        shutil.copytree(ROOT / place, project / place, ignore=shutil.ignore_patterns("*.wav"))
    (project / "results" / "promoted").mkdir()
    (project / "results" / "promoted" / "none.json").write_text("{}\n")
    run = CliRunner().invoke
    with contextlib.chdir(project):
        given = ["--study", "calls", "--factor", "mixup=false,true"]
        assert run(app, ["sweep", "own", *given, "--title", "Own 2"]).exit_code == 0
        given = ["--study", "calls", "--factor", "dropout=0,0.5", "--writeup", "own"]
        done = run(app, ["sweep", "drop", *given])
        assert done.exit_code == 0 and "dvc repro report@own" in done.output
        assert run(app, ["check", "calls"]).exit_code == 0
        prepare("calls")
        for name in ("own", "drop"):
            train(name, workers=1)
            evaluate(name)
            confirm(name, workers=1)
        analyze("own")
        register()
        render(["own"], "embedded")
    page = writeup("own", project)
    assert {name: claim.sweep for name, claim in page.found.claims.items()} == {
        "mixup-matters": "own",
        "drop-dropout-matters": "drop",
    }
    assert all(claim.outcome.reason == "" for claim in page.found.claims.values())
    html = (project / "reports" / "_site" / "own.html").read_text()
    text = " ".join(re.sub(r"<[^>]*>", " ", html).split())
    assert "OOD F1 changes with dropout." in text and "OOD F1 changes with mixup." in text


def test_a_missing_document_is_told_before_anything_runs(project):
    run = CliRunner().invoke
    with contextlib.chdir(project):
        assert run(app, ["check", "calls"]).exit_code == 0
        Path("reports/calls-stage3.qmd").unlink()
        assert run(app, ["check", "radio"]).exit_code == 0
        for command in (["check", "calls"], ["check"]):
            told = str(run(app, command).exception)
            assert told.startswith("reports/calls-stage3.qmd is missing")
            assert "such as reports/calls-stage2.qmd" in told
        shutil.copy("reports/calls-stage2.qmd", "reports/calls-stage3.qmd")
        Path("results/calls-stage2/replication.json").unlink()
        told = str(run(app, ["check", "calls"]).exception)
        assert told.startswith("results/calls-stage2/replication.json is missing")
