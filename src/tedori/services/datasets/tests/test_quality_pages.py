"""Quality in public: the matrix with Tokyo first, missing rates with trend and target, neighbours, CSV."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from tedori.services.datasets.actions.voices import set_targets
from tedori.services.datasets.queries import quality
from tedori.services.datasets.queries.places import neighbours
from tedori.services.datasets.tests.factories import CHIYODA, HACHIOJI, NOW, TOKYO
from tedori.services.datasets.tests.publications import CHIYODA_AED, aed, publish_aed, publish_rows

pytestmark = pytest.mark.django_db


def sheet(client, address):
    text = client.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.req("O01")
def test_the_matrix_has_62_lines_of_27_fields(client):
    publish_aed()
    found = quality.grid()
    assert len(found.municipal) == 62
    assert {len(row.cells) for row in found.rows} == {27}
    assert found.covered == pytest.approx(2 / (62 * 27))
    rows = sheet(client, "/datasets/quality/?format=csv")
    assert len(rows) == 63 * 27
    known = [row for row in rows if row["公開の有無"] == "1"]
    assert [(row["団体コード"], row["データセット"], row["品質（点）"]) for row in known] == [
        (CHIYODA, "aed", "87.5"),
        (HACHIOJI, "aed", "87.5"),
    ]
    assert known[0]["項目名の版"] == "current"
    assert known[0]["更新日"] == "2026-04-01"


@pytest.mark.req("O10")
def test_tokyo_measures_itself_first_even_while_it_has_nothing(client):
    assert quality.grid().rows[0].place.code == TOKYO
    text = client.get("/datasets/quality/").content.decode()
    assert text.index(f"/datasets/places/{TOKYO}/") < text.index(f"/datasets/places/{CHIYODA}/")
    assert "まだ公開していません" in text
    publish_rows(CHIYODA_AED, code=TOKYO)
    assert quality.grid().own[0].published == 1


@pytest.mark.req("O01")
@pytest.mark.parametrize(
    ("shown", "text"),
    [("score", ">88<"), ("exists", ">✓<"), ("edition", ">現行<"), ("updated", ">26-04<"), ("rows", ">3<")],
)
def test_the_matrix_can_be_read_five_ways(client, shown, text):
    publish_aed()
    assert text in client.get(f"/datasets/quality/?show={shown}").content.decode()


HALF = (aed(1, "一台目", 設置位置="1階"), aed(2, "二台目"))


@pytest.mark.req("O04")
def test_the_missing_rate_stands_per_item_and_municipality(client):
    publish_rows(HALF)
    publish_rows([aed(1, "一台", 設置位置="2階")], code=HACHIOJI)
    table = quality.missing_table("aed")
    place = [item.name for item in table.items].index("設置位置")
    assert {row.place.code: row.rates[place] for row in table.rows} == {CHIYODA: 0.5, HACHIOJI: 0.0}
    assert table.items[place].rate == pytest.approx(1 / 3)
    rows = sheet(client, "/datasets/quality/aed/?format=csv")
    found = [(r["団体コード"], r["欠損率"]) for r in rows if r["項目"] == "設置位置"]
    assert found == [(CHIYODA, "0.5"), (HACHIOJI, "0.0")]


def test_optional_items_do_not_count_against_a_dataset():
    publish_rows([aed(1, "一台")])
    table = quality.missing_table("aed")
    wanted = [
        rate
        for item, rate in zip(table.items, table.rows[0].rates, strict=True)
        if item.demand in quality.WANTED
    ]
    assert table.rows[0].overall == pytest.approx(sum(wanted) / len(wanted))


@pytest.mark.req("O04")
def test_the_trend_counts_the_newest_version_of_each_publisher_on_each_day():
    publish_rows(HALF)
    before = quality.missing_table("aed").rows[0].overall
    publish_rows(
        [aed(1, "一台目", 設置位置="1階"), aed(2, "二台目", 設置位置="2階")],
        number=2,
        at=NOW + timedelta(days=30),
    )
    after = quality.missing_table("aed").rows[0].overall
    found = quality.trend("aed")
    assert [day.isoformat() for day, _ in found] == ["2026-04-01", "2026-05-01"]
    assert [rate for _, rate in found] == pytest.approx([before, after])
    assert after < before


def test_a_long_trend_keeps_its_first_and_last_day():
    for number in range(1, 21):
        publish_rows(HALF, number=number, at=NOW + timedelta(days=number))
    found = quality.trend("aed")
    assert len(found) == quality.STEPS
    assert (found[0][0].isoformat(), found[-1][0].isoformat()) == ("2026-04-02", "2026-04-21")


@pytest.mark.req("O04")
def test_a_target_is_the_items_own_else_the_datasets_else_the_default(people, client):
    set_targets([("aed", "", 0.05), ("aed", "名称", 0.0)], by=people["tanaka"], at=NOW)
    assert quality.target("aed", "名称") == 0.0
    assert quality.target("aed", "設置位置") == 0.05
    assert quality.target("hospital") == quality.DEFAULT_TARGET
    assert "目標は 5.0% 以下" in client.get("/datasets/quality/aed/").content.decode()


@pytest.mark.req("O04")
def test_everybody_reads_the_targets_and_the_platform_sets_them(client, desk):
    publish_aed()
    page = client.get("/datasets/quality/targets/").content.decode()
    assert "決めていないところは 10.0% 以下を目指します" in page
    assert "新しい目標" not in page
    assert client.post("/datasets/quality/targets/", {"goal-0": "5"}).status_code in {401, 403}
    assert desk("suzuki").post("/datasets/quality/targets/", {"goal-0": "5"}).status_code == 403
    tokyo = desk("tanaka")
    names = [item.name for item in quality.missing_table("aed").items]
    field = f"goal-{names.index('名称')}"
    assert tokyo.post("/datasets/quality/targets/aed/", {field: "2.5"}).status_code == 302
    assert quality.target("aed", "名称") == 0.025
    assert tokyo.post("/datasets/quality/targets/aed/", {field: "101"}).status_code == 400
    assert tokyo.post("/datasets/quality/targets/aed/", {field: ""}).status_code == 302
    assert quality.target("aed", "名称") == quality.DEFAULT_TARGET


def test_neighbours_stand_side_by_side(client):
    publish_aed()
    codes = [one.code for one in neighbours(CHIYODA)]
    assert CHIYODA not in codes
    assert len(codes) >= 3
    table = sheet(client, f"/datasets/quality/beside/{CHIYODA}/?format=csv")
    scores = next(row for row in table if row["データセット"] == "AED設置箇所一覧")
    assert scores["千代田区"] == "88"
    assert len(scores) == len(codes) + 2
    text = client.get(f"/datasets/quality/aed/?code={CHIYODA}").content.decode()
    assert "中央区" in text
    assert f"/datasets/aed/{HACHIOJI}/" not in text


def test_an_island_far_from_all_has_still_a_page(client):
    assert client.get("/datasets/quality/beside/134210/").status_code == 200


def test_the_map_of_tiles_has_every_municipality_and_its_list(client):
    publish_aed()
    text = client.get("/datasets/places/").content.decode()
    assert text.count('class="tile ') == 62
    assert 'aria-label="千代田 88"' in text
    assert len(sheet(client, "/datasets/places/?format=csv")) == 63


def test_a_municipality_shows_what_it_has_and_what_is_missing(client):
    publish_aed()
    text = client.get(f"/datasets/places/{CHIYODA}/").content.decode()
    assert '<span class="figure">1<small>/ 27</small></span>' in text
    assert f'href="/datasets/aed/{CHIYODA}/"' in text
    assert "/datasets/quality/beside/131016/" in text


def test_the_front_page_shows_the_figures_and_the_map(client):
    assert "まだ公開されたものはありません" in client.get("/").content.decode()
    publish_aed()
    text = client.get("/").content.decode()
    assert "公開している区市町村" in text
    assert text.count('class="tile ') == 62
