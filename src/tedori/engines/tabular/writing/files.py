"""Files that are whole or not there: written beside their place, flushed, then renamed into it."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tedori.engines.tabular.values import Message


class OutputRefused(Exception):
    """The output could not be written: which file, why, what to do. `code` and `message` say it to people."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(f"{message.ja} {message.en}")
        self.code = code
        self.message = message


REASONS = {
    errno.ENOSPC: (
        "disk-full",
        "空き容量が足りません。容量を空けてからやり直してください。",
        "The disk is full. Free some space and try again.",
    ),
    errno.EDQUOT: (
        "disk-full",
        "割り当てられた容量を超えました。容量を空けてからやり直してください。",
        "The quota is used up. Free some space and try again.",
    ),
    errno.EACCES: (
        "not-writable",
        "書き込む権限がありません。別の場所を選んでください。",
        "There is no permission to write here. Choose another place.",
    ),
    errno.EROFS: (
        "not-writable",
        "書き込めない場所です。別の場所を選んでください。",
        "This place is read-only. Choose another place.",
    ),
    errno.ENOTDIR: (
        "not-a-folder",
        "フォルダーではありません。別の場所を選んでください。",
        "This is not a folder. Choose another place.",
    ),
    errno.EEXIST: (
        "not-a-folder",
        "同じ名前のファイルがあります。別の場所を選んでください。",
        "A file of this name is in the way. Choose another place.",
    ),
    errno.ENAMETOOLONG: (
        "name-too-long",
        "ファイル名が長すぎます。短い名前にしてください。",
        "The file name is too long. Use a shorter one.",
    ),
}
OTHERWISE = ("not-written", "書き込めませんでした。", "It could not be written.")


def refused(error: OSError, path: Path) -> OutputRefused:
    """Turn an error of the system into a sentence for a person."""
    code, ja, en = REASONS.get(error.errno or 0, OTHERWISE)
    return OutputRefused(code, Message(f"「{path}」: {ja}", f"{path}: {en}"))


def folder(path: Path) -> Path:
    """Make a folder, with those above it; raises OutputRefused."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(error, path) from error
    return path


@contextmanager
def atomically(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path` that takes its place when all went well; raises OutputRefused.

    Whatever goes wrong, what stood at `path` before still stands there and nothing half-written stays.
    """
    draft = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
        os.close(handle)
        draft = Path(name)
        yield draft
        _settle(draft, path)
        draft = None
    except OSError as error:
        raise refused(error, path) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink()


def _settle(draft: Path, path: Path) -> None:
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.chmod(0o666 & ~_umask())
    draft.replace(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a whole file at once; raises OutputRefused."""
    with atomically(path) as draft:
        draft.write_bytes(content)
    return path


def write_text(path: Path, content: str) -> Path:
    """Write a whole text file in UTF-8; raises OutputRefused."""
    return write_bytes(path, content.encode("utf-8"))
