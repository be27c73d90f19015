"""What a file is, decided from its first bytes and never from its name."""

from __future__ import annotations

import io
import re
import zipfile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"{\\rtf", "RTF"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
_OFFICE = {"word": "binary:Word", "ppt": "binary:PowerPoint", "xl": "xlsx"}
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title)\b", re.I | re.S
)
_XML = re.compile(rb"^\s*<(?:\?xml|[a-z][\w:.-]*[\s/>])", re.I)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.I | re.S)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WIDE = {"utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}
_ORDINARY = re.compile("[\ufeff\t\n\r -~\u3000-ヿ一-龥！-￮①-⓿℀-⅏←-⇿─-◿★☆㈀-㏿\u2010-\u2027×÷°±髙﨑]")
_CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27})


def sniff(head: bytes) -> str:
    """Name the kind of file that begins with these bytes.

    One of "empty", "zip" (also XLSX, see `inside_zip`), "ole", "html", "xml", "json", "text" or
    "binary:<what>". Text in any encoding is "text".
    """
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return "empty"
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return f"binary:{name}"
    if head.startswith(_OLE):
        return "ole"
    if head.startswith(_ZIP):
        return "zip"
    return _sniff_text(head)


def _sniff_text(head: bytes) -> str:
    plain = _without_bom(head)
    if _HTML.match(plain):
        return "html"
    if _XML.match(plain):
        return "xml"
    if plain.lstrip()[:1] in (b"{", b"["):
        return "json"
    if _looks_binary(head):
        return "binary:?"
    return "text"


def _without_bom(head: bytes) -> bytes:
    """The head as ASCII-compatible bytes, so that markup is seen in UTF-16 too.

    Whole characters are decoded: one byte of 葛 (5B 84) would pass for the bracket that begins JSON.
    """
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[:4096].decode("utf-16", errors="replace").encode("ascii", errors="replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def _looks_binary(head: bytes) -> bool:
    """Control characters betray binary data; UTF-16 has NULs, but only in one half of the bytes."""
    sample = head[:65536]
    if sample.startswith(_BOMS):
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls <= len(sample) * 0.02:
        return False
    return not looks_utf16(sample)


def looks_utf16(sample: bytes) -> str | None:
    """Return "utf-16le" or "utf-16be" when the sample reads as ordinary text in that order, else None.

    Swapped bytes turn ASCII and kana into characters that no municipal file holds.
    """
    even = sample[: len(sample) // 2 * 2]
    shares = {name: _ordinary_share(even, codec) for name, codec in _WIDE.items()}
    name = max(shares, key=shares.__getitem__)
    return name if shares[name] >= 0.9 else None


def _ordinary_share(sample: bytes, codec: str) -> float:
    text = sample.decode(codec, errors="replace")
    return len(_ORDINARY.findall(text)) / max(1, len(text))


def inside_zip(data: bytes) -> str:
    """Tell "xlsx", "xlsb", "ods" or another office file from a plain "zip" by its table of contents.

    Raises one of `archives.BROKEN` when the table of contents is missing, as in a file cut off half-way.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "xl/workbook.bin" in names:
            return "xlsb"
        if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype"):
            return "ods"
        if "[Content_Types].xml" in names:
            return _office_kind(names)
    return "zip"


def _office_kind(names: set[str]) -> str:
    folders = {name.partition("/")[0] for name in names if "/" in name}
    return next((kind for folder, kind in _OFFICE.items() if folder in folders), "zip")


def looks_like_workbook(data: bytes) -> bool:
    """Whether the beginning of a broken archive is that of an Excel workbook."""
    return any(mark in data[:4096] for mark in (b"[Content_Types].xml", b"xl/", b"docProps/", b"_rels/.rels"))


def page_title(head: bytes) -> str:
    """The title of a web page, as far as it can be told, to name it in the refusal."""
    found = _TITLE.search(head)
    if not found:
        return ""
    raw = found.group(1).strip()[:200]
    for encoding in ("utf-8", "cp932", "euc-jp"):
        try:
            return " ".join(raw.decode(encoding).split())
        except UnicodeDecodeError:
            continue
    return ""
