"""`/api/v1`: datasets, rows, files, history and quality for programs, in the reader's language."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import openpyxl
import polars as pl
import pytest

from tedori.services.datasets.actions import publishing
from tedori.services.datasets.api.answers import language
from tedori.services.datasets.models import Version
from tedori.services.datasets.queries import exporting
from tedori.services.datasets.queries.shelving import SHELVES
from tedori.services.datasets.tests.factories import CHIYODA, HACHIOJI, NOW, aed_file
from tedori.services.datasets.tests.publications import aed, publish_aed, publish_rows, retract

pytestmark = pytest.mark.django_db
ROWS = "/api/v1/datasets/aed/rows"
FILE = "/api/v1/datasets/aed/download."
PROVENANCE = ["_organisation", "_version", "_source", "_row", "_key", "_lat", "_lon"]


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What is published is seen by the next question."""
    monkeypatch.setattr(SHELVES, "fresh", 0.0)


@pytest.fixture
def public():
    return publish_aed()


@pytest.fixture
def ask(client):
    def _ask(path=ROWS, /, **query):
        headers = query.pop("headers", {})
        return client.get(path, query, headers=headers)

    return _ask


def names(answer):
    return [row["名称"] for row in answer.json()["rows"]]


@pytest.mark.req("O01", "O04")
def test_one_address_gives_the_rows_of_all_publishers_with_their_origin(public, ask):
    answer = ask().json()
    assert (answer["dataset"], answer["matched"], answer["next"]) == ("aed", 5, None)
    first = answer["rows"][2]
    assert {name: first[name] for name in PROVENANCE} == {
        "_organisation": CHIYODA,
        "_version": 1,
        "_source": "aed.csv",
        "_row": 2,
        "_key": first["名称"] + "||35.6940|139.7536" if first["_key"].count("|") == 4 else first["_key"],
        "_lat": 35.694,
        "_lon": 139.7536,
    }
    assert list(first)[-7:] == PROVENANCE
    assert list(first)[0] == "全国地方公共団体コード"


def test_an_extra_column_stands_only_with_the_publisher_who_has_it(public, ask):
    rows = ask().json()["rows"]
    assert [row.get("extra:管理番号") for row in rows] == [None, None, None, "H-0", "H-1"]
    assert "extra:管理番号" not in rows[0]


FILTERS = """
    municipality=132012                         | 八王子市役所 高尾山口駅
    municipality=131016,132012&limit=1          | =HYPERLINK
    municipality=999999                         |
    bbox=139.74,35.69,139.76,35.70              | 九段図書館 千代田区役所
    bbox=139,35,139.3,36                        | 高尾山口駅
    bbox=179,-90,139.3,90                       | 高尾山口駅
    near=35.6950,139.7460,100                   | 九段図書館
    near=35.6950,139.7460                       | 九段図書館 千代田区役所
    text=aed 高尾                               | 高尾山口駅
    text=図書館                                 | 九段図書館
    text=ない言葉                               |
    changed_since=2026-04-01T12:00:00           | 八王子市役所 高尾山口駅
    changed_since=2027-01-01                    |
    小児対応設備の有無=無                       | 九段図書館
    小児対応設備の有無=無&小児対応設備の有無=有&bbox=139,35,140,36 | 九段図書館 千代田区役所
    名称=九段図書館&municipality=132012         |
    extra:管理番号=H-1                          | 高尾山口駅
"""


@pytest.mark.parametrize("line", FILTERS.strip().splitlines())
def test_filters_choose_rows_and_go_together(line, public, client):
    query, _, expected = line.strip().partition("|")
    answer = client.get(f"{ROWS}?{query.strip()}")
    assert [re.split("[ (]", name)[0] for name in names(answer)] == expected.split()


def test_the_pages_of_an_answer_hold_every_row_once(public, ask, client):
    seen, address = [], f"{ROWS}?limit=2"
    while address:
        answer = client.get(address)
        seen += names(answer)
        address = answer.json()["next"]
        assert (address or "") in answer.headers.get("Link", "")
    assert len(seen) == len(set(seen)) == 5


def test_a_cursor_stays_good_while_others_publish(public, ask, client):
    address = ask(limit=4).json()["next"]
    publish_rows([aed(9, "新しい一台", lat="35.1", lon="139.1")], code="131024")
    publish_rows([aed(1, "千代田区役所")], number=2)
    assert names(client.get(address)) == ["高尾山口駅 ＡＥＤ"]


def test_the_nearest_come_first_page_by_page(public, ask, client):
    first = ask(near="35.6664,139.3160,60000", limit=1).json()
    assert (first["matched"], first["rows"][0]["名称"]) == (4, "八王子市役所")
    assert names(client.get(first["next"])) == ["高尾山口駅 ＡＥＤ"]


def test_only_the_wanted_items_and_the_origin_are_given(public, ask):
    row = ask(fields="名称,名称,緯度", limit=1).json()["rows"][0]
    assert list(row) == ["名称", "緯度", *PROVENANCE]


def test_rows_come_as_geojson(public, ask):
    answer = ask(format="geojson", bbox="139,35,139.3,36")
    assert answer.headers["Content-Type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [139.27, 35.6324]}
    assert feature["properties"]["名称"] == "高尾山口駅 ＡＥＤ"
    assert feature["id"].startswith(f"{HACHIOJI}.")


def test_a_row_without_a_place_has_no_geometry(public, ask):
    features = ask(format="geojson").json()["features"]
    assert [feature["geometry"] is None for feature in features] == [True, False, False, False, False]


def test_rows_come_as_lines_of_json(public, ask):
    answer = ask(format="ndjson", fields="名称")
    assert len(answer.content.splitlines()) == 5


@pytest.mark.req("O02")
def test_nothing_in_a_csv_runs_as_a_formula(public, ask):
    for answer in (ask(format="csv"), ask(f"{FILE}csv")):
        text = b"".join(answer) if answer.streaming else answer.content
        rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
        assert [row["名称"] for row in rows if "HYPERLINK" in row["名称"]] == ['\'=HYPERLINK("http://x")']
        assert rows[0]["_source"] == "aed.csv"


BAD = """
    limit=0 | limit=1001 | limit=x | limit=² | bbox=1,2,3 | bbox=139,36,140,35 | bbox=nan,1,2,3 | near=1
    near=95,139 | near=35,139,-1 | changed_since=gestern | cursor=!! | cursor=MQ | format=pdf
    near=35,139&cursor=YQ | fields=ない項目 | ない項目=1 | limit=99999999999999999999
    changed_since=0001-01-01T00:00:00%2B23:00
"""


@pytest.mark.parametrize(
    "query", [part.strip() for part in BAD.replace("\n", "|").split("|") if part.strip()]
)
def test_what_cannot_be_understood_is_told_in_the_readers_language(query, public, client):
    answer = client.get(f"{ROWS}?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    told = answer.json()
    assert told["where"]
    assert told["todo"]
    english = client.get(f"{ROWS}?{query}", headers={"Accept-Language": "en-GB,en;q=0.9"}).json()
    assert english["code"] == told["code"]


def test_what_does_not_exist_is_a_problem_too(public, ask):
    for path in ("/api/v1/datasets/nothing", "/api/v1/datasets/nothing/rows", "/api/v1/publishers/999999"):
        answer = ask(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("header", "expected"),
    [("", "ja"), ("en", "en"), ("fr,en;q=0.5,ja;q=0.3", "en"), ("ja-JP,en;q=0.9", "ja"), ("fr", "ja")],
)
def test_the_language_is_the_first_we_speak(header, expected):
    assert language(header) == expected


@pytest.mark.parametrize("path", [ROWS, "/api/v1/datasets", f"{FILE}csv"])
def test_what_has_not_changed_is_not_sent_again(path, public, ask):
    etag = ask(path).headers["ETag"]
    assert ask(path, headers={"If-None-Match": etag}).status_code == 304
    publish_rows([aed(1, "千代田区役所")], number=2, at=NOW + timedelta(days=2))
    assert ask(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("path", [ROWS, "/api/v1/datasets", f"{FILE}csv", "/api/v1/openapi.json", "/ogc/"])
def test_other_sites_may_read(path, public, client):
    assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    assert client.head(path).status_code == 200
    asked = client.options(path)
    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


def test_nothing_can_be_written(public, client):
    assert client.post(ROWS, {}).status_code == 405


@pytest.mark.req("O01")
def test_datasets_are_listed_and_found(public, ask):
    answer = ask("/api/v1/datasets").json()
    assert answer["matched"] == 27
    (found,) = [one for one in answer["datasets"] if one["slug"] == "aed"]
    assert (found["publishers"], found["rows"], found["licences"]) == (2, 5, ["CC-BY-4.0"])
    assert [one["slug"] for one in ask("/api/v1/datasets", text="トイレ").json()["datasets"]] == [
        "public_toilet"
    ]
    chosen = ask("/api/v1/datasets", municipality=CHIYODA).json()["datasets"]
    assert [(one["slug"], one["rows"]) for one in chosen] == [("aed", 3)]


@pytest.mark.req("O02", "F19")
def test_a_dataset_tells_items_licence_steward_and_quality(public, ask):
    answer = ask("/api/v1/datasets/aed").json()
    assert [item["name"] for item in answer["items"]][:3] == [
        "全国地方公共団体コード",
        "ID",
        "地方公共団体名",
    ]
    first = answer["publications"][0]
    assert (first["steward"], first["licence"]["code"], first["score"]) == ("佐藤花子", "CC-BY-4.0", 87.5)
    assert 0 < first["missing_rate"] < 1
    assert ask(first["links"]["csv"]).status_code == 200


def test_the_names_of_people_who_worked_on_it_stay_inside(public, ask):
    for path in (
        "/api/v1/datasets/aed",
        "/api/v1/changes",
        f"/api/v1/datasets/aed/versions?municipality={CHIYODA}",
    ):
        assert "鈴木一郎" not in ask(path).content.decode()


def test_publishers_are_listed_with_what_they_publish(public, ask):
    assert ask("/api/v1/publishers").json()["matched"] >= 62
    answer = ask(f"/api/v1/publishers/{CHIYODA}").json()
    assert (answer["datasets"], answer["rows"], answer["name"]["en"]) == (1, 3, "Chiyoda")
    assert [one["dataset"] for one in answer["publications"]] == ["aed"]


@pytest.mark.req("O03")
def test_history_and_changes_tell_of_retractions(public, ask, client):
    chiyoda, _ = public
    retract(chiyoda, at=NOW + timedelta(days=3))
    turns = ask("/api/v1/changes").json()["changes"]
    assert [(one["municipality"], one["state"]) for one in turns] == [
        (CHIYODA, "retracted"),
        (HACHIOJI, "published"),
    ]
    later = ask("/api/v1/changes", since="2026-04-03").json()["changes"]
    assert [one["municipality"] for one in later] == [CHIYODA]
    first = ask("/api/v1/changes", limit=1).json()
    second = ask("/api/v1/changes", limit=1, cursor=first["next"]).json()
    assert second["changes"][0]["municipality"] == HACHIOJI
    (version,) = ask("/api/v1/datasets/aed/versions", municipality=CHIYODA).json()["versions"]
    assert (version["state"], version["ended_because"]) == ("retracted", "座標の誤り")


@pytest.mark.req("O05", "O06")
def test_quality_is_given_as_matrix_and_as_missing_rates(public, ask):
    matrix = ask("/api/v1/quality").json()
    assert len(matrix["datasets"]) == 27
    assert matrix["covered"] == pytest.approx(2 / (62 * 27))
    (line,) = ask("/api/v1/quality", municipality=CHIYODA).json()["publishers"]
    assert (line["published"], line["datasets"][0]["dataset"]) == (1, "aed")
    rates = {one["item"]: one["rate"] for one in ask("/api/v1/datasets/aed/missing").json()["items"]}
    assert rates["名称"] == 0
    assert rates["緯度"] == pytest.approx(0.2)
    assert ask("/api/v1/datasets/aed/missing", municipality="000000").json()["publishers"] == []


@pytest.mark.req("O04")
@pytest.mark.parametrize(("query", "count"), [("", 5), (f"?municipality={CHIYODA}", 3)])
def test_files_in_four_formats_hold_the_same_rows(query, count, public, ask):
    read = {
        "csv": lambda data: pl.read_csv(data, infer_schema=False),
        "parquet": pl.read_parquet,
        "xlsx": lambda data: _sheet(data),
        "geojson": lambda data: pl.DataFrame([one["properties"] for one in _json(data)["features"]]),
    }
    for kind, reader in read.items():
        answer = ask(f"{FILE}{kind}{query}")
        frame = reader(b"".join(answer))
        assert frame.height == count, kind
        assert frame["_organisation"].to_list()[:3] == [CHIYODA] * 3
        assert set(PROVENANCE) <= set(frame.columns)
        assert "千代田区役所" in frame["名称"].to_list()
        assert f'.{kind}"' in answer.headers["Content-Disposition"]


def _json(data):
    return __import__("orjson").loads(data)


def _sheet(data):
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.values)
    return pl.DataFrame(rows[1:], schema=list(rows[0]), orient="row", infer_schema_length=None)


def test_a_file_is_read_from_the_lake_piece_by_piece(public, monkeypatch):
    monkeypatch.setattr(exporting, "PIECE", 2)
    assert [piece.height for piece in exporting.export("aed").pieces()] == [2, 1, 2]


def test_columns_stand_in_standard_order_then_extra_then_origin(public, ask):
    head = b"".join(ask(f"{FILE}csv")).decode("utf-8-sig").splitlines()[0].split(",")
    assert head[:2] == ["全国地方公共団体コード", "ID"]
    assert head[-8:] == ["extra:管理番号", *PROVENANCE]


def test_a_file_of_somebody_who_publishes_nothing_does_not_exist(public, ask):
    assert ask(f"{FILE}csv?municipality=131024").status_code == 404
    assert ask(f"{FILE}pdf").status_code == 422


def test_a_dataset_that_nobody_publishes_is_empty(ask, db):
    assert ask().json()["rows"] == []
    assert ask(名称="x").json()["matched"] == 0
    text = b"".join(ask(f"{FILE}csv")).decode("utf-8-sig")
    assert text.count("\n") == 1


@pytest.mark.req("O03")
def test_a_draft_is_not_seen_and_a_published_version_at_once(send, carded, people, ask):
    send(aed_file(12))
    assert ask().json()["matched"] == 0
    publishing.publish(version=Version.objects.get(state="draft").pk, by=people["suzuki"], at=NOW)
    assert ask().json()["matched"] == 12
    publishing.retract(
        version=Version.objects.get(state="published").pk, by=people["suzuki"], at=NOW, reason="誤り"
    )
    assert ask().json()["matched"] == 0


def test_a_token_that_does_not_hold_is_refused(public, ask):
    for path in (ROWS, "/ogc/collections"):
        assert ask(path, headers={"Authorization": "Bearer tdr_nothing"}).status_code == 401


def test_too_many_questions_are_refused(public, ask, settings):
    settings.RATES = {"public": "1/h"}
    assert [ask().status_code, ask().status_code] == [200, 429]
    assert ask("/ogc/collections").json()["code"] == "too-many-requests"


def test_the_description_tells_every_operation_in_both_languages(client, db):
    told = client.get("/api/v1/openapi.json").json()
    operations = [one for path in told["paths"].values() for one in path.values()]
    assert len(operations) >= 12
    for operation in operations:
        text = operation["description"]
        assert any(ord(letter) > 0x3000 for letter in text)
        assert text.isascii() is False
        assert any(
            word in text
            for word in (
                " the ",
                "The ",
                "Where",
                "Rows",
                "Uses",
                "Who",
                "One",
                "Missing",
                "A whole",
                "Publi",
            )
        )
