"""Every edition can be turned back into the standard frame, cell for cell."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tedori.engines.tabular.definitions import CURRENT, DATA_MODEL, ENGLISH, LEGACY, definition, standard
from tedori.engines.tabular.editions import convert, restore

CELLS = st.one_of(
    st.none(),
    st.sampled_from(["東京都千代田区", "千代田区", "東京都", "131016", "F1", "1", "京都府東京都"]),
    st.text(min_size=1, max_size=5),
)
EXTRAS = (
    "extra:地先",
    "extra:施設_名称",
    "extra:施設_町字ID",
    "extra:名称",
    "extra:市区町村名",
    "extra:extra:x",
)


@st.composite
def frames(draw, slug: str):
    names = [item.name for item in definition(slug).items]
    rows = draw(st.integers(0, 4))
    extras = draw(st.lists(st.sampled_from(EXTRAS), unique=True, max_size=4))
    # A small pool of cells, dealt out by one random stream, keeps the drawing cheap.
    pool, deal = draw(st.lists(CELLS, min_size=1, max_size=8)), draw(st.randoms(use_true_random=False))
    data = {name: pl.Series(deal.choices(pool, k=rows), dtype=pl.String) for name in (*names, *extras)}
    return pl.DataFrame({**data, "_row": pl.Series(range(2, rows + 2), dtype=pl.Int64)})


def editions_of(slug: str) -> list[str]:
    return [edition.name for edition in definition(slug).editions]


@pytest.mark.req("O01")
@pytest.mark.parametrize("slug", ["fire_hydrant", "public_wireless_lan", "polling_place"])
def test_every_edition_turns_back_into_the_same_standard_frame(slug):
    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(frame=frames(slug))
    def round_trip(frame):
        for edition in editions_of(slug):
            back = restore(convert(frame, definition(slug), to=edition), definition(slug), of=edition)
            assert_frame_equal(back.select(sorted(back.columns)), frame.select(sorted(frame.columns)))
            assert back.columns[: len(definition(slug).items)] == [i.name for i in definition(slug).items]

    round_trip()


@pytest.mark.parametrize("slug", sorted(standard()))
def test_every_dataset_survives_a_walk_through_all_its_editions(slug):
    names = [item.name for item in definition(slug).items]
    frame = pl.DataFrame(
        {name: [f"{name}a", None, "東京都千代田区"] for name in names} | {"_row": [2, 3, 4]},
        schema=dict.fromkeys(names, pl.String) | {"_row": pl.Int64},
    )
    walked = frame
    for edition in (LEGACY, DATA_MODEL, CURRENT, ENGLISH, LEGACY):
        if edition in editions_of(slug):
            walked = restore(convert(walked, definition(slug), to=edition), definition(slug), of=edition)
    assert_frame_equal(walked, frame)


def test_the_2017_header_comes_first_and_exactly_in_its_order():
    hydrants = definition("fire_hydrant")
    frame = pl.DataFrame(
        {item.name: ["x"] for item in hydrants.items} | {"地方公共団体名": ["東京都千代田区"], "_row": [2]}
    )
    (table,) = convert(frame, hydrants, to=LEGACY)
    assert tuple(table.columns[:11]) == next(e for e in hydrants.editions if e.name == LEGACY).header
    assert table["都道府県名"].to_list() == ["東京都"]
    assert table["市区町村名"].to_list() == ["千代田区"]
    assert "町字ID" in table.columns, "what the old header lacks travels along"


def test_facilities_are_split_off_once_and_joined_on_their_id():
    polling = definition("polling_place")
    frame = pl.DataFrame(
        {item.name: pl.Series([None] * 3, dtype=pl.String) for item in polling.items}
        | {
            "施設_ID": ["7", "7", "8"],
            "投票所_名称": ["第1", "第2", "第3"],
            "extra:施設_名称": ["小学校", "小学校", "会館"],
            "extra:施設_電話番号": ["1", "2", None],
        }
    )
    entity, facility = convert(frame, polling, to=DATA_MODEL)
    assert facility.rows() == [("7", "小学校"), ("8", "会館")]
    assert "施設_電話番号" in entity.columns, "what the id does not decide stays with the entity"
    back = restore((entity, facility), polling, of=DATA_MODEL)
    assert back["extra:施設_名称"].to_list() == ["小学校", "小学校", "会館"]


def test_an_edition_that_a_dataset_does_not_have_is_refused_by_name():
    with pytest.raises(LookupError, match="polling_place: no edition 'legacy-2017'"):
        convert(pl.DataFrame(), definition("polling_place"), to=LEGACY)
