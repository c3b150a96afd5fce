"""A parquet file → a table."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from uphold.errors import InputError
from uphold.runlog.cells import plain, refuse_twice
from uphold.runlog.table_limits import refuse_cells, refuse_size, refuse_too_many

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile


def parquet(path: Path) -> pd.DataFrame:
    """Return the table in a parquet file; an index with a name is a column.

    Raises
    ------
    InputError
        It cannot be read, or is larger than any log of runs.
    """
    if not path.is_file():
        found = "it is a folder" if path.is_dir() else "no such file"
        raise InputError(f"{path} cannot be read: {found}.")
    try:
        table = _read(path)
        refuse_twice(table.columns, path)
        return _plain(table)
    except (InputError, MemoryError):
        raise
    # What stands in the file for pandas is read by pandas, and raises whatever it stumbles on.
    except Exception as error:
        said = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise InputError(f"{path} is not a readable parquet file: {said}.") from None


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose cells are what a log knows."""
    for name, column in table.items():
        if column.dtype == np.float32:
            # The shortest decimal that the number prints as: .0005, not .0005000000237.
            table[name] = column.astype(str).astype(float)
        elif pd.api.types.is_datetime64_any_dtype(column) or column.dtype.kind == "m":
            table[name] = column.astype(str).where(column.notna())
        elif column.dtype == object:
            table[name] = column.map(plain)
    return table.reset_index(drop=True)


def _read(path: Path) -> pd.DataFrame:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        _refuse_size(file, path)
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
    # Texts as the dictionary that they are packed by: a page can name a long one a million times.
    with ParquetFile(path, read_dictionary=texts) as file:
        packed: pa.Table = file.read(use_pandas_metadata=True)
    packed.validate(full=True)
    refuse_size(sum(map(_text_bytes, packed.columns)), path)
    table = packed.to_pandas()
    categories = table.select_dtypes("category").columns
    table = table.astype(dict.fromkeys(categories, object))
    # An index without a name counts rows; one with a name was a column.
    table = table.reset_index([name for name in table.index.names if name is not None])
    table.columns = [str(name) for name in table.columns]
    return table


def _refuse_size(file: "ParquetFile", path: Path) -> None:
    """Refuse what is larger than any log, by what the file tells of its parts."""
    told = file.metadata
    refuse_too_many(max(told.num_columns, len(file.schema_arrow)), path)
    refuse_cells(told.num_rows, path)
    groups = list(map(told.row_group, range(told.num_row_groups)))
    refuse_size(sum(group.total_byte_size for group in groups), path)
    # What a damaged part raises when it is looked at ends the process, unless it is read first.
    file.scan_contents()
    widths = [max(8, told.schema.column(k).length or 0) for k in range(told.num_columns)]
    cells = size = packed = 0
    for group in groups:
        for k, width in enumerate(widths):
            part = group.column(k)
            cells += part.num_values
            size += part.num_values * width
            packed += part.total_uncompressed_size
        refuse_cells(cells, path)
        refuse_size(max(packed, size), path)


def _text_bytes(column: "pa.ChunkedArray") -> int:
    """Return how many bytes the texts of a column take where each stands by itself."""
    from pyarrow import compute, types

    if not types.is_dictionary(column.type) or not _is_text(column.type.value_type):
        return 0
    total = 0
    for chunk in column.chunks:
        lengths = (
            compute.binary_length(chunk.dictionary).fill_null(0).to_numpy(zero_copy_only=False)
        )
        total += int(lengths[chunk.indices.drop_null().to_numpy()].sum())
    return total


def _is_text(kind: "pa.DataType") -> bool:
    import pyarrow.types as of

    kinds = of.is_string, of.is_large_string, of.is_binary, of.is_large_binary
    return any(is_one(kind) for is_one in kinds)
