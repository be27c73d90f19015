"""Tedori (手取り): the open platform on which a city and its municipalities share what they know."""

__version__ = "0.1.0"
