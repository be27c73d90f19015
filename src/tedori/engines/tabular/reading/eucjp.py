"""EUC-JP as Japanese systems really wrote it: with the NEC and IBM characters that the standard lacks."""

from __future__ import annotations

import codecs

_HANDLER = "tedori-eucjp-vendor"


def _vendor_character(error: UnicodeError) -> tuple[str, int]:
    """Decode one double byte outside the standard by way of the same cell in CP932."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    if len(pair) < 2 or min(pair) < 0xA1 or max(pair) > 0xFE:
        raise error
    return _through_cp932(pair, error), error.start + 2


def _through_cp932(pair: bytes, error: UnicodeDecodeError) -> str:
    row, cell = pair[0] - 0xA0, pair[1] - 0xA0
    lead = (row + 1) // 2 + (0x80 if row <= 62 else 0xC0)
    if row % 2:
        trail = cell + (0x3F if cell <= 63 else 0x40)
    else:
        trail = cell + 0x9E
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        raise error from None


codecs.register_error(_HANDLER, _vendor_character)


def decode(data: bytes) -> str:
    """Decode EUC-JP strictly, vendor characters included; raises UnicodeDecodeError."""
    return data.decode("euc_jp", errors=_HANDLER)
