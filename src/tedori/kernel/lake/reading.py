"""Asks the lake in SQL through a DuckDB that can see the named files and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from tedori.kernel.lake.rules import BadName, QueryRefused

TABLE = re.compile(r"[a-z_][a-z0-9_]*")


def query(
    sql: str, *, files: Mapping[str, Sequence[Path]], params: Sequence[object] | Mapping = ()
) -> pl.DataFrame:
    """The answer to a SELECT over tables made of files; raises QueryRefused."""
    with connected(files) as connection:
        try:
            answer = connection.sql(sql, params=params or None)
            return pl.DataFrame() if answer is None else pl.from_arrow(answer.to_arrow_table())
        except duckdb.Error as error:
            raise QueryRefused(where=str(error).splitlines()[0]) from error


@contextmanager
def connected(files: Mapping[str, Sequence[Path]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection with each table as a view over its files, shut off from everything else."""
    for name in files:
        if not TABLE.fullmatch(name):
            raise BadName(f"table {name!r}")
    connection = duckdb.connect(":memory:")
    try:
        lock_down(connection, [path for paths in files.values() for path in paths])
        for name, paths in files.items():
            connection.read_parquet([str(path) for path in paths], union_by_name=True).create_view(name)
        yield connection
    finally:
        connection.close()


def lock_down(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """Leave the connection able to read these files and nothing else; extensions cannot be fetched."""
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    for setting in (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "python_enable_replacements = false",
        f"allowed_paths = [{listed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
