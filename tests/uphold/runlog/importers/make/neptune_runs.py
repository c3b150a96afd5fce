"""Write the sample's runs as neptune-exporter does: ``python make/neptune_runs.py FOLDER``.

Run it with PYTHONPATH at the folder of ``sample.py`` and at the exporter's ``src``. Neptune's
servers are gone: what its client would give of the runs is made up here, and goes through the
exporter's own conversion and its own writer.
"""

import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
from neptune_exporter.exporters.neptune3 import Neptune3Exporter
from neptune_exporter.storage.parquet_writer import ParquetWriter
from sample import EPOCHS, FAILED, GRID, accuracy, loss

PROJECT = "blue/sample"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def name_of(number: int) -> str:
    return f"RUN-{number + 1}"


def single(number: int, run: dict) -> dict:
    """Return what is noted once of a run, by path and type; Neptune's client makes None a text."""
    dropout = run["dropout"]
    return {
        "sys/custom_run_id:string": name_of(number),
        "sys/name:string": f"lr {run['lr']}",
        "sys/creation_time:datetime": BEGAN + timedelta(minutes=number),
        "sys/failed:bool": run is FAILED,
        "sys/tags:string_set": ["blue", "sweep"],
        "params/lr:float": run["lr"],
        f"params/dropout:{'string' if dropout is None else 'float'}": dropout or "None",
        "params/optimizer/name:string": run["optimizer"]["name"],
        "params/seed:int": run["seed"],
    }


def series(number: int, run: dict) -> pd.DataFrame:
    """Return what is noted step by step, as the client gives it."""
    epochs = range(1 if run is FAILED else EPOCHS)
    index = pd.MultiIndex.from_tuples([(name_of(number), float(e)) for e in epochs])
    at = [BEGAN + timedelta(minutes=number, seconds=epoch) for epoch in epochs]
    values = {"val/accuracy": accuracy, "val/loss": loss}
    return pd.DataFrame(
        {
            (path, kind): at if kind == "absolute_time" else [score(run, e) for e in epochs]
            for path, score in values.items()
            for kind in ("absolute_time", "value")
        },
        index=index,
    )


def main() -> None:
    exporter = object.__new__(Neptune3Exporter)  # it would ask for an account
    exporter._quantize_base = Decimal("1.000000")
    writer = ParquetWriter(Path(sys.argv[1]))
    runs = [*GRID, FAILED]
    wide = pd.DataFrame(
        [single(number, run) for number, run in enumerate(runs)],
        index=pd.Index(map(name_of, range(len(runs))), name="run"),
    )
    once = exporter._convert_parameters_to_schema(wide, PROJECT)
    for number, run in enumerate(runs):
        name = name_of(number)
        steps = exporter._convert_metrics_to_schema(series(number, run), PROJECT)
        with writer.run_writer(PROJECT, name) as out:
            out.save(exporter._record_batch_from_pandas(once[once["run_id"] == name]))
            out.save(exporter._record_batch_from_pandas(steps))


if __name__ == "__main__":
    main()
