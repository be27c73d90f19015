"""From the bytes of a text file to clean UTF-8, with everything told that had to be undone on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tedori.engines.tabular.reading import encodings, mojibake
from tedori.engines.tabular.reading.encodings import Choice
from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.japanese import plausibility
from tedori.engines.tabular.reading.refusals import Declined
from tedori.engines.tabular.values import Finding

# Three Japanese characters of UTF-8 in a row practically never arise in CP932.
_UTF8_JAPANESE = re.compile(rb"(?:\xe3[\x80-\x83][\x80-\xbf]|[\xe4-\xe9][\x80-\xbf]{2}){4,}")
_COMMON = ("utf-8", "cp932", "euc-jp")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with its encoding; `damaged` are the physical lines (from 1) that are
    not to be trusted, with the code of the finding."""

    text: str
    encoding: str
    because: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    damaged: dict[int, str] = field(default_factory=dict)


def decode(data: bytes) -> Decoded:
    """Decode all of a text file; raises Declined when no encoding explains enough of it."""
    choice = encodings.choose(data)
    if choice is None:
        return _tidy(_salvage(data))
    if choice.encoding == "cp932" and _UTF8_JAPANESE.search(data):
        return _tidy(_salvage(data))
    text = encodings.decode(data, choice.encoding)
    return _tidy(_undo_double(text, choice))


def _undo_double(text: str, choice: Choice) -> Decoded:
    because = (choice.because,)
    if choice.encoding not in ("utf-8", "utf-8-sig") or not mojibake.looks_double_encoded(text[:200000]):
        return Decoded(text, choice.encoding, because)
    undone = mojibake.undo(text)
    if undone is None:
        return Decoded(text, choice.encoding, because, (find("garbled"),))
    told = find("double-encoding-undone", read_as=undone.read_as, really=undone.really)
    why = f"{undone.really}を{undone.read_as}として読んだ文字化けを元に戻した (double encoding undone)"
    return Decoded(undone.text, choice.encoding, (*because, why), (told,))


def _salvage(data: bytes) -> Decoded:
    """Read line by line what no single encoding explains; lines that fit none are marked as damaged."""
    main, lines = _main_encoding(data)
    texts: list[str] = []
    findings: list[Finding] = []
    damaged: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        text, encoding = _decode_line(line, main)
        if encoding is None:
            text, damaged[number] = _damaged_line(line, main, last=number == len(lines))
        elif encoding != main:
            findings.append(find("mixed-encoding", row=number, other=encoding, main=main))
        texts.append(text)
    why = f"全体に合う文字コードがないため、行ごとに{main}として読み、合わない行を取り分けた (row by row)"
    label = "utf-8-sig" if main == "utf-8" and data.startswith(b"\xef\xbb\xbf") else main
    return Decoded("\n".join(texts).removeprefix("\ufeff"), label, (why,), tuple(findings), damaged)


def _main_encoding(data: bytes) -> tuple[str, list[bytes]]:
    wide = encodings.bom_of(data) or _bomless_wide(data)
    if wide is not None and wide.encoding.startswith("utf-16"):
        return wide.encoding, _wide_lines(data, wide.encoding)
    return _main_of_bytes(data)


def _main_of_bytes(data: bytes) -> tuple[str, list[bytes]]:
    """The common encoding that explains most lines; UTF-8, which hardly arises by chance, wins by half."""
    lines = data.split(b"\n")
    telling = [line for line in lines if not line.isascii()]
    share = {name: _share(telling, name) for name in _COMMON}
    best = "utf-8" if share["utf-8"] >= 0.5 else max(share, key=share.__getitem__)
    if share[best] < 0.5:
        raise Declined(
            "unknown-encoding",
            what=f"読める行は{share[best]:.0%}だけ",
            what_en=f"only {share[best]:.0%} of the lines can be read",
        )
    return best, lines


def _bomless_wide(data: bytes) -> Choice | None:
    name = encodings.looks_utf16(data[:65536]) if b"\x00" in data[:65536] else None
    return Choice(name, "") if name else None


def _wide_lines(data: bytes, encoding: str) -> list[bytes]:
    newline = "\n".encode("utf-16-le" if encoding == "utf-16le" else "utf-16-be")
    pieces, start = [], 0
    while (at := data.find(newline, start)) >= 0:
        if at % 2:
            at = data.find(newline, at + 1)
            if at < 0:
                break
        pieces.append(data[start:at])
        start = at + 2
    return [*pieces, data[start:]]


def _share(lines: list[bytes], encoding: str) -> float:
    """The share of non-ASCII lines that this encoding explains as likely Japanese."""
    if not lines:
        return 0.0
    step = max(1, len(lines) // 2000)
    sample = lines[::step]
    good = sum(
        (text := encodings.decodes(line, encoding)) is not None and plausibility(text) > 0.1
        for line in sample
    )
    return good / len(sample)


def _decode_line(line: bytes, main: str) -> tuple[str, str | None]:
    plain = encodings.decodes(line, main)
    if plain is not None and not _is_hidden_utf8(line, main):
        return plain, main
    for other in _COMMON:
        text = encodings.decodes(line, other) or ""
        if plausibility(text) > 0.4:
            return text, other
    return ("", None) if plain is None else (plain, main)


def _is_hidden_utf8(line: bytes, main: str) -> bool:
    return main == "cp932" and _UTF8_JAPANESE.search(line) is not None


def _damaged_line(line: bytes, main: str, *, last: bool) -> tuple[str, str]:
    codec = {"utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "euc-jp": "euc_jp"}.get(main, main)
    text = line.decode(codec, errors="replace")
    return text, "cut-off" if last and "\ufffd" not in text.rstrip("\ufffd") else "invalid-bytes"


def _tidy(decoded: Decoded) -> Decoded:
    """Remove NUL characters and tell of private-use characters."""
    told = list(decoded.findings)
    text = decoded.text
    if "\x00" in text:
        told.append(find("null-characters", count=text.count("\x00")))
        text = text.replace("\x00", "")
    private = len(_PRIVATE.findall(text)) if decoded.encoding != "utf-8" or not text.isascii() else 0
    if private:
        told.append(find("private-characters", count=private))
    return Decoded(text, decoded.encoding, decoded.because, tuple(told), decoded.damaged)
