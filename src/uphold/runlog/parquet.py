"""A parquet file → a table."""

from pathlib import Path

import numpy as np
import pandas as pd

from uphold.errors import InputError
from uphold.runlog.cells import plain, refuse_twice
from uphold.runlog.csv_text import refuse_too_many


def parquet(path: Path) -> pd.DataFrame:
    """Return the table in a parquet file; an index with a name is a column.

    Raises
    ------
    InputError
        It cannot be read.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    if not path.is_file():
        found = "it is a folder" if path.is_dir() else "no such file"
        raise InputError(f"{path} cannot be read: {found}.")
    try:
        refuse_too_many(len(read_schema(path).names), path)
        table = pd.read_parquet(path)
        # An index without a name counts rows; one with a name was a column.
        table = table.reset_index([name for name in table.index.names if name is not None])
    except (ArrowException, ValueError) as error:
        raise InputError(f"{path} is not a readable parquet file: {error}.") from None
    table.columns = [str(name) for name in table.columns]
    refuse_twice(table.columns, path)
    for name, column in table.items():
        if column.dtype == np.float32:
            # The shortest decimal that the number prints as: .0005, not .0005000000237.
            table[name] = column.astype(str).astype(float)
        elif pd.api.types.is_datetime64_any_dtype(column) or column.dtype.kind == "m":
            table[name] = column.astype(str).where(column.notna())
        elif column.dtype == object:
            table[name] = column.map(plain)
    return table.reset_index(drop=True)
