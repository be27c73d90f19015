"""What nobody may see of a registration (tokens for partners), encrypted by the installation's secret."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from tedori.engines.ngsild.registrations.documents import HIDDEN, is_secret


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"tedori live registrations\n" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def seal(document: dict[str, Any], sealed: str = "") -> tuple[dict[str, Any], str]:
    """The document without its secret values, and these encrypted.

    A value that is hidden already stays what it was in `sealed`, so that what was read can be written back.
    """
    pairs = document.get("contextSourceInfo", ())
    before = unsealed(sealed)
    secret = {
        pair["key"]: before.get(pair["key"], "") if pair["value"] == HIDDEN else pair["value"]
        for pair in pairs
        if is_secret(pair["key"])
    }
    if not secret:
        return document, ""
    shown = [{**pair, "value": HIDDEN} if pair["key"] in secret else pair for pair in pairs]
    return {**document, "contextSourceInfo": shown}, _fernet().encrypt(orjson.dumps(secret)).decode()


def unsealed(sealed: str) -> Mapping[str, str]:
    """The secret values; none when the installation's secret is another one by now."""
    if not sealed:
        return {}
    try:
        return orjson.loads(_fernet().decrypt(sealed.encode()))
    except InvalidToken:
        return {}
