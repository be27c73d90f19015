"""Read any municipal table: format, encoding, delimiter, sheet, header and end found from the content."""

from tedori.engines.tabular.reading.limits import Limits
from tedori.engines.tabular.reading.reader import read, read_bytes

__all__ = ["Limits", "read", "read_bytes"]
