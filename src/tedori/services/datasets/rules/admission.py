"""What must hold before a version is public: a licence, a named steward, an admitted data class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence that data may be given under."""

    code: str
    label: str | Promise
    address: str


LICENCES = (
    Licence("CC-BY-4.0", _("クリエイティブ・コモンズ 表示 4.0（CC BY 4.0）"), "https://creativecommons.org/licenses/by/4.0/"),
    Licence("CC0-1.0", _("CC0 1.0（権利放棄）"), "https://creativecommons.org/publicdomain/zero/1.0/"),
    Licence("PDL-1.0", _("公共データ利用規約 第1.0版（PDL1.0）"), "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"),
    Licence("CC-BY-SA-4.0", _("クリエイティブ・コモンズ 表示-継承 4.0（CC BY-SA 4.0）"), "https://creativecommons.org/licenses/by-sa/4.0/"),
    Licence("ODbL-1.0", _("Open Database License 1.0（ODbL）"), "https://opendatacommons.org/licenses/odbl/1-0/"),
)  # fmt: skip
DATA_CLASSES = {
    "government": _("行政データ"),
    "private": _("公共性の高い民間データ"),
    "internal": _("庁内限り"),
}
BECAUSE = {
    "internal": _("「庁内限り」のデータは公開できません。"),
    "no-public-interest": _("民間データは、公共性の説明が必要です。"),
    "no-agreement": _("民間データは、提供元との合意（文書名・日付）が必要です。"),
    "no-copyright-holder": _("著作権が行政にない場合は、権利者の名称が必要です。"),
}


class Rights(Protocol):
    """The part of a dataset record that admission looks at."""

    licence: str
    steward: str
    data_class: str
    public_interest: str
    agreement: str
    copyright_by_government: bool
    copyright_holder: str


def licence(code: str) -> Licence | None:
    """The licence with this code, or None."""
    return next((known for known in LICENCES if known.code == code), None)


def class_refusals(card: Rights) -> tuple[str, ...]:
    """Why the data class does not admit publication (codes of BECAUSE); empty when it does.

    Data are admitted in stages: government data as they are; private data with a stated public interest and
    the owner's agreement; internal data never.
    """
    if card.data_class == "internal":
        return ("internal",)
    private = card.data_class == "private"
    refusals = {
        "no-public-interest": private and not card.public_interest.strip(),
        "no-agreement": private and not card.agreement.strip(),
        "no-copyright-holder": not card.copyright_by_government and not card.copyright_holder.strip(),
    }
    return tuple(code for code, holds in refusals.items() if holds)


def lacks(card: Rights | None) -> tuple[str, ...]:
    """Everything that keeps a record from publication: `licence`, `steward`, and codes of BECAUSE."""
    if card is None:
        return ("licence", "steward")
    missing = [] if licence(card.licence) else ["licence"]
    if not card.steward.strip():
        missing.append("steward")
    return (*missing, *class_refusals(card))
