"""A report of hostile names has the elements of a report of harmless ones, and shows each text."""

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from uphold.runlog.report import report

from .hostile_texts import TEXTS, UNICODE
from .page_elements import Elements, squeezed

A_CLAIM = 10
"""So many texts stand in the sentence of one claim."""
HARMLESS = [f"harmless{number}" for number in range(len(TEXTS))]
FACTOR = '"><b>{0.__class__}'
NAMED = {
    "hostile": ("<i>&{{< y >}}`{python} x`#.csv", FACTOR, "</th><script>"),
    "harmless": ("aa.csv", "arm", "score"),
}


def reported(folder: Path, texts: list[str], kind: str) -> Path:
    """Report a log in which every text is a level, and stands in what a claim says."""
    file, factor, metric = NAMED[kind]
    folder.mkdir()
    with (folder / file).open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened, quoting=csv.QUOTE_ALL)
        rows.writerow([factor, "seed", metric])
        for number, text in enumerate(texts):
            rows.writerows([text, seed, score(number, seed)] for seed in (1, 2, 3))
    claims = {
        f"c{at}": {
            "metric": metric,
            "says": " ".join(texts[at : at + A_CLAIM]),
            "contrast": {"factor": factor, "from": texts[at], "to": texts[at + 1]},
        }
        for at in range(0, len(texts) - 1, A_CLAIM)
    }
    spec = {
        "replicate": "seed",
        "factors": [factor],
        "metrics": {metric: {"label": texts[0], "better": "higher", "margin": 0.02}},
        "primary": metric,
        "title": " ".join(texts[:3]),
        "claims": claims,
    }
    (folder / "spec.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True), "utf-8")
    report(folder / file, folder / "spec.yaml", folder / "report")
    return folder / "report"


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts")
    return {
        "hostile": reported(folder / "hostile", TEXTS, "hostile"),
        "harmless": reported(folder / "harmless", HARMLESS, "harmless"),
    }


def score(number: int, seed: int) -> float:
    """Return a score that rises with the number, amid some noise."""
    return round(0.2 + number / 1e3 + (number * 7 + seed * 13) % 11 / 1e4, 5)


def test_the_elements_are_those_of_harmless_names(reports):
    hostile, harmless = (Elements(reports[kind] / "report.html") for kind in NAMED)
    assert hostile.elements == harmless.elements
    assert hostile.drawn <= harmless.drawn
    assert hostile.outward == harmless.outward


def test_every_text_stands_on_the_page_as_it_is(reports):
    page = squeezed("".join(Elements(reports["hostile"] / "report.html").text))
    assert [text for text in TEXTS if squeezed(text) not in page] == []


def test_every_text_stands_in_the_pdf_as_it_is(reports):
    command = ["pdftotext", "-raw", str(reports["hostile"] / "report.pdf"), "-"]
    if shutil.which(command[0]) is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    page = squeezed(done.stdout)
    assert [text for text in set(TEXTS) - set(UNICODE) if squeezed(text) not in page] == []


def test_no_cell_of_a_table_is_a_formula(reports):
    """Also where a program takes semicolons or tabs for the ends of cells."""
    for path in (reports["hostile"] / "tables").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        parts = [part for cell in cells for part in re.split(r"[;\t]", cell)]
        begun = [part for part in parts if part.strip()[:1] in set("=+@\uff1d\uff0b\uff20")]
        assert begun == []
        assert [part for part in parts if part.startswith("-") and not is_number(part)] == []


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_the_tables_name_every_text_whole(reports):
    """But for the marks that keep a program from taking it for a formula."""

    def bare(text: str) -> str:
        return text.strip().replace("'", "")

    with (reports["hostile"] / "tables" / "configurations.csv").open(encoding="utf-8") as file:
        named = [bare(row[FACTOR]) for row in csv.DictReader(file)]
    assert sorted(named) == sorted(map(bare, TEXTS))


def test_nothing_that_the_texts_name_was_read_or_run(reports):
    folder = reports["hostile"].parent
    page = (reports["hostile"] / "report.html").read_text("utf-8")
    assert "root:x:" not in page and str(Path.home()) not in page
    made = {path.name for path in folder.iterdir()}
    assert made == {NAMED["hostile"][0], "spec.yaml", "report"}
