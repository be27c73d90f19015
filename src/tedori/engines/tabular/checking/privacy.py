"""The privacy gate: likely names of people, mobile numbers and private mail addresses stop publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl

from tedori.engines.tabular.checking.surnames import SURNAMES
from tedori.engines.tabular.repairing.cells import few
from tedori.engines.tabular.values import Decisions, Definition, Finding
from tedori.engines.tabular.wording import finding

DIGIT = "[0-9０-９]"
DASH = "[-－ー−‐ 　]?"
FOUR = f"{DIGIT}{{4}}"
MOBILE = (
    rf"(?:^|[^0-9０-９.,/=_A-Za-z-])[0０][789７８９][0０]{DASH}{FOUR}{DASH}{FOUR}"
    r"(?:$|[^0-9０-９])"
)
MAIL = r"[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9.-]+"
CONTACT = rf"[@＠]|{MOBILE}"
# Mail providers of people rather than of organisations.
FREE_MAIL = (
    r"(?i)[@＠](?:[a-z0-9-]+\.)*(?:gmail\.com|googlemail\.com|yahoo\.(?:co\.jp|com|ne\.jp)|ymail\.ne\.jp|hotmail\.(?:com|co\.jp)"
    r"|outlook\.(?:com|jp)|live\.(?:jp|com)|msn\.com|icloud\.com|me\.com|mac\.com|aol\.com|protonmail\.com|proton\.me"
    r"|docomo\.ne\.jp|ezweb\.ne\.jp|au\.com|softbank\.ne\.jp|i\.softbank\.jp|vodafone\.ne\.jp|ymobile\.ne\.jp|rakuten\.jp"
    r"|nifty\.com|biglobe\.ne\.jp|ocn\.ne\.jp|so-net\.ne\.jp|plala\.or\.jp|dion\.ne\.jp|jcom\.(?:home\.)?ne\.jp|excite\.co\.jp"
    r"|infoseek\.jp|goo\.jp|mail\.ru|qq\.com|163\.com)(?:$|[^a-z0-9-])"
)

# Headings of columns in which a person stands, and of columns where a person may stand for a business.
PERSON = re.compile(
    r"氏名|氏 名|代表者|担当者|責任者|世帯主|申請者|営業者|届出者|開設者|所有者|管理者名"
    r"|園長|院長|校長|施設長|館長|民生委員|会長名|理事長|医師名|役員|姓名|お名前|本人"
)
BUSINESS = re.compile(r"法人名|法人の名称|設置者|事業者|経営|管理者|連絡先名称|主催者|所有")
SHOP = re.compile(r"^施設名称$|屋号|店名|事業所名称$")
ORGANISATION = re.compile(
    r"株式|有限|合同|合資|合名|会社|法人|組合|協会|連合|財団|社団|学園|学校|大学|病院|医院|診療|クリニック|歯科|薬局|保育|幼稚|教室"
    r"|会$|会館|センター|課$|部$|局$|係$|室$|店|堂$|屋$|館$|院$|園$|庁|所$|署|省|都$|道$|府$|県$|市$|区$|町$|村$|委員|自治|商店|商会"
    r"|工業|産業|建設|製作|寺$|神社|宮$|教会|家$|荘$|亭$|庵$|軒$|公園|広場|駅|団$|隊|社$|連$|丁目|団地|住宅|ビル|ホール|プール|グループ"
    r"|\(株\)|\(有\)|㈱|㈲|（株）|（有）|NPO|ＮＰＯ"
)
GIVEN = "[一-龠々ぁ-んァ-ヶー]"
SURNAME = "|".join(sorted(SURNAMES, key=len, reverse=True))
SPACED_NAME = rf"^(?:{SURNAME})[ 　]+{GIVEN}{{1,5}}$"
CLOSE_NAME = rf"^(?:{SURNAME}){GIVEN}{{1,3}}$"
PLACE = re.compile(
    r"^[一-龠々ヶケのノ]{1,5}?[市区町村都県府道](?:ほか|他|$|立|[一-龠々]*(?:課|部|局|室|会|所)$)"
)
ANY_NAME = r"^[一-龠々]{1,4}[ 　]+[一-龠々ぁ-んァ-ヶー]{1,5}$|^[ァ-ヶー]{2,6}[ 　]+[ァ-ヶー]{2,6}$"
TITLE = r"(?:代表者?|氏名|担当者?|責任者|店主|園長|院長|管理者|所有者)[:：　 は]{1,2}"
TITLED = rf"{TITLE}(?:{SURNAME})[ 　]?{GIVEN}{{1,3}}(?:$|[ 　、。,（(])"
# All that SPACED_NAME and TITLED match and little more, in a tenth of the time: characters for surnames.
SURNAMES_WRITTEN = f"[{''.join(sorted(set(''.join(SURNAMES))))}]"
MAYBE_NAME = (
    rf"^{SURNAMES_WRITTEN}{{1,{max(map(len, SURNAMES))}}}[ 　]+{GIVEN}{{1,5}}$|{TITLE}{SURNAMES_WRITTEN}"
)
# Last characters of given names; shops and places seldom end in them.
GIVEN_ENDS = "子美郎夫男雄一二三介助太輔彦樹明恵代江香奈菜里之也哉人司治次幸弘浩博和実義廣広"
KANJI_NAME = rf"^[一-龠々]{{2,4}}[{GIVEN_ENDS}]$"
SHOWN = 1
NOTHING = pl.DataFrame(schema={"row": pl.Int64, "value": pl.String})
TEXT_KINDS = {"text", "list", "kana", "english"}


def privacy(
    frame: pl.DataFrame,
    definition: Definition,
    decisions: Decisions | None = None,
    *,
    suspects: Mapping[str, pl.Series] | None = None,
) -> tuple[Finding, ...]:
    """Find what may be personal data, in columns that are no items too.

    Every finding is an error that stops publication until `decisions.privacy` says that the column may be
    published. Messages show only the beginning of a value. `suspects` (see scanning) names the rows per
    column that need a look at all.
    """
    kinds = {item.name: item.kind for item in definition.items}
    findings: list[Finding] = []
    for name in _undecided(frame.columns, decisions or Decisions()):
        values = _asked(frame, name, (suspects or {}).get(name))
        if values.height:
            findings += _in_column(values, name, kinds.get(name, "text"))
    return tuple(findings)


def _undecided(names: Iterable[str], decisions: Decisions) -> list[str]:
    """The columns about which nobody has said yet that they may be published."""
    allowed = {name for name, said in decisions.privacy.items() if said}
    return [name for name in names if name != "_row" and not {name, name.removeprefix("extra:")} & allowed]


def _in_column(values: pl.DataFrame, name: str, kind: str) -> list[Finding]:
    names = _names(values, name) if kind in TEXT_KINDS else []
    return [*_contacts(values, name), *names]


def _asked(frame: pl.DataFrame, name: str, among: pl.Series | None) -> pl.DataFrame:
    if among is None:
        return frame.select(row="_row", value=name).drop_nulls("value")
    if not among.len():
        return NOTHING
    return pl.DataFrame({"row": frame["_row"].gather(among), "value": frame[name].gather(among)})


def _contacts(values: pl.DataFrame, name: str) -> list[Finding]:
    hits = _hits(values, CONTACT)
    if not hits.height:
        return []
    mobile = hits.filter(pl.col("value").str.contains(MOBILE))
    private = hits.filter(pl.col("value").str.contains(FREE_MAIL))
    found = (("privacy-mobile", mobile), ("privacy-mail", private))
    return [_stop(code, name, part) for code, part in found if part.height]


def _names(values: pl.DataFrame, name: str) -> list[Finding]:
    heading = name.removeprefix("extra:")
    hits = _hits(values, names_pattern(heading))
    if not hits.height:
        return []
    people = hits.filter(pl.Series([is_person(value, heading=heading) for value in hits["value"]]))
    return [_stop("privacy-name", name, people)] if people.height else []


def names_pattern(heading: str) -> str:
    """Choose how closely to look by what the heading says."""
    if PERSON.search(heading):
        return f"{SPACED_NAME}|{CLOSE_NAME}|{ANY_NAME}|{KANJI_NAME}|{TITLED}"
    if BUSINESS.search(heading) or SHOP.search(heading):
        return f"{SPACED_NAME}|{CLOSE_NAME}|{TITLED}"
    return f"{SPACED_NAME}|{TITLED}"


def noteworthy(heading: str) -> str:
    """Give a pattern of everything that a closer look could take for a contact or a name."""
    if PERSON.search(heading):
        return f"{CONTACT}|{names_pattern(heading)}"
    close = f"|{CLOSE_NAME}" if BUSINESS.search(heading) or SHOP.search(heading) else ""
    return f"{CONTACT}|{MAYBE_NAME}{close}"


def is_person(value: str, *, heading: str) -> bool:
    """Tell whether a value that looks like a name is more likely a person than an organisation or a place.

    In a column of shops a name without a blank is taken for a shop unless nothing else fits.
    """
    if _is_other_name(value) and not re.search(TITLED, value):
        return False
    if SHOP.search(heading) and not re.search(r"[ 　]", value):
        return bool(re.fullmatch(rf"(?:{SURNAME})[一-龠々]{{2}}", value)) and value[-1] in GIVEN_ENDS
    return True


def _is_other_name(value: str) -> bool:
    """Whether a value reads like an organisation or a place."""
    return bool(ORGANISATION.search(value) or PLACE.search(value))


def _hits(values: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Give the rows that match; a long column with few words is asked by its words."""
    words = few(values["value"])
    if words is not None:
        found = words.filter(words.str.contains(pattern))
        return values.filter(pl.col("value").is_in(found.implode())) if found.len() else values.clear()
    return values.filter(pl.col("value").str.contains(pattern))


def _stop(code: str, name: str, part: pl.DataFrame) -> Finding:
    row, value = part.row(0)
    return finding(code, row=row, item=name.removeprefix("extra:"), value=masked(value), count=part.height)


def masked(value: str, *, code: str = "privacy-mail") -> str:
    """Show so much of a personal value that its kind is seen, and no more."""
    mail = re.search(MAIL, value) if code == "privacy-mail" else None
    if mail:
        user, _, domain = mail.group().partition("@" if "@" in mail.group() else "＠")
        return f"{user[:SHOWN]}…@{domain}"
    mobile = re.search(MOBILE, value)
    if mobile:
        return re.sub("[^0-9０-９]", "", mobile.group())[:3] + "-…"
    return value[:SHOWN] + "…"


def stopped(findings: Iterable[Finding]) -> frozenset[str]:
    """Name the items that wait for a decision about privacy."""
    return frozenset(one.item for one in findings if one.item and one.code.startswith("privacy-"))
