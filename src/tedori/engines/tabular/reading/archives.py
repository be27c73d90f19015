"""What is inside a ZIP archive, read in memory within bounds; nothing is ever written to disk."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tedori.engines.tabular.reading.limits import Limits
from tedori.engines.tabular.reading.refusals import Declined

# What the standard library raises over damaged archives.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    RuntimeError,
    OverflowError,
)
_BLOCK = 1 << 20
_NOISE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; `safe` is False when its name points outside the archive."""

    name: str
    safe: bool
    info: zipfile.ZipInfo


def guard(data: bytes, limits: Limits) -> None:
    """Decline an archive (or workbook) that would unpack to too much or is not whole."""
    with _open(data) as archive:
        infos = archive.infolist()
        if len(infos) > limits.members:
            raise Declined("archive-bomb", what=f"ファイル{len(infos):,}個", what_en=f"{len(infos):,} files")
        total = sum(info.file_size for info in infos)
        packed = max(1, sum(info.compress_size for info in infos))
        _guard_sizes(total, packed, limits)
        if packed * 1032 > limits.unpacked:
            _measure(archive, infos)


def _guard_sizes(total: int, packed: int, limits: Limits) -> None:
    """Decline by the sizes that the table of contents tells."""
    if total > limits.unpacked:
        raise Declined("archive-bomb", what=f"展開すると{total:,}バイト", what_en=f"{total:,} bytes")
    if total > 10 * _BLOCK and total / packed > limits.ratio:
        raise Declined(
            "archive-bomb", what=f"圧縮率が{total // packed}倍", what_en=f"{total // packed} times"
        )


def _measure(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Unpack without keeping, because the sizes in the table of contents may lie."""
    for info in infos:
        if info.flag_bits & 1:
            continue
        for _ in _blocks(archive, info):
            pass


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    seen = 0
    try:
        with archive.open(info) as stream:
            while block := stream.read(_BLOCK):
                seen += len(block)
                if seen > info.file_size:
                    name = info.filename
                    raise Declined("archive-bomb", what=f"{name}の大きさの記載が偽り", what_en=f"{name} lies")
                yield block
    except BROKEN as error:
        raise Declined("broken-archive", what=f"{info.filename}: {error}") from None


def members(data: bytes) -> list[Member]:
    """The files of an archive, folders and the litter of operating systems left out."""
    with _open(data) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
    named = [(true_name(info), info) for info in infos]
    return [Member(name, is_safe(name), info) for name, info in named if not _is_noise(name)]


def content(data: bytes, member: Member) -> bytes:
    """The bytes of one member; raises Declined when it is encrypted or damaged."""
    if member.info.flag_bits & 1:
        raise Declined("encrypted-archive", what=member.name)
    with _open(data) as archive:
        return b"".join(_blocks(archive, member.info))


def _open(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise Declined("broken-archive", what=str(error)) from None


def true_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Windows writes CP932 where the format says CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def is_safe(name: str) -> bool:
    """Whether a member's name stays inside the archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    return (
        not path.is_absolute() and ".." not in path.parts and ":" not in path.parts[0]
        if path.parts
        else False
    )


def _is_noise(name: str) -> bool:
    return (
        name.startswith(_NOISE[0])
        or PurePosixPath(name).name in _NOISE
        or PurePosixPath(name).name.startswith("._")
    )
