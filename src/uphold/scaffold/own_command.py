"""``uphold new --command``: a command with fields → a study whose runs are processes, and a sweep.

In: a name, the command as one types it, the program's folder, the numbers that it writes. Fields
say what is varied: ``{learning_rate=0.01,0.1}`` is a setting with two levels, ``{hidden=16}`` one
that stays, ``{mixup=false,true?--mixup}`` a switch. Out: the study's package and params, a sweep of
all fields with levels, its claims and page. Promised: nothing is overwritten, and what is written
passes ``uphold check``, or nothing is written at all.
"""

import json
import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from uphold.command.settings import CONFIG, OUT, SEED, Data, run_class
from uphold.errors import InputError
from uphold.pipeline.params import FILE, file_of
from uphold.runlog.naming import read_name
from uphold.scaffold import site
from uphold.scaffold.lay_out import HERE, lay_out_study
from uphold.scaffold.own_design import Asked
from uphold.scaffold.own_sweep import lay_out_sweep, take_back
from uphold.scaffold.own_texts import flow
from uphold.validation import validated

FIELD = re.compile(r"\{(?P<name>[A-Za-z_]\w*)(?:=(?P<levels>[^{}?]*))?(?P<switch>\?[^{}]*)?\}")
WHOLE = re.compile(r"[+-]?(?:0|[1-9]\d*)", re.ASCII)
REAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
MARGIN = 0.02
HIDDEN = re.compile(r"\.|__pycache__$")


@dataclass(frozen=True)
class Command:
    """What is asked for.

    Attributes
    ----------
    name : str
        The study's.
    line : str
        The command, with fields.
    program : str
        The folder of the program, from the root.
    scores : sequence of str
        Names of numbers that a run writes, the primary one first; ``score=number`` where the score
        is to have another name.
    """

    name: str
    line: str
    program: str
    scores: Sequence[str]


def lay_out_command(asked: Command, root: Path) -> list[Path]:
    """Lay out a study of a command and a sweep of it; return what was written, relative to `root`.

    Raises
    ------
    InputError
        Where the name is taken, the command cannot be read, or the program is not there.
    """
    levels, command = _read(asked.line)
    scores = _scores(asked.scores)
    settings = {name: _declared(name, texts) for name, texts in levels.items()}
    values = {
        name: texts[0] if settings[name]["kind"] in ("choice", "str") else _value(texts[0])
        for name, texts in levels.items()
    }
    files = _files(asked.program, root)
    data = {"path": asked.program, "command": command, "files": files, "settings": settings}
    run = run_class(asked.name, validated(Data, data, "--command"))
    validated(run, values, "--command")
    varied = {name: texts for name, texts in levels.items() if len(texts) > 1}
    if not varied:
        raise InputError(
            "--command has no field with levels to compare: write two or more with commas, such as"
            " {learning_rate=0.01,0.1}."
        )
    text = _params(asked, data, values, scores)
    edited = (root / FILE, root / site.FILE)
    before = {path: path.read_bytes() for path in edited if path.is_file()}
    written = lay_out_study(
        asked.name,
        root,
        HERE / "command",
        {root / file_of(asked.name): text},
        f"studies:\n  {asked.name}: {{path: {json.dumps(asked.program, ensure_ascii=False)}}}\n",
        given=[root / asked.program],
    )
    title = asked.name.replace("_", " ").capitalize()
    sweep = Asked(f"{asked.name}-sweep", asked.name, asked.name, title, varied)
    try:
        added = lay_out_sweep(sweep, root)
    except BaseException:
        take_back([root / path for path in written], before)
        shutil.rmtree(root / "src" / "studies" / asked.name, ignore_errors=True)  # compiled files
        raise
    return list(dict.fromkeys([*written, *added]))


def _read(line: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return the levels of each setting as they were typed, and the command with plain fields."""
    levels: dict[str, list[str]] = {}

    def plain(match: re.Match[str]) -> str:
        name, given, switch = match["name"], match["levels"], match["switch"] or ""
        if given is None and switch:
            given = "false"
        if given is not None:
            if levels.setdefault(name, texts := [t.strip() for t in given.split(",")]) != texts:
                raise InputError(f"--command: {{{name}=…}} stands twice, with other levels.")
        elif name not in (SEED, OUT, CONFIG) and name not in levels:
            raise InputError(
                f"--command: {{{name}}} has no value: write it as {{{name}=0.1}}, or with levels to"
                f" compare as {{{name}=0.1,0.2}}."
            )
        return f"{{{name}{switch}}}"

    text = FIELD.sub(plain, line)
    try:
        return levels, shlex.split(text)
    except ValueError as error:
        raise InputError(f"--command cannot be parted into arguments: {error}.") from None


def _declared(name: str, texts: Sequence[str]) -> dict[str, Any]:
    """Return the kind of a setting by its levels."""
    values = list(map(_value, texts))
    if all(isinstance(value, bool) for value in values):
        return {"kind": "bool"}
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return {"kind": "int"}
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return {"kind": "float"}
    if "" in texts:
        raise InputError(f"--command: {{{name}=…}} has an empty level: leave out the comma.")
    return {"kind": "choice", "of": list(texts)} if len(texts) > 1 else {"kind": "str"}


def _value(text: str) -> Any:
    """Return a number or a truth where a level can only be that, and else the text as it stands.

    YAML takes more for one, such as ``yes``, ``010`` and ``1:30``, which the program is to get as
    they were typed.
    """
    if text in ("true", "false"):
        return text == "true"
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if REAL.fullmatch(text) else text


def _scores(given: Sequence[str]) -> dict[str, str]:
    scores = {}
    for text in given:
        name, _, written = text.partition("=")
        scores[name.strip()] = written.strip() or name.strip()
    if not any(name.startswith("validation_") for name in scores):
        first = next(iter(scores), "accuracy")
        raise InputError(
            "--score: name a score of validation data too, since test data may choose nothing, such"
            f" as --score validation_{first}=val_{first}."
        )
    return scores


def _files(program: str, root: Path) -> list[str]:
    """Return what lies in the program's folder."""
    place = root / program
    inside = place.resolve().is_relative_to(root.resolve()) and place.resolve() != root.resolve()
    if not inside or Path(program).is_absolute():
        raise InputError(
            f"--program {program} lies outside this repository, or is all of it: put the program"
            " and what it reads into a folder of its own, such as programs/train."
        )
    if not place.is_dir():
        raise InputError(f"There is no folder {program}: name the program's by --program.")
    found = sorted(path.name for path in place.iterdir() if not HIDDEN.match(path.name))
    if not found:
        raise InputError(f"{program} holds no file: put the program there.")
    return found


def _params(
    asked: Command, data: Mapping[str, Any], values: Mapping[str, Any], scores: Mapping[str, str]
) -> str:
    metrics = {name: _metric(name) for name in scores}
    primary = next((name for name in scores if not name.startswith("validation_")), None)
    return Template((HERE / "command.yaml").read_text("utf-8")).substitute(
        study=asked.name,
        command=flow(data["command"]),
        files=flow(data["files"]),
        settings=_lines({name: flow(one) for name, one in data["settings"].items()}, 4),
        training=_lines({name: flow(value) for name, value in values.items()}, 2),
        scores=_lines({name: flow(written) for name, written in scores.items()}, 4),
        metrics=_lines({name: flow(one) for name, one in metrics.items()}, 2),
        primary=primary or next(iter(scores)),
    )


def _metric(score: str) -> dict[str, Any]:
    name = read_name(score)
    kind = {"kind": name.kind} if name.role == "metric" and name.kind != "score" else {}
    split = {"split": "validation"} if score.startswith("validation_") else {}
    better = "lower" if name.lower_is_better else "higher"
    return {"label": name.label, **kind, **split, "better": better, "margin": MARGIN}


def _lines(values: Mapping[str, str], indent: int) -> str:
    return "\n".join(f"{' ' * indent}{name}: {text}" for name, text in values.items())
