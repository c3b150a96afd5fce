"""Each format that a user or a stage hands over: a small file of it, and what reads it."""

import gzip
import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from uphold.errors import InputError

Format = tuple[Callable[[Path], Path], Callable[[Path], object]]
RNG = np.random.default_rng(16)
ROWS = [
    {"lr": lr, "seed": seed, "mode": mode, "day": "2026-01-05", "f1": round(RNG.uniform(), 4)}
    for lr in (0.1, 0.2)
    for mode in ("a", "ü", "=1")
    for seed in (1, 2, 3)
]


def sound(kind: str) -> Format:
    def write(folder: Path) -> Path:
        import soundfile

        path = folder / f"sound.{kind.lower()}"
        soundfile.write(path, RNG.uniform(-0.3, 0.3, (2_000, 2)), 16_000, format=kind)
        return path

    def read(path: Path) -> object:
        from uphold.sources import audio

        try:
            return audio.resampled(audio.read(path), 8_000)
        except audio.UnusableSound as error:
            raise InputError(f"{path} {error}") from error

    return write, read


def npz(folder: Path) -> Path:
    path = folder / "grids.npz"
    labels = np.stack([np.arange(30) % 10, np.arange(30) % 32, RNG.uniform(size=30)], axis=1)
    np.savez_compressed(path, X=RNG.normal(size=(30, 32, 32)).astype(np.float32), y=labels)
    return path


def grids(path: Path) -> object:
    from studies.multitask.data import npz as source
    from studies.multitask.settings.data import Data

    return source.make(Data(source="npz", path=str(path)))


def stored_npz(folder: Path) -> Path:
    path = folder / "vectors.npz"
    x = RNG.normal(size=(30, 4)).astype(np.float32)
    np.savez(path, x_train=x, y_train=np.eye(2)[np.arange(30) % 2], labels=["frog", "ü"])
    return path


def vectors(path: Path) -> object:
    from studies.calls.data import embeddings
    from studies.calls.settings.data import Data

    return embeddings.make(Data(source="embeddings", path=str(path), positive="frog"))


def npy(folder: Path) -> Path:
    path = folder / "x.npy"
    np.save(path, RNG.normal(size=(6, 4)))
    return path


def array(path: Path) -> object:
    from uphold.sources import arrays

    return arrays.single(arrays.read(path, "x"), str(path))


def frames(source: str, path: Path) -> object:
    """Return all frames of a file, read to its last batch."""
    from studies.radio.data import radioml2016, radioml2018
    from studies.radio.settings.data import Data, Stored

    module = {"radioml2016": radioml2016, "radioml2018": radioml2018}[source]
    few = Stored(train=1, validation=1, test=1)
    try:
        return list(module.make(Data(source=source, path=str(path), **{source: few})).batches)
    except InputError as error:
        if "are wanted: lower them" in str(error):  # a cell is named then, and the setting
            raise InputError(f"{path.name}: {error}") from error
        raise


def hdf5(folder: Path) -> Path:
    import h5py

    path = folder / "GOLD_XYZ_OSC.0001_1024.hdf5"
    parts = {
        "X": RNG.normal(size=(144, 16, 2)).astype(np.float32),
        "Y": np.repeat(np.eye(24, dtype=np.int64), 6, axis=0),
        "Z": np.tile([[0], [10]], (72, 1)),
    }
    with h5py.File(path, "w") as file:
        for name, values in parts.items():
            file.create_dataset(name, data=values, chunks=True, compression="gzip")
    return path


def pickled(folder: Path) -> Path:
    path = folder / "RML2016.10a_dict.pkl"
    cells = [(name, snr) for name in ("BPSK", "QPSK") for snr in (0, 10)]
    content = {cell: RNG.normal(size=(6, 2, 16)).astype(np.float32) for cell in cells}
    path.write_bytes(pickle.dumps(content, 2))
    return path


def csv(folder: Path) -> Path:
    path = folder / "runs.csv"
    lines = [",".join(ROWS[0]), *(",".join(map(str, row.values())) for row in ROWS)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def packed_csv(folder: Path) -> Path:
    path = folder / "runs.csv.gz"
    path.write_bytes(gzip.compress(csv(folder).read_bytes(), mtime=0))
    return path


def json_lines(folder: Path) -> Path:
    path = folder / "runs.jsonl"
    rows = [{**row, "config": {"deep": [1, 2]}} for row in ROWS]
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), "utf-8")
    return path


def parquet(folder: Path) -> Path:
    import pandas as pd

    path = folder / "runs.parquet"
    table = pd.DataFrame(ROWS).assign(day=lambda t: pd.to_datetime(t["day"], utc=True))
    table["mode"] = table["mode"].astype("category")
    table.set_index("seed").to_parquet(path)
    return path


def table(path: Path) -> object:
    from uphold.runlog.tables import read_table

    return read_table(path)


def manifest(folder: Path) -> Path:
    path = folder / "manifest.csv"
    path.write_text("path,label,quality\n" + "".join(f"{k}.wav,frog,high\n" for k in range(20)))
    return path


def recordings(path: Path) -> object:
    from studies.calls.data import manifest as source

    return source.read(path, [f"{k}.wav" for k in range(20)])


def yaml(folder: Path) -> Path:
    path = folder / "params.yaml"
    here = Path(__file__).parents[2] / "params" / "multitask.yaml"
    path.write_bytes(here.read_bytes()[:3_000])
    return path


def yaml_values(path: Path) -> object:
    from uphold.validation import read_yaml, yaml_text

    return read_yaml(yaml_text(path), str(path))


def stage_file(name: str, content: Callable[[], bytes], read: Callable[[Path], object]) -> Format:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content())
        return folder / name

    return write, read


def runs_csv() -> bytes:
    import pandas as pd

    from uphold.pipeline.stages.files import csv_bytes

    names = {"status": "ok", "failure": None, "key": "0" * 64, "settings": '{"lr": 0.1}'}
    rows = [{"run": f"r{k}", "configuration": "None", **row} | names for k, row in enumerate(ROWS)]
    return csv_bytes(pd.DataFrame(rows))


def read_csv(path: Path) -> object:
    from uphold.pipeline.stages.files import read_csv

    return read_csv(path)


def promoted_json() -> bytes:
    from uphold.pipeline.stages.files import json_bytes

    return json_bytes({"lr": 0.1, "mode": "ü", "sizes": [1, 2], "nested": {"a": None}})


def read_json(path: Path) -> object:
    from uphold.pipeline.stages.files import read_json

    return read_json(path)


def safetensors() -> bytes:
    from safetensors.numpy import save

    return save({f"r{k}/test": RNG.normal(size=(4, 3)).astype(np.float32) for k in range(5)})


def read_arrays(path: Path) -> object:
    from uphold.pipeline.stages.files import read_arrays

    return read_arrays(path)


def journal(file: str) -> Format:
    """A file of a finished run: any change of it has to be seen, and the run is trained again."""

    def write(folder: Path) -> Path:
        from uphold.pipeline.journal import Journal
        from uphold.training.contract import Result

        parts = {"test": np.arange(6, dtype=np.float32)}, {"epoch": np.array([1, 2])}
        result = Result(*parts, {"items": 7}, weights={"w": np.ones(3, np.float32)})
        Journal(folder).put("k", result, settings={}, seed=1, seconds=1.0, device="cpu")
        return folder / "runs" / "k" / file

    def read(path: Path) -> object:
        from uphold.pipeline.journal import Journal

        run, said = path.parent, list[str]()
        whole = run.with_name(".whole")
        if not whole.exists():
            shutil.copytree(run, whole)
        # Of its other files each is as it was.
        for other in whole.iterdir():
            if other.name != path.name:
                shutil.copy(other, run)
        changed = path.read_bytes() != (whole / path.name).read_bytes()
        kept = Journal(run.parents[1], say=said.append)
        kept.metadata("k")
        assert ("k" in kept) is not changed, "a changed run counts as finished"
        assert bool(kept.damaged()) is changed
        record = kept.get("k")
        if not changed:
            return record
        assert record is None and kept.weights("k") is None
        (aside,) = run.parent.glob("*.damaged")
        shutil.rmtree(aside)
        shutil.copytree(whole, run)
        raise InputError(said[0] if path.name in said[0] else f"{path.name}? {said[0]}")

    return write, read


def checkpoint(folder: Path) -> Path:
    from uphold.pipeline.checkpoint_file import CheckpointFile

    path = folder / "k.checkpoint"
    CheckpointFile(path).write({"w": np.ones(3, np.float32)})
    return path


def begun(path: Path) -> object:
    """A damaged state is as good as none, which is said; nothing of it is taken up."""
    from contextlib import redirect_stderr
    from io import StringIO

    from uphold.pipeline.checkpoint_file import CheckpointFile

    with redirect_stderr(said := StringIO()):
        state = CheckpointFile(path).read()
        CheckpointFile(path).before()
    if state is None:
        raise InputError(said.getvalue())
    np.testing.assert_array_equal(state["w"], np.ones(3))
    return state


FORMATS: dict[str, Format] = {
    **{kind: sound(kind) for kind in ("WAV", "FLAC", "AIFF", "OGG", "MP3")},
    "npz": (npz, grids),
    "stored npz": (stored_npz, vectors),
    "npy": (npy, array),
    "HDF5": (hdf5, lambda path: frames("radioml2018", path)),
    "pickle": (pickled, lambda path: frames("radioml2016", path)),
    "CSV": (csv, table),
    "packed CSV": (packed_csv, table),
    "JSON lines": (json_lines, table),
    "parquet": (parquet, table),
    "manifest": (manifest, recordings),
    "YAML": (yaml, yaml_values),
    "runs.csv": stage_file("runs.csv", runs_csv, read_csv),
    "promoted": stage_file("sweep.json", promoted_json, read_json),
    "predictions": stage_file("predictions.safetensors", safetensors, read_arrays),
    **{
        file: journal(file)
        for file in ("record.json", "arrays.safetensors", "weights.safetensors", "SHA256SUMS")
    },
    "checkpoint": (checkpoint, begun),
}
