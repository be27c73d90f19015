"""The findings of the reading stage, each with its sentence in both languages."""

from __future__ import annotations

from tedori.engines.tabular.values import Finding, Message, Severity

_TEXTS: dict[str, tuple[Severity, str, str]] = {
    "double-encoding-undone": (
        "warning",
        "文字化けを元に戻しました({really}を{read_as}として読みUTF-8で保存したもの)。"
        "元のファイルを正しい文字コードで保存し直してください。",
        "Garbled text was restored ({really} read as {read_as} and saved as UTF-8). "
        "Save the original with the right encoding.",
    ),
    "garbled": (
        "error",
        "文字化けしているようですが、元に戻せません。元のファイルを正しい文字コードで保存し直してください。",
        "The text looks garbled and cannot be restored. Save the original with the right encoding.",
    ),
    "replacement-character": (
        "error",
        "{row}行目に失われた文字(U+FFFD「\ufffd」)があります。元の資料で確かめて入力し直してください。",
        "Row {row} holds lost characters (U+FFFD). Check the original and enter them again.",
    ),
    "replacement-characters-more": (
        "error",
        "失われた文字(U+FFFD)のある行は、ほかに{count:,}行あります。",
        "{count:,} more rows hold lost characters (U+FFFD).",
    ),
    "mixed-encoding": (
        "warning",
        "{row}行目だけ文字コードが{other}でした(ほかは{main})。読み替えました。",
        "Row {row} is written in {other} while the rest is {main}; it was read accordingly.",
    ),
    "invalid-bytes": (
        "error",
        "{row}行目に{main}として読めないバイトがあり、行ごと取り分けました。元の資料で確かめてください。",
        "Row {row} holds bytes that are not {main}; the row was set aside. Check the original.",
    ),
    "cut-off": (
        "error",
        "ファイルの終わり({row}行目)が文字の途中で切れています。送信が中断していないか確認してください。",
        "The file ends in the middle of a character (row {row}). Check whether the transfer was cut off.",
    ),
    "private-characters": (
        "warning",
        "外字(私用領域の文字)が{count:,}個あります。ほかの環境では表示できません。標準の文字に置き換えてください。",
        "There are {count:,} private-use characters, which others cannot display. Replace them.",
    ),
    "null-characters": (
        "warning",
        "NUL文字(見えない制御文字)が{count:,}個あり、取り除きました。",
        "{count:,} NUL characters were removed.",
    ),
    "unclosed-quote": (
        "warning",
        '{row}行目の引用符(")が閉じていません。その行は引用符を文字として読みました。',
        "A quotation mark in row {row} is never closed; the row was read with the mark as a plain character.",
    ),
    "blank-row": ("info", "{row}行目は空白です。", "Row {row} is blank."),
    "blank-rows": (
        "info",
        "空白の行が{count:,}行あり、読み飛ばしました({first}行目から{last}行目の間)。",
        "{count:,} blank rows were skipped (between rows {first} and {last}).",
    ),
    "repeated-header": (
        "info",
        "{row}行目は見出しの繰り返しなので、データから外しました。",
        "Row {row} repeats the header and was set aside.",
    ),
    "example-row": (
        "info",
        "{row}行目は記入例なので、データから外しました。",
        "Row {row} is an example and was set aside.",
    ),
    "annotation-row": (
        "info",
        "{row}行目は見出しの説明({what})なので、データから外しました。",
        "Row {row} explains the header ({what}) and was set aside.",
    ),
    "total-row": (
        "info",
        "{row}行目は合計・小計の行なので、データから外しました。",
        "Row {row} is a total and was set aside.",
    ),
    "note-row": (
        "info",
        "{row}行目は注記なので、データから外しました。",
        "Row {row} is a note and was set aside.",
    ),
    "template-row": (
        "info",
        "{row}行目は番号や決まった値だけの空の記入欄なので、データから外しました。",
        "Row {row} holds only a number or constants, an empty form line, and was set aside.",
    ),
    "too-many-cells": (
        "error",
        "{row}行目のセルが{count}個あり、見出しの{width}個より多いため取り分けました。"
        "値の中の区切り文字を引用符で囲んでいるか確認してください。",
        "Row {row} has {count} cells while the header has {width}; it was set aside. "
        "Check whether a value holds the delimiter without quotation marks.",
    ),
    "too-few-cells": (
        "warning",
        "{row}行目のセルが{count}個しかなく(見出しは{width}個)、足りない分を空欄として読みました。",
        "Row {row} has only {count} cells while the header has {width}; the rest was read as empty.",
    ),
    "too-few-cells-more": (
        "warning",
        "セルの足りない行は、ほかに{count:,}行あります。",
        "{count:,} more rows have too few cells.",
    ),
    "duplicate-header": (
        "warning",
        "見出し「{name}」が{count}列にあります。2つ目からは番号を付けて区別しました。",
        "The header “{name}” occurs in {count} columns; from the second on they were numbered.",
    ),
    "unnamed-column": (
        "warning",
        "{column}列目に見出しがありません。「{name}」として読みました。",
        "Column {column} has no header; it was read as “{name}”.",
    ),
    "no-header": (
        "warning",
        "見出し行がありません。1行目からデータとして読みました。見出し行を付けてください。",
        "There is no header row; the data were read from the first row. Add a header.",
    ),
    "no-rows": (
        "error",
        "見出しだけで、データの行がありません。",
        "There is a header but not a single data row.",
    ),
    "sheet-ignored": (
        "info",
        "シート「{sheet}」は読みませんでした({why})。",
        "Sheet “{sheet}” was not read ({why_en}).",
    ),
    "hidden-rows": (
        "warning",
        "非表示の行が{count:,}行あります(最初は{row}行目)。ほかの行と同じに読みました。"
        "公開しない行なら、隠すのではなく元のファイルから削除してください。",
        "{count:,} rows are hidden (the first is row {row}). They were read like all others. "
        "If they are not to be published, delete them in the file instead of hiding them.",
    ),
    "hidden-columns": (
        "warning",
        "非表示の列が{count:,}列あります({value})。ほかの列と同じに読みました。"
        "公開しない列なら、隠すのではなく元のファイルから削除してください。",
        "{count:,} columns are hidden ({value}). They were read like all others. "
        "If they are not to be published, delete them in the file instead of hiding them.",
    ),
    "error-cell": (
        "error",
        "{row}行目に数式のエラー({value})があります。空欄として読みました。",
        "Row {row} holds a formula error ({value}); it was read as empty.",
    ),
    "member-ignored": (
        "info",
        "ZIPの中の「{member}」は読みませんでした({why})。",
        "Member “{member}” of the archive was not read ({why_en}).",
    ),
    "member-unsafe": (
        "error",
        "ZIPの中の「{member}」は、展開先の外を指す名前なので読みませんでした。",
        "Member “{member}” points outside the archive and was not read.",
    ),
    "member-refused": (
        "error",
        "ZIPの中の「{member}」を読めませんでした: {why}",
        "Member “{member}” of the archive could not be read: {why_en}",
    ),
    "centroid": (
        "info",
        "点ではない図形が{count:,}件あり、重心の座標を緯度・経度としました。",
        "{count:,} shapes are not points; the position of their centroid was taken.",
    ),
    "no-geometry": (
        "warning",
        "位置のない地物が{count:,}件あります。",
        "{count:,} features have no geometry.",
    ),
    "wrapped-rows": (
        "warning",
        "各行が丸ごと引用符で囲まれていたため、外して読みました。",
        "Every row was wrapped in quotation marks as a whole; they were removed.",
    ),
}


def find(
    code: str, *, row: int | None = None, item: str | None = None, value: str | None = None, **facts: object
) -> Finding:
    """The finding with this code, its sentences filled with the facts."""
    severity, ja, en = _TEXTS[code]
    known = {"row": row, "item": item, "value": value, **facts}
    return Finding(code, severity, Message(ja.format(**known), en.format(**known)), row, item, value)
