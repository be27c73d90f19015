"""Writing what was standardised: CSV, XLSX, GeoJSON, Parquet, and back in the municipality's own layout."""

from tedori.engines.tabular.writing.feedback import feedback, fix_list
from tedori.engines.tabular.writing.files import OutputRefused, atomically, write_bytes, write_text
from tedori.engines.tabular.writing.harmless import harmless, neutral
from tedori.engines.tabular.writing.tables import (
    WRITERS,
    write_csv,
    write_geojson,
    write_parquet,
    write_xlsx,
)

__all__ = [
    "WRITERS",
    "OutputRefused",
    "atomically",
    "feedback",
    "fix_list",
    "harmless",
    "neutral",
    "write_bytes",
    "write_csv",
    "write_geojson",
    "write_parquet",
    "write_text",
    "write_xlsx",
]
