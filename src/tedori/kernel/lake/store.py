"""Writes, opens and verifies versions: a file counts only once its manifest stands beside it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
from django.conf import settings

from tedori.kernel.lake import reading, rules
from tedori.kernel.lake.rules import Damage, DiskFull, Stored, VersionExists, VersionMissing

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# Leftovers younger than this may belong to a writer who is still at it.
SWEEP_AFTER_SECONDS = 6 * 3600


class Lake:
    """The versions below one folder.

    A version is two files: `v000007-<start of sha256>.parquet`, written first, and `v000007.json`, its
    manifest, linked into place last and never replaced. Without a manifest a version does not exist.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, *, dataset: str, partition: str, version: int, frame: pl.DataFrame) -> Stored:
        """Keep a frame as a version; doing it again with the same content changes nothing.

        Raises VersionExists when the version holds something else, DiskFull when there is no room.
        """
        folder, stem = rules.folder(dataset, partition), rules.stem(version)
        place = self.root / folder
        try:
            place.mkdir(parents=True, exist_ok=True)
            temporary = place / f".{stem}-{secrets.token_hex(8)}.tmp"
            with _removed_afterwards(temporary):
                _write_parquet(frame, temporary)
                digest = sha256(temporary)
                stored = Stored(
                    path=f"{folder}/{stem}-{digest[:12]}.parquet",
                    sha256=digest,
                    rows=frame.height,
                    bytes=temporary.stat().st_size,
                )
                return self._commit(stored, temporary, manifest=place / f"{stem}.json")
        except OSError as error:
            if error.errno in NO_ROOM:
                raise DiskFull from error
            raise

    def _commit(self, stored: Stored, temporary: Path, *, manifest: Path) -> Stored:
        """Bring the file to its name and then, all or nothing, its manifest."""
        if manifest.exists():
            return self._same(stored, manifest)
        temporary.replace(self.root / stored.path)
        _sync_folder(manifest.parent)
        text = json.dumps(asdict(stored), sort_keys=True).encode()
        draft = manifest.with_name(f".{manifest.stem}-{secrets.token_hex(8)}.tmp")
        with _removed_afterwards(draft):
            with draft.open("wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            try:
                manifest.hardlink_to(draft)  # unlike a rename this never replaces another's manifest
            except FileExistsError:
                return self._same(stored, manifest)
        _sync_folder(manifest.parent)
        return stored

    def _same(self, stored: Stored, manifest: Path) -> Stored:
        """The stored version when it has the same content; raises VersionExists."""
        known = _manifest(manifest)
        if known is None or known.sha256 != stored.sha256:
            raise VersionExists(where=stored.path)
        return known

    def path(self, path: str) -> Path:
        """The full path of a stored file; raises VersionMissing, also for a path that leads outside."""
        full = (self.root / path).resolve()
        if not full.is_relative_to(self.root.resolve()) or not full.is_file():
            raise VersionMissing(where=path)
        return full

    def open(self, path: str) -> pl.LazyFrame:
        """The rows of a stored version, read as they are asked for; raises VersionMissing."""
        return pl.scan_parquet(self.path(path))

    def query(
        self, sql: str, *, tables: Mapping[str, Sequence[str]], params: Sequence[object] | Mapping = ()
    ) -> pl.DataFrame:
        """The answer to a SELECT over stored versions; values belong into `params`, never into `sql`.

        `tables` maps a table name to stored paths, whose rows are put under each other by column name.
        Raises VersionMissing for an unknown path and QueryRefused when DuckDB cannot or may not answer.
        """
        files = {name: [self.path(path) for path in paths] for name, paths in tables.items()}
        return reading.query(sql, files=files, params=params)

    def newest(self, dataset: str) -> dict[str, tuple[int, Stored]]:
        """The last version of each partition of a dataset, with its number, by partition."""
        found: dict[str, tuple[int, Stored]] = {}
        for manifest in sorted((self.root / rules.named(dataset)).glob("*/v*.json")):
            stored = _manifest(manifest)
            if stored is not None:
                found[manifest.parent.name] = (int(manifest.stem[1:]), stored)
        return found

    def forget(self, stored: Stored, *, version: int) -> None:
        """Take a version out of the lake for good, because what it holds must not be kept any longer."""
        file = self.root / stored.path
        (file.parent / f"{rules.stem(version)}.json").unlink(missing_ok=True)
        file.unlink(missing_ok=True)

    def manifests(self) -> Iterator[tuple[Path, Stored | None]]:
        """Every manifest below the root with what it says; None when it cannot be read."""
        for manifest in sorted(self.root.rglob("v*.json")):
            yield manifest, _manifest(manifest)

    def verify(self) -> tuple[Damage, ...]:
        """Compare every version with its manifest; nothing found means that all are as they were written."""
        return tuple(damage for found in self.manifests() if (damage := self._damage(*found)))

    def _damage(self, manifest: Path, stored: Stored | None) -> Damage | None:
        if stored is None:
            return Damage("unreadable", str(manifest.relative_to(self.root)))
        file = self.root / stored.path
        if not file.is_file():
            return Damage("missing", stored.path)
        return None if sha256(file) == stored.sha256 else Damage("changed", stored.path)

    def sweep(self, *, older_than: float = SWEEP_AFTER_SECONDS, now: float | None = None) -> int:
        """Remove what crashes left behind, once it is older than so many seconds; returns how many files."""
        before = (time.time() if now is None else now) - older_than
        known = {stored.path for _, stored in self.manifests() if stored}
        swept = 0
        for file in [*self.root.rglob(".v*.tmp"), *self.root.rglob("v*.parquet")]:
            left_over = file.suffix == ".tmp" or str(file.relative_to(self.root)) not in known
            if left_over and file.stat().st_mtime < before:
                file.unlink(missing_ok=True)
                swept += 1
        return swept


def house_lake() -> Lake:
    """The lake of this installation."""
    return Lake(Path(settings.TEDORI_HOME) / "lake")


def sha256(path: Path) -> str:
    """The sha256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write, and see it on the disk; through our own file, so that an error keeps its number."""
    with path.open("xb") as file:
        pq.write_table(frame.to_arrow(), file, compression="zstd", row_group_size=131_072)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _manifest(path: Path) -> Stored | None:
    try:
        return Stored(**json.loads(path.read_bytes()))
    except (ValueError, TypeError, OSError):
        return None


@contextmanager
def _removed_afterwards(path: Path) -> Iterator[None]:
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
