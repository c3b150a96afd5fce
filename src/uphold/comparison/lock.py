"""The text of a ``dvc.lock`` → stages, each read when it is asked for.

DVC writes every entry of a path on lines of its own (a long path on the next one), so that digests
are found without a parser of YAML, which would take a second for the whole file.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import yaml

STAGE = re.compile(r"^  [\"']?([^\s\"':][^\"':]*)[\"']?:$", re.M)
ENTRY = re.compile(r"^    - path:\s+[\"']?(\S.*?)[\"']?\n(?:      .*\n)*?      md5: (\S+)", re.M)
PART = re.compile(r"^    (\w+):[^\n]*\n", re.M)


_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def plain_mapping(text: str | bytes) -> dict[str, Any]:
    """Return what a text of YAML maps, in plain values; nothing where it is no such text."""
    try:
        loader = _FASTEST(text)
        try:
            found = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


class Lock:
    """The stages of a lock file, with the digests of what they read and wrote."""

    def __init__(self, text: str) -> None:
        starts = list(STAGE.finditer(text))
        ends = [*(m.start() for m in starts), len(text)][1:]
        self._texts = {m[1]: text[m.end() : end] for m, end in zip(starts, ends, strict=True)}
        self._digests: dict[tuple[str, str], dict[str, str]] = {}

    def __contains__(self, stage: str) -> bool:
        return stage in self._texts

    def digests(self, stage: str, kind: str) -> dict[str, str]:
        """Return the digests of the ``deps`` or ``outs`` of a stage, by path."""
        if (stage, kind) not in self._digests:
            self._digests[stage, kind] = dict(ENTRY.findall(self._part(stage, kind)))
        return self._digests[stage, kind]

    def params(self, stage: str) -> dict[str, Any]:
        """Return the settings that a stage ran with, by file and by the key in front."""
        return plain_mapping(f"params:\n{self._part(stage, 'params')}").get("params") or {}

    def making(self, path: str) -> Iterator[str]:
        """Yield the stages that wrote a path, something below it or the folder that it is in."""
        for out, stage in self._outs:
            if out == path or out.startswith(f"{path}/") or path.startswith(f"{out}/"):
                yield stage

    @cached_property
    def _outs(self) -> list[tuple[str, str]]:
        return [(path, stage) for stage in self._texts for path in self.digests(stage, "outs")]

    def _part(self, stage: str, kind: str) -> str:
        text = self._texts.get(stage, "")
        parts = list(PART.finditer(text))
        ends = [*(m.start() for m in parts), len(text)][1:]
        found = (text[m.end() : end] for m, end in zip(parts, ends, strict=True) if m[1] == kind)
        return next(found, "")
