"""``uphold sweep``: a name and factors → a sweep of a study, its claims and its page.

What goes out: the sweep and its claims in ``params/<study>.yaml``, its names in ``params.yaml``,
and a page with a replication of nothing; or, for a write-up that is there, its further claims and a
section of its page. Anchors, seeds, looks and promotion are those of the study's first sweep. What
is promised: what stands in the files stays, comments and order included; nothing is overwritten;
what is written passes ``uphold check``, or nothing is written at all.
"""

import contextlib
import itertools
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml
from pydantic import create_model

from uphold.errors import InputError, nearest
from uphold.format import name as worded
from uphold.format import use_names
from uphold.pipeline import judged, sweeps
from uphold.pipeline.check import check, check_documents
from uphold.pipeline.design import Design, Run, lay_out, shown
from uphold.pipeline.disk import publish
from uphold.pipeline.params import FILE, RESERVED, Params, file_of, load
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.stages.files import REPLICATION, json_bytes
from uphold.pipeline.stages.paths import Paths
from uphold.pipeline.study import Study, find
from uphold.pipeline.yaml_text import end, pair
from uphold.scaffold.lay_out import HERE, with_blocks
from uphold.validation import Settings, read_yaml, validated

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
SWITCHES = 2
"""How many settings are switched on and off where no factor is named: those first that the study's
first sweep varies."""
SEEDS = [123, 456, 789]
STABLE_SD = 0.05
BEFORE = re.compile(r"^## (?:Interpretation|Takeaways|Audit|Provenance)\b.*$", re.M)
"""The headings of a page before the first of which a further sweep has its section."""


@dataclass(frozen=True)
class Asked:
    """The sweep that is asked for.

    Attributes
    ----------
    name, study, writeup, title : str
    factors : mapping of str to sequence of str
        Setting to levels, as they were typed; empty for switches of the study.
    """

    name: str
    study: str
    writeup: str
    title: str
    factors: Mapping[str, Sequence[str]]


def lay_out_sweep(asked: Asked, root: Path) -> list[Path]:
    """Lay out a sweep and return the files that were written, relative to `root`.

    Raises
    ------
    InputError
        Where the name cannot be one or is taken, a factor is no setting of the study's runs, or a
        level does not fit.
    """
    params = load(root)
    params.study(asked.study)
    there = asked.writeup in params.names.writeups
    _refuse_name(asked, params, there)
    check(params, asked.study)
    check_documents(params, asked.study)
    study = find(asked.study)
    use_names(study.names)
    design = _design(asked, params, study)
    document = Paths(root).document(asked.writeup)
    names, file = root / FILE, root / file_of(asked.study)
    before = {path: path.read_bytes() for path in (names, file, document) if path.is_file()}
    text = {path: read.decode().replace("\r\n", "\n") for path, read in before.items()}
    blocks = _blocks(asked, params, study, design, there)
    after = {
        names: _edited(text[names], _names(asked, there), FILE),
        file: _edited(text[file], blocks, file_of(asked.study)),
    }
    if there:
        after[file] = _with_claims(after[file], asked, params, design)
        after[document] = _with_section(text[document], asked)
    else:
        after[document] = _page(asked, study)
        replication = Paths(root).findings(asked.writeup).with_name(REPLICATION)
        after[replication] = json_bytes({}).decode()
    try:
        for path, edited in after.items():
            ends = "\r\n" if b"\r\n" in before.get(path, b"") else "\n"
            publish(path, edited.replace("\n", ends).encode())
        check(load(root), asked.study)
    except BaseException:
        _take_back(after, before)
        raise
    return [path.relative_to(root) for path in after]


def _take_back(written: Collection[Path], before: Mapping[Path, bytes]) -> None:
    for path in written:
        if path in before:
            publish(path, before[path])
        else:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # of a folder that was there, or that holds more
                path.parent.rmdir()


def _refuse_name(asked: Asked, params: Params, there: bool) -> None:
    names = params.names
    for what, name in (("sweep", asked.name), ("write-up", asked.writeup)):
        if name in RESERVED or not NAME.fullmatch(name):
            raise InputError(
                f"A {what} cannot be called {name!r}: take lower-case letters, digits, - and _, and"
                f" none of {', '.join(RESERVED)}."
            )
    for section, used in (("sweeps", names.sweeps), ("searches", names.searches)):
        if asked.name in used:
            raise InputError(f"{FILE}: {section}.{asked.name} exists already: take another name.")
    if there and names.writeups[asked.writeup].study != asked.study:
        raise InputError(
            f"{FILE}: writeups.{asked.writeup} is about the study"
            f" {names.writeups[asked.writeup].study!r}: name a write-up of {asked.study}, or a new"
            " one."
        )
    paths = Paths(params.root)
    places = [paths.promoted(asked.name), paths.sweep(asked.writeup, asked.name)]
    if not there:
        places += [paths.document(asked.writeup), paths.findings(asked.writeup).parent]
    if taken := [str(place) for place in places if os.path.lexists(place)]:
        raise InputError(f"{', '.join(taken)}: there already. Take another name, or move it away.")


def _design(asked: Asked, params: Params, study: Study) -> dict[str, Any]:
    """Return the design as the params will have it."""
    first = next((s for s, n in params.names.sweeps.items() if n.study == study.name), None)
    given = dict(params.study(study.name).sweeps[first]["design"]) if first else {}
    kept = {key: given[key] for key in ("seeds", "replicate", "looks") if given.get(key)}
    factors = {factor: _levels(asked, factor, study) for factor in asked.factors}
    anchors = given.get("anchors", {})

    def design(of: Mapping[str, list[Any]]) -> dict[str, Any]:
        held = {k: v for k, v in anchors.items() if k not in of}
        return {"kind": "grid", "factors": dict(of), "anchors": held, "seeds": SEEDS} | kept

    def without_effect(of: Mapping[str, list[Any]]) -> list[str]:
        """Return the factors of which some levels are the same run."""
        runs = _runs(design(of), asked, params, study)
        found = {factor: {shown(r.levels.get(factor)) for r in runs} for factor in of}
        return [factor for factor, levels in found.items() if len(levels) < len(of[factor])]

    if not factors:
        varied = [*given.get("factors", {}), *itertools.chain(*given.get("arms", {}).values())]
        others = [setting for setting in study.run.model_fields if setting not in anchors]
        for setting in dict.fromkeys((*varied, *others)):
            switch = study.run.model_fields[setting].annotation is bool
            if switch and len(factors) < SWITCHES:
                tried = factors | {setting: [False, True]}
                with contextlib.suppress(InputError):
                    factors = factors if without_effect(tried) else tried
    if not factors:
        raise InputError(
            f"The runs of {study.name} have no setting to switch: name a factor, such as"
            " --factor learning_rate=0.0005,0.001."
        )
    if idle := without_effect(factors):
        raise InputError(
            f"--factor {idle[0]}: some of its levels are the same run, given the settings of"
            f" {study.name}: leave it out, or add what makes it act as a factor."
        )
    return design(factors)


def _runs(design: Mapping[str, Any], asked: Asked, params: Params, study: Study) -> list[Run]:
    where = f"{file_of(study.name)}: sweeps.{asked.name}.design"
    made = validated(Design, design, where)
    return lay_out(made, study.run, params.defaults(study.name), {}, where)


def _levels(asked: Asked, factor: str, study: Study) -> list[Any]:
    """Return the levels of a factor, each as the study's settings hold it."""
    known = list(study.run.model_fields)
    if factor not in known:
        raise InputError(
            f"--factor {factor}: the runs of {study.name} have no such setting."
            f"{nearest(factor, known)}"
        )
    field = study.run.model_fields[factor]
    one: dict[str, Any] = {factor: (field.annotation, field)}
    alone = create_model("Level", __base__=Settings, **one)
    levels: list[Any] = []
    if "" in (texts := asked.factors[factor]):
        raise InputError(
            f"--factor {factor}={','.join(texts)}: level {texts.index('') + 1} is empty: name it,"
            " or leave out the comma."
        )
    for text in texts:
        where = f"--factor {factor}={text}"
        listed = isinstance(field.get_default(), tuple)
        level = text.split("+") if listed else read_yaml(text, where)
        checked = validated(alone, {factor: level}, where).model_dump(mode="json")[factor]
        if checked in levels:
            raise InputError(f"--factor {factor}: the level {shown(checked)} stands twice.")
        levels.append(checked)
    if len(levels) < 2:
        raise InputError(f"--factor {factor}: name two levels or more, with a comma between them.")
    return levels


def _claims(asked: Asked, params: Params, design: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim for each factor, and one that the first two depend on each other."""
    metric = params.study(asked.study).primary
    label = judged.metrics(params, asked.study)[metric].label
    there = asked.writeup in params.names.writeups
    about = {"sweep": asked.name} if there else {}
    prefix = f"{asked.name}-" if there else ""

    def claim(says: str, form: Mapping[str, Any], **more: str) -> dict[str, Any]:
        return {"says": says, **more, **about, "metric": metric, **form, "expect": "difference"}

    def step(factor: str) -> dict[str, Any]:
        before, after = (_level(design["factors"][factor][i]) for i in (0, -1))
        return {"factor": factor, "from": before, "to": after}

    claims = {}
    for factor, levels in design["factors"].items():
        form = {"contrast": step(factor)} if len(levels) == 2 else {"anova": {"over": factor}}
        says = f"{_capital(label)} changes with {worded(factor)}."
        claims[f"{prefix}{factor}-matters".replace("_", "-")] = claim(says, form)
    pairs = [factor for factor, levels in design["factors"].items() if len(levels) == 2]
    for a, b in itertools.islice(itertools.combinations(pairs, 2), 1):
        says = f"The effect of {worded(a)} on {label} depends on {worded(b)}."
        form = {"interaction": {"of": step(a), "with": step(b)}}
        key = f"{prefix}{a}-depends-on-{b}".replace("_", "-")
        claims[key] = claim(says, form, role="secondary")
    return claims


def _level(value: Any) -> Any:
    """Return a level as claims name it: a list in one word."""
    return shown(value) if isinstance(value, list) else value


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


# Texts


def _names(asked: Asked, there: bool) -> dict[str, list[str]]:
    """Return the lines that params.yaml gains, by section."""
    sweep = {"study": asked.study, "writeup": asked.writeup, "after": "none"}
    lines = {"sweeps": [f"  {asked.name}: {_flow(sweep)}"]}
    if not there:
        writeup = _flow({"study": asked.study, "title": asked.title})
        lines["writeups"] = [f"  {asked.writeup}: {writeup}"]
    return lines


def _blocks(
    asked: Asked, params: Params, study: Study, design: Mapping[str, Any], there: bool
) -> dict[str, list[str]]:
    """Return the lines that the study's file gains, by section."""
    laid_out = {k: v for k, v in design.items() if k != "factors"}
    lines = [
        f"  {asked.name}:",
        f"    title: {_flow(asked.title)}",
        "    design:",
        f"      kind: {laid_out.pop('kind')}",
        "      factors:",
        *(f"        {factor}: {_flow(levels)}" for factor, levels in design["factors"].items()),
        *(f"      {key}: {_flow(value)}" for key, value in laid_out.items()),
        f"    promote: {_flow(_promotion(params, study))}",
    ]
    blocks = {"sweeps": lines}
    if not there:
        claims = _claim_lines(_claims(asked, params, design))
        blocks["writeups"] = [f"  {asked.writeup}:", "    claims:", *(f"      {x}" for x in claims)]
    return blocks


def _promotion(params: Params, study: Study) -> dict[str, Any]:
    of_study = (s for s, names in params.names.sweeps.items() if names.study == study.name)
    first = next(of_study, None)
    if first is None:
        by = min(study.validation_scores, default="")
        return {"by": by, "stable_sd": STABLE_SD}
    found: Promotion = sweeps.promotion(params, first)
    return found.model_dump(exclude_defaults=True)


def _claim_lines(claims: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, claim in claims.items():
        yield f"{name}:"
        yield from (f"  {key}: {_flow(value)}" for key, value in claim.items())


def _flow(value: Any) -> str:
    """Return a value as YAML in one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return str(text).removesuffix("...\n").strip()


def _edited(text: str, blocks: Mapping[str, list[str]], source: str) -> str:
    """Return a text of params with lines at the end of its sections, which it may lack."""
    present = read_yaml(text, source) or {}
    for section in blocks:
        if section not in present:
            text = f"{text.rstrip()}\n\n{section}:\n"
    added = "\n".join(line for s, lines in blocks.items() for line in (f"{s}:", *lines))
    return with_blocks(text, f"{added}\n", source)


def _with_claims(text: str, asked: Asked, params: Params, design: Mapping[str, Any]) -> str:
    """Return the study's params with further claims in a write-up that is there.

    Where claims of that write-up name no sweep, it is given the one that they have been about.
    """
    source, place = file_of(asked.study), f"writeups.{asked.writeup}"
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    section = pair(root, "writeups")
    key, block = (section and pair(section[1], asked.writeup)) or (None, None)
    if key is None or block is None or (block.flow_style and block.value):
        raise InputError(
            f"{source}: {place} is written in one line: give each of its keys a line of its own."
        )
    claims = pair(block, "claims")
    if claims and claims[1].flow_style and claims[1].value:
        raise InputError(
            f"{source}: {place}.claims is written in one line: give each claim a line of its own."
        )
    lines = list(_claim_lines(_claims(asked, params, design)))
    inner = " " * (block.value[0][0].start_mark.column if block.value else 4)
    if claims is None or not claims[1].value:
        start, stop = (claims[1].start_mark.index, end(claims[1])) if claims else (end(block),) * 2
        if not block.value:
            start = block.start_mark.index
        head = "" if claims else f"\n{inner}claims:"
        text = text[:start].rstrip(" ") + head + _indented(lines, f"{inner}  ") + text[stop:]
    else:
        column = " " * claims[1].value[0][0].start_mark.column
        stop = text.find("\n", end(claims[1]))
        stop = len(text) if stop < 0 else stop
        text = text[:stop] + _indented(lines, column) + text[stop:]
    own = judged.judged(params, asked.writeup)
    if own.sweep is None and any(claim.sweep is None for claim in own.claims.values()):
        (only,) = params.sweeps_of(asked.writeup)
        start = block.value[0][0].start_mark.index
        text = f"{text[:start]}sweep: {only}   # of claims that name none\n{inner}{text[start:]}"
    return text


def _indented(lines: Sequence[str], by: str) -> str:
    return "".join(f"\n{by}{line}" for line in lines)


def _with_section(text: str, asked: Asked) -> str:
    """Return a page with a section about the sweep before what its claims come to."""
    heading = "A further sweep" if re.search(r"\d", asked.title) else asked.title
    named = {"heading": heading, "writeup": asked.writeup, "sweep": asked.name}
    section = Template((HERE / "section.qmd").read_text("utf-8")).substitute(named)
    found = BEFORE.search(text)
    if found is None:
        return f"{text.rstrip()}\n\n{section.rstrip()}\n"
    return text[: found.start()] + section + text[found.start() :]


def _page(asked: Asked, study: Study) -> str:
    """Return the page that a new study has, without what is about that study alone."""
    text = (HERE / "report.qmd").read_text("utf-8")
    text = re.sub(r"^from uphold\.scaffold\..*\n", "", text, flags=re.M)
    text = re.sub(r"^## Classes\n.*?(?=^## )", "", text, flags=re.M | re.S)
    top = "run_tables.top(sweep, spread=[page.primary], mean=[])"
    text = re.sub(r"^run_tables\.top\(.*\)$", top, text, flags=re.M)
    title, names = json.dumps(asked.title, ensure_ascii=False), ""
    if re.search(r"\d", asked.title):
        names = f"\nlint-names: [{title}]"
    text = text.replace('title: "Blueprint"', f"title: {title}{names}")
    text = text.replace("params/blueprint.yaml", file_of(asked.study))
    text = text.replace("blueprint-width", asked.name).replace("blueprint", asked.writeup)
    return text.replace("points", f"{study.items.name}s") if study.items else text
