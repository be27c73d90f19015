"""Recognise which standard dataset a table is, in which edition, and whose it is."""

from tedori.engines.tabular.recognising.datasets import recognise
from tedori.engines.tabular.recognising.places import place_of

__all__ = ["place_of", "recognise"]
