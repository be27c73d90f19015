"""The shape of an API token: tdr_<prefix>_<secret>, of which only a digest is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

_SHAPE = re.compile(r"tdr_([0-9a-f]{12})_([0-9A-Za-z_-]{43})")


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A token in full; its repr hides it so that no log or traceback shows it."""

    prefix: str
    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the whole token, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def __repr__(self) -> str:
        return f"Secret(tdr_{self.prefix}_…)"


def new_secret() -> Secret:
    """A fresh token with 256 random bits."""
    prefix = secrets.token_hex(6)
    return Secret(prefix, f"tdr_{prefix}_{secrets.token_urlsafe(32)}")


def parse(text: str) -> Secret | None:
    """The token in `text`, or None when it has not the shape of one."""
    found = _SHAPE.fullmatch(text)
    return Secret(found[1], text) if found else None
