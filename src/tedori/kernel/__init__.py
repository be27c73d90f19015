"""Plumbing without a single domain word."""
