"""Which sheets of a workbook are data, and which are covers, explanations, examples or lists of choices."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tedori.engines.tabular.reading import headers
from tedori.engines.tabular.reading.cellvalues import Sheet
from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.grids import filled
from tedori.engines.tabular.reading.headers import Header
from tedori.engines.tabular.values import Finding

_ASIDE = re.compile(
    r"(?:表紙|目次|説明|解説|使い方|使用方法|記入要領|入力要領|記載要領|作成要領|注意|留意|はじめに|readme|cover|凡例|定義|項目定義|データ項目|データ項目定義|"
    r"項目説明|仕様|コード表|コード一覧|コードリスト|選択肢|プルダウン|リスト|マスタ|マスター|master|更新履歴|改訂履歴|変更履歴|改版履歴|履歴|参考|作業用|"
    r"work|tmp|メモ|集計|ピボット|pivot|グラフ).{0,12}|.{0,12}(?:の説明|について|定義書?|仕様書?|要領|記入例|入力例|記載例|作成例|例|見本|サンプル|sample|"
    r"選択肢|リスト用|マスタ)",
    re.I,
)
_EXAMPLE = re.compile(r".*(?:記入例|入力例|記載例|作成例|見本|サンプル|sample|例示?)[)）】]?\d*", re.I)


_Judged = tuple[Sheet, Header]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sheet with its header and why it was chosen."""

    sheet: Sheet
    header: Header
    because: str


def choose(sheets: list[Sheet]) -> tuple[list[Chosen], list[Finding]]:
    """The sheets to read, in their order, and a finding for each sheet that is left out."""
    judged = [(sheet, headers.locate(sheet.grid)) for sheet in sheets]
    chosen = _chosen([(sheet, header) for sheet, header in judged if header is not None])
    names = {sheet.name for sheet, _ in chosen}
    ignored = [_ignored(sheet, header) for sheet, header in judged if sheet.name not in names]
    return [
        Chosen(sheet, header, _because(sheet, len(sheets), len(chosen))) for sheet, header in chosen
    ], ignored


def _chosen(tables: list[_Judged]) -> list[_Judged]:
    """Visible before hidden, plain names before those of covers and examples, convincing before weak."""
    visible = [table for table in tables if table[0].visible] or tables
    plain = [table for table in visible if not _set_apart(table[0].name)]
    return _good(plain) or _good(visible) or plain[:1] or visible[:1]


def _set_apart(name: str) -> bool:
    return _ASIDE.fullmatch(unicodedata.normalize("NFKC", name).strip()) is not None


def _good(tables: list[_Judged]) -> list[_Judged]:
    """The sheets that are convincing beside the best one."""
    worth = [(sheet, header, _worth(sheet, header)) for sheet, header in tables]
    best = max((value for *_, value in worth), default=0.0)
    return [(sheet, header) for sheet, header, value in worth if value >= max(0.35, best * 0.6)]


def _worth(sheet: Sheet, header: Header) -> float:
    """How much a sheet looks like a table: a convincing header, three columns and rows below it."""
    grid = sheet.grid
    if header.first < 0:
        return 0.1
    width = filled(grid.rows[header.last])
    rows = sum(1 for row in grid.rows[header.last + 1 :] if filled(row) >= max(2, width * 0.3))
    worth = header.score
    if width < 3:
        worth *= 0.5
    if rows == 0:
        worth *= 0.4
    return worth


def _ignored(sheet: Sheet, header: Header | None) -> Finding:
    if not sheet.visible:
        why, why_en = "非表示のシート", "hidden"
    elif header is None:
        why, why_en = "空のシート", "empty"
    elif _EXAMPLE.fullmatch(sheet.name):
        why, why_en = "記入例のシート", "an example"
    elif _set_apart(sheet.name):
        why, why_en = "説明や選択肢のシート", "explanations or choices"
    else:
        why, why_en = "表の形をしていない", "not shaped like a table"
    return find("sheet-ignored", sheet=sheet.name, why=why, why_en=why_en, value=sheet.name)


def _because(sheet: Sheet, total: int, chosen: int) -> str:
    if total == 1:
        return f"シートは「{sheet.name}」だけ (the only sheet)"
    if chosen == 1:
        return f"{total}枚のシートのうち「{sheet.name}」を表と判断 (the one table among {total} sheets)"
    return f"{total}枚のシートのうち{chosen}枚を表と判断、その1枚 (one of {chosen} tables in {total} sheets)"
