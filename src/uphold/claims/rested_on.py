"""What the claims of a study rest on, in one state of the params.

In: ``params.yaml`` and ``params/<study>.yaml`` as they stood. Out: claims, margins, directions,
designs, seeds, the scale and the settings, each by its name. Promised: what counts is what the
files say, not their layout or comments, nor in which of the two files it stands; a key that says
what holds without it (``role: primary``, the only sweep of a write-up) is no difference. Files that
cannot be read do not say that there was nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from uphold.errors import InputError
from uphold.validation import read_yaml

Claim = tuple[str, str]
"""A claim's write-up and name."""


@dataclass(frozen=True)
class Seeds:
    """The seeds of a sweep: those that are run, and the declared looks."""

    run: tuple[Any, ...] = ()
    looks: tuple[Any, ...] = ()


@dataclass(frozen=True)
class RestedOn:
    """What the claims of a study rest on.

    Attributes
    ----------
    claims : mapping of (str, str) to mapping
        Write-up and name to what the claim says, key by key.
    margin, better : mapping of str to Any
        By metric.
    design : mapping of str to mapping
        By sweep; its seeds and looks apart.
    seeds : mapping of str to Seeds
        By sweep.
    scale : str or None
    settings, evaluation : mapping of str to Any
        Settings of data and training at one scale, and of the evaluation, by their dotted names.
    """

    claims: Mapping[Claim, Mapping[str, Any]] = field(default_factory=dict)
    margin: Mapping[str, Any] = field(default_factory=dict)
    better: Mapping[str, Any] = field(default_factory=dict)
    design: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seeds: Mapping[str, Seeds] = field(default_factory=dict)
    scale: Any = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    evaluation: Mapping[str, Any] = field(default_factory=dict)


@cache
def rested_on(names: bytes, file: bytes, study: str, scale: str) -> RestedOn | None:
    """Return what the claims of a study rest on; None where a file cannot be read.

    Parameters
    ----------
    names, file : bytes
        ``params.yaml`` and ``params/<study>.yaml``. Before there were files of studies, all of it
        stood in ``params.yaml``.
    study : str
    scale : str
        The scale whose settings are of interest, whichever was in force.
    """
    try:
        return _rested_on(_read(names), _read(file), study, scale)
    except InputError:
        return None


def scale_of(names: bytes) -> str:
    """Return the scale in force, as a ``params.yaml`` says."""
    found = state(names)
    return str(found.get("scale")) if isinstance(found, dict) else ""


def source_of(names: bytes, file: bytes, study: str) -> str | None:
    """Return what the data of a study came from, None where the params did not say."""
    own, before = state(file), at(state(names), "studies", study)
    found = at(own if isinstance(own, dict) else before, "data").get("source")
    return None if found is None else str(found)


def of_other_data(then: str | None, now: str | None) -> bool:
    """Whether results are of other data than those that are here, by the sources of both."""
    return None not in (then, now) and then != now


def _rested_on(names: Any, file: Any, study: str, scale: str) -> RestedOn:
    own = file if isinstance(file, dict) else at(names, "studies", study)
    held = file if isinstance(file, dict) else names
    sweeps, writeups, metrics = at(held, "sweeps"), at(held, "writeups"), at(own, "metrics")
    of_writeup: dict[Any, list[str]] = {}
    for sweep in at(names, "sweeps"):
        of_writeup.setdefault(at(names, "sweeps", sweep).get("writeup"), []).append(sweep)
    designs = {s: at(sweeps, s, "design") for s in sweeps if at(sweeps, s, "design")}
    path = at(names, "studies", study).get("path")
    return RestedOn(
        claims={
            (writeup, name): _said(claim, _about(writeups, writeup, of_writeup.get(writeup, [])))
            for writeup in writeups
            for name, claim in at(writeups, writeup, "claims").items()
        },
        margin={name: at(metrics, name).get("margin") for name in metrics},
        better={name: at(metrics, name).get("better") for name in metrics},
        design={
            name: _laid_out({**_after(names, name), **design}) | _searched(names, held, name)
            for name, design in designs.items()
        },
        seeds={name: _seeds(design) for name, design in designs.items()},
        scale=names.get("scale") if isinstance(names, dict) else None,
        settings={
            **({"data.path": path} if path is not None else {}),
            **_flat(at(own, "data"), "data"),
            **_flat(at(own, "training"), "training"),
            **_flat(at(own, "scales", scale, "data"), "data"),
            **_flat(at(own, "scales", scale, "training"), "training"),
        },
        evaluation=_flat(at(own, "evaluation"), "evaluation"),
    )


def _about(writeups: Any, writeup: str, sweeps: list[str]) -> str | None:
    """Return the sweep that claims of a write-up are about which name none."""
    named = at(writeups, writeup).get("sweep")
    return named if isinstance(named, str) else sweeps[0] if len(sweeps) == 1 else None


def _said(claim: Any, sweep: str | None) -> dict[str, Any]:
    """Return a claim without what holds unless said, and with the sweep that it is about."""
    if not isinstance(claim, dict):
        return {"": claim}
    said = {key: value for key, value in claim.items() if value not in (None, {}, "")}
    if said.get("role") == "primary":
        del said["role"]
    return {"sweep": sweep, **said} if sweep is not None else said


def _after(names: Any, sweep: str) -> dict[str, Any]:
    return {k: v for k, v in at(names, "sweeps", sweep).items() if k == "after"}


def _searched(names: Any, held: Any, sweep: str) -> dict[str, Any]:
    """Return the search that gives a sweep its arms, setting by setting; nothing for others."""
    search = _after(names, sweep).get("after")
    if not isinstance(search, str) or search not in at(names, "searches"):
        return {}
    before = {k: v for k, v in at(names, "searches", search).items() if k == "after"}
    return _flat(before | at(held, "searches", search), "search")


USUAL = {
    "after": "none",
    "kind": "grid",
    "members": [1],
    "replicate": ["seed"],
    "sharing of seeds": "all",
}
"""What a design is unless it says otherwise."""


def _laid_out(design: Mapping[str, Any]) -> dict[str, Any]:
    """Return a design without seeds and looks, and with what holds unless said."""
    held = {k: v for k, v in design.items() if k not in ("seeds", "looks", "taken")}
    if isinstance(seeds := design.get("seeds"), dict):
        held |= {"sharing of seeds": seeds.get("sharing"), "seeds of each": seeds.get("each")}
    laid_out = {**USUAL, **{k: v for k, v in held.items() if v not in (None, {})}}
    # Of a grid's levels the order does not count, of a ladder's arms it does.
    if laid_out["kind"] == "grid":
        levels = at(held, "factors").items()
        laid_out["factors"] = {k: sorted(v, key=str) for k, v in levels if isinstance(v, list)}
    elif laid_out["kind"] == "ladder":
        laid_out["arms"] = [list(arm) for arm in at(held, "arms").items()]
    return laid_out


def _seeds(design: Mapping[str, Any]) -> Seeds:
    seeds, looks, taken = (design.get(key) for key in ("seeds", "looks", "taken"))
    values = seeds.get("values") if isinstance(seeds, dict) else seeds
    values = tuple(values) if isinstance(values, list) else ()
    if not isinstance(looks, list) or not looks:
        return Seeds(values)
    reached = [looks[0], *(taken if isinstance(taken, dict) else ())]
    most = max(n for n in reached if isinstance(n, int)) if isinstance(looks[0], int) else None
    return Seeds(values[:most], tuple(looks))


def _flat(settings: Mapping[str, Any], place: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        here = f"{place}.{key}"
        flat |= _flat(value, here) if isinstance(value, dict) else {here: value}
    return flat


def at(value: Any, *keys: str) -> dict[str, Any]:
    """Return the mapping at a place, an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def state(text: bytes) -> Any:
    """Return what a file said; None where it could not be read."""
    try:
        return _read(text)
    except InputError:
        # An older state of the file may be broken.
        return None


@cache
def _read(text: bytes) -> Any:
    return read_yaml(text.decode("utf-8", errors="replace"), "history")
