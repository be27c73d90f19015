"""Map the columns of a table to the items of a standard dataset."""

from tedori.engines.tabular.mapping.columns import map_columns

__all__ = ["map_columns"]
