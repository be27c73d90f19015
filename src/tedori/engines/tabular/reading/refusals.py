"""The reasons for which a file is declined, each saying what, where and what to do."""

from __future__ import annotations

from tedori.engines.tabular.values import Message, Refusal

_SAVE_AGAIN_JA = "元のファイルを開き直し、CSV(UTF-8)またはXLSXで保存し直してからお試しください。"
_SAVE_AGAIN_EN = "Open the original, save it again as CSV (UTF-8) or XLSX, and try once more."

_TEXTS: dict[str, tuple[str, str]] = {
    "file-missing": (
        "ファイルを開けません: {what}。場所と読み取り権限を確認してください。",
        "The file cannot be opened: {what_en}. Check where it is and whether it may be read.",
    ),
    "empty-file": (
        "ファイルが空です(中身が0行)。送信が途中で切れていないか、元のファイルを確認してください。",
        "The file is empty. Check the original, and whether the transfer was cut off.",
    ),
    "too-large": (
        "ファイルが大きすぎます({size:,}バイト、上限{limit:,}バイト)。年度や地域で分けてください。",
        "The file is too large ({size:,} bytes, limit {limit:,}). Split it, for example by year or district.",
    ),
    "too-many-columns": (
        "列が多すぎます({count:,}列、上限{limit:,}列)。区切り文字の誤りや、行と列が入れ替わっていないか"
        "確認してください。",
        "There are too many columns ({count:,}, limit {limit:,}). Check the delimiter, and whether rows and "
        "columns are exchanged.",
    ),
    "html-page": (
        "表ではなくWebページ(HTML)です{title}。リンク切れの可能性があります。ダウンロード元のURLを確認し、"
        "データのファイルそのものを取得してください。",
        "This is a web page (HTML), not a table{title_en}. The link may be dead: check the address and "
        "fetch the data file itself.",
    ),
    "not-a-table": (
        "表のデータではありません({what})。CSV、TSV、XLSX、XLS、ZIP、GeoJSONのいずれかを渡してください。",
        "This is not tabular data ({what_en}). Give a CSV, TSV, XLSX, XLS, ZIP or GeoJSON file.",
    ),
    "encrypted-workbook": (
        "パスワードで保護されたExcelファイルです。Excelで開き、「ファイル > 情報 > ブックの保護」で"
        "パスワードを外して保存し直してください。",
        "The workbook is protected by a password. Open it in Excel, remove the password under File > Info > "
        "Protect Workbook, and save it again.",
    ),
    "broken-workbook": (
        "Excelファイルが壊れているか、途中で切れています({what})。" + _SAVE_AGAIN_JA,
        "The workbook is damaged or cut off ({what_en}). " + _SAVE_AGAIN_EN,
    ),
    "sheet-too-vast": (
        "シートの使われている範囲が広すぎます({what})。表から離れたセルに値が残っていないか確認し、"
        "余分な行と列を削除して保存し直してください。",
        "The used area of a sheet is too vast ({what_en}). Look for stray cells far from the table, delete "
        "the superfluous rows and columns, and save the workbook again.",
    ),
    "old-format": (
        "{what}形式のファイルです。ExcelなどでXLSXまたはCSVとして保存し直してください。",
        "This is a file in {what_en} format. Save it again as XLSX or CSV.",
    ),
    "broken-archive": (
        "ZIPファイルが壊れているか、途中で切れています({what})。もう一度取得するか、作り直してください。",
        "The ZIP archive is damaged or cut off ({what_en}). Fetch it again or make it anew.",
    ),
    "encrypted-archive": (
        "パスワードで保護されたZIPファイルです({what})。パスワードなしで作り直してください。",
        "The ZIP archive is protected by a password ({what_en}). Make it anew without one.",
    ),
    "archive-bomb": (
        "圧縮ファイルの中身が大きすぎます({what})。安全のため展開しません。分けて渡してください。",
        "The archive unpacks to too much ({what_en}). It is not unpacked, for safety. Split it.",
    ),
    "archive-unsafe": (
        "ZIPの中に、展開先の外を指す名前のファイルしかありません({what})。安全のため読みません。",
        "The archive holds only members whose names point outside it ({what_en}). They are not read.",
    ),
    "archive-too-deep": (
        "ZIPの中のZIPが深すぎます({what})。中のファイルを直接渡してください。",
        "Archives lie too deep inside each other ({what_en}). Give the inner file itself.",
    ),
    "nothing-inside": (
        "ZIPの中に表のファイルがありません({what})。CSVやXLSXを入れてください。",
        "The archive holds no table ({what_en}). Put CSV or XLSX files into it.",
    ),
    "broken-json": (
        "JSONとして読めません({what})。途中で切れていないか確認してください。",
        "The JSON cannot be parsed ({what_en}). Check whether it was cut off.",
    ),
    "json-not-a-table": (
        "JSONですが、表になる形(GeoJSONのFeatureCollection、または項目を並べた配列)ではありません{what}。"
        "データのファイルそのものを取得してください。",
        "This is JSON, but neither a GeoJSON FeatureCollection nor an array of records{what_en}. "
        "Fetch the data file itself.",
    ),
    "unknown-encoding": (
        "文字コードを判定できません({what})。UTF-8で保存し直してください。",
        "The character encoding cannot be determined ({what_en}). Save the file again as UTF-8.",
    ),
    "no-table": (
        "表が見つかりません({what})。見出し行とデータ行のあるシートを用意してください。",
        "No table was found ({what_en}). Provide a sheet with a header row and data rows.",
    ),
}


def refuse(code: str, **facts: object) -> Refusal:
    """The refusal with this code, its sentences filled with the facts.

    A fact `what` that differs between the languages comes with its English twin `what_en`.
    """
    ja, en = _TEXTS[code]
    known = {"what_en": facts.get("what", ""), **facts}
    return Refusal(code, Message(ja.format(**known), en.format(**known)))


class Declined(Exception):
    """Carries a refusal out of the depths of one reading; never leaves the stage."""

    def __init__(self, code: str, **facts: object) -> None:
        self.refusal = refuse(code, **facts)
        super().__init__(self.refusal.message.en)
