"""A sweep of one's own runs as it stands, beside what is there or in it, and overwrites nothing."""

import contextlib
import re
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from uphold.claims.rested_on import rested_on
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
from uphold.scaffold.own_sweep import Asked, lay_out_sweep

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path):
    """The project's params and documents."""
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "params", tmp_path / "params")
    shutil.copytree(ROOT / "reports", tmp_path / "reports", ignore=shutil.ignore_patterns("_site"))
    for name in load(ROOT).names.writeups:
        (tmp_path / "results" / name).mkdir(parents=True)
        (tmp_path / "results" / name / "replication.json").write_text("{}\n")
    return tmp_path


def asked(name="own", study="calls", writeup=None, title="Own", **factors: str) -> Asked:
    levels = {factor: text.split(",") for factor, text in factors.items()}
    return Asked(name, study, writeup or name, title, levels)


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def kept(before: str, after: str) -> bool:
    """Whether all lines of a text are in another one, in their order."""
    lines = iter(after.splitlines())
    return all(line in lines for line in before.splitlines() if line)


@pytest.mark.parametrize(
    ("study", "switches"),
    [
        ("calls", ["label_smoothing", "mixup"]),
        ("multitask", ["mixup", "label_smoothing"]),
        ("radio", ["film", "denoiser"]),
        ("speech", ["class_weights", "specaugment"]),
    ],
)
def test_without_factors_it_switches_what_the_study_s_first_sweep_varies(project, study, switches):
    before = everything(project)
    written = lay_out_sweep(asked(study=study), project)
    assert {str(path) for path in written} == {
        "params.yaml",
        f"params/{study}.yaml",
        "reports/own.qmd",
        "results/own/replication.json",
    }
    for path, text in before.items():
        assert kept(text.decode(), path.read_text()) if path.suffix == ".yaml" else True
    params = load(project)
    check(params, study)
    design = params.study(study).sweeps["own"]["design"]
    assert design["factors"] == {factor: [False, True] for factor in switches}
    claims = judged.judged(params, "own").claims
    assert [claim.form for claim in claims.values()] == ["contrast", "contrast", "interaction"]
    assert not list(lint(project / "reports" / "own.qmd"))


def test_levels_are_written_as_the_study_s_settings_hold_them(project):
    factors = {"qualities": "high,high+medium", "learning_rate": "1e-5,0.001,1e-2"}
    lay_out_sweep(asked(**factors, dropout="0,0.5"), project)
    params = load(project)
    assert params.study("calls").sweeps["own"]["design"]["factors"] == {
        "qualities": [["high"], ["high", "medium"]],
        "learning_rate": [0.00001, 0.001, 0.01],
        "dropout": [0.0, 0.5],
    }
    claims = judged.judged(params, "own").claims
    assert list(claims) == [
        "qualities-matters",
        "learning-rate-matters",
        "dropout-matters",
        "qualities-depends-on-dropout",
    ]
    assert claims["qualities-matters"].contrast.to == "high+medium"
    assert claims["learning-rate-matters"].form == "anova"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (asked("calls-balancing"), "sweeps.calls-balancing exists already: take another name"),
        (asked("calls-search"), "searches.calls-search exists already: take another name"),
        (asked("Own"), "cannot be called 'Own'"),
        (asked("promoted"), "cannot be called 'promoted'"),
        (asked(writeup="radio-ablation"), "is about the study 'radio'"),
        (asked(study="cals"), "Did you mean 'calls'"),
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


def registered(project: Path, study: str) -> dict:
    texts = [(project / name).read_bytes() for name in ("params.yaml", f"params/{study}.yaml")]
    return dict(rested_on(*texts, study, "quick").claims)


@pytest.mark.parametrize(
    ("study", "into"),
    [("calls", "calls-stage2"), ("speech", "speech-f1macro"), ("calls", "calls-stage3")],
)
def test_a_further_sweep_of_a_write_up_leaves_its_claims_what_they_are(project, study, into):
    before, claimed = everything(project), registered(project, study)
    old = judged.judged(load(project), into).claims
    written = lay_out_sweep(asked(study=study, writeup=into), project)
    assert f"reports/{into}.qmd" in map(str, written)
    params = load(project)
    check(params, study)
    found = registered(project, study)
    assert {place: found[place] for place in claimed} == claimed
    new = judged.judged(params, into).claims
    sweeps = params.sweeps_of(into)
    for name, claim in new.items():
        assert claim.sweep == ("own" if name not in old else old[name].sweep or sweeps[0])
    assert len(new) > len(old) and sweeps[-1] == "own"
    for path in before:
        assert kept(before[path].decode(), path.read_text()) if path.suffix != ".png" else True
    document = project / "reports" / f"{into}.qmd"
    assert not list(lint(document))
    text = document.read_text()
    assert text.index(f'writeup("{into}").sweep("own")') < text.index("## Takeaways")


def test_a_write_up_without_claims_gets_its_first_ones(project):
    file = project / "params" / "calls.yaml"
    text = file.read_text()
    start, end = text.index("  calls-stage2:\n"), text.index("  calls-stage3:\n")
    for empty in ("  calls-stage2: {}\n", "  calls-stage2:\n    claims: {}   # none yet\n"):
        file.write_text(text[:start] + empty + text[end:])
        names = (project / "params.yaml").read_text()
        lay_out_sweep(asked(writeup="calls-stage2"), project)
        claims = judged.judged(load(project), "calls-stage2").claims
        assert {claim.sweep for claim in claims.values()} == {"own"} and len(claims) == 3
        (project / "params.yaml").write_text(names)


def test_claims_in_one_line_are_not_edited(project):
    file = project / "params" / "calls.yaml"
    values = yaml.safe_load(file.read_text())
    line = yaml.safe_dump(values["writeups"]["calls-stage2"], default_flow_style=True, width=1e9)
    text = file.read_text()
    start, end = text.index("  calls-stage2:\n"), text.index("  calls-stage3:\n")
    file.write_text(f"{text[:start]}  calls-stage2: {line.strip()}\n{text[end:]}")
    before = everything(project)
    with pytest.raises(InputError, match=r"calls-stage2 is written in one line"):
        lay_out_sweep(asked(writeup="calls-stage2"), project)
    assert everything(project) == before


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
    values["training"]["hidden_units"] = 8
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
        render("own", "embedded")
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
