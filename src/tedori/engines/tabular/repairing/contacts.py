"""Postcodes, web addresses, mail addresses and extensions."""

from __future__ import annotations

import re

from tedori.engines.tabular.repairing.cells import Outcome, Rule
from tedori.engines.tabular.repairing.texts import BARE, DASHED, KANA, SPACE, SYMBOL, tidy

POSTCODE = r"^[0-9]{7}$"
URL = r"^https?://[A-Za-z0-9.\-]+\.[A-Za-z]{2,}(?::[0-9]+)?(?:[/?#][!-~]*)?$"
WIDE_URL = re.compile(r"^https?://[^\s/]+\.[^\s/]+(?:[/?#]\S*)?$")
EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$"
EXTENSION = r"^[0-9#*]+(?:-[0-9]+)*(?: / [0-9]+)*$"
NOTHING = {"-", "--", "---", "なし", "無し", "無", "ー", "―", "該当なし"}


def postcode_rule() -> Rule:
    """Give the rule of a column of postcodes."""
    return Rule(canonical=POSTCODE, tidy=tidy(SYMBOL, BARE, DASHED), mend=mend_postcode)


def mend_postcode(value: str) -> Outcome:
    """Judge one postcode: the standard writes seven digits without a hyphen."""
    if value in NOTHING:
        return Outcome(None, "dash-means-empty")
    bare = re.sub(r"^[〒T]\.?|\.0$", "", value)
    found = re.fullmatch(r"([0-9]{3})[ .-]?([0-9]{4})", bare)
    if found:
        return Outcome(found.group(1) + found.group(2), "postcode-layout")
    return Outcome(value, doubt="postcode-unreadable")


def url_rule() -> Rule:
    """Give the rule of a column of web addresses."""
    return Rule(canonical=URL, tidy=tidy(SPACE), mend=mend_url, keep=True)


def mend_url(value: str) -> Outcome:
    """Judge one web address: full-width letters, a lost colon or h, line breaks inside."""
    if value in NOTHING:
        return Outcome(None, "dash-means-empty")
    text = value.translate(_ASCII) if not value.isascii() else value
    text = re.sub(r"[\r\n\t]+", "", text)
    text = re.sub(r"^(?:ttps?|h?https?):?/{1,2}(?=[A-Za-z0-9])", _scheme, text)
    if text != value and _is_url(text):
        return Outcome(text, "url-layout")
    if WIDE_URL.match(value):
        return Outcome(value)
    return Outcome(value, doubt="url-unreadable")


def _is_url(text: str) -> bool:
    return bool(re.fullmatch(URL, text) or WIDE_URL.match(text))


def _scheme(found: re.Match[str]) -> str:
    return "https://" if "ttps" in found.group() else "http://"


_ASCII = {c + 0xFEE0: c for c in range(0x21, 0x7F)} | {0x3000: " "}


def email_rule() -> Rule:
    """Give the rule of a column of mail addresses."""
    return Rule(canonical=EMAIL, tidy=tidy(SYMBOL, BARE), mend=mend_email)


def mend_email(value: str) -> Outcome:
    """Judge one mail address: (at), [at] and ★ stand for the at sign only where one is missing."""
    if value in NOTHING:
        return Outcome(None, "dash-means-empty")
    text = re.sub(r"^(?:mailto|E-?mail|メール):", "", value, flags=re.IGNORECASE)
    if "@" not in text:
        text = re.sub(r"[(\[{](?:at|アット|アットマーク)[)\]}]|_at_", "@", text, count=1, flags=re.IGNORECASE)
    if text != value and re.fullmatch(EMAIL, text):
        return Outcome(text, "email-layout")
    return Outcome(value, doubt="email-unreadable")


def extension_rule() -> Rule:
    """Give the rule of a column of extensions."""
    return Rule(canonical=EXTENSION, tidy=tidy(KANA, SYMBOL, SPACE, DASHED), mend=mend_extension)


def mend_extension(value: str) -> Outcome:
    """Judge one cell of extensions; several are joined with " / "."""
    if value in NOTHING:
        return Outcome(None, "dash-means-empty")
    text = re.sub(r"^\(?(?:内線番号|内線|内)[: ]?|\)$", "", value)
    text = re.sub(r"\.0$", "", text)
    parts = [part for part in re.split(r"[、,・;/ ]+", text) if part]
    if parts and all(map(_is_number, parts)):
        return Outcome(" / ".join(parts), "extension-layout")
    return Outcome(value, doubt="extension-unreadable")


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit()
