"""The table of the archived write-ups leads only to what is there, and leaves no line out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "archived.md"
SEEDS = ROOT.parent / "shared" / "seeds"
STATES = {"built", "partly", "not built"}
LINK = re.compile(r"\[([^\]]+)\]\(([^)#]+)(?:#([^)]+))?\)")
NAME = re.compile(r"`([^`]+)`")
ARMS = re.compile(r"\barms? ((?:`[^`]+`(?:, )?)+)")


class Row(NamedTuple):
    """One row of the table: the lines of the archived file, its state, and its last column."""

    lines: str
    archived: str
    state: str
    where: str


class Section(NamedTuple):
    """One archived write-up: what stands above its table, and the table."""

    title: str
    intro: str
    rows: list[Row]

    @property
    def transcript(self) -> Path:
        """The file of `data/published` that transcribes it."""
        return next(f for _, f, _ in links(self.intro) if "published" in f.parts)

    @property
    def study(self) -> str:
        """Its study."""
        return self.transcript.parent.name


def sections(text: str) -> list[Section]:
    """Return the write-ups of a text of Markdown."""
    found = []
    for part in text.split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        intro, _, table = body.partition("\n|")
        rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:] if line]
        found.append(Section(title, intro, [Row(*cells) for cells in rows]))
    return found


def links(text: str) -> Iterator[tuple[str, Path, str]]:
    """Return label, file and place in it of each link."""
    for label, file, place in LINK.findall(text):
        yield label, (FILE.parent / file).resolve(), place


def names(study: str) -> set[str]:
    """Return every key of a study's params, and ``key=level`` for every level a key takes."""
    there: set[str] = set()

    def gather(node: Any, key: str) -> None:
        if isinstance(node, dict):
            for k, v in node.items():
                there.add(str(k))
                gather(v, str(k))
        elif isinstance(node, list):
            for v in node:
                gather(v, key)
        else:
            there.add(f"{key}={yaml.safe_dump(node).split()[0]}")

    gather(yaml.safe_load((ROOT / "params" / f"{study}.yaml").read_text("utf-8")), "")
    return there


def arms(study: str) -> set[str]:
    """Return the arms of a study's sweeps."""
    params = yaml.safe_load((ROOT / "params" / f"{study}.yaml").read_text("utf-8"))
    return {arm for sweep in params["sweeps"].values() for arm in sweep["design"].get("arms", ())}


def places(file: Path) -> set[str]:
    """Return the labels and headings that a link can lead to in a document."""
    text = file.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings}
    return slugs | set(re.findall(r"^#\| label: (\S+)$", text, re.MULTILINE))


def problems(section: Section) -> list[str]:
    """Return what a section says that is not there."""
    found, known = [], names(section.study)
    for label, file, place in links(section.intro + " ".join(row.where for row in section.rows)):
        if not file.is_file():
            found.append(f"no file {file}")
        elif place and place not in places(file):
            found.append(f"nothing named {place} in {file.name}")
        elif (name := label.strip("`")) != label and not re.search(
            rf"\b{name}\b", file.read_text("utf-8")
        ):
            found.append(f"no {name} in {file}")
    for row in section.rows:
        if row.state not in STATES:
            found.append(f"{row.lines}: no state is called {row.state}")
        if row.state == "built" and not (LINK.search(row.where) or NAME.search(row.where)):
            found.append(f"{row.lines}: built, and nothing says where")
        unlinked = NAME.findall(LINK.sub("", row.where))
        found += [f"{row.lines}: {n} is not in params" for n in unlinked if n not in known]
        told = NAME.findall(" ".join(ARMS.findall(row.where)))
        found += [f"{row.lines}: {n} is no arm" for n in told if n not in arms(section.study)]
    return found


def covered(rows: list[Row]) -> set[int]:
    """Return the lines of the archived file that rows are about."""
    spans = [span for row in rows for span in row.lines.split(", ")]
    ends = [[int(n) for n in span.split("–")] for span in spans]
    return {line for end in ends for line in range(end[0], end[-1] + 1)}


SECTIONS = sections(FILE.read_text("utf-8"))


@pytest.fixture(params=SECTIONS, ids=[s.transcript.stem for s in SECTIONS])
def section(request):
    return request.param


def test_every_pointer_leads_to_something(section):
    assert problems(section) == []


def test_every_transcribed_write_up_has_a_section():
    assert {s.transcript for s in SECTIONS} == set((ROOT / "data" / "published").glob("*/*.yaml"))


def test_every_claim_beside_an_archived_sentence_is_in_the_table(section):
    transcript = yaml.safe_load(section.transcript.read_text("utf-8"))
    assert transcript["source"] in section.intro
    beside = {c for s in transcript["sentences"].values() for c in s.get("claims", ())}
    pointers = " ".join(row.where for row in section.rows)
    assert beside - set(NAME.findall(pointers)) == set()


def test_every_line_of_the_archived_file_has_a_row(section):
    source = SEEDS / yaml.safe_load(section.transcript.read_text("utf-8"))["source"]
    if not source.is_file():
        pytest.skip(f"{source} is not there")
    lines = dict(enumerate(source.read_text("utf-8").splitlines(), start=1))
    silent = re.compile(r"\W*$|[#`]|\*\*[^*]*\*\*:?\W*$|<figure>$|(title|description):? *$")
    told = {n for n, line in lines.items() if not silent.match(line.strip())}
    assert told - covered(section.rows) == set()
    assert max(covered(section.rows)) <= len(lines)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("#tbl-top)", "#tbl-tip)", "nothing named tbl-tip"),
        ("reports/calls-stage2.qmd)", "reports/calls-stage9.qmd)", "no file"),
        ("`smoothing-lifts`", "`smoothing-lowers`", "smoothing-lowers is not in params"),
        ("`learning_rate=0.001`", "`learning_rate=0.002`", "learning_rate=0.002 is not in params"),
        ("[`mix`]", "[`stir`]", "no stir in"),
        ("| partly |", "| soon |", "no state is called soon"),
        ("arm `run 1`", "arm `run 3`", "run 3 is not in params"),
        ("arms `A4`, `A5`", "arms `A4`, `film`", "film is no arm"),
    ],
)
def test_a_wrong_pointer_is_found(right, wrong, says):
    text = FILE.read_text("utf-8")
    assert right in text
    wronged = sections(text.replace(right, wrong))
    assert any(says in problem for section in wronged for problem in problems(section))
