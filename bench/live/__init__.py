"""Figures of the live hub, each on SQLite and on PostgreSQL, beside a bare handler where one can be had."""
