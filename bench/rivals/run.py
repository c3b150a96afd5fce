"""What other packages say about run logs whose truth is known, beside ``uphold``.

    PYTHONPATH=src python bench/rivals/run.py FOLDER [--logs N] [--tools A B]

FOLDER is a temporary one: each rival gets an environment of its own there, and the logs lie there.
A tool whose answers are there already is not asked again. Out: ``results.json`` and ``results.md``
beside this file.
"""

import argparse
import ast
import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
from logs import MARGIN, SCENARIOS, log
from tally import counts, page
from with_uphold import ANSWERS, claims_of

from uphold.runlog.propose import propose_spec

HERE = Path(__file__).parent
LOGS = 300
REPORTED = ("real", "many-arms", "datasets", "speakers", "revisions", "interaction")
Public = tuple[str, pd.DataFrame, dict[str, Any]]
"""What it is, its runs, what is asked."""

SLOW = ("many-arms", "datasets", "diverged", "crashed", "speakers", "tabm", "frog calls")

# Tool: adapter, environment, at most so many logs of a scenario, scenarios that take too long.
TOOLS: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "uphold": ("with_uphold.py", "", LOGS, ()),
    "evalstats": ("with_evalstats.py", "evalstats", LOGS, ()),
    "claimeval": ("with_claimeval.py", "claimeval", LOGS, ()),
    "autorank": ("with_autorank.py", "autorank", LOGS, ()),
    "autorank, Bayesian": ("with_autorank_bayes.py", "autorank", 60, SLOW),
    "rliable": ("with_rliable.py", "rliable", 100, ()),
    "pingouin": ("with_pingouin.py", "pingouin", LOGS, ()),
    "plain notebook": ("with_notebook.py", "notebook", LOGS, ()),
    "careful notebook": ("with_careful_notebook.py", "notebook", LOGS, ()),
}
# pandas 3 breaks the arch 7 that rliable 1.2.0 asks for: a fresh install ends at its import.
PINNED = {
    "evalstats": ("evalstats==0.3.3",),
    "claimeval": ("claimeval==1.0.0",),
    "autorank": ("autorank==1.3.0",),
    "rliable": ("rliable==1.2.0", "pandas==2.3.3"),
    "pingouin": ("pingouin==0.7.0",),
    "notebook": ("pandas==3.1.1", "scipy==1.17.1"),
}


def python_of(folder: Path, name: str) -> str:
    """Return the interpreter of a rival's environment, made where it is missing."""
    if not name:
        return sys.executable
    home = folder / "environments" / name
    interpreter = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        command = [str(interpreter), "-m", "pip", "install", "--quiet", *PINNED[name]]
        subprocess.run(command, check=True)
        (home / "ready").touch()
    return str(interpreter)


def write_logs(folder: Path, most: int) -> None:
    """Write the logs of all scenarios and what is asked about them."""
    for name, scenario in SCENARIOS.items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "question.json").write_text(json.dumps(scenario.question))
        for number in range(most):
            if not (place / f"{number}.csv").exists():
                log(name, number).to_csv(place / f"{number}.csv", index=False)


def public_logs(folder: Path) -> dict[str, Public]:
    """Return published logs in the columns of the others, as far as they are here."""
    found = {}
    tabm = folder / "public" / "tabm" / "runs.csv"
    if tabm.exists():
        runs = pd.read_csv(tabm).query("metric == 'accuracy' and split == 0")
        arms = ["tabm", "tabm-mini", "mlp-piecewiselinear"]
        runs = runs[runs["model"].isin(["mlp", *arms])]
        columns = {"model": "arm", "test": "accuracy"}
        runs = runs.rename(columns=columns)[["arm", "dataset", "seed", "accuracy"]]
        asked = {"arms": arms, "unit": "dataset", "within": "seed"}
        title = "15 data sets × 15 seeds (github.com/yandex-research/tabm, Apache-2.0); base: mlp"
        found["tabm"] = (title, runs.replace({"arm": {"mlp": "base"}}), asked)
    frogs = folder / "birdnet_frog" / "stage2_runs.csv"
    if frogs.exists():
        runs = pd.read_csv(frogs)
        rest = ["hidden_units", "learning_rate", "mixup", "focal_loss", "seed"]
        arm = runs["label_smoothing"].map({False: "base", True: "a1"})
        runs = runs.assign(arm=arm, accuracy=runs["ood_f1"])[["arm", *rest, "accuracy"]]
        asked = {"arms": ["a1"], "unit": "seed", "within": ""}
        title = (
            "120 runs of a frog-call classifier, 3 seeds in 40 configurations"
            " (github.com/Tyler-Schwenk/BirdNET-CustomClassifierSuite); label smoothing"
        )
        found["frog calls"] = (title, runs, asked)
    return found


def write_public(folder: Path, public: Mapping[str, Public]) -> None:
    """Write published logs and what is asked about them beside those that are made up."""
    for name, (_, runs, asked) in public.items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        question = {**asked, "crossed": "", "margin": MARGIN}
        (place / "question.json").write_text(json.dumps(question))
        runs.to_csv(place / "0.csv", index=False)


def ask(folder: Path, tool: str, most: int, seconds: float) -> Path:
    """Let a tool answer about all logs, unless it did."""
    adapter, environment, own, left_out = TOOLS[tool]
    out = folder / "answers" / f"{Path(adapter).stem}.jsonl"
    if out.exists():
        return out
    interpreter = python_of(folder, environment)
    threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    home = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")} if not environment else {}
    rest = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    names = sorted(p.name for p in (folder / "logs").iterdir() if p.name not in left_out)
    partial = out.with_suffix(".part")
    arguments = [folder / "logs", partial, min(own, most), seconds, ",".join(names)]
    command = [interpreter, str(HERE / adapter), *map(str, arguments)]
    subprocess.run(command, check=True, cwd=folder, env={**rest, **threads, **home})
    partial.rename(out)
    print(f"{tool}: {out}", flush=True)
    return out


def lines_of(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    head, *lines = (json.loads(line) for line in path.read_text().splitlines())
    return head, lines


def imports(adapter: Path) -> int:
    """Return how many modules an adapter's ``load`` imports: as many lines of its user."""
    (load,) = (
        node
        for node in ast.parse(adapter.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "load"
    )
    return sum(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(load))


def report(folder: Path) -> Path:
    """Let ``uphold report`` itself judge the first log of some scenarios, unless it did."""
    kept = folder / "answers" / "report.json"
    if kept.exists():
        return kept
    answers, seconds = {}, []
    for name in REPORTED:
        scenario, path = SCENARIOS[name], folder / "logs" / name / "0.csv"
        with tempfile.TemporaryDirectory() as place:
            spec, out = Path(place) / "spec.yaml", Path(place) / "report"
            spec.write_text(propose_spec(path) + claims_of(scenario.question))
            command = [sys.executable, "-m", "uphold", "report", path, "--spec", spec, "--out", out]
            with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL) as process:
                _, status, spent = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            seconds.append(spent.ru_utime + spent.ru_stime)
            claims = json.loads((out / "findings.json").read_text())["claims"]
        answers[name] = {
            key.removeprefix("ask-"): ANSWERS[claim["verdict"]]
            for key, claim in claims.items()
            if key.startswith("ask-")
        }
    kept.write_text(json.dumps({"answers": answers, "seconds": statistics.mean(seconds)}))
    return kept


def held(report: Mapping[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Hold the answers of the adapter against those of true reports."""
    mine = {line["scenario"]: line["answers"] for line in lines if line["log"] == 0}
    answers = report["answers"]
    differ = [name for name, own in answers.items() if own != mine[name]]
    return {"logs": len(answers), "differ": differ, "seconds": round(report["seconds"], 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description="What other packages say about run logs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--logs", type=int, default=LOGS)
    parser.add_argument("--seconds", type=float, default=1e6, help="Of CPU, at most, for a tool.")
    shared = HERE.parents[2] / "shared" / "data"
    parser.add_argument("--public", type=Path, default=shared, help="Published logs, if there.")
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS))
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    write_logs(folder / "logs", chosen.logs)
    published = public_logs(chosen.public)
    write_public(folder / "logs", published)
    (folder / "answers").mkdir(exist_ok=True)
    wanted = chosen.tools
    for name in {TOOLS[tool][1] for tool in wanted}:
        python_of(folder, name)
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(ask, folder, tool, chosen.logs, chosen.seconds) for tool in wanted]
        reports = pool.submit(report, folder)
        paths = {tool: answer.result() for tool, answer in zip(wanted, answers, strict=True)}
    reported = json.loads(reports.result().read_text())
    tools, public = {}, {}
    for tool, path in paths.items():
        head, lines = lines_of(path)
        own = 0 if tool == "uphold" else imports(HERE / TOOLS[tool][0])
        tools[tool] = {**head, "imports": own, "scenarios": counts(lines)}
        for line in lines:
            if line["scenario"] not in SCENARIOS:
                title, _, asked = published[line["scenario"]]
                of = public.setdefault(
                    line["scenario"],
                    {"title": title, "arms": asked["arms"], "answers": {}, "errors": {}},
                )
                of["answers"][tool] = line["answers"]
                of["errors"][tool] = line["error"][:120]
    first = lines_of(paths["uphold"])[1]
    found = {"tools": tools, "public": public, "report": held(reported, first)}
    (HERE / "results.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    (HERE / "results.md").write_text(page(found))


if __name__ == "__main__":
    main()
