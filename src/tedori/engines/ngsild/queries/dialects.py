"""What differs between databases in the SQL of a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tedori.engines.ngsild.queries.rows import Rows, Sql, path_parameter
from tedori.engines.ngsild.queries.tree import Geo, Path


@dataclass(frozen=True, slots=True)
class Dialect:
    """The constant pieces of SQL of one database.

    `pattern`, `document`, `columns`, `among` and `key` hold names of columns or further SQL in braces, never
    values. `same` compares where NULL equals NULL. `boxed` is the origin of places whose box meets
    `?, ?, ?, ?` (west, south, east, north), `boxes` that of the boxes alone. `among` goes by a query of ids,
    `key` is what an index of texts holds, if not the whole. `spot` writes the relation of a place that is a
    point, whose box says all, without reading its geometry; `metres` its distance from a position in degrees.
    """

    name: str
    placeholder: str
    same: str
    pattern: str
    document: str
    columns: tuple[str, str, str, str, str]
    boxed: str
    boxes: str
    among: str
    key: str
    spot: Callable[[Geo], Sql]
    metres: Callable[[float, float], Sql]

    def found(self, text: str) -> str:
        """The test that a pattern (`?`) is found in the column."""
        return self.pattern.format(text=text)

    def document_rows(self, path: Path, entity: str, alias: str) -> Rows:
        """The rows that the dialect's function reads from the entity's document."""
        origin = Sql(
            f"{self.document.format(doc=f'{entity}.doc', alias=alias)} WHERE 1 = 1", (path_parameter(path),)
        )
        return Rows(origin, *(column.format(alias=alias) for column in self.columns))

    def written(self, sql: Sql) -> Sql:
        """The piece with this database's placeholders."""
        return sql if self.placeholder == "?" else Sql(sql.text.replace("?", self.placeholder), sql.params)
