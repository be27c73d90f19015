"""Rows beside a header that explain it: types, demands, numbering, English names, examples."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from tedori.engines.tabular.reading.grids import Row, filled
from tedori.engines.tabular.reading.lexicon import is_identifier, names_a_column

_DEMAND = re.compile(
    r"(?:必須|任意|推奨|必須項目|任意項目|推奨項目|条件付き?必須|必|要|required|optional)(?:[（(].*[）)])?",
    re.I,
)
_DEMAND_MARK = re.compile(r"[◎○〇△●★☆▲－ー-]|必須|任意|推奨")
_TYPE = re.compile(
    r"(?:文字列?|テキスト|数値?|数字|整数|小数|実数|日付|時刻|日時|年月日|コード|真偽値?|フラグ|半角英?数?字?|全角文?字?"
    r"|半角数字|半角カナ|全角カナ|カタカナ|url|uri|string|text|int(?:eger)?|number|float|double|decimal|date(?:time)?|time"
    r"|bool(?:ean)?|xsd:\w+|assertion|context|varchar|char)(?:型|\(\d+\)|（.*）|\(.*\))?",
    re.I,
)
_INSTRUCTION = re.compile(
    r"[←↓→⇒]|入力してください|記入してください|記載してください|選択してください|(?:を|は|で)(?:入力|記入|記載|選択)(?:する|。|$)"
    r"|してください|項目名を|プルダウン|半角で|全角で|形式で|ハイフン(?:あり|なし|を)"
)
_EXAMPLE = re.compile(
    r"[【\[（(<＜「※]*\s*(?:記入|入力|記載|データ)?(?:例|見本|サンプル|sample|example)\s*[0-9１-９一二三①-③]*\s*[】\])）>＞」:：]*(?:[:：].*)?",
    re.I,
)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# A row is all explanation or none, so its first cells tell.
_ENOUGH = 14
_EXAMPLE_MARKS = ("例", "見本", "サンプル", "ample", "AMPLE")
_UNIT = re.compile(
    r"[（(\[]?(?:単位[:：]?)?(?:千?人|世帯|[千百]?万?円|㎡|m2|m²|km2?|ha|[%％‰]|件|台|か所|箇所|カ所|個|本|枚|回|日|年|歳|m|kg|t|戸|棟|所|店|校|園)[）)\]]?"
)
_VERSION = re.compile(r"ver(?:sion)?[\s.:：_-]*\d+(?:[.\d]*)?|v\d+(?:\.\d+)*|第?\d+(?:\.\d+)*版", re.I)
_META = re.compile(
    r"#(?:link|lang|attribution\w*|license|licence|file_?name|download\w*|object_?type\w*|property_?context\w*|namespace\w*|type\w*|"
    r"update\w*|version|title|description|source|created|modified|publisher|creator|prefix\w*)|sep=.",
    re.I,
)


def explains(row: Row, header: Row | None = None) -> str | None:
    """What kind of explanation a row is, in Japanese, or None for a row of data or of names.

    `header` is the header row when it is already known; English names beside it are recognised then.
    """
    kind = _kind(tuple(row))
    if kind is None and header is not None and is_english_twin(row, header):
        return "英語の項目名"
    return kind


@lru_cache(maxsize=512)
def _kind(row: tuple[str, ...]) -> str | None:
    full = [_plain(cell) for cell in row if cell and not cell.isspace()]
    if not full:
        return None
    start = full[:_ENOUGH]
    found = next((name for name, test in _TESTS if test(start)), None)
    return found or _numbering(full)


def _numbering(full: list[str]) -> str | None:
    return "列の番号" if _is_numbering(full) else None


def _is_demand(full: list[str]) -> bool:
    body = full[1:] if len(full) > 3 and not _DEMAND_MARK.fullmatch(full[0]) else full
    marks = [cell for cell in body if not _DEMAND.fullmatch(cell)]
    if len(body) < 2 or len(body) - len(marks) < max(1, len(body) * 0.5):
        return False
    return all(map(_DEMAND_MARK.fullmatch, marks))


def _is_type(full: list[str]) -> bool:
    body = full[1:] if len(full) > 2 else full
    return len(body) >= 2 and sum(_TYPE.fullmatch(cell) is not None for cell in body) >= len(body) * 0.9


def _is_numbering(full: list[str]) -> bool:
    """1, 2, 3 … or A, B, C … in at least four columns."""
    if len(full) < 4 or len(full[1]) > 1:
        return False
    if all(map(str.isdecimal, full)):
        first = int(full[0])
        return first < 3 and list(map(int, full)) == list(range(first, first + len(full)))
    return "".join(full) in _ALPHABET and set(map(len, full)) == {1}


def _is_unit(full: list[str]) -> bool:
    return len(full) >= 2 and all(_UNIT.fullmatch(cell) for cell in full)


def _is_instruction(full: list[str]) -> bool:
    told = sum(_INSTRUCTION.search(cell) is not None for cell in full)
    return told >= max(1, len(full) * 0.3) and not (len(full) > 3 and told < 2)


def _is_version(full: list[str]) -> bool:
    return len(full) <= 3 and _VERSION.fullmatch(full[0]) is not None


def _is_metadata(full: list[str]) -> bool:
    return _META.fullmatch(full[0]) is not None


_TESTS = (
    ("付随情報", _is_metadata),
    ("版", _is_version),
    ("必須・任意の別", _is_demand),
    ("データ型", _is_type),
    ("単位", _is_unit),
    ("記入の指示", _is_instruction),
)


def is_example(row: Row) -> bool:
    """Whether one of the first two filled cells says that the row is an example."""
    seen = 0
    for cell in row:
        if cell and not cell.isspace():
            if _says_example(cell):
                return True
            seen += 1
            if seen == 2:
                break
    return False


def _says_example(cell: str) -> bool:
    # The marks are looked for first because this is asked of every row.
    return any(mark in cell for mark in _EXAMPLE_MARKS) and _EXAMPLE.fullmatch(_plain(cell)) is not None


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def is_english_twin(row: Row, header: Row) -> bool:
    """Whether a row holds the English names of a Japanese header."""
    pairs = [(_plain(cell), head) for cell, head in zip(row, header, strict=False) if cell.strip()]
    # A line above the table (更新日, 2026/4/1) or a row of groups is far emptier than the header below it.
    if len(pairs) < max(2, filled(header) * 0.6) or filled(header) < filled(row) * 0.6:
        return False
    cells, heads = zip(*pairs, strict=True)
    if not all(map(_is_english, cells)) or sum(map(str.isascii, heads)) > len(heads) * 0.5:
        return False
    return _are_english_names(cells)


def _are_english_names(cells: Sequence[str]) -> bool:
    named = sum(map(names_a_column, cells))
    return named >= len(cells) * 0.4 and sum(map(_is_name, cells)) >= len(cells) * 0.8


def _is_english(cell: str) -> bool:
    return cell.isascii() and not cell.isdigit()


def _is_name(cell: str) -> bool:
    return names_a_column(cell) or is_identifier(cell.replace(" ", "_").lower())
