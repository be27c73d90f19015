"""The names of the 27 datasets for people, in both languages, with one sentence on what each is for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A name that comes with its own English, such as a place's; shown in the active language."""

    ja: str
    en: str

    def __str__(self) -> str:
        return self.en if self.en and get_language() == "en" else self.ja

    def without(self, name: Bilingual) -> Bilingual:
        """This name without another at its beginning or end; whole where nothing else would be left.

        >>> Bilingual("千代田区 AED一覧", "AED sites, Chiyoda").without(Bilingual("千代田区", "Chiyoda"))
        Bilingual(ja='AED一覧', en='AED sites')
        """
        return Bilingual(_without(self.ja, name.ja), _without(self.en, name.en))


def _without(text: str, name: str) -> str:
    left = text.removeprefix(name) if name else text
    left = (left.removesuffix(name) if name else left).strip(" 　,、・:：-–の")
    return left or text


@dataclass(frozen=True, slots=True)
class DatasetWords:
    """What a dataset is called, what it holds, and under which theme people look for it."""

    title: Promise | str
    text: Promise | str
    theme: str


THEMES = {
    "safety": _("防災・安全"),
    "welfare": _("健康・福祉"),
    "children": _("子育て・教育"),
    "town": _("まち・施設"),
    "living": _("くらし・環境"),
    "visit": _("観光・文化"),
    "government": _("行政・統計"),
}

WORDS: dict[str, DatasetWords] = {
    "public_facility": DatasetWords(
        _("公共施設一覧"), _("役所、図書館、公民館、体育館などの場所と利用時間"), "town"
    ),
    "cultural_property": DatasetWords(_("文化財一覧"), _("指定された文化財の名称、種類、所在地"), "visit"),
    "evacuation_space": DatasetWords(
        _("指定緊急避難場所一覧"), _("災害の種類ごとに逃げ込める場所と収容人数"), "safety"
    ),
    "population": DatasetWords(_("地域・年齢別人口"), _("町丁目ごと、年齢ごとの人口と世帯数"), "government"),
    "preschool": DatasetWords(
        _("子育て施設一覧"), _("保育園、幼稚園、認定こども園などの場所と定員"), "children"
    ),
    "open_data_list": DatasetWords(
        _("オープンデータ一覧"), _("自治体が公開しているデータの目録"), "government"
    ),
    "public_wireless_lan": DatasetWords(
        _("公衆無線LANアクセスポイント一覧"), _("だれでも使える無線LANの場所と名称"), "town"
    ),
    "aed": DatasetWords(_("AED設置箇所一覧"), _("AED の設置場所、使える時間、小児対応の有無"), "safety"),
    "care_service": DatasetWords(
        _("介護サービス事業所一覧"), _("介護サービスの種類、事業所の場所と定員"), "welfare"
    ),
    "hospital": DatasetWords(_("医療機関一覧"), _("病院と診療所の場所、診療科、診療時間"), "welfare"),
    "tourism": DatasetWords(
        _("観光施設一覧"), _("観光施設の場所、料金、利用時間、バリアフリー情報"), "visit"
    ),
    "event": DatasetWords(_("イベント一覧"), _("催しの日時、場所、参加方法"), "visit"),
    "public_toilet": DatasetWords(
        _("公衆トイレ一覧"), _("公衆トイレの場所、車いす対応、おむつ交換台の有無"), "town"
    ),
    "fire_hydrant": DatasetWords(_("消防水利施設一覧"), _("消火栓や防火水槽の場所と種類"), "safety"),
    "food_business_all": DatasetWords(
        _("食品等営業許可・届出一覧"), _("食品を扱う営業の許可と届出"), "living"
    ),
    "school_lunch": DatasetWords(
        _("学校給食献立情報"), _("日ごとの給食の献立、栄養価、アレルゲン"), "children"
    ),
    "school_district": DatasetWords(_("小中学校通学区域情報"), _("住所ごとに通う小学校と中学校"), "children"),
    "support_system": DatasetWords(
        _("支援制度（給付金）情報"), _("給付金などの支援制度の対象、内容、申請の仕方"), "welfare"
    ),
    "emergency_radio": DatasetWords(_("防災行政無線設置一覧"), _("防災行政無線のスピーカーの場所"), "safety"),
    "educational_institution": DatasetWords(_("教育機関一覧"), _("学校の種類、場所、生徒の数"), "children"),
    "parking": DatasetWords(_("公営駐車場一覧"), _("公営駐車場の場所、台数、料金、時間"), "town"),
    "bicycle_parking": DatasetWords(_("公営駐輪場一覧"), _("公営駐輪場の場所、台数、料金、時間"), "town"),
    "polling_place": DatasetWords(_("投票所一覧"), _("投票所の場所と投票区"), "government"),
    "garbage_separation": DatasetWords(_("ゴミの分別方法一覧"), _("品目ごとの分別と出し方"), "living"),
    "baby_station": DatasetWords(_("赤ちゃんの駅一覧"), _("授乳やおむつ替えができる場所"), "children"),
    "garbage_collection_point": DatasetWords(_("ゴミ集積場所一覧"), _("ゴミ集積場所と収集日"), "living"),
    "tourism_point": DatasetWords(_("観光ポイント一覧"), _("散策の見どころとその説明"), "visit"),
}

EDITIONS = {
    "current": _("現行（推奨データセット）"),
    "legacy-2017": _("2017年テンプレート"),
    "data-model": _("データモデル型"),
    "english": _("英字項目名"),
    "free": _("独自の項目名"),
}
DEMANDS = {"必須": _("必須"), "推奨": _("推奨"), "任意": _("任意")}


def title(slug: str) -> Promise | str:
    """The name of a dataset for people; the slug itself for one nobody named."""
    return WORDS[slug].title if slug in WORDS else slug


def edition(code: str) -> Promise | str:
    """The name of an edition for people."""
    return EDITIONS.get(code, code)
