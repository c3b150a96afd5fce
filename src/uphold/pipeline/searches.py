"""The searches of a study's file → their settings."""

from collections.abc import Mapping
from typing import Any

from uphold.errors import InputError, nearest
from uphold.pipeline.params import FILE, Params, file_of
from uphold.pipeline.search import Search, refuse_unfit
from uphold.pipeline.study import find
from uphold.validation import Settings, validated


class _Searches(Settings):
    searches: dict[str, Search]


def place(params: Params, name: str) -> str:
    """Return the place of a search, as messages name it."""
    return f"{file_of(params.search(name).study)}: searches.{name}"


def search(params: Params, name: str) -> Search:
    """Return a search of the params, checked."""
    study = params.search(name).study
    blocks = params.study(study).searches
    if name not in blocks:
        raise InputError(
            f"{place(params, name)} is missing, which {FILE} names.{nearest(name, blocks)}"
        )
    given = {"searches": {name: blocks[name]}}
    found = validated(_Searches, given, file_of(study)).searches[name]
    start = {**params.defaults(study), **found.anchors}
    refuse_unfit(found, find(study).run, start, place(params, name))
    return found


def start(params: Params, name: str, promoted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what holds in every trial beside the study's own settings."""
    return {**promoted, **search(params, name).anchors}
