"""The sweeps of a study's file → their designs and runs."""

from collections.abc import Mapping
from typing import Any

from uphold.errors import InputError, nearest
from uphold.pipeline.design import ARM, Design, Run, lay_out
from uphold.pipeline.params import FILE, Params, file_of
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.study import find
from uphold.validation import Settings, validated


class SweepSettings(Settings):
    """One sweep: what is run, and what it promotes."""

    title: str
    design: Design
    promote: Promotion


class _Sweeps(Settings):
    sweeps: dict[str, SweepSettings]


def place(params: Params, name: str) -> str:
    """Return the place of a sweep, as messages name it."""
    return f"{file_of(params.sweep(name).study)}: sweeps.{name}"


def sweep(params: Params, name: str) -> SweepSettings:
    """Return a sweep of the params, checked."""
    block, where = _block(params, name), place(params, name)
    design = block.get("design")
    if isinstance(design, dict):
        if "after" in design:
            raise InputError(f"{where}.design.after stands in {FILE}, as sweeps.{name}.after.")
        after = params.sweep(name).after
        if (design.get("kind") == "autotune") != (after in params.names.searches):
            raise InputError(
                f"{where}.design.kind: autotune is the kind of sweeps that come after a search, and"
                f" of no others; {FILE} has sweeps.{name}.after: {after}."
            )
        block = {**block, "design": {**design, "after": after}}
    given = {"sweeps": {name: block}}
    return validated(_Sweeps, given, file_of(params.sweep(name).study)).sweeps[name]


def promotion(params: Params, name: str) -> Promotion:
    """Return by what a sweep promotes a configuration; its design is left unread."""
    return validated(
        Promotion, _block(params, name).get("promote"), f"{place(params, name)}.promote"
    )


def begun(design: Design, promoted: Mapping[str, Any]) -> tuple[Design, Mapping[str, Any]]:
    """Return a design as it is run, and the settings that it starts from.

    Parameters
    ----------
    design : Design
    promoted : mapping
        What the sweep before it promoted, or what the search before it found; nothing where that
        is not known yet.
    """
    if design.kind != "autotune" or not promoted:
        return design, promoted
    finalists = promoted["finalists"][: design.finalists]
    if len(finalists) < len(design.levels[ARM]) - 1:
        raise InputError(
            f"{design.after} has found {len(finalists)} settings that could be trained and differ"
            f" from its start, and {design.finalists} finalists are asked for: ask for fewer, or"
            " search with more trials."
        )
    return design.found([one["settings"] for one in finalists]), promoted["start"]


def runs(params: Params, name: str, promoted: Mapping[str, Any]) -> list[Run]:
    """Return the distinct runs of a sweep, given what comes before it promoted or found."""
    study = params.sweep(name).study
    design, start = begun(sweep(params, name).design, promoted)
    where = f"{place(params, name)}.design"
    return lay_out(design, find(study).run, params.defaults(study), start, where)


def _block(params: Params, name: str) -> dict[str, Any]:
    blocks = params.study(params.sweep(name).study).sweeps
    if name not in blocks:
        raise InputError(
            f"{place(params, name)} is missing, which {FILE} names.{nearest(name, blocks)}"
        )
    return blocks[name]
