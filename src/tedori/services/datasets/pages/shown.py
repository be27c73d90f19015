"""How states and doubts are shown: chips, labels and choices, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tedori.engines.tabular.definitions import standard
from tedori.engines.tabular.reporting.labels import reason
from tedori.kernel.pages.values import Status, Text
from tedori.services.datasets.actions.storing import home
from tedori.services.datasets.queries.places import places
from tedori.services.datasets.queries.values import DoubtRecord, PartRecord
from tedori.services.datasets.rules.doubts import KINDS, OTHER, THIS
from tedori.services.datasets.rules.layouts import LEAVE_OUT, PUBLISH, WITHHOLD
from tedori.services.datasets.rules.publication import STATES
from tedori.services.datasets.rules.words import WORDS

DELIVERY = {
    "waiting": Status("info", _("順番待ち")),
    "running": Status("info", _("処理中")),
    "review": Status("wait", _("判断待ち")),
    "ready": Status("ok", _("下書きができました")),
    "unchanged": Status("none", _("変更なし")),
    "aside": Status("none", _("採用しない写し")),
    "refused": Status("stop", _("読めませんでした")),
}
_VERSION_KINDS = {"draft": "wait", "approved": "info", "published": "ok", "retracted": "stop"}
VERSION = {state: Status(_VERSION_KINDS.get(state, "none"), label) for state, label in STATES.items()}
LINK = {
    "new": Status("info", _("未取得")),
    "fetched": Status("ok", _("取得済み")),
    "unchanged": Status("none", _("変更なし")),
    "dead": Status("stop", _("リンク切れ")),
    "refused": Status("wait", _("取得しませんでした")),
}
SOURCE_KINDS = {"url": _("ファイルのアドレス"), "ckan": _("CKANカタログ"), "folder": _("フォルダー")}
ANSWERS = {
    ("column", LEAVE_OUT): _("標準の項目にしない（列はそのまま残す）"),
    ("vocabulary", LEAVE_OUT): _("書かれたまま残す"),
    ("privacy", PUBLISH): _("公開してよい"),
    ("privacy", WITHHOLD): _("伏せる（公開しない）"),
    ("rival", THIS): _("このファイルを使う"),
    ("rival", OTHER): _("もう一方の写しを使う"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: value, words, how sure the engine is (percent; 0 when it does not say)."""

    value: str
    label: Text
    percent: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One doubt as the form shows it; `others` are the answers behind "something else"."""

    id: str
    kind: str
    kind_label: Text
    subject: str
    written: str
    because: tuple[str, ...]
    samples: tuple[str, ...]
    count: int
    options: tuple[Option, ...]
    others: tuple[tuple[str, Text], ...]


def dataset_title(slug: str) -> Text:
    """The name of a dataset, or a dash for none."""
    return WORDS[slug].title if slug in WORDS else slug or "–"


def organisation_name(code: str) -> str:
    """The name of an organisation, or its code."""
    known = places().get(code)
    return str(known.name) if known else code


def answer_label(kind: str, answer: str) -> Text:
    """What an answer says in words."""
    if (kind, answer) in ANSWERS:
        return ANSWERS[kind, answer]
    if kind == "dataset":
        return dataset_title(answer)
    return organisation_name(answer) if kind == "municipality" else answer


def question(doubt: DoubtRecord, slug: str) -> Question:
    """A doubt ready for the form; nothing is chosen beforehand where personal data are at stake."""
    options = tuple(
        Option(
            answer,
            _label(doubt, answer),
            round(score * 100) if doubt.kind in {"column", "dataset"} else 0,
            doubt.kind != "privacy" and answer == doubt.proposal,
        )
        for answer, score in doubt.choices
    )
    if doubt.kind in {"column", "vocabulary"}:
        keep = Option(LEAVE_OUT, ANSWERS[doubt.kind, LEAVE_OUT], 0, doubt.proposal == LEAVE_OUT)
        options = (*options, keep)
    because = tuple(why(text) for text in doubt.because)
    return Question(
        doubt.id, doubt.kind, KINDS[doubt.kind], doubt.subject, doubt.written, because, doubt.samples,
        doubt.count, options, _others(doubt, slug),
    )  # fmt: skip


def why(text: str) -> str:
    """Of a reason in both languages the one for the reader."""
    if "\n" in text:
        return in_language(*text.split("\n", 1))
    return reason(text, "ja" if (get_language() or "ja").startswith("ja") else "en")


def _label(doubt: DoubtRecord, answer: str) -> Text:
    """The words of an answer; an unknown municipality is called what the file calls it."""
    known = answer_label(doubt.kind, answer)
    if doubt.kind == "municipality" and known == answer and doubt.samples:
        return f"{doubt.samples[0]} ({answer})"
    return known


def _others(doubt: DoubtRecord, slug: str) -> tuple[tuple[str, Text], ...]:
    """Everything else that could be answered."""
    shown = {answer for answer, _ in doubt.choices}
    if doubt.kind == "dataset":
        return tuple(choice for choice in dataset_choices() if choice[0] not in shown)
    words = items_of(slug) if doubt.kind == "column" else _words_of(slug, doubt)
    return tuple((word, word) for word in words if word not in shown)


def _words_of(slug: str, doubt: DoubtRecord) -> tuple[str, ...]:
    """The words that the standard allows for the item of a vocabulary doubt."""
    if doubt.kind != "vocabulary" or slug not in standard():
        return ()
    codes = next((item.codes for item in standard()[slug].items if item.name == doubt.subject), None)
    return codes.values if codes else ()


def answers(sent: Mapping[str, str]) -> dict[str, str]:
    """The answers of the form: id of the doubt → answer; "something else" is looked up beside it."""
    found = {}
    for name, value in sent.items():
        if name.startswith("doubt-"):
            identity = name.removeprefix("doubt-")
            found[identity] = sent.get(f"else-{identity}", "") if value == "else" else value
    return found


def in_language(ja: str, en: str) -> str:
    """Of a text kept in both languages the one for the reader."""
    return ja if (get_language() or "ja").startswith("ja") or not en else en


# A page offers the columns of a table for correction up to here; beyond it the table is no municipal list.
COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a file became, as its report says; `name` is the form field that corrects it."""

    name: str
    source: str
    item: str
    status: str
    because: tuple[str, ...]


def columns_of(part: PartRecord) -> tuple[Column, ...]:
    """The columns of a table out of its report; empty while there is none."""
    place = home() / part.report
    if not part.report or not place.is_file():
        return ()
    told = json.loads(place.read_text(encoding="utf-8"))["columns"]
    return tuple(
        Column(
            f"column-{number}",
            one["source"],
            one["item"] or "",
            one["status"],
            tuple(map(why, one["because"])),
        )
        for number, one in enumerate(told[:COLUMNS])
    )


def corrections(columns: tuple[Column, ...], sent: Mapping[str, str]) -> dict[str, str]:
    """The columns whose item was changed in the form: heading → item, "" for none."""
    return {
        column.source: sent[column.name]
        for column in columns
        if column.status == "accepted" and sent.get(column.name, column.item) != column.item
    } | {
        column.source: sent[column.name]
        for column in columns
        if column.status == "unmapped" and sent.get(column.name)
    }


def items_of(slug: str) -> tuple[str, ...]:
    """The items of a dataset in their order."""
    return tuple(item.name for item in standard()[slug].items) if slug in standard() else ()


def dataset_choices() -> tuple[tuple[str, Text], ...]:
    """All datasets to choose from."""
    return tuple((slug, dataset_title(slug)) for slug in standard())
