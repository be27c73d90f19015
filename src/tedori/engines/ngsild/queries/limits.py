"""How much a query may ask for."""

from __future__ import annotations

from tedori.engines.ngsild.errors import NgsiLdError

MAX_LENGTH = 8192
MAX_DEPTH = 24
MAX_TERMS = 128
MAX_OPERANDS = 256
MAX_STEPS = 10


def too_complex(what: str, limit: int) -> NgsiLdError:
    """The error for a query beyond a limit."""
    return NgsiLdError(
        "TooComplexQuery", f"The query has too many {what}", detail=f"at most {limit}", where="q"
    )
