"""What holds for every frame: repairs repeat nothing, are undone exactly, leave canonical values alone."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.repairing import repair, undo
from tedori.engines.tabular.repairing.cells import _all_at_once, _one_by_one
from tedori.engines.tabular.repairing.kinds import PLAIN, Known, rule_of
from tedori.engines.tabular.scanning import suspects
from tedori.engines.tabular.values import Item, PlaceGuess

pytestmark = pytest.mark.req("O03")
PLACE = PlaceGuess("131016", "千代田区", 1.0)
AED = definition("aed")
WRITINGS = """
１ 2 3 03 (03) 5253-5111 ０３ー５２５３ー５１１１ ｱ ﾞ が が 神 ① 月 ～ 金 毎日 令和5年3月1日
R5.3.1 45016 5989 9時30分 0.375 終日 ○ × 有 1 千代田区丸の内 東京都 東京都千代田区 35.68 139.75 139753333 0
35度41分22秒 13101 131016 5.22001E+12 〒100-0001 http://a.jp a@b.jp 番地 号 人 , E+ =cmd ー － - . / : ： 、 ;
"""
PIECES = (*WRITINGS.split(), " ", "　", "\n", "\u200b")
value = st.one_of(
    st.none(),
    st.sampled_from(PIECES),
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    st.text(max_size=8),
).map(lambda text: text or None)
names = [
    "全国地方公共団体コード",
    "名称",
    "名称_カナ",
    "所在地_連結表記",
    "所在地_都道府県",
    "所在地_番地以下",
    "緯度",
    "経度",
    "電話番号",
    "郵便番号",
    "法人番号",
    "利用可能曜日",
    "開始時間",
    "終了時間",
    "URL",
    "extra:メモ",
]
frames = st.lists(st.tuples(*[value for _ in names]), min_size=1, max_size=5).map(
    lambda rows: pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").with_columns(
        pl.int_range(2, pl.len() + 2).cast(pl.Int64).alias("_row")
    )
)


@settings(max_examples=40, deadline=None)
@given(frames)
def test_repairs_are_undone_exactly(frame):
    done = repair(frame, AED, place=PLACE)
    assert undo(done.frame, done.repairs).equals(frame)


@settings(max_examples=40, deadline=None)
@given(frames)
def test_repairing_twice_changes_nothing_more(frame):
    once = repair(frame, AED, place=PLACE)
    twice = repair(once.frame, AED, place=PLACE)
    assert twice.repairs.height == 0, twice.repairs


@settings(max_examples=25, deadline=None)
@given(frames)
def test_looking_only_at_suspects_gives_the_same(frame):
    asked = suspects(frame, AED)
    assert repair(frame, AED, place=PLACE, suspects=asked).frame.equals(repair(frame, AED, place=PLACE).frame)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(PLAIN)), st.lists(value.filter(bool), min_size=1, max_size=6))
def test_columns_and_single_values_are_repaired_alike(kind, values):
    column = pl.Series(values, dtype=pl.String)
    rule = rule_of(Item(name="項目", kind=kind), column, known=Known())
    odd = column.filter(~rule.fits(column))
    if odd.len():
        one, all_ = _one_by_one(odd, rule), _all_at_once(odd, rule)
        assert one[0].to_list() == all_[0].to_list()


def test_canonical_rows_are_untouched():
    row = {
        "全国地方公共団体コード": "131016",
        "名称": "千代田会館",
        "名称_カナ": "チヨダカイカン",
        "所在地_連結表記": "東京都千代田区九段南一丁目2-1",
        "所在地_都道府県": "東京都",
        "所在地_市区町村": "千代田区",
        "所在地_番地以下": "1-2",
        "緯度": "35.693889",
        "経度": "139.753611",
        "電話番号": "03-1234-5678",
        "郵便番号": "1000001",
        "利用可能曜日": "月火水木金",
        "開始時間": "09:00",
        "終了時間": "17:00",
        "小児対応設備の有無": "有",
    }
    frame = pl.DataFrame([row]).with_columns(pl.lit(2, pl.Int64).alias("_row"))
    done = repair(frame, AED, place=PLACE)
    assert done.repairs.height == 0
    assert done.frame.equals(frame)
