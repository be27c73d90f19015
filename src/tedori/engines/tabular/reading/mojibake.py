"""Undo texts that were decoded wrongly once and saved as UTF-8, where that is reversible."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tedori.engines.tabular.reading.japanese import plausibility

_JAPANESE = re.compile("[ぁ-ゖァ-ヺ一-龥ｦ-ﾟ]")
_WESTERN = re.compile("[\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
# "UTF-8 read as CP932" turns kana and common kanji into these few characters.
_TELLTALE = re.compile("[縺繧繝譁荳莠蜷謇蟶蟄蛹髮莨遉]")
_CP1252 = {bytes((b,)).decode("cp1252", "replace"): b for b in range(0x80, 0xA0)}


@dataclass(frozen=True, slots=True)
class Undone:
    """A text restored, with the wrong and the right encoding."""

    text: str
    read_as: str
    really: str


def looks_double_encoded(sample: str) -> bool:
    """A quick test on a sample of decoded text."""
    west = len(_WESTERN.findall(sample))
    japanese = len(_JAPANESE.findall(sample))
    if west >= 4 and west > japanese * 20:
        return True
    telltale = len(_TELLTALE.findall(sample))
    return telltale >= 3 and telltale * 5 >= japanese


def undo(text: str) -> Undone | None:
    """The original text, or None when no reversal explains all of it."""
    before = plausibility(text)
    best: Undone | None = None
    score = max(before + 0.4, 0.5)
    for read_as, raw in _original_bytes(text):
        for really in ("utf-8", "cp932", "euc_jp"):
            restored = _decode(raw, really)
            if restored is None or (really, read_as) == ("cp932", "cp932"):
                continue
            if plausibility(restored) > score:
                best, score = Undone(restored, read_as, really), plausibility(restored)
    return best


def _original_bytes(text: str) -> list[tuple[str, bytes]]:
    found = []
    for name, encode in (("latin-1", _latin), ("cp1252", _cp1252), ("cp932", _cp932)):
        raw = encode(text)
        if raw is not None:
            found.append((name, raw))
    return found


def _latin(text: str) -> bytes | None:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _cp1252(text: str) -> bytes | None:
    """CP1252 as browsers do it: the five undefined bytes pass through as control characters."""
    try:
        return b"".join(bytes((_CP1252[c],)) if c in _CP1252 else c.encode("latin-1") for c in text)
    except UnicodeEncodeError:
        return None


def _cp932(text: str) -> bytes | None:
    try:
        return text.encode("cp932")
    except UnicodeEncodeError:
        return None


def _decode(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
