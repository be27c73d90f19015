"""Which encoding a text is written in, by proof: BOM, strict UTF-8, UTF-16, scored CP932 and EUC-JP.

The names used in `Source.encoding` are "utf-8" (also pure ASCII), "utf-8-sig" (with BOM), "utf-16le",
"utf-16be" (with or without BOM), "utf-32", "cp932" (Shift_JIS as Windows writes it), "euc-jp" and
"iso-2022-jp".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tedori.engines.tabular.reading import eucjp
from tedori.engines.tabular.reading.formats import looks_utf16
from tedori.engines.tabular.reading.japanese import plausibility

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
)
_NON_ASCII = re.compile(rb"[^\x00-\x7f][^\r\n]{0,200}")


@dataclass(frozen=True, slots=True)
class Choice:
    """An encoding and the sentence that says why."""

    encoding: str
    because: str


def _plain(codec: str) -> Callable[[bytes], str]:
    return lambda data: data.decode(codec)


_DECODERS: dict[str, Callable[[bytes], str]] = {
    "utf-8": _plain("utf-8"),
    "utf-8-sig": _plain("utf-8-sig"),
    "utf-16le": lambda data: data.decode("utf-16-le").removeprefix("\ufeff"),
    "utf-16be": lambda data: data.decode("utf-16-be").removeprefix("\ufeff"),
    "utf-32": _plain("utf-32"),
    "cp932": _plain("cp932"),
    "euc-jp": eucjp.decode,
    "iso-2022-jp": _plain("iso2022_jp_ext"),
}


def decode(data: bytes, encoding: str) -> str:
    """Decode strictly under one of the names above; raises UnicodeDecodeError."""
    return _DECODERS[encoding](data)


def decodes(data: bytes, encoding: str) -> str | None:
    """The decoded text, or None when a byte does not fit."""
    try:
        return decode(data, encoding)
    except UnicodeDecodeError:
        return None


def bom_of(data: bytes) -> Choice | None:
    """The encoding that a byte order mark declares."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Choice(name, f"先頭のBOMから{name}と判断 (byte order mark)")
    return None


def choose(data: bytes) -> Choice | None:
    """The one encoding in which all of `data` can be read, or None when none fits everywhere."""
    declared = bom_of(data)
    if declared is not None:
        return declared if decodes(data, declared.encoding) is not None else None
    return _undeclared(data)


def _undeclared(data: bytes) -> Choice | None:
    """Choose where no byte order mark says anything."""
    wide = looks_utf16(data[:65536]) if b"\x00" in data[:65536] else None
    if wide and decodes(data, wide) is not None:
        return Choice(wide, f"BOMはないが、NULバイトの並びと改行から{wide}と判断 (where NUL bytes stand)")
    if decodes(data, "utf-8") is not None:
        return _utf8_or_escape(data)
    return _choose_japanese(data)


def _utf8_or_escape(data: bytes) -> Choice:
    if data.isascii():
        if b"\x1b$" in data and decodes(data, "iso-2022-jp") is not None:
            return Choice("iso-2022-jp", "エスケープ列からiso-2022-jpと判断 (escape sequences)")
        return Choice("utf-8", "ASCII文字だけなのでutf-8として読める (ASCII alone)")
    return Choice("utf-8", "すべてのバイトがutf-8として正しい (every byte is right in utf-8)")


def _choose_japanese(data: bytes) -> Choice | None:
    """CP932 or EUC-JP: the one that decodes everything, and among two the more plausible Japanese."""
    sample = telling_sample(data)
    scores = {
        name: plausibility(decode_leniently(sample, name))
        for name in ("cp932", "euc-jp")
        if decodes(data, name) is not None
    }
    good = {name: score for name, score in scores.items() if score > 0.2}
    if not good:
        return None
    name = max(good, key=good.__getitem__)
    if len(scores) == 1:
        return Choice(
            name, f"utf-8ではなく、全体が{name}として読める (all of it reads in {name}, {good[name]:.2f})"
        )
    other = "euc-jp" if name == "cp932" else "cp932"
    why = (
        f"日本語らしさは{name}が{good[name]:.2f}、{other}が{scores[other]:.2f}なので{name}と判断 "
        f"(likelier Japanese in {name} than in {other})"
    )
    return Choice(name, why)


def telling_sample(data: bytes, size: int = 60000) -> bytes:
    """The parts of a long file that are not ASCII, spread over all of it."""
    if len(data) <= size:
        return data
    pieces = []
    step = max(1, len(data) // 12)
    for start in range(0, len(data), step):
        window = data[start : start + step]
        first = _NON_ASCII.search(window)
        if first:
            line = window.rfind(b"\n", 0, first.start()) + 1
            pieces.append(
                window[line : line + size // 12].rpartition(b"\n")[0] or window[line : line + size // 12]
            )
    return b"\n".join(pieces)


def decode_leniently(data: bytes, encoding: str) -> str:
    """Decode a sample whose ends may be cut, dropping lines that do not fit."""
    whole = decodes(data, encoding)
    if whole is not None:
        return whole
    lines = (decodes(line, encoding) for line in data.split(b"\n"))
    return "\n".join(line for line in lines if line is not None)
