"""The texts of a sweep that is asked for: its lines in params, its claims, its page or section.

In: what stands in a file, and what the sweep adds. Out: the file's new text. Promised: what stands
in it stays, comments and order included.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from string import Template
from typing import Any

import yaml

from uphold.errors import InputError
from uphold.pipeline import judged
from uphold.pipeline.params import Params, file_of
from uphold.pipeline.study import Study
from uphold.pipeline.yaml_text import end, pair
from uphold.scaffold.lay_out import HERE, with_blocks
from uphold.scaffold.own_design import Asked
from uphold.validation import read_yaml

Claims = Mapping[str, Mapping[str, Any]]
"""Claims by their names, as params hold them."""
BEFORE = re.compile(
    r"^## (?:Interpretation|What follows|Takeaways|Evidence|Audit|Appendix)\b.*$", re.M
)
"""The headings of a page before the first of which a further sweep has its section."""


def lines_of_names(asked: Asked, there: bool) -> dict[str, list[str]]:
    """Return the lines that params.yaml gains, by section."""
    sweep = {"study": asked.study, "writeup": asked.writeup, "after": "none"}
    lines = {"sweeps": [f"  {asked.name}: {flow(sweep)}"]}
    if not there:
        writeup = flow({"study": asked.study, "title": asked.title})
        lines["writeups"] = [f"  {asked.writeup}: {writeup}"]
    return lines


def lines_of_study(
    asked: Asked, design: Mapping[str, Any], promotion: Mapping[str, Any], claims: Claims | None
) -> dict[str, list[str]]:
    """Return the lines that the study's file gains, by section: with claims a write-up too."""
    laid_out = {k: v for k, v in design.items() if k != "factors"}
    lines = [
        f"  {asked.name}:",
        f"    title: {flow(asked.title)}",
        "    design:",
        f"      kind: {laid_out.pop('kind')}",
        "      factors:",
        *(f"        {factor}: {flow(levels)}" for factor, levels in design["factors"].items()),
        *(f"      {key}: {flow(value)}" for key, value in laid_out.items()),
        f"    promote: {flow(promotion)}",
    ]
    sections = {"sweeps": lines}
    if claims is not None:
        indented = (f"      {line}" for line in _claim_lines(claims))
        sections["writeups"] = [f"  {asked.writeup}:", "    claims:", *indented]
    return sections


def edited(text: str, lines: Mapping[str, list[str]], source: str) -> str:
    """Return a text of params with lines at the end of its sections, which it may lack."""
    present = read_yaml(text, source) or {}
    for section in lines:
        if section not in present:
            text = f"{text.rstrip()}\n\n{section}:\n"
    added = "\n".join(line for s, of_it in lines.items() for line in (f"{s}:", *of_it))
    return with_blocks(text, f"{added}\n", source)


def with_claims(text: str, asked: Asked, params: Params, claims: Claims) -> str:
    """Return the study's params with further claims in a write-up that is there.

    Where claims of that write-up name no sweep, it is given the one that they have been about.

    Raises
    ------
    InputError
        Where the write-up or its claims are written in one line.
    """
    source, place = file_of(asked.study), f"writeups.{asked.writeup}"
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    section = pair(root, "writeups")
    key, block = (section and pair(section[1], asked.writeup)) or (None, None)
    if key is None or block is None or (block.flow_style and block.value):
        raise InputError(
            f"{source}: {place} is written in one line: give each of its keys a line of its own."
        )
    old = pair(block, "claims")
    if old and old[1].flow_style and old[1].value:
        raise InputError(
            f"{source}: {place}.claims is written in one line: give each claim a line of its own."
        )
    lines = list(_claim_lines(claims))
    inner = " " * (block.value[0][0].start_mark.column if block.value else 4)
    if old is None or not old[1].value:
        start, stop = (old[1].start_mark.index, end(old[1])) if old else (end(block),) * 2
        if not block.value:
            start = block.start_mark.index
        head = "" if old else f"\n{inner}claims:"
        text = text[:start].rstrip(" ") + head + _indented(lines, f"{inner}  ") + text[stop:]
    else:
        column = " " * old[1].value[0][0].start_mark.column
        stop = text.find("\n", end(old[1]))
        stop = len(text) if stop < 0 else stop
        text = text[:stop] + _indented(lines, column) + text[stop:]
    own = judged.judged(params, asked.writeup)
    if own.sweep is None and any(claim.sweep is None for claim in own.claims.values()):
        (only,) = params.sweeps_of(asked.writeup)
        start = block.value[0][0].start_mark.index
        text = f"{text[:start]}sweep: {only}   # of claims that name none\n{inner}{text[start:]}"
    return text


def with_section(text: str, asked: Asked) -> str:
    """Return a page with a section about the sweep before what its claims come to."""
    heading = "A further sweep" if re.search(r"\d", asked.title) else asked.title
    named = {"heading": heading, "writeup": asked.writeup, "sweep": asked.name}
    section = Template((HERE / "section.qmd").read_text("utf-8")).substitute(named)
    found = BEFORE.search(text)
    if found is None:
        return f"{text.rstrip()}\n\n{section.rstrip()}\n"
    return text[: found.start()] + section + text[found.start() :]


def page(asked: Asked, study: Study) -> str:
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


def _claim_lines(claims: Claims) -> Iterator[str]:
    for name, claim in claims.items():
        yield f"{name}:"
        yield from (f"  {key}: {flow(value)}" for key, value in claim.items())


def flow(value: Any) -> str:
    """Return a value as YAML in one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return str(text).removesuffix("...\n").strip()


def _indented(lines: Sequence[str], by: str) -> str:
    return "".join(f"\n{by}{line}" for line in lines)
