"""A backup file: a compressed tar whose last member is the manifest with the checksum of every other one."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from tedori.kernel.lake.rules import DiskFull
from tedori.kernel.lake.store import NO_ROOM, sha256
from tedori.kernel.operations.rules import FORMAT, BackupDamaged, BackupExists, BackupMissing, compression

MANIFEST = "manifest.json"


@dataclass(slots=True)
class Draft:
    """A backup that is being written."""

    tar: tarfile.TarFile
    files: dict[str, dict[str, object]] = field(default_factory=dict)

    def add(self, source: Path, name: str) -> None:
        """Add a file under a name, as long as it is when it is opened; skip it when it has vanished."""
        try:
            opened = source.open("rb")
        except FileNotFoundError:
            return
        with opened:
            entry = tarfile.TarInfo(name)
            entry.size = os.fstat(opened.fileno()).st_size
            entry.mode = 0o600
            hashed = _Hashed(opened)
            self.tar.addfile(entry, hashed)
        self.files[name] = {"sha256": hashed.hash.hexdigest(), "bytes": entry.size}


class _Hashed(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, source: io.BufferedReader) -> None:
        self.source, self.hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        block = self.source.read(size)
        self.hash.update(block)
        return block


@contextmanager
def writing(path: Path, about: Mapping[str, object]) -> Iterator[Draft]:
    """Write a backup that appears under its name only when it is whole, readable by its owner only.

    Raises BackupName, BackupExists, DiskFull.
    """
    kind = compression(path)
    if path.exists():
        raise BackupExists(where=str(path))
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with (
            pa.output_stream(part, compression=kind) as stream,
            tarfile.open(fileobj=stream, mode="w|") as tar,
        ):
            draft = Draft(tar)
            yield draft
            body = json.dumps({"format": FORMAT, **about, "files": draft.files}, ensure_ascii=False).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size, entry.mode = len(body), 0o600
            tar.addfile(entry, io.BytesIO(body))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull(where=str(path)) from error
        raise
    finally:
        part.unlink(missing_ok=True)


def unpack(path: Path, into: Path) -> dict[str, object]:
    """Unpack a backup into an empty folder and verify every file; returns the manifest.

    Raises BackupMissing, BackupDamaged (also for names that lead outside, links and devices), DiskFull.
    """
    kind = compression(path)
    if not path.is_file():
        raise BackupMissing(where=str(path))
    try:
        with (
            pa.input_stream(path, compression=kind) as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            for entry in tar:
                if not entry.isreg():
                    raise BackupDamaged(where=entry.name)
                tar.extract(entry, into, filter="data")
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull(where=str(into)) from error
        raise BackupDamaged(where=str(path)) from error
    except (tarfile.TarError, EOFError, pa.ArrowException) as error:
        raise BackupDamaged(where=str(path)) from error
    return _verified(into, path)


def _verified(folder: Path, path: Path) -> dict[str, object]:
    """The manifest, once every file has been found to be what it says."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        listed = {name: (about["sha256"], about["bytes"]) for name, about in manifest["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamaged(where=str(path)) from error
    if manifest.get("format") != FORMAT:
        raise BackupDamaged(where=str(manifest.get("format")))
    found = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} - {MANIFEST}
    for name in sorted(found ^ set(listed)):
        raise BackupDamaged(where=name)
    for name, expected in listed.items():
        file = folder / name
        if (sha256(file), file.stat().st_size) != expected:
            raise BackupDamaged(where=name)
    return manifest
