"""Words that name columns in municipal tables, for telling a header from data."""

from __future__ import annotations

import re
from functools import lru_cache

from tedori.engines.tabular.reading.cells import folded

_WORDS = """
    no no. № 番号 通番 連番 通し番号 整理番号 管理番号 項番 # id コード 区分 種別 種類 分類
    カテゴリ カテゴリー 大分類 中分類 小分類 名称 名前 氏名 施設名 施設名称 店舗名 店名 屋号 商号
    事業者名 事業所名 会社名 団体名 学校名 園名 駅名 場所 場所名 対象 件名 題名 タイトル カナ
    フリガナ ふりがな よみ 読み 英字 英語名 通称 略称 住所 所在地 設置場所 設置位置 開催場所 方書
    町名 町丁目 町字 丁目 大字 地区 地域 地域名 学区 校区 区域 都道府県 都道府県名 市区町村 市町村
    市区町村名 市町村名 区 市 県 自治体名 郵便番号 郵便 電話 電話番号 tel fax ファクス ファックス
    fax番号 内線番号 メール メールアドレス eメール email url ホームページ hp リンク サイト 緯度
    経度 標高 高さ 座標 x y 備考 摘要 注記 特記事項 説明 概要 内容 詳細 メモ コメント 定員 人数
    人口 総人口 世帯数 男 女 男性 女性 総数 合計 計 面積 数 数量 台数 件数 金額 料金 費用 単位 日付
    年月日 年月 年 月 日 曜日 年度 日時 時間 開始 終了 開始日 終了日 開始時間 終了時間 開館時間
    営業時間 休館日 定休日 休業日 診療科目 診療科 設置年月日 登録日 更新日 指定日 許可日 公開日
    発行日 画像 写真 ライセンス ライセンス表示 言語 形式 ファイル形式 担当 担当課 担当部署 所管
    所管課 所属 部 課 係 局 室 管理者 設置者 開設者 代表者 代表者名 運営主体 運営者 事業者 主催者
    連絡先 問い合わせ先 問合せ先 お問い合わせ 対象者 対象年齢 アクセス アクセス方法 駐車場
    バリアフリー トイレ 品目 品名 出し方 分別区分 投票区 投票区名 投票所 投票所名 献立 献立名
    食品名 メニュー 学年 組 校種 階 階数 構造 用途 状態 状況 結果 得点 順位 有無 可否 性別 年齢
    年代 職業 国籍 順番 name address latitude longitude lat lon lng long location note notes
    remarks telephone telephonenumber phone tel property type category code number title
    description prefecture city district town date time year month day area pref prefname cityname
    prefcode regioncode openinghours startdate enddate starttime endtime capacity count total image
    license language format url uri website mail status value unit identifier label group
"""

# Whole names, folded (no width, case, white space, decoration).
_WHOLE = frozenset(folded(word) for word in _WORDS.split())
_ENDING = re.compile(
    r".*(?:名|名称|番号|コード|住所|所在地|緯度|経度|電話|連絡先|カナ|英字|英語|通称|日|年月日|時間|時刻|時間帯|曜日|区分|種別|種類|分類|備考"
    r"|方書|url|id|no|人口|世帯数|面積|数|件数|人数|定員|金額|料|料金|率|割合|有無|可否|特記事項|方法|情報|場所|位置|区域|地区|項目|内容|説明"
    r"|概要|画像|ライセンス|フラグ|対応|設備|施設|状況|年度|者|機関|課|先|形式|男性|女性|以上|未満|歳|要件|条件|期間|期限|対象|単位|合計"
    r"|code|name|number|date|time|address|type|count|total|day|note|kana)"
)
_STANDARD = re.compile(
    r"(?:全国地方公共団体|都道府県|市区町村|地方公共団体|所在地|法人番号|町字|建物名|災害種別|データセット|poi|(?:0|5|10)-\d+歳|\d+-\d+歳).*"
)
_CAMEL = re.compile(
    r"#?[a-z]+[0-9]{0,2}(?:[A-Z][a-z0-9]*)*|#?[a-z]+(?:_[A-Za-z0-9]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+"
)


@lru_cache(maxsize=8192)
def names_a_column(cell: str) -> bool:
    """Whether a cell reads like the name of a column."""
    word = folded(cell)
    if not word or len(word) > 40:
        return False
    if word in _WHOLE or _STANDARD.fullmatch(word):
        return True
    return len(word) <= 24 and not word.isdigit() and _ENDING.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def is_identifier(cell: str) -> bool:
    """Whether a cell is an English name as programs write it: camelCase, snake_case or a lower-case word."""
    return len(cell) > 1 and _CAMEL.fullmatch(cell.strip()) is not None
