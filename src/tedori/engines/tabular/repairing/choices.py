"""Values of closed vocabularies: yes and no in three conventions, code lists, words that people approved."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from tedori.engines.tabular.repairing.cells import Outcome, Rule
from tedori.engines.tabular.repairing.texts import DIRT, EDGES, KANA, SPACE, SYMBOL, WIDTH, tidy
from tedori.engines.tabular.values import CodeList, Item

YES = {
    "有",
    "有り",
    "あり",
    "アリ",
    "有る",
    "○",
    "〇",
    "◯",
    "●",
    "◎",
    "TRUE",
    "YES",
    "Y",
    "1",
    "可",
    "はい",
    "✓",
    "✔",
    "☑",
    "レ",
}
NO = {
    "無",
    "無し",
    "なし",
    "ナシ",
    "無い",
    "×",
    "✕",
    "✖",
    "X",
    "FALSE",
    "NO",
    "N",
    "0",
    "不可",
    "いいえ",
    "否",
}
FLAG_YES = YES | {"該当", "対応", "対象", "指定", "重複", "同一"}
FLAG_NO = NO | {"-", "―", "ー", "－", "非該当", "対象外", "未対応", "指定なし"}
SEPARATORS = re.compile(r"[;；、，,・/／\n]+")
WORDING = tidy(SPACE, KANA, WIDTH)
LIST_DIRTY = rf"[；、，,\r\n]|[｡-ﾟ゙゚{DIRT}]|;[\s　;]|[\s　];|;$|^;|{EDGES}"


def yes_no_rule() -> Rule:
    """Give the rule of a 有/無 column."""
    return Rule(canonical="^[有無]$", tidy=tidy(SYMBOL, KANA, SPACE), mend=mend_yes_no)


def mend_yes_no(value: str) -> Outcome:
    """Judge one yes or no; 不明, 非公開 and marks like △ are left to a person."""
    bare = _mark(value)
    if bare in YES:
        return Outcome("有", "yes-no")
    if bare in NO:
        return Outcome("無", "yes-no")
    return Outcome(value, doubt="not-in-list")


def flag_rule() -> Rule:
    """Give the rule of a column that holds 1 or nothing."""
    return Rule(canonical="^1$", tidy=tidy(SYMBOL, KANA, SPACE), mend=mend_flag)


def mend_flag(value: str) -> Outcome:
    """Judge one flag: 1 for yes, empty for no."""
    bare = _mark(value)
    if bare in FLAG_YES:
        return Outcome("1", "yes-no")
    if bare in FLAG_NO:
        return Outcome(None, "yes-no")
    return Outcome(value, doubt="not-in-list")


def _mark(value: str) -> str:
    return re.sub(r"(?<=^[01])\.0$", "", value.upper().strip("()"))


def listed_rule(item: Item) -> Rule:
    """Give the rule of an item with a code list: spellings that the list proves."""
    codes = item.codes
    if codes is None:
        raise ValueError(f"{item.name} has no code list")
    allowed = "|".join(re.escape(value) for value in sorted(codes.values, key=len, reverse=True))
    several = rf"(?:;(?:{allowed}))*" if item.many else ""
    return Rule(
        canonical=rf"^(?:{allowed}){several}$", tidy=WORDING, mend=listed_mender(item, codes), keep=True
    )


def listed_mender(item: Item, codes: CodeList) -> Callable[[str], Outcome]:
    """Give the judge of one value of a code list; where the item holds several, of several in one cell.

    Spellings that stand for a value are believed where the list is closed or the value is a code. In an open
    list they are other words with their own shade (燃やすごみ, 可燃ごみ), so a person must approve them.
    Doubtful words are asked about in either.
    """
    spellings = {fold(written): value for written, value in codes.spellings.items()}
    known = spellings.keys() | set(map(fold, codes.doubtful))
    table = _table_of(item, codes, spellings)

    def mend(value: str) -> Outcome:
        after = _listed(value, table, many=item.many)
        if after is None:
            asked = codes.closed or fold(value) in known
            return Outcome(value, doubt="not-in-list" if asked else None)
        return Outcome(after, "code-list") if after != value else Outcome(value)

    return mend


def _listed(value: str, table: Mapping[str, str], *, many: bool) -> str | None:
    """The value of the list that a cell stands for, or the values where it may hold several."""
    after = table.get(fold(value))
    return _several(value, table) if after is None and many else after


def _table_of(item: Item, codes: CodeList, spellings: Mapping[str, str]) -> dict[str, str]:
    """Folded word → value of the list, with the spellings that are believed."""
    believed = spellings if codes.closed or item.kind == "code" else {}
    return _with_yes_no(codes, {**believed, **{fold(value): value for value in codes.values}})


def _with_yes_no(codes: CodeList, table: Mapping[str, str]) -> dict[str, str]:
    """Let 1/0 and 有/無 lists understand the usual marks."""
    for yes, no in (("有", "無"), ("1", "0"), ("可", "不可")):
        if {yes, no} <= set(codes.values):
            marks = {fold(mark): yes for mark in YES} | {fold(mark): no for mark in NO}
            return marks | dict(table)
    return dict(table)


def _several(value: str, table: Mapping[str, str]) -> str | None:
    parts = [part.strip() for part in SEPARATORS.split(value) if part.strip()]
    known = [table.get(fold(part)) for part in parts]
    if not known or None in known:
        return None
    return ";".join(dict.fromkeys(word for word in known if word))


def fold(text: str) -> str:
    """Fold a word for comparing: width, case and blanks do not count."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def list_rule() -> Rule:
    """Give the rule of a free list in one cell: joined by a half-width semicolon."""
    return Rule(dirty=LIST_DIRTY, tidy=tidy(SPACE, KANA), mend=mend_list, keep=True)


def mend_list(value: str) -> Outcome:
    """Judge one free list: commas and line breaks separate too, but not those inside brackets."""
    after = ";".join(part for part in _parts(value) if part)
    return Outcome(after, "list-separator") if after and after != value else Outcome(value)


def _parts(value: str) -> list[str]:
    """The parts of a free list, some of them blank."""
    masked = re.sub(r"[(（「][^)）」]*[)）」]", lambda found: "_" * len(found.group()), value)
    cuts = [found.span() for found in re.finditer(r"[;；、，,\r\n]+", masked)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(value)]
    return [value[start:end].strip() for start, end in zip(starts, ends, strict=True)]
