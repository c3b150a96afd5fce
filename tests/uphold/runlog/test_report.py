"""Reports of run logs, end to end; few of them, because each starts a kernel."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from uphold.claims.spec import read_spec
from uphold.errors import InputError
from uphold.pages.log import page
from uphold.palette import THEME
from uphold.runlog.propose import propose_spec
from uphold.runlog.report import report

from .. import full_disk

FILES = [
    *(".written.json", "findings.json", "report.html", "report.pdf", "tables"),
    *(f"tables/{n}.csv" for n in ("anova", "audit", "claims", "configurations", "effects")),
    "tables/published.csv",
]
STEP = {"factor": "mode", "from": "a", "to": "b"}


def spec(factors, **keys) -> dict:
    metrics = {"f1": {"label": "F1", "better": "higher", "margin": 0.02}}
    return {"replicate": "seed", "factors": factors, "metrics": metrics, "primary": "f1", **keys}


def make(folder: Path, head: list, rows: list, values: dict) -> tuple[Path, Path, Path]:
    """Write a log and a spec; return their paths and the folder of the report."""
    folder.mkdir(exist_ok=True)
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    (folder / "runs.csv").write_text(text.getvalue(), "utf-8")
    (folder / "spec.yaml").write_text(yaml.safe_dump(values), "utf-8")
    return folder / "runs.csv", folder / "spec.yaml", folder / "report"


def read(path: Path) -> list[dict]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tags(html: str) -> set[str]:
    """Return the names of the elements, without the drawings, style and script of the page."""
    for script in THEME.glob("*.js"):
        html = html.replace(f"<script>{script.read_text('utf-8').rstrip()}", "", 1)
    text = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", html, flags=re.DOTALL)
    return set(re.findall(r"<([a-zA-Z]+)", text))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A small log in which b is .2 better, with one refuted claim."""
    rows = [("a", 1, 0.50), ("a", 2, 0.52), ("a", 3, 0.54)]
    rows += [("b", 1, 0.70), ("b", 2, 0.73), ("b", 3, 0.73)]
    claims = {
        "better": {"metric": "f1", "contrast": STEP, "expect": "increase", "says": "b is better."},
        "worse": {"metric": "f1", "contrast": STEP, "expect": "decrease", "says": "b is worse."},
        "differ": {"metric": "f1", "anova": {"over": "mode"}, "says": "Modes differ."},
    }
    printed = [{"where": {"mode": "a"}, "n": 3, "f1": {"mean": 0.52, "sd": 0.03}}]
    folder = tmp_path_factory.mktemp("plain")
    paths = make(
        folder, ["mode", "seed", "f1"], rows, spec(["mode"], claims=claims, published=printed)
    )
    return paths, *report(*paths)


def test_the_files_and_no_other_are_written(plain):
    (_, _, out), message, fails = plain
    assert sorted(p.relative_to(out).as_posix() for p in out.rglob("*")) == sorted(FILES)
    assert sorted(p.name for p in out.parent.iterdir()) == ["report", "runs.csv", "spec.yaml"]
    assert "3 claims (2 supported, 1 refuted)" in message
    assert fails
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_findings_have_their_shape(plain):
    found = json.loads((plain[0][2] / "findings.json").read_text())
    assert list(found) == ["claims", "anova", "configurations", "audit"]
    assert found["claims"]["better"]["verdict"] == "supported"
    # .20, .21, .19 on average
    assert found["claims"]["better"]["estimate"] == pytest.approx(0.2)
    assert found["configurations"]["mode=a"]["f1"]["mean"] == pytest.approx(0.52)
    assert found["configurations"]["mode=a"]["f1"]["sd"] == pytest.approx(0.02)
    assert set(found["anova"]) == {"differ", "by mode"}
    assert found["audit"]["published-mismatch"]["count"] == 1


def test_the_tables_hold_what_the_page_shows(plain):
    tables = plain[0][2] / "tables"
    best = read(tables / "configurations.csv")[0]
    assert best["mode"] == "b" and float(best["f1 mean"]) == pytest.approx(0.72)
    verdicts = [row["verdict"] for row in read(tables / "claims.csv")]
    assert verdicts == ["supported", "supported", "refuted"]
    assert [row["name"] for row in read(tables / "anova.csv")] == ["differ", "by mode"]
    printed = {row["quantity"]: row["agrees"] for row in read(tables / "published.csv")}
    assert printed == {"mean": "True", "sd": "False", "n": "True"}


def test_the_page_tells_all_sections(plain):
    html = (plain[0][2] / "report.html").read_text()
    heads = re.findall(r"<h2[^>]*>.*?</h2>", html, re.DOTALL)
    answer = [re.sub(r"<[^>]*>|[\d\s]+", " ", head).strip() for head in heads]
    assert answer[-10:] == [
        "In short",
        "What was read",
        "Top configurations",
        "Effects",
        "Claims",
        "Audit",
        "Published against recomputed",
        "What to run next",
        "Analysis of variance",
        "How this was made",
    ]
    assert "First by F1: " in html and "with 0.720" in html


def test_a_claimed_anova_shows_the_classic_test_and_the_others(plain):
    html = (plain[0][2] / "report.html").read_text()
    (table,) = re.findall(r"<table(?:(?!</table>).)*p \(F\*\).*?</table>", html, flags=re.DOTALL)
    heads, cells = (
        [
            re.sub(r"<[^>]*>", "", c).strip()
            for c in re.findall(rf"<{t}\b.*?</{t}>", table, re.DOTALL)
        ]
        for t in ("th", "td")
    )
    row = dict(zip(heads, cells, strict=True))
    # R: y <- c(.50, .52, .54, .70, .73, .73); m <- gl(2, 3); s <- gl(3, 1, 6)
    # anova(lm(y ~ s + m)); kruskal.test(y, m)$p.value
    assert (row["F"], row["df"], row["p"], row["p (K.–W.)"]) == (
        "1200.00",
        "1, 2",
        "&lt;\N{NO-BREAK SPACE}.001",
        ".046",
    )
    # by hand: SS / (SS + RSS) and (SS - MSE) / (SS + 5 MSE)
    assert row["partial η², ω²"] == "1.00, 1.00"


def test_nothing_is_written_where_the_input_lies(plain):
    _, described, out = plain[0]
    with pytest.raises(InputError, match="would be overwritten"):
        report(out / "tables" / "effects.csv", _spec_of_effects(described), out)


def _spec_of_effects(beside: Path) -> Path:
    metrics = {"value": {"label": "V", "better": "higher", "margin": 0.1}}
    path = beside.with_name("effects.yaml")
    path.write_text(
        yaml.safe_dump(
            {"replicate": "seeds", "factors": ["factor"], "metrics": metrics, "primary": "value"}
        )
    )
    return path


EVIL = [
    "<script>alert(1)</script>",
    "$x_{1}^2$ \\frac{",
    '#panic("x")',
    "`{python} 1/0` **b**",
    "../../etc/passwd",
    "@fig-effects [^1]",
    "::: {.callout-note}",
    "{{< include x >}}",
    "=cmd()|' /C calc'!A0",
    "日本語 🐸 \u202eעברית",
    "x" * 300,
]


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    head = ["<b>$name$ #let</b>", "__class__", "runs", "seed", "f1"]
    rows = [
        (text, cell, run, seed, round(0.5 + (i * 7 + seed * 3 + run) % 11 / 50, 3))
        for i, text in enumerate(EVIL)
        for cell in ("{0.__class__}", "__init__")
        for run in (1, 2)
        for seed in (1, 2)
    ]
    title = "<script>t</script> `{python} 1/0` #panic() $x$ [a](javascript:b) 2026"
    claims = {
        "<i>": {
            "metric": "f1",
            "says": "<script>s</script> $y$ @tbl-claims `{python} 1/0`",
            "contrast": {"factor": "__class__", "from": "__init__", "to": "{0.__class__}"},
        }
    }
    paths = make(
        tmp_path_factory.mktemp("evil"), head, rows, spec(head[:3], claims=claims, title=title)
    )
    report(*paths)
    return paths[2]


def test_text_of_a_log_stays_text(evil):
    html = (evil / "report.html").read_text("utf-8")
    assert "script" not in tags(html)
    assert "&lt;script&gt;s&lt;/script&gt;" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', html))
    assert "$x_{1}^2$ \\frac{" in html


def test_a_long_name_is_shortened_on_the_page_and_whole_in_the_tables(evil):
    html = (evil / "report.html").read_text("utf-8")
    assert "x" * 24 + "…" + "x" * 12 in html and "x" * 60 not in html
    assert "Names and words of more than 40 characters" in html
    names = {row["<b>$name$ #let</b>"] for row in read(evil / "tables" / "configurations.csv")}
    assert "x" * 300 in names
    assert "'=cmd()|' /C calc'!A0" in names


@pytest.mark.parametrize(
    ("rows", "check"),
    [
        ([("a", 1, 0.5), ("b", 1, 0.6)], "unpaired-seeds"),
        ([("a", 1, 0.5), ("a", 2, 0.6)], "constant-factor"),
        ([("a", 1, ""), ("a", 2, "nan"), ("b", 1, ""), ("b", 2, "")], "nonfinite"),
    ],
    ids=["one seed", "one level", "all NaN"],
)
def test_a_log_that_decides_nothing_still_has_a_report(tmp_path, rows, check):
    claims = {"c": {"metric": "f1", "contrast": STEP}}
    paths = make(tmp_path / "log", ["mode", "seed", "f1"], rows, spec(["mode"], claims=claims))
    _, fails = report(*paths)
    found = json.loads((paths[2] / "findings.json").read_text())
    assert found["claims"]["c"]["verdict"] == "inconclusive"
    assert found["audit"][check]["severity"] == "error"
    assert fails


def test_what_cannot_be_used_leaves_no_file(tmp_path):
    paths = make(tmp_path / "log", ["mode", "seed", "f1"], [("a", 1, "bad")], spec(["mode"]))
    with pytest.raises(InputError, match="row 1"):
        report(*paths)
    assert not paths[2].exists()


def test_a_proposal_is_a_spec(tmp_path):
    rows = [(mode, seed, 0.5 + seed / 10) for mode in "ab" for seed in (1, 2, 3)]
    runs, _, _ = make(tmp_path / "log", ["mode", "seed", "f1"], rows, {})
    found = read_spec(propose_spec(runs), "proposal")
    assert (found.replicate, found.factors, found.primary) == (("seed",), ["mode"], "f1")


def command(*args: str, folder: Path) -> subprocess.CompletedProcess:
    call = [sys.executable, "-m", "uphold", *args]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True)


def test_the_command_needs_no_repository(tmp_path):
    rows = [("a", 1, 0.5), ("a", 1, 0.6), ("b", 1, 0.6), ("b", 2, 0.7)]
    make(tmp_path, ["mode", "seed", "f1"], rows, spec(["mode"]))
    audited = command("audit", "runs.csv", "--spec", "spec.yaml", folder=tmp_path)
    strict = command("audit", "runs.csv", "--spec", "spec.yaml", "--strict", folder=tmp_path)
    proposed = command("propose", "runs.csv", folder=tmp_path)
    without = command("report", "runs.csv", folder=tmp_path)
    refused = command("report", "none.csv", "--spec", "spec.yaml", folder=tmp_path)
    codes = [done.returncode for done in (audited, strict, proposed, without, refused)]
    assert codes == [0, 1, 0, 2, 2]
    assert yaml.safe_load(proposed.stdout)["replicate"] == "seed"
    assert "uphold propose runs.csv > spec.yaml" in without.stderr
    assert refused.stderr.startswith("error: none.csv cannot be read")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["runs.csv", "spec.yaml"]


def test_archived_runs_have_their_report(frog, tmp_path):
    message, fails = report(frog / "stage2_runs.csv", frog / "stage2_spec.yaml", tmp_path / "out")
    assert "10 claims (" in message and " inconclusive" in message
    assert fails
    html = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "20 of 20 printed means and SDs and 3 of 5 printed n" in html


@pytest.mark.parametrize("name", ["findings.json", "report.html", "tables/effects.csv"])
@pytest.mark.parametrize("reported", [True, False])
def test_a_file_of_someone_else_is_not_overwritten(plain, tmp_path, name, reported):
    (runs, spec_file, out), *_ = plain
    here = tmp_path / "report"
    if reported:
        shutil.copytree(out, here)
    (here / name).parent.mkdir(parents=True, exist_ok=True)
    (here / name).write_text("mine")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match=f"holds {name}.*or let --force overwrite it"):
        report(runs, spec_file, here)
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_forced_it_overwrites_what_has_its_names_and_follows_no_link(plain, tmp_path):
    (runs, spec_file, out), *_ = plain
    here, elsewhere = tmp_path / "report", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.write_text("mine")
    (here / "findings.json").write_text("mine")
    (here / "mine.txt").write_text("mine")
    (here / "report.html").symlink_to(elsewhere)
    report(runs, spec_file, here, force=True)
    for name in ("findings.json", "report.html"):
        assert (here / name).read_bytes() == (out / name).read_bytes()
    assert elsewhere.read_text() == (here / "mine.txt").read_text() == "mine"


def test_forced_it_writes_into_no_folder_behind_a_link(plain, tmp_path):
    (runs, spec_file, _), *_ = plain
    here, elsewhere = tmp_path / "report", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    (here / "tables").symlink_to(elsewhere)
    with pytest.raises(InputError, match="tables is to be a folder, and is a file or a link"):
        report(runs, spec_file, here, force=True)
    assert not list(elsewhere.iterdir())


def test_a_report_replaces_itself_and_leaves_other_files(plain, tmp_path):
    (runs, spec_file, out), *_ = plain
    here = tmp_path / "report"
    shutil.copytree(out, here)
    (here / "mine.txt").write_text("mine")
    (here / "tables" / "mine.csv").write_text("mine")
    longer = tmp_path / runs.name
    longer.write_text(runs.read_text() + "a,4,0.51\nb,4,0.72\n")
    report(longer, spec_file, here)
    assert (here / "findings.json").read_bytes() != (out / "findings.json").read_bytes()
    assert (here / "mine.txt").read_text() == (here / "tables" / "mine.csv").read_text() == "mine"
    report(runs, spec_file, here)
    assert all(
        (here / name).read_bytes() == (out / name).read_bytes()
        for name in FILES
        if name != "tables"
    )


def test_a_report_without_a_claim_says_how_to_make_one(tmp_path):
    (tmp_path / "runs.csv").write_text("mode,seed,f1\na,1,.5\na,2,.6\nb,1,.7\nb,2,.8\n")
    (tmp_path / "spec.yaml").write_text(
        "replicate: seed\nfactors: [mode]\nprimary: f1\nclaims: {}\n"
        "metrics: {f1: {label: F1, better: higher, margin: 0.02}}\n"
    )
    message, fails = report(tmp_path / "runs.csv", tmp_path / "spec.yaml", tmp_path / "out")
    assert "0 claims (no claim is made: add one under `claims` in spec.yaml)" in message
    assert not fails


def test_a_search_is_reported_as_it_is_proposed(tmp_path):
    rng = np.random.default_rng(2)
    rate, dropout = 10 ** rng.uniform(-4, -1, 30), rng.uniform(0, 0.5, 30)
    score = 0.9 + 0.1 * np.log10(rate) / 4 - dropout**2 + 0.004 * rng.normal(size=30)
    rows = list(zip(range(30), rate, dropout, score, strict=True))
    runs, at, out = make(tmp_path, ["trial", "lr", "dropout", "accuracy"], rows, {})
    at.write_text(propose_spec(runs))
    report(runs, at, out)
    html = (out / "report.html").read_text("utf-8")
    assert "30 runs of a search over lr and dropout" in html
    verdicts = {row["id"]: row["verdict"] for row in read(out / "tables" / "claims.csv")}
    assert verdicts == {"lr": "supported", "dropout": "supported"}
    assert "30 trials" in html and "for 10 times as much" in html


def test_a_full_disk_for_temporary_files_is_told_with_the_file():
    with full_disk.told_of("analysis.json"):
        page.written({"title": "A log"})
