"""Secrets as they are kept: encrypted under a key that follows from the installation's own. Pure."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"tedori live partners"


class Sealed(Exception):
    """The secret was locked under another key: the installation's key has changed."""


def locked(text: str, *, key: str) -> str:
    """The text so that only this installation can read it; "" stays ""."""
    return _fernet(key).encrypt(text.encode()).decode() if text else ""


def opened(kept: str, *, key: str) -> str:
    """The text again; raises Sealed."""
    try:
        return _fernet(key).decrypt(kept.encode()).decode() if kept else ""
    except InvalidToken:
        raise Sealed from None


def _fernet(key: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(made))
