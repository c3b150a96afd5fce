"""A model that was exported: its folder → what predicts.

::

    DIR/README.md              the card: what it is, its scores, what it is not for
    DIR/model.json             study, settings, labels, threshold, where it comes from
    DIR/weights.safetensors    what training learnt
    DIR/SHA256SUMS             the digests of these, as ``sha256sum --check`` reads them

Promised: nothing is unpickled, and a file that is not as ``SHA256SUMS`` says is refused; the card
is for readers, who may add to it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load

from uphold.errors import InputError
from uphold.pipeline.inputs import Inputs
from uphold.pipeline.run_files import SUMS, WEIGHTS, line_of
from uphold.pipeline.study import Study, find
from uphold.validation import Settings, validated

CARD, MODEL = "README.md", "model.json"
PREDICTION = "prediction"
"""The module of a study that makes models of weights."""


class Origin(Settings):
    """Where a model comes from: its run's key, and the digests of what trained it."""

    key: str
    code: str
    data: str
    torch: str
    arithmetic: str
    uphold: str
    trained: str
    device: str


class Model(Settings):
    """The whole of ``model.json``.

    Attributes
    ----------
    study : str
    settings : dict
        Of the run.
    seed : int
    data : dict
        The settings of the data: how files become inputs.
    labels : list or dict
        The classes, in the order of the outputs; of each head, where there are several.
    threshold : float or None
        From which score on an item counts as found, where the study has one.
    shape : list of int
        Of one input.
    origin : Origin
    """

    study: str
    settings: dict[str, Any]
    seed: int
    data: dict[str, Any]
    labels: list[str] | dict[str, list[str]]
    threshold: float | None
    shape: list[int]
    origin: Origin


@dataclass(frozen=True)
class Exported:
    """A model, ready to predict."""

    model: Model
    study: Study
    outputs: Callable[[NDArray[Any]], NDArray[Any]]
    data: Settings

    def predict(self, paths: Iterable[Path]) -> tuple[pd.DataFrame, list[str]]:
        """Return a row for each input in some files: ``file``, where it is, label and scores.

        And a sentence on each file of which a part is in no row.

        Raises
        ------
        InputError
            Where files cannot be used; it names all of them.
        """
        tables, notes, problems = [], [], []
        for path in paths:
            try:
                inputs = self._read(path)
            except InputError as error:
                problems.append(str(error))
                continue
            tables.append(self._of_file(path, inputs))
            if inputs.left_out:
                notes.append(f"{path}: {inputs.left_out}, are in no row.")
        if problems:
            raise InputError("\n".join(problems))
        return pd.concat(tables, ignore_index=True), notes

    def _of_file(self, path: Path, inputs: Inputs) -> pd.DataFrame:
        # A file by itself: the last bits of its scores do not depend on the others.
        outputs = self.outputs(inputs.x)
        module, model = predicting(self.study), self.model
        told = module.table(outputs, model.labels, model.threshold, self.data)
        columns = {"file": [str(path)] * len(told), **inputs.where}
        return pd.concat([pd.DataFrame(columns), told], axis=1)

    def _read(self, path: Path) -> Inputs:
        if path.is_dir():
            raise InputError(f"{path} is a folder: name the files in it.")
        if not path.is_file():
            raise InputError(f"There is no file {path}.")
        inputs: Inputs = predicting(self.study).read(path, self.data)
        shape, wanted = list(inputs.x.shape[1:]), self.model.shape
        if shape != wanted:
            raise InputError(f"{path} has inputs of shape {shape}; the model takes {wanted}.")
        bad = np.flatnonzero(~np.isfinite(inputs.x).reshape(len(inputs.x), -1).all(axis=1))
        if len(bad):
            raise InputError(
                f"{path} has values that are NaN or infinite in {len(bad)} of {len(inputs.x)} "
                f"inputs, first in number {bad[0]}."
            )
        return inputs


def predicting(study: Study) -> ModuleType:
    """Return the module of a study that reads files and makes models.

    Raises
    ------
    InputError
        Where the study has none.
    """
    try:
        return study.module(PREDICTION)
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.endswith(f".{PREDICTION}"):
            raise
        raise InputError(
            f"The study {study.name!r} cannot be exported: it has no module {PREDICTION} (see "
            "uphold.pipeline.study for what that provides)."
        ) from None


def loaded(
    study: Study, settings: Settings, weights: dict[str, NDArray[Any]]
) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """Return a model made of weights; it runs on one thread, as training does."""
    from uphold.threads import one_thread

    try:
        model = predicting(study).load(weights, settings)
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise InputError(
            f"The weights do not fit the network of {study.name!r} as its code is now: "
            f"{str(error).strip().splitlines()[0]} Use the code that trained them."
        ) from error

    def outputs(x: NDArray[Any]) -> NDArray[Any]:
        with one_thread():
            found: NDArray[Any] = model(x)
        return found

    return outputs


def opened(folder: Path) -> Exported:
    """Return the model in a folder.

    Raises
    ------
    InputError
        Where the folder is no exported model, a file is missing or not as its digest says, or the
        model's study is not in this repository.
    """
    model_bytes, weights = _checked(folder)
    try:
        values = json.loads(model_bytes)
    except ValueError:
        raise InputError(f"{folder / MODEL} is not JSON: export the model again.") from None
    model = validated(Model, values, str(folder / MODEL))
    study = find(model.study)
    where = f"{folder / MODEL} does not fit the study as its code is now"
    settings = validated(study.run, model.settings, where)
    data = validated(study.data, model.data, where)
    try:
        kept = load(weights)
    except SafetensorError as error:
        raise InputError(f"{folder / WEIGHTS} cannot be read as safetensors: {error}.") from error
    return Exported(model, study, loaded(study, settings, kept), data)


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return what ``SHA256SUMS`` holds of files."""
    return b"".join(line_of(name, content) for name, content in sorted(files.items()))


def _checked(folder: Path) -> tuple[bytes, bytes]:
    """Return the contents of model and weights, if they are as their digests say."""
    again = "export the model again, or copy it whole"
    if not folder.is_dir() or not (folder / MODEL).exists():
        raise InputError(f"{folder} is no exported model: uphold export RUN DIR makes one.")
    found = {}
    for name in (SUMS, MODEL, WEIGHTS):
        try:
            found[name] = (folder / name).read_bytes()
        except OSError as error:
            raise InputError(f"{folder / name}: {error.strerror}; {again}.") from None
    lines = found[SUMS].splitlines(keepends=True)
    for name in (MODEL, WEIGHTS):
        if line_of(name, found[name]) not in lines:
            digest = hashlib.sha256(found[name]).hexdigest()
            raise InputError(
                f"{folder / name} is not as {SUMS} says (its SHA-256 is {digest}): {again}."
            )
    return found[MODEL], found[WEIGHTS]
