"""Asking for many entities: selections, pages, order, linked entities, types and attributes."""

from __future__ import annotations

import pytest

STATIONS = """
 id      | people | area   | longitude | latitude | in
 Kanda   | 30     | 千代田 | 139.770   | 35.691   | Chiyoda
 Tokyo   | 90     | 千代田 | 139.767   | 35.681   | Chiyoda
 Hachi   | 60     | 八王子 | 139.339   | 35.656   | Hachioji
 Quiet   |        | 八王子 | 139.300   | 35.640   | Hachioji
"""
KIND = "CrowdFlowObserved"


def urn(name):
    return f"urn:ngsi-ld:{KIND}:{name}"


def station(name, people, area, longitude, latitude, city):
    found = {
        "id": urn(name),
        "type": KIND,
        "area": area,
        "location": {"type": "Point", "coordinates": [float(longitude), float(latitude)]},
        "in": {"type": "Relationship", "object": f"urn:ngsi-ld:City:{city}"},
        "scope": f"/Tokyo/{city}",
    }
    return {**found, "people": int(people)} if people else found


@pytest.fixture
def stations(ask):
    rows = [[cell.strip() for cell in line.split("|")] for line in STATIONS.strip().splitlines()[1:]]
    batch = [station(*row) for row in rows]
    batch += [
        {"id": f"urn:ngsi-ld:City:{name}", "type": "City", "name": name} for name in ("Chiyoda", "Hachioji")
    ]
    assert ask("POST", "/entityOperations/create", batch).status_code == 201
    return ask


def names(answer):
    assert answer.status_code == 200, answer.text
    return " ".join(one["id"].rsplit(":", 1)[1] for one in answer.json())


ASKED = """
 type=CrowdFlowObserved                                  | Kanda Tokyo Hachi Quiet
 type=CrowdFlowObserved&q=people>50                      | Tokyo Hachi
 type=CrowdFlowObserved&q=people>50;area=="千代田"       | Tokyo
 type=CrowdFlowObserved&q=people==30..60                 | Kanda Hachi
 type=CrowdFlowObserved&q=area~=八                       | Hachi Quiet
 q=people                                                | Kanda Tokyo Hachi
 attrs=people                                            | Kanda Tokyo Hachi
 type=CrowdFlowObserved&scopeQ=/Tokyo/Chiyoda            | Kanda Tokyo
 type=CrowdFlowObserved&idPattern=.*Kan.*                | Kanda
 type=CrowdFlowObserved,City&id=urn:ngsi-ld:City:Chiyoda | Chiyoda
 georel=near;maxDistance==2000&geometry=Point&coordinates=[139.767,35.681] | Kanda Tokyo
 georel=within&geometry=Polygon&coordinates=[[[139,35.6],[139.4,35.6],[139.3,36],[139,35.6]]] | Hachi Quiet
 type=CrowdFlowObserved&orderBy=people                   | Kanda Hachi Tokyo Quiet
 type=CrowdFlowObserved&orderBy=people;desc              | Tokyo Hachi Kanda Quiet
 type=CrowdFlowObserved&orderBy=location;dist-asc&orderFrom=[139.3,35.64] | Quiet Hachi Tokyo Kanda
 type=CrowdFlowObserved&orderBy=area,people;desc         | Hachi Quiet Tokyo Kanda
 type=CrowdFlowObserved&limit=1&offset=2                 | Hachi
 type=CrowdFlowObserved&q=in{City:name}=="Hachioji"      | Hachi Quiet
 local=true&limit=2                                      | Kanda Tokyo
"""


@pytest.mark.req("F09")
@pytest.mark.parametrize(
    ("question", "found"),
    [[cell.strip() for cell in row.rsplit("|", 1)] for row in ASKED.strip().splitlines()],
)
def test_a_question_finds_its_entities(stations, question, found):
    given = dict(part.split("=", 1) for part in question.split("&"))
    assert names(stations("GET", "/entities", params=given)) == found


@pytest.mark.parametrize(
    "question",
    [
        "",
        "id=urn:a:1",
        "type=A&q=",
        "type=A&limit=-1",
        "type=A&limit=x",
        "type=A&limit=0",
        "type=A&limit=1001",
        "type=A&q=a===1",
        "type=A&q=' OR 1=1",
        "type=A&georel=near&geometry=Point&coordinates=[0,0]",
        "type=A&orderBy=a;sideways",
        "type=A&orderBy=a&collation=de-u-co-phonebk",
        "type=A&csf=((",
        "type=A&join=both",
        "type=A&format=xml",
        "type=A&options=all",
        "type=A&strange=1",
        "type=A&type=B",
        "type=A&pick=a&omit=a",
        "type=A&idPattern=(",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(ask, question):
    answer = ask("GET", f"/entities?{question}")
    if question == "type=A&q=":  # nothing was asked about the attributes
        assert answer.status_code == 200
        return
    assert answer.status_code in (400, 403), answer.text
    assert answer.json()["type"].startswith("https://uri.etsi.org/ngsi-ld/errors/")


def test_pages_lead_to_each_other_and_tell_how_many_there_are(stations):
    answer = stations("GET", "/entities?type=CrowdFlowObserved&limit=2&count=true")
    assert answer.headers["ngsild-results-count"] == "4"
    assert names(answer) == "Kanda Tokyo"
    links = answer.headers.get_list("link")
    following = next(link for link in links if 'rel="next"' in link)
    assert "offset=2" in following
    assert "count=true" in following
    last = stations("GET", "/entities?type=CrowdFlowObserved&limit=2&offset=2")
    assert not [link for link in last.headers.get_list("link") if 'rel="next"' in link]
    assert [link for link in last.headers.get_list("link") if 'rel="prev"' in link]


def test_the_same_question_as_a_document(stations):
    document = {"type": "Query", "entities": [{"type": KIND}], "q": "people>50", "pick": ["id", "people"]}
    answer = stations("POST", "/entityOperations/query?options=keyValues", document)
    assert answer.json() == [{"id": urn("Tokyo"), "people": 90}, {"id": urn("Hachi"), "people": 60}]


def test_a_context_that_came_as_a_document_gets_an_address(stations):
    document = {"@context": {"leute": "https://uri.etsi.org/ngsi-ld/default-context/people"}, "type": "Query"}
    answer = stations(
        "POST", "/entityOperations/query", {**document, "q": "leute==90"}, content_type="application/ld+json"
    )
    assert answer.json()[0]["leute"]["value"] == 90
    url = answer.headers["link"].split(">")[0].strip("<")
    served = stations("GET", url.split("/ngsi-ld/v1", 1)[1])
    assert served.json() == {"@context": document["@context"]}


def test_what_is_linked_comes_along(stations):
    inline = stations("GET", f"/entities/{urn('Kanda')}?join=inline&options=keyValues").json()
    assert inline["in"]["name"] == "Chiyoda"
    flat = stations("GET", "/entities?type=CrowdFlowObserved&join=flat&options=keyValues").json()
    assert [one["id"] for one in flat[4:]] == ["urn:ngsi-ld:City:Chiyoda", "urn:ngsi-ld:City:Hachioji"]


def test_types_and_attributes_are_listed(stations):
    assert stations("GET", "/types").json()["typeList"] == ["City", KIND]
    detail = stations("GET", f"/types/{KIND}").json()
    assert detail["entityCount"] == 4
    kinds = {one["attributeName"]: one["attributeTypes"] for one in detail["attributeDetails"]}
    assert kinds["location"] == ["GeoProperty"]
    assert kinds["in"] == ["Relationship"]
    attribute = stations("GET", "/attributes/people").json()
    assert (attribute["attributeCount"], attribute["typeNames"]) == (3, [KIND])
    assert stations("GET", "/attributes").json()["attributeList"] == [
        "area",
        "in",
        "location",
        "name",
        "people",
    ]
    assert stations("GET", "/types/Nothing").status_code == 404


def test_a_purge_takes_what_it_finds(stations):
    assert stations("DELETE", "/entities").status_code == 400
    assert stations("DELETE", f"/entities?type={KIND}&q=people>50&drop=people").status_code == 204
    assert names(stations("GET", f"/entities?type={KIND}&q=people")) == "Kanda"
    assert stations("DELETE", f"/entities?type={KIND}").status_code == 204
    assert stations("GET", "/types").json()["typeList"] == ["City"]
