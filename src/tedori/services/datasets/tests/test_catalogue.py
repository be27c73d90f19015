"""The public catalogue: found, looked at, downloaded, described for machines; in both languages."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.queries.catalogue import search
from tedori.services.datasets.rules.words import WORDS, Bilingual
from tedori.services.datasets.tests.factories import CHIYODA, HACHIOJI, NOW
from tedori.services.datasets.tests.publications import aed, publish_aed, publish_rows, retract

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def public():
    return publish_aed()


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_defined_dataset_has_its_words():
    assert set(WORDS) == set(standard())


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("千代田区 AED設置箇所一覧", "AED設置箇所一覧"),
        ("AED設置箇所一覧（千代田区内）", "AED設置箇所一覧（千代田区内）"),
        ("千代田区のAED", "AED"),
        ("AED 千代田区", "AED"),
        ("千代田区", "千代田区"),
    ],
)
def test_a_title_does_not_say_the_place_that_stands_beside_it(title, shown):
    assert Bilingual(title, "").without(Bilingual("千代田区", "Chiyoda")).ja == shown


@pytest.mark.req("F01", "O09")
def test_the_front_of_the_catalogue_shows_all_27_by_theme(client, public):
    text = text_of(client, "/datasets/")
    assert all(f'href="/datasets/{slug}/"' in text for slug in standard())
    assert "2 団体・5 件" in text


@pytest.mark.req("F01")
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("AED", [HACHIOJI, CHIYODA]),
        ("救急", [HACHIOJI, CHIYODA]),
        ("ａｅｄ　ちよだ", [CHIYODA]),
        ("ハチオウジ", [HACHIOJI]),
        ("Chiyoda", [CHIYODA]),
        ("消火栓", []),
    ],
)
def test_a_dataset_is_found_by_title_keyword_reading_or_english(public, query, codes):
    found = search(query, chosen={}, now=NOW)
    assert [record.place.code for record in found.records] == codes


def test_facets_count_what_the_other_facets_leave(public):
    publish_rows(
        [{"名称": "公園トイレ"}], slug="public_toilet", code=CHIYODA, edition="legacy-2017", score=40
    )
    found = search("", chosen={"municipality": CHIYODA}, now=NOW)
    counts = {name: {c.value: c.count for c in choices} for name, choices in found.facets.items()}
    assert found.total == 2
    assert counts["municipality"] == {CHIYODA: 2, HACHIOJI: 1}
    assert counts["dataset"] == {"aed": 1, "public_toilet": 1}
    assert counts["edition"] == {"current": 1, "legacy-2017": 1}
    assert counts["quality"] == {"70-89": 1, "0-49": 1}
    assert counts["class"] == {"government": 2}


@pytest.mark.parametrize(
    ("facet", "value", "expected"),
    [
        ("quality", "0-49", ["public_toilet"]),
        ("edition", "legacy-2017", ["public_toilet"]),
        ("updated", "older", []),
        ("licence", "CC-BY-4.0", ["public_toilet", "aed", "aed"]),
        ("class", "private", []),
    ],
)
def test_a_facet_keeps_what_has_its_value(public, facet, value, expected):
    publish_rows(
        [{"名称": "公園トイレ"}],
        slug="public_toilet",
        edition="legacy-2017",
        score=40,
        at=NOW + timedelta(days=2),
    )
    found = search("", chosen={facet: value}, now=NOW + timedelta(days=3))
    assert [record.version.slug for record in found.records] == expected


def test_what_is_published_or_withdrawn_shows_at_once(public):
    assert search("", chosen={}, now=NOW).total == 2
    retract(public[0], at=NOW)
    assert search("", chosen={}, now=NOW).total == 1


def test_a_search_without_an_answer_offers_to_ask_for_the_data(client, public):
    text = text_of(client, "/datasets/?q=存在しない")
    assert "見つかりませんでした" in text
    assert "/datasets/requests/new/" in text


@pytest.mark.req("F10", "F19")
def test_a_record_shows_steward_granularity_licence_rights_origin_and_history(client, public):
    text = text_of(client, f"/datasets/aed/{CHIYODA}/")
    for told in ("佐藤花子", "1台ごと", "CC BY 4.0", "行政が管理しています", "aed.csv", public[0].sha256):
        assert told in text
    assert "公開の履歴" in text


def test_a_record_lists_its_rows_and_the_map_reads_the_same_list(client, public):
    text = text_of(client, f"/datasets/aed/{CHIYODA}/")
    assert 'data-list="row-list"' in text
    assert text.count("data-lat=") == 2  # the third AED has no coordinates, and stays in the list
    assert '<th scope="row">九段図書館</th>' in text
    assert "=HYPERLINK(&quot;http://x&quot;)" in text


def test_long_records_come_in_pages_of_rows(client):
    publish_rows([aed(number, f"AED {number}") for number in range(1, 131)])
    text = text_of(client, f"/datasets/aed/{CHIYODA}/?page=2")
    assert '<th scope="row">AED 130</th>' in text
    assert '<th scope="row">AED 100</th>' not in text
    assert "130 件のうち 101–130 件目" in text


@pytest.mark.req("O05")
def test_downloads_of_one_and_of_all_really_give_the_rows(client, public):
    page = text_of(client, "/datasets/aed/")
    addresses = set(re.findall(r'href="(/api/v1/datasets/aed/download\.[^"]+)"', page))
    assert {
        f"/api/v1/datasets/aed/download.{kind}" for kind in ("csv", "xlsx", "geojson", "parquet")
    } <= addresses
    assert f"/api/v1/datasets/aed/download.csv?municipality={CHIYODA}" in addresses
    for address in addresses:
        assert client.get(address).status_code == 200


def test_search_engines_read_the_dataset_as_json_ld(client, public):
    page = text_of(client, f"/datasets/aed/{CHIYODA}/")
    found = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert found["@type"] == "Dataset"
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert {part["encodingFormat"] for part in found["distribution"]} >= {"text/csv", "application/geo+json"}


def test_json_ld_cannot_end_its_own_script(client):
    publish_rows([aed(1, "一台")], title="</script><script>alert(1)</script>")
    assert "<script>alert(1)" not in text_of(client, f"/datasets/aed/{CHIYODA}/")


def test_a_withdrawn_record_says_so_and_keeps_its_history(client, public):
    retract(public[0], at=NOW)
    answer = client.get(f"/datasets/aed/{CHIYODA}/")
    assert answer.status_code == 410
    assert "座標の誤り" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/datasets/aed/999999/", "/datasets/nothing/", "/datasets/places/999999/"]
)
def test_what_never_was_is_not_found(client, public, address):
    assert client.get(address).status_code == 404


def test_the_update_feed_is_atom_newest_first(client, public):
    feed = ElementTree.fromstring(client.get("/datasets/aed/updates.atom").content)
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert titles == [
        "AED設置箇所一覧（八王子市）の第1版を公開しました",
        "AED設置箇所一覧（千代田区）の第1版を公開しました",
    ]


@pytest.mark.req("O08")
def test_the_items_of_every_dataset_are_explained_and_can_be_had_as_csv(client):
    for slug, definition in standard().items():
        lines = client.get(f"/datasets/{slug}/items/?format=csv").content.decode("utf-8-sig").splitlines()
        assert len(lines) >= len(definition.items) + 1


def test_a_sheet_never_starts_a_formula(client):
    publish_rows([aed(1, "一台")], title='=cmd|" /C calc"!A0')
    assert "'=cmd|" in client.get("/datasets/?q=千代田&format=csv").content.decode()


PAGES = (
    "/datasets/", "/datasets/?q=aed", "/datasets/aed/", f"/datasets/aed/{CHIYODA}/", "/datasets/aed/items/",
    "/datasets/places/", f"/datasets/places/{CHIYODA}/", "/datasets/quality/", "/datasets/quality/aed/",
    f"/datasets/quality/beside/{CHIYODA}/", "/datasets/reuse/", "/datasets/reuse/new/",
    "/datasets/requests/", "/datasets/requests/new/", "/datasets/usage/",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_public_page_stands_in_english_with_only_data_in_japanese(client, public, address):
    text = text_of(client, f"/en{address}")
    assert '<html lang="en">' in text
    heading = re.sub(r"<[^>]+>", "", re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)[1])
    assert not re.search(r"[\u3041-\u30ff]", heading)


@pytest.mark.parametrize("address", PAGES)
def test_every_public_page_stands_before_anything_is_published(client, address):
    answer = client.get(address)
    assert answer.status_code in {200, 404}
