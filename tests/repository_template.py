"""What ``uphold init`` lays out and this repository has too: one source, this repository.

    python tests/repository_template.py           # say what differs, exit 1 if anything does
    python tests/repository_template.py --write   # bring the template up to date

Some files are the same. A dvc.yaml differs in its dependencies: a repository that was laid out has
the framework installed and not in ``src/uphold``, so that its stages depend on
``requirements.txt``, which names the version; and pages take the theme that lies beside them. The
list of pages has the index and the guides alone: what is laid out after them adds its own.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "src" / "uphold" / "scaffold" / "template"
SAME = {
    ".dvc/config": "dvc/config",
    ".dvc/.gitignore": "dvc/gitignore",
    ".dvc/plots/curves.json": "dvc/plots/curves.json",
    ".dvc/plots/histories.json": "dvc/plots/histories.json",
    ".dvcignore": "dvcignore",
    ".ci/run": "ci/run",
    "reports/example/results.tsv": "reports/example/results.tsv",
    "reports/example/runs.csv": "reports/example/runs.csv",
    "reports/example/spec.yaml": "reports/example/spec.yaml",
    "reports/guide-cluster.qmd": "reports/guide-cluster.qmd",
    "reports/guide-gate.qmd": "reports/guide-gate.qmd",
    "reports/guide-program.qmd": "reports/guide-program.qmd",
    "reports/guide-run-log.qmd": "reports/guide-run-log.qmd",
    "reports/guide-verdict.qmd": "reports/guide-verdict.qmd",
    "reports/index.qmd": "reports/index.qmd",
    "results/promoted/none.json": "results/promoted/none.json",
}
PIPELINES = ("dvc.yaml", "results/dvc.yaml")
SETTINGS = "reports/_quarto.yml"

OWN_HEAD = (
    "# A stage's deps name the code it uses and no other; their lines are made from the imports,"
    " by\n# python tests/stage_dependencies.py --write\n"
    "# Where stages are many of a kind, code-KIND names the framework's code for all of them, and"
    " they\n# depend on its digests: what a stage names DVC looks at for each stage anew.\n"
)
TEMPLATE_HEAD = (
    "# A stage's deps name the code of the study that it uses and no other: where a module there\n"
    "# imports from another, name that as well. The framework is named by requirements.txt.\n"
)
PAGES = ("report", "index", "guide")
CODE = "code-"
OWN = ("calibrate", "calibration")
"""Stages about the framework, which a repository of studies takes as it comes."""


def laid_out(text: str) -> str:
    """Return a dvc.yaml of this repository as one that was laid out has it."""
    text = text.replace(OWN_HEAD, TEMPLATE_HEAD)
    stages = re.split(r"(?m)^(?=  (?:[a-z-]+:\n|#))", text)
    return "".join(_stage(stage) for stage in stages).rstrip() + "\n"


def _stage(text: str) -> str:
    name = re.match(r"  ([a-z-]+):\n", text)
    if not name:
        return text
    if name[1] in OWN or name[1].startswith(CODE):
        return ""
    text = re.sub(r" +- (src/uphold\b|results/code\b|CITATION\.cff).*\n", "", text)
    more = [*(["reports/theme"] if name[1] in PAGES else []), "requirements.txt"]
    added = "".join(rf"\g<1>  - {path}\n" for path in more)
    return re.sub(r"(?m)^( +)deps:\n(?:\1  - .*\n)*", rf"\g<0>{added}", text)


def without_studies(text: str) -> str:
    """Return a _quarto.yml of this repository with no page in its list but index and guides."""
    return re.sub(r"(?m)^ +- \{text: .*, href: (?!index\.qmd|guide-).*\}\n", "", text)


def wanted() -> dict[Path, str]:
    """Return the files of the template that this repository tells, by their paths."""
    same = {there: (ROOT / here).read_text("utf-8") for here, there in SAME.items()}
    made = {name: laid_out((ROOT / name).read_text("utf-8")) for name in PIPELINES}
    made[SETTINGS] = without_studies((ROOT / SETTINGS).read_text("utf-8"))
    return {TEMPLATE / name: text for name, text in (same | made).items()}


def stale() -> list[Path]:
    """Return the files of the template that are not as this repository has them."""
    return [
        path
        for path, text in wanted().items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]


def main() -> int:
    """Return the exit status: 0 where the template is up to date, or has been brought so."""
    for path in stale():
        if "--write" in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted()[path], "utf-8")
        else:
            print(f"{path.relative_to(ROOT)} is not what this repository has")
    if stale():
        print("Bring the template up to date: python tests/repository_template.py --write")
    return int(bool(stale()))


if __name__ == "__main__":
    sys.exit(main())
