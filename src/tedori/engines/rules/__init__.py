"""Benefit rules as data, with three-valued answers: who may get what, why, what is missing, what to ask."""
