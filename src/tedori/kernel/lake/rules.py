"""What a stored version is, how its files are named, and what can be wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*")
PARTITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored version: its path below the lake's root, its sha256 (hex), rows and bytes."""

    path: str
    sha256: str
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Something wrong in the lake: a stable `code` (missing, changed, unreadable) and the file."""

    code: str
    path: str


class BadName(ValueError):
    """A dataset, partition or version that cannot be a file name: the caller's bug."""


class VersionExists(UserError):
    """A version never changes; different content needs a new number."""

    code = "version-exists"
    status = 409
    words = Words(
        _("この版はすでに保存されていて、内容が異なります。"), _("新しい版番号で保存してください。")
    )


class VersionMissing(UserError):
    """The file of a version is not in the lake."""

    code = "version-missing"
    status = 404
    words = Words(
        _("保存されているはずのデータが見つかりません。"),
        _("管理者に連絡し、tedori doctor で確かめてください。"),
    )


class DiskFull(UserError):
    """There is no room for the file; nothing was kept of it."""

    code = "disk-full"
    status = 507
    words = Words(
        _("ディスクの空きが足りないため、保存できませんでした。以前のデータはそのまま残っています。"),
        _("管理者に連絡し、空きを作ってからやり直してください。"),
    )


class QueryRefused(UserError):
    """DuckDB did not run the query."""

    code = "query-refused"
    words = Words(_("この問い合わせは実行できません。"), _("条件を見直してください。"))


def folder(dataset: str, partition: str) -> str:
    """The folder of a partition, relative to the root; raises BadName."""
    if not PARTITION.fullmatch(partition):
        raise BadName(f"{dataset!r} / {partition!r}")
    return f"{named(dataset)}/{partition}"


def named(dataset: str) -> str:
    """The name of a dataset, which is its folder relative to the root; raises BadName."""
    if not NAME.fullmatch(dataset):
        raise BadName(repr(dataset))
    return dataset


def stem(version: int) -> str:
    """The file name of a version without its ending; names sort like numbers."""
    if version < 1:
        raise BadName(f"version {version}")
    return f"v{version:06d}"
