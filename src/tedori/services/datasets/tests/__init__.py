"""Tests of the datasets service."""
