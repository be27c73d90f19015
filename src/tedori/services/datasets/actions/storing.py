"""Keeps received bytes: streamed to disk, measured on the way, renamed into place only when whole."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from tedori.services.datasets.rules.errors import NothingSent, StorageFull, TooLarge

DELIVERIES = "deliveries"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that lie safely on disk; `path` is below the data folder."""

    name: str
    path: str
    sha256: str
    size: int


def home() -> Path:
    """The data folder of this installation."""
    return Path(settings.TEDORI_HOME)


def safe_name(name: str) -> str:
    """A file name without folders, control characters or length that a disk refuses; never empty."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    text = _UNSAFE.sub("_", text).strip(" .") or "file"
    stem, dot, suffix = text.rpartition(".")
    suffix = f"{dot}{suffix[:12]}" if stem else ""
    stem = stem or text
    while len(f"{stem}{suffix}".encode()) > 200:
        stem = stem[:-1]
    return f"{stem}{suffix}"


def store(chunks: Iterable[bytes], *, name: str, organisation: str, limit: int | None = None) -> Stored:
    """Write the chunks to disk; raises NothingSent, TooLarge or StorageFull and then keeps nothing."""
    incoming = home() / DELIVERIES / ".incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    draft = incoming / uuid4().hex
    try:
        sha256, size = _write(draft, chunks, limit=limit or settings.TEDORI_MAX_UPLOAD)
        return _put_in_place(draft, name=safe_name(name), organisation=organisation, sha256=sha256, size=size)
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(where=name) from error
        raise
    except TooLarge as error:
        error.where = name
        raise
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, chunks: Iterable[bytes], *, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with draft.open("xb") as target:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge(limit=filesizeformat(limit))
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if not size:
        raise NothingSent
    return digest.hexdigest(), size


def _put_in_place(draft: Path, *, name: str, organisation: str, sha256: str, size: int) -> Stored:
    folder = home() / DELIVERIES / organisation / sha256
    folder.mkdir(parents=True, exist_ok=True)
    there = next(
        (found for found in folder.iterdir() if found.is_file() and found.stat().st_size == size), None
    )
    place = there or folder / name
    if there is None:
        draft.replace(place)
    return Stored(name, str(place.relative_to(home())), sha256, size)
