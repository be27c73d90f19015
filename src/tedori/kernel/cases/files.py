"""Keeps attachments: of allowed types only, as large as allowed, under the sha256 of their content."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path, PurePath

from django.conf import settings

from tedori.kernel.cases.models import CaseFile
from tedori.kernel.cases.rules import FileTooLarge, FileTypeRefused
from tedori.kernel.lake.rules import DiskFull
from tedori.kernel.lake.store import NO_ROOM

LIMIT_MB = 20

# What each ending promises: the media type, and how such a file begins (nothing for plain text).
TYPES: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    ".csv": ("text/csv", b""),
    ".txt": ("text/plain", b""),
}


def media_type(name: str, head: bytes | None) -> str:
    """The media type of a file by its ending, when its first bytes agree; raises FileTypeRefused."""
    kind, begins = TYPES.get(PurePath(name).suffix.lower(), ("", b""))
    agrees = head is None or (head.startswith(begins) and (begins or b"\x00" not in head))
    if not kind or not agrees:
        raise FileTypeRefused(types=" ".join(sorted(TYPES)), where=name)
    return kind


def keep(chunks: Iterable[bytes], *, name: str) -> tuple[str, int, str]:
    """Keep content, whole or not at all; returns its sha256, its size and its media type.

    Raises FileTypeRefused, FileTooLarge and DiskFull.
    """
    folder = Path(settings.TEDORI_HOME) / "attachments"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        with draft.open("xb") as file:
            digest, size, kind = hashlib.sha256(), 0, media_type(name, None)
            for chunk in chunks:
                if not size:
                    media_type(name, chunk[:512])
                size += len(chunk)
                if size > LIMIT_MB * 2**20:
                    raise FileTooLarge(limit=LIMIT_MB)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = place(digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        draft.replace(target)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull from error
        raise
    finally:
        draft.unlink(missing_ok=True)
    return digest.hexdigest(), size, kind


def place(sha256: str) -> Path:
    """Where content with this sha256 lies."""
    return Path(settings.TEDORI_HOME) / "attachments" / sha256[:2] / sha256


def damaged() -> list[str]:
    """The sha256 of every attachment whose content is missing or changed."""
    return [
        known
        for known in CaseFile.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
        if not place(known).is_file() or hashlib.sha256(place(known).read_bytes()).hexdigest() != known
    ]
