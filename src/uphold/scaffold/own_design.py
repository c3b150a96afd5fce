"""The design of a sweep that is asked for, its claims, and how it promotes.

In: a name, a study, factors as they were typed. Out: what its params are to hold, as values.
Anchors, seeds, looks and promotion are those of the study's first sweep. Promised: each level is as
the study's settings hold it, and no two levels are the same run.
"""

import contextlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import create_model

from uphold.errors import InputError, nearest
from uphold.format import name as worded
from uphold.pipeline import judged, sweeps
from uphold.pipeline.design import Design, Run, lay_out, shown
from uphold.pipeline.params import Params, file_of
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.study import Study
from uphold.validation import Settings, read_yaml, validated

SWITCHES = 2
"""How many settings are switched on and off where no factor is named: those first that the study's
first sweep varies."""
SEEDS = [123, 456, 789, 1011, 1213]
"""Of a first sweep: with three hardly a claim is decided."""
STABLE_SD = 0.05


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


def design_of(asked: Asked, params: Params, study: Study) -> dict[str, Any]:
    """Return the design as the params will have it.

    Raises
    ------
    InputError
        Where a factor is no setting of the study's runs, a level does not fit, or levels are the
        same run.
    """
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


def claims_of(asked: Asked, params: Params, design: Mapping[str, Any]) -> dict[str, Any]:
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


def promotion_of(params: Params, study: Study) -> dict[str, Any]:
    """Return how the sweep promotes: as the study's first one, else by a validation score."""
    of_study = (s for s, names in params.names.sweeps.items() if names.study == study.name)
    first = next(of_study, None)
    if first is None:
        by = min(study.validation_scores, default="")
        return {"by": by, "stable_sd": STABLE_SD}
    found: Promotion = sweeps.promotion(params, first)
    return found.model_dump(exclude_defaults=True)


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
        checked = _held(alone, factor, text, where)
        if checked in levels:
            raise InputError(f"--factor {factor}: the level {shown(checked)} stands twice.")
        levels.append(checked)
    if len(levels) < 2:
        raise InputError(f"--factor {factor}: name two levels or more, with a comma between them.")
    return levels


def _held(alone: type[Settings], factor: str, text: str, where: str) -> Any:
    """Return one level as settings hold it: as the text that it is, if they take it, or as YAML."""
    if isinstance(alone.model_fields[factor].get_default(), tuple):
        level: Any = text.split("+")
    else:
        try:
            return validated(alone, {factor: text}, where).model_dump(mode="json")[factor]
        except InputError:
            level = read_yaml(text, where)
    return validated(alone, {factor: level}, where).model_dump(mode="json")[factor]


def _level(value: Any) -> Any:
    """Return a level as claims name it: a list in one word."""
    return shown(value) if isinstance(value, list) else value


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
