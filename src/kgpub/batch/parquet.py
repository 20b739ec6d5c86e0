"""Records in Parquet: a row each, in the columns that a line of JSON Lines has as keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kgpub.batch.archives import At
from kgpub.batch.envelope import KEYS, record_of_columns
from kgpub.batch.record import Origin, Record, Unread
from kgpub.errors import CallError, SubmissionErrors

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_ROWS = 64
"""Rows that are decoded at a time."""
_OPTIONAL = "submissions"


def require_parquet(path: Path) -> None:
    """Raise CallError where pyarrow is not installed, or the file has not the columns."""
    with _opened(path) as file:
        names = set(file.schema_arrow.names)
    missing = [key for key in KEYS if key not in names and key != _OPTIONAL]
    if missing:
        remedy = f"Columns of text: {', '.join(KEYS)}; the last two are JSON."
        raise CallError(f"{path}: has no column {missing[0]}", remedy)


def parquet_records(path: Path, at: At) -> Iterator[Record | Unread]:
    """Yield the records of a file; `line` is the number of the row, from 1."""
    number = 0
    with _opened(path) as file:
        names = [key for key in KEYS if key in file.schema_arrow.names]
        try:
            for batch in file.iter_batches(_ROWS, columns=names):
                for row in batch.to_pylist():
                    number += 1
                    at(number / file.metadata.num_rows)
                    origin = Origin(path.as_posix(), number)
                    try:
                        yield record_of_columns(row, origin)
                    except SubmissionErrors as errors:
                        yield Unread(origin, "", errors.problems)
        except (OSError, ValueError) as error:  # pyarrow's own are both
            raise CallError(f"{path}: is damaged behind row {number}") from error


def _opened(path: Path) -> ParquetFile:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        remedy = "Install it: pip install 'kgpub[parquet]'"
        raise CallError(f"{path}: Parquet needs pyarrow", remedy) from error
    try:
        return ParquetFile(path)
    except (OSError, ValueError) as error:
        raise CallError(f"{path}: is no Parquet file", "See that it is whole.") from error
