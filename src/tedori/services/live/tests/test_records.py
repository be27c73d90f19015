"""Flat records become entities: rows of CSV, JSON objects, MQTT messages; Japanese times become UTC."""

# ruff: noqa: E501 - tables keep a case on one line
from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.writing import NORMALIZED, write_entity
from tedori.services.live.rules.mappings import MappingRefused, names_of
from tedori.services.live.rules.records import entity_of, instant, message_of, records_of, shape_of

TEXT = """
records:
  type: Station
  id: "urn:ngsi-ld:Station:{駅コード}"
  observed: 計測日時
  location: {latitude: 緯度, longitude: 経度}
  attributes:
    混雑度: {name: crowd, unit: IE, values: {不明: unknown}}
    駅名: label
"""
SHAPE = shape_of(names_of(TEXT).records)
CSV = (
    '駅コード,駅名,混雑度,計測日時,緯度,経度\n130,九段下,"1,250",2026/4/1 9:00,35.695,139.751\n131,,不明,,,\n'
)


@pytest.mark.req("F09")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_rows_become_entities(encoding):
    first, second = (entity_of(one, SHAPE) for one in records_of(CSV.encode(encoding), "csv", SHAPE))
    assert write_entity(first, CORE, NORMALIZED) == {
        "id": "urn:ngsi-ld:Station:130",
        "type": "Station",
        "crowd": {
            "type": "Property",
            "value": 1250,
            "unitCode": "IE",
            "observedAt": "2026-04-01T00:00:00.000Z",
        },
        "label": {"type": "Property", "value": "九段下", "observedAt": "2026-04-01T00:00:00.000Z"},
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [139.751, 35.695]}},
    }
    assert set(write_entity(second, CORE, NORMALIZED)) == {"id", "type", "crowd"}


TIMES = """
 given                       | utc
 2026-04-01T09:00:00+09:00   | 2026-04-01T00:00:00.000Z
 2026-04-01T09:00:00Z        | 2026-04-01T09:00:00.000Z
 2026-04-01 09:00            | 2026-04-01T00:00:00.000Z
 2026/04/01 09:00:05         | 2026-04-01T00:00:05.000Z
 20260401090000              | 2026-04-01T00:00:00.000Z
 soon                        | None
"""


@pytest.mark.parametrize(
    ("given", "utc"), [[c.strip() for c in line.split("|")] for line in TIMES.strip().splitlines()][1:]
)
def test_times_without_an_offset_are_japanese(given, utc):
    assert str(instant(given, timezone(timedelta(hours=9)))) == utc


def test_seconds_and_milliseconds_of_the_epoch_are_told_apart():
    zone = timezone(timedelta(hours=9))
    assert instant(1_775_001_600, zone) == instant(1_775_001_600_000, zone) == "2026-04-01T00:00:00.000Z"
    assert instant(1e30, zone) is None
    assert instant(True, zone) is None


def test_json_is_looked_into_where_the_mapping_says():
    shape = shape_of(names_of(TEXT + "  each: data.items\n").records)
    body = '{"data": {"items": [{"駅コード": 1, "混雑度": 3}]}}'.encode()
    (one,) = records_of(body, "json", shape)
    assert entity_of(one, shape).id == "urn:ngsi-ld:Station:1"
    for wrong in (b"[", b"3", b'{"data": 3}'):
        with pytest.raises(NgsiLdError):
            list(records_of(wrong, "json", shape))


def test_a_message_is_known_by_its_topic():
    shape = shape_of(
        names_of("records: {type: T, id: 'urn:s:{topic.2}', attributes: {a.b: deep, value: bare}}").records
    )
    assert entity_of(message_of("x/7", b'{"a": {"b": 1}}'), shape).id == "urn:s:7"
    bare = entity_of(message_of("x/7", b"21.5"), shape)
    assert bare.attributes[CORE.expand("bare")][0].value == 21.5
    assert entity_of(message_of("x/7", b"\xff"), shape).id == "urn:s:7"


@pytest.mark.parametrize(
    "record", [{}, {"駅コード": ""}, {"駅コード": "a b"}, {"駅コード": "1", "緯度": "999", "経度": "1"}]
)
def test_a_record_that_is_no_entity_is_refused(record):
    with pytest.raises(NgsiLdError):
        entity_of(record, SHAPE)


@pytest.mark.parametrize("text", ["", "records: {type: T}", "records: {type: T, id: x}", "records: {type: ',', id: x, attributes: {a: b}}",
                                  "records: {type: T, id: x, attributes: {a: b}, zone: JST}"])  # fmt: skip
def test_a_mapping_without_what_is_needed_is_refused(text):
    with pytest.raises(MappingRefused):
        shape_of(names_of(text).records)
