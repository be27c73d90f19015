"""What the doctor looks at in this room."""

from __future__ import annotations

from collections.abc import Iterator

from tedori.kernel.operations.rules import Finding


def trial() -> Iterator[Finding]:
    """Whether the hub stands open to this machine's own callers."""
    yield from ()


def contexts() -> Iterator[Finding]:
    """Whether the mirror of @contexts can be read."""
    yield from ()
