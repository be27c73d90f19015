"""Figures of the live hub."""
