"""The words of the reports for people, in both languages."""

from __future__ import annotations

from typing import Literal

from tedori.engines.tabular.values import Message, Report

Language = Literal["ja", "en"]

LABELS: dict[str, tuple[str, str]] = {
    "title": ("標準化の結果", "Result of standardising"),
    "summary": ("まとめ", "Summary"),
    "file": ("ファイル", "File"),
    "form": ("形式・文字コード", "Format and encoding"),
    "header_row": ("見出しの行", "Header row"),
    "dataset": ("データセット", "Dataset"),
    "edition": ("様式の世代", "Edition"),
    "municipality": ("自治体", "Municipality"),
    "rows": ("行数（読んだ・書いた・取り分けた）", "Rows (read, written, set aside)"),
    "verdict": ("判定", "Verdict"),
    "score": ("品質の点数", "Quality score"),
    "todo": ("直すこと", "What to do"),
    "nothing": ("直すことはありません。", "There is nothing to correct."),
    "cause": ("内容", "What"),
    "count": ("件数", "Count"),
    "where": ("行（元のファイル）", "Rows (in the original)"),
    "item": ("項目", "Item"),
    "severity": ("重さ", "Severity"),
    "columns": ("列の対応", "Columns"),
    "source": ("元の列", "Column"),
    "status": ("状態", "Status"),
    "confidence": ("確からしさ", "Confidence"),
    "because": ("理由", "Why"),
    "completeness": ("項目の充足", "Completeness"),
    "class": ("区分", "Class"),
    "filled": ("入っている行", "Filled"),
    "missing": ("欠け率", "Missing"),
    "repairs": ("自動で直したこと", "Repairs made"),
    "repairs_note": (
        "すべて元に戻せます。全件は repairs.csv にあります。",
        "All can be undone; repairs.csv lists every one.",
    ),
    "rule": ("直し方", "Rule"),
    "before": ("前の値の例", "Before, e.g."),
    "after": ("後の値の例", "After, e.g."),
    "part": ("内訳", "Part"),
    "weight": ("配点", "Weight"),
    "reached": ("達成", "Reached"),
    "others": ("ほか{count}行", "{count} more"),
    "unknown": ("分かりません", "unknown"),
    "corrected": ("修正済み", "corrected"),
    "exchanged": ("列の入れ替えを戻しました", "the columns were put back"),
    "empty": ("（空）", "(empty)"),
    "error": ("止まる", "error"),
    "warning": ("注意", "warning"),
    "info": ("参考", "info"),
    "accepted": ("決定", "accepted"),
    "review": ("要確認", "review"),
    "unmapped": ("標準外", "not an item"),
    "skip": ("本文へ", "Skip to the content"),
    "0": ("そのまま使えます", "usable"),
    "1": ("人の確認が必要です", "needs review"),
    "2": ("使えません", "unusable"),
    "reason-dataset": ("データセットの種類を決める", "decide which dataset it is"),
    "reason-municipality": ("自治体を決める", "decide which municipality it is"),
    "reason-column": ("列の項目を決める", "decide columns"),
    "reason-privacy": ("個人情報の公開を判断する", "decide about personal data"),
    "reason-finding": ("止まる指摘を解決する", "resolve errors"),
}


def label(name: str, language: Language, **facts: object) -> str:
    """Give a word of the reports in one language."""
    ja, en = LABELS[name]
    return (ja if language == "ja" else en).format(**facts)


def said(message: Message, language: Language) -> str:
    """Give a message in one language."""
    return message.ja if language == "ja" else message.en


def title_of(report: Report, language: Language) -> str:
    """Name the dataset of a report, or say that it is not known."""
    return report.recognition.slug or label("unknown", language)


def reason(text: str, language: Language) -> str:
    """Give a reason of the engine, written as 日本語 (English), in one language."""
    ja, _, en = text.removesuffix(")").rpartition(" (")
    return (ja if language == "ja" else en) if ja and text.endswith(")") else text
