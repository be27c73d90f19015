"""Build the standard frame of a dataset from a table and the matches of its columns."""

from tedori.engines.tabular.shaping.frames import EXTRA, standard_frame

__all__ = ["EXTRA", "standard_frame"]
