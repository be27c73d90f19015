"""From any municipal table to a standard dataset: read, recognise, map, shape, repair, check, report."""

COMMAND = "standardise"
