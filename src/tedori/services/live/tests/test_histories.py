"""The evolution of entities over HTTP: recorded, asked for, paged, aggregated, corrected, forgotten."""

from __future__ import annotations

import pytest

SHELTER = "urn:ngsi-ld:EvacuationShelter:131016:1"
ONE = f"/temporal/entities/{SHELTER}"
BAD, MISSING = (
    f"https://uri.etsi.org/ngsi-ld/errors/{name}" for name in ("BadRequestData", "ResourceNotFound")
)
AFTER = {"timerel": "after", "timeAt": "2026-04-01T00:00:00Z"}


def instances(table):
    """Values and the hours of 1 April at which they were observed, as `12@9 30@10`."""
    pairs = (entry.split("@") for entry in table.split())
    return [
        {"type": "Property", "value": int(value), "observedAt": f"2026-04-01T{int(hour):02}:00:00Z"}
        for value, hour in pairs
    ]


def evolution(urn=SHELTER, kind="EvacuationShelter", **attributes):
    return {"id": urn, "type": kind} | {name: instances(table) for name, table in attributes.items()}


@pytest.fixture
def shelter(ask):
    answer = ask("POST", "/temporal/entities", evolution(occupancy="12@9 30@10 25@11", beds="40@9"))
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/ngsi-ld/v1{ONE}"
    return SHELTER


def told(answer, name="occupancy"):
    """The values of an attribute that an answer tells, with their hours."""
    document = answer.json()
    document = document[0] if isinstance(document, list) else document
    return " ".join(f"{one['value']}@{int(one['observedAt'][11:13])}" for one in document.get(name, ()))


@pytest.mark.req("F09")
def test_an_evolution_is_read_as_it_was_recorded(ask, shelter):
    answer = ask("GET", ONE)
    assert answer.status_code == 200
    assert told(answer) == "12@9 30@10 25@11"
    assert all(one["instanceId"].startswith("urn:") for one in answer.json()["occupancy"])


def test_the_newest_instance_is_the_present(ask, shelter):
    present = ask("GET", f"/entities/{shelter}").json()
    assert (present["occupancy"]["value"], present["beds"]["value"]) == (25, 40)


# what comes | what is true now
LATER = """
 99@8       | 25
 99@12      | 99
 99@8 50@13 | 50
 26@11      | 26
"""


@pytest.mark.parametrize("row", LATER.strip().splitlines())
def test_what_arrives_late_changes_the_past_and_only_what_is_newer_the_present(ask, shelter, row):
    came, now = (part.strip() for part in row.split("|"))
    assert ask("POST", f"{ONE}/attrs", {"occupancy": instances(came)}).status_code == 204
    assert ask("GET", f"/entities/{shelter}").json()["occupancy"]["value"] == int(now)
    assert came.split()[0] in told(ask("GET", ONE)).split()


def test_what_is_delivered_twice_counts_once(ask, shelter):
    for _ in range(2):
        assert ask("POST", "/temporal/entities", evolution(occupancy="12@9 31@10")).status_code == 204
    assert told(ask("GET", ONE)) == "12@9 31@10 25@11"


def test_changes_by_the_ordinary_doors_are_in_the_evolution(ask):
    entity = {"id": SHELTER, "type": "EvacuationShelter", "name": "九段小学校", "scope": "/Chiyoda"}
    ask("POST", "/entities", entity)
    ask("PATCH", f"/entities/{SHELTER}", {"name": "九段中学校", "scope": ["/Chiyoda/Kudan", "/Schools"]})
    ask("DELETE", f"/entities/{SHELTER}/attrs/name")
    document = ask("GET", ONE).json()
    assert [one["value"] for one in document["name"]] == ["九段小学校", "九段中学校", "urn:ngsi-ld:null"]
    assert [one["value"] for one in document["scope"]] == ["/Chiyoda", ["/Chiyoda/Kudan", "/Schools"]]
    (gone,) = ask("GET", ONE, params={"timeproperty": "deletedAt"}).json()["name"]
    assert gone.keys() == {"type", "value", "instanceId", "deletedAt"}


# parameters                                         | what is told
WINDOWS = """
 timerel=after&timeAt=2026-04-01T10:00:00Z                                       | 30@10 25@11
 timerel=before&timeAt=2026-04-01T10:00:00Z                                      | 12@9
 timerel=between&timeAt=2026-04-01T10:00:00Z&endTimeAt=2026-04-01T11:00:00Z      | 30@10
 lastN=2                                                                         | 30@10 25@11
 timerel=before&timeAt=2026-04-01T11:00:00Z&lastN=1                              | 30@10
 attrs=beds                                                                      |
 pick=id,occupancy                                                               | 12@9 30@10 25@11
 timeproperty=modifiedAt&timerel=after&timeAt=2020-01-01T00:00:00Z               | 12@9 30@10 25@11
"""


@pytest.mark.parametrize("row", WINDOWS.strip().splitlines())
def test_a_window_shows_part_of_an_evolution(ask, shelter, row):
    asked, expected = (part.strip() for part in row.split("|"))
    answer = ask("GET", f"{ONE}?{asked}")
    assert answer.status_code == 200
    assert told(answer) == expected


REFUSED = """
 timerel=after                                     | 400
 timerel=sometimes&timeAt=2026-04-01T10:00:00Z     | 400
 timerel=after&timeAt=yesterday                    | 400
 timerel=between&timeAt=2026-04-01T10:00:00Z       | 400
 timeproperty=seenAt                               | 400
 lastN=0                                           | 400
 lastN=many                                        | 400
 format=pie                                        | 400
 options=temporalValues,pie                        | 400
 format=aggregatedValues                           | 400
 format=aggregatedValues&aggrMethods=mode          | 400
 format=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=hourly | 400
 pick=occupancy{name}                              | 400
 join=inline                                       | 400
 attrs=unheardOf                                   | 404
 timerel=after&timeAt=2030-01-01T00:00:00Z         | 404
"""


@pytest.mark.parametrize("row", REFUSED.strip().splitlines())
def test_a_question_that_makes_no_sense_is_refused(ask, shelter, row):
    asked, status = (part.strip() for part in row.split("|"))
    assert ask("GET", f"{ONE}?{asked}").status_code == int(status)


def test_simple_values_stand_beside_their_times(ask, shelter):
    values = ask("GET", ONE, params={"format": "temporalValues", "attrs": "occupancy"}).json()["occupancy"]
    hours = [[12, "2026-04-01T09:00:00Z"], [30, "2026-04-01T10:00:00Z"], [25, "2026-04-01T11:00:00Z"]]
    assert values == {"type": "Property", "values": hours}


def test_values_are_aggregated_by_period(ask, shelter):
    asked = {"format": "aggregatedValues", "aggrMethods": "avg,max,totalCount", "aggrPeriodDuration": "PT2H"}
    found = ask("GET", ONE, params=asked).json()["occupancy"]
    first, second = (
        ("2026-04-01T09:00:00Z", "2026-04-01T11:00:00Z"),
        ("2026-04-01T11:00:00Z", "2026-04-01T13:00:00Z"),
    )
    assert found == {
        "type": "Property",
        "avg": [[21.0, *first], [25.0, *second]],
        "max": [[30.0, *first], [25.0, *second]],
        "totalCount": [[2, *first], [1, *second]],
    }


def test_months_are_those_of_the_calendar(ask):
    days = ("2026-01-31", "2026-02-27", "2026-02-28", "2026-04-01")
    held = [{"type": "Property", "value": 1, "observedAt": f"{day}T00:00:00Z"} for day in days]
    ask("POST", "/temporal/entities", evolution() | {"occupancy": held})
    asked = {"format": "aggregatedValues", "aggrMethods": "sum", "aggrPeriodDuration": "P1M"}
    sums = ask("GET", ONE, params=asked).json()["occupancy"]["sum"]
    assert [(value, start[:10]) for value, start, _ in sums] == [
        (2.0, "2026-01-31"), (1.0, "2026-02-28"), (1.0, "2026-03-31"),
    ]  # fmt: skip


def test_a_method_that_does_not_apply_to_an_attribute_that_was_asked_for_is_refused(ask):
    named = {"name": [{"type": "Property", "value": "九段", "observedAt": "2026-04-01T09:00:00Z"}]}
    ask("POST", "/temporal/entities", evolution(occupancy="1@9") | named)
    asked = {"type": "EvacuationShelter", "format": "aggregatedValues", "aggrMethods": "avg"} | AFTER
    assert ask("GET", "/temporal/entities", params=asked | {"attrs": "name"}).status_code == 400
    (document,) = ask("GET", "/temporal/entities", params=asked).json()
    assert document.keys() >= {"occupancy"} and "name" not in document


# question                                      | shelters
QUESTIONS = """
 type=EvacuationShelter                         | 1 2
 type=Toilet                                    |
 type=EvacuationShelter&q=occupancy>28          | 1
 type=EvacuationShelter&q=occupancy==3          | 2
 type=EvacuationShelter&q=occupancy!=12         | 1 2
 type=EvacuationShelter&q=beds                  | 1
 type=EvacuationShelter&q=occupancy>28|beds==9  | 1
 type=EvacuationShelter&attrs=beds              | 1
 type=EvacuationShelter&idPattern=2$            | 2
 q=occupancy.unitCode=="IE"                     | 2
 type=EvacuationShelter&georel=near;maxDistance==500&geometry=Point&coordinates=[139.744,35.694] | 2
 type=EvacuationShelter&georel=near;maxDistance==500&geometry=Point&coordinates=[139.9,35.694]   |
 type=EvacuationShelter&scopeQ=/Chiyoda/%23     | 2
 type=EvacuationShelter&scopeQ=/Hachioji        |
 type=EvacuationShelter&datasetId=urn:d:1       | 2
"""


@pytest.mark.parametrize("row", QUESTIONS.strip().splitlines())
def test_entities_are_found_by_what_was_true_of_them(ask, shelter, row):
    asked, expected = (part.strip() for part in row.split(" | ")) if " | " in row else (row.strip(" |"), "")
    second = evolution(SHELTER[:-1] + "2") | {
        "occupancy": [
            {"type": "Property", "value": 3, "unitCode": "IE", "observedAt": "2026-04-02T09:00:00Z"},
            {"type": "Property", "value": 5, "datasetId": "urn:d:1", "observedAt": "2026-04-02T09:00:00Z"},
        ],
        "location": [
            {"type": "GeoProperty", "value": {"type": "Point", "coordinates": place}, "observedAt": at}
            for place, at in (
                ([139.744, 35.694], "2026-04-02T09:00:00Z"),
                ([139.9, 35.694], "2026-03-01T09:00:00Z"),
            )
        ],
        "scope": [
            {"type": "Property", "value": "/Hachioji", "observedAt": "2026-02-01T00:00:00Z"},
            {"type": "Property", "value": "/Chiyoda/Kudan", "observedAt": "2026-03-01T00:00:00Z"},
        ],
    }  # fmt: skip
    assert ask("POST", "/temporal/entities", second).status_code == 201
    answer = ask("GET", f"/temporal/entities?{asked}&timerel=after&timeAt=2026-04-01T00:00:00Z&count=true")
    assert answer.status_code == 200, answer.text
    assert " ".join(sorted(one["id"][-1] for one in answer.json())) == expected
    assert answer.headers["ngsild-results-count"] == str(len(expected.split()))


def test_a_query_needs_a_time_and_something_to_go_by(ask, shelter):
    for asked in (
        {"type": "EvacuationShelter"},
        AFTER,
        {"id": SHELTER} | AFTER,
        AFTER | {"q": "owner{name}==1"},
    ):
        assert ask("GET", "/temporal/entities", params=asked).json()["type"] == BAD
    document = {"type": "Query", "entities": [{"type": "EvacuationShelter"}], "temporalQ": AFTER}
    answer = ask("POST", "/temporal/entityOperations/query", document | {"attrs": ["beds"]})
    assert [one.keys() - {"id", "type"} for one in answer.json()] == [{"beds"}]


def test_an_evolution_that_is_too_long_is_told_in_parts(ask, shelter, settings):
    settings.TEDORI_LIVE_INSTANCES = "2"
    seen, start = [], "2026-04-01T00:00:00Z"
    while True:
        answer = ask("GET", ONE, params={"timerel": "after", "timeAt": start})
        seen += told(answer).split()
        if answer.status_code == 200:
            break
        assert answer.status_code == 206
        unit, told_range = answer.headers["content-range"].split(" ")
        assert (unit, told_range[:21], told_range[-2:]) == ("date-time", f"{start}-", "/*")
        assert "beds" in answer.json()
        start = told_range[21:-2].replace(":00Z", ":01Z")
    assert seen == ["12@9", "30@10", "25@11"]
    latest = ask("GET", ONE, params={"lastN": 3, "format": "temporalValues"})
    assert latest.headers["content-range"] == "date-time 2026-04-01T11:00:00Z-2026-04-01T10:00:00Z/3"
    assert latest.json()["beds"] == {"type": "Property", "values": []}


def test_instances_of_one_moment_are_never_parted(ask, settings):
    settings.TEDORI_LIVE_INSTANCES = "2"
    ask("POST", "/temporal/entities", evolution(a="1@9 2@10", b="1@9", c="1@9"))
    answer = ask("GET", ONE)
    assert answer.status_code == 206
    assert [told(answer, name) for name in "abc"] == ["1@9"] * 3


def test_one_instance_is_corrected_and_another_forgotten(ask, shelter):
    first, second, _ = (one["instanceId"] for one in ask("GET", ONE).json()["occupancy"])
    corrected = ask("PATCH", f"{ONE}/attrs/occupancy/{first}", instances("13@9")[0])
    assert corrected.status_code == 204
    assert ask("DELETE", f"{ONE}/attrs/occupancy/{second}").status_code == 204
    assert told(ask("GET", ONE)) == "13@9 25@11"
    assert ask("DELETE", f"{ONE}/attrs/occupancy/{second}").json()["type"] == MISSING
    assert ask("PATCH", f"{ONE}/attrs/occupancy/nothing", {"value": 1}).json()["type"] == BAD


def test_the_present_follows_what_is_left_where_it_is_known_from_the_evolution_alone(ask, shelter):
    *_, last = (one["instanceId"] for one in ask("GET", ONE).json()["occupancy"])
    ask("DELETE", f"{ONE}/attrs/occupancy/{last}")
    assert ask("GET", f"/entities/{shelter}").json()["occupancy"]["value"] == 30
    assert ask("DELETE", f"{ONE}/attrs/occupancy").status_code == 204
    assert "occupancy" not in ask("GET", f"/entities/{shelter}").json()
    assert ask("DELETE", ONE).status_code == 204
    assert ask("GET", f"/entities/{shelter}").status_code == 404
    assert ask("GET", ONE).json()["type"] == MISSING


def test_the_present_stays_when_the_past_is_forgotten(ask):
    ask("POST", "/entities", {"id": SHELTER, "type": "EvacuationShelter", "occupancy": 3})
    ask("POST", f"{ONE}/attrs", {"occupancy": instances("12@9")})
    assert ask("DELETE", ONE).status_code == 204
    assert ask("GET", f"/entities/{SHELTER}").json()["occupancy"]["value"] == 3
    assert ask("GET", ONE).status_code == 404


def test_what_was_there_once_is_found_by_its_id_alone(ask, shelter):
    ask("DELETE", f"/entities/{shelter}")
    document = ask("GET", ONE).json()
    assert document["deletedAt"] and len(document["occupancy"]) == 3
    asked = {"type": "EvacuationShelter"} | AFTER
    assert ask("GET", "/temporal/entities", params=asked).json() == []
    assert ask("DELETE", ONE).status_code == 204
    assert ask("GET", ONE).status_code == 404
