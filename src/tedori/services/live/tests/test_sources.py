"""The bus company's hub takes part: registrations, and entities that are asked of and told to it."""

import orjson
import pytest

from tedori.services.live.actions.partners import PARTNERS
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.queries.store import STORE
from tedori.services.live.tests.partners import PartnerHub, serving

BUS = "urn:ngsi-ld:Bus:7"
ONE = f"/entities/{BUS}"
REGISTRATIONS = "/csourceRegistrations"
SPEED = {"type": "Property", "value": 30, "observedAt": "2026-11-22T09:00:00Z"}
LINE = {"type": "Property", "value": "渋88"}


def bus(**attributes):
    return {"id": BUS, "type": "Bus", **attributes}


@pytest.fixture
def company():
    """The hub of the bus company."""
    partner = PartnerHub()
    server = serving(partner)
    yield partner
    server.shutdown()
    server.server_close()


@pytest.fixture
def register(ask, company):
    """`register(mode=…)` tells our hub of the company's; gives the id of the registration."""

    def one(*, entity=None, attrs=None, uri="", **members):
        information = {"entities": [{"type": "Bus", **(entity or {})}]}
        document = {
            "type": "ContextSourceRegistration",
            "information": [information | ({"attributeNames": attrs.split()} if attrs else {})],
            "endpoint": uri or company.uri,
            "operations": ["federationOps", "redirectionOps", "createBatch", "deleteBatch"],
            **members,
        }
        answer = ask("POST", REGISTRATIONS, document)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"].rsplit("/", 1)[1]

    return one


@pytest.mark.req("F09")
def test_a_registration_is_kept_changed_found_and_ended(ask, register):
    key = register(description="Buses")
    place = f"{REGISTRATIONS}/{key}"
    assert ask("PATCH", place, {"description": None, "operator": "Toei"}).status_code == 204
    kept = ask("GET", place).json()
    assert "description" not in kept
    assert (kept["operator"], kept["mode"]) == ("Toei", "inclusive")
    for query, count in (("type=Bus", 1), ("type=Tram", 0), ('type=Bus&csf=operator=="Toei"', 1)):
        answer = ask("GET", f"{REGISTRATIONS}?{query}&count=true")
        assert (len(answer.json()), answer.headers["ngsild-results-count"]) == (count, str(count))
    assert ask("DELETE", place).status_code == 204
    assert ask("GET", place).status_code == 404
    assert ask("GET", REGISTRATIONS).status_code == 400  # too wide


def test_a_token_for_the_partner_is_used_and_neither_shown_nor_kept_in_the_open(ask, company, register):
    key = register(contextSourceInfo=[{"key": "Authorization", "value": "Bearer bus-secret"}])
    shown = ask("GET", f"{REGISTRATIONS}/{key}")
    assert "bus-secret" not in shown.text
    (row,) = STORE.session().all("SELECT document, secrets FROM live_registration")
    assert "bus-secret" not in "".join(row)
    # What was read can be written back without losing it.
    info = shown.json()["contextSourceInfo"]
    assert ask("PATCH", f"{REGISTRATIONS}/{key}", {"contextSourceInfo": info}).status_code == 204
    ask("GET", ONE)
    assert company.asked[0].headers["authorization"] == "Bearer bus-secret"


def test_a_header_of_the_request_is_handed_on_where_the_source_wants_it(ask, company, register):
    register(contextSourceInfo=[{"key": "X-Line", "value": "urn:ngsi-ld:request"}], tenant="buses")
    ask("GET", ONE, x_line="7")
    assert (company.asked[0].headers["x-line"], company.asked[0].headers["ngsild-tenant"]) == ("7", "buses")


def test_without_a_token_nobody_sees_who_is_registered(ask, settings, register):
    key = register()
    settings.TEDORI_LIVE_TRIAL = "no"
    assert ask("GET", f"{REGISTRATIONS}/{key}").status_code == 401


def test_how_the_requests_went_is_counted(ask, company, register):
    place = f"{REGISTRATIONS}/{register()}"
    PARTNERS.counted()  # what other tests asked
    company.answers[f"GET {ONE}"] = 500
    ask("GET", ONE)
    WRITER.write_now(PARTNERS.counted())
    kept = ask("GET", place).json()
    assert (kept["timesSent"], kept["timesFailed"], kept["status"]) == (1, 1, "failed")


@pytest.mark.req("F09")
def test_one_entity_of_two_halves(ask, company, register):
    ask("POST", "/entities", bus(line=LINE))
    register()
    company.answers[f"GET {ONE}"] = bus(speed=SPEED)
    whole = ask("GET", ONE).json()
    assert whole == bus(line=LINE, speed=SPEED)
    assert company.asked[0].headers["via"].startswith("1.1 tedori-")
    assert ask("GET", f"{ONE}?local=true").json() == bus(line=LINE)


def test_the_newer_reading_counts(ask, company, register):
    ask("POST", "/entities", bus(speed={**SPEED, "value": 5, "observedAt": "2026-11-22T08:00:00Z"}))
    register()
    company.answers[f"GET {ONE}"] = bus(speed=SPEED)
    assert ask("GET", ONE).json()["speed"]["value"] == 30
    company.answers[f"GET {ONE}"] = bus(speed={**SPEED, "value": 9, "observedAt": "2026-11-22T07:00:00Z"})
    assert ask("GET", ONE).json()["speed"]["value"] == 5


def test_an_auxiliary_source_overrides_nothing(ask, company, register):
    ask("POST", "/entities", bus(speed={**SPEED, "value": 5}))
    register(mode="auxiliary", operations=["retrieveOps"])
    company.answers[f"GET {ONE}"] = bus(speed={**SPEED, "observedAt": "2030-01-01T00:00:00Z"}, line=LINE)
    whole = ask("GET", ONE).json()
    assert (whole["speed"]["value"], whole["line"]["value"]) == (5, "渋88")


BROKEN = [
    (500, "299"),
    ((200, b"<html>"), "111"),
    ((200, {"id": "no URI"}), "111"),
    ((200, [1]), "111"),
]


@pytest.mark.parametrize(("answer", "code"), BROKEN)
def test_a_source_that_fails_is_a_warning_and_no_failure(ask, company, register, answer, code):
    ask("POST", "/entities", bus(line=LINE))
    register()
    company.answers[f"GET {ONE}"] = answer
    told = ask("GET", ONE)
    assert (told.status_code, told.json()) == (200, bus(line=LINE))
    assert told.headers["ngsild-warning"].startswith(code)


def test_a_source_that_is_not_there_is_a_warning_too(ask, register):
    ask("POST", "/entities", bus(line=LINE))
    register(uri="http://127.0.0.1:9", management={"timeout": 500})
    told = ask("GET", "/entities?type=Bus")
    assert told.json() == [bus(line=LINE)]
    assert told.headers["ngsild-warning"].startswith("199")


def test_a_query_asks_both_and_gives_each_entity_once(ask, company, register):
    other = "urn:ngsi-ld:Bus:8"
    ask("POST", "/entities", bus(line=LINE))
    register()
    company.answers["GET /entities"] = [bus(speed=SPEED), {**bus(line=LINE), "id": other}]
    answer = ask("GET", "/entities?type=Bus&count=true")
    assert [one["id"] for one in answer.json()] == [BUS, other]
    assert answer.json()[0] == bus(line=LINE, speed=SPEED)
    assert answer.headers["ngsild-results-count"] == "2"
    assert company.asked[0].query["type"] == "Bus"


def test_a_condition_holds_for_the_whole_entity(ask, company, register):
    ask("POST", "/entities", bus(line=LINE))
    register(mode="exclusive", entity={"id": BUS}, attrs="speed")
    company.answers["GET /entities"] = [bus(speed=SPEED)]
    assert [one["id"] for one in ask("GET", "/entities?type=Bus&q=speed>20").json()] == [BUS]
    assert ask("GET", "/entities?type=Bus&q=speed>40").json() == []
    assert company.asked[0].query == {
        "type": "Bus", "id": BUS, "attrs": "speed", "limit": "21", "options": "sysAttrs"
    }  # fmt: skip


def test_pages_go_through_all_of_them(ask, company, register):
    ask("POST", "/entities", bus(line=LINE))
    register()
    company.answers["GET /entities"] = [{**bus(line=LINE), "id": f"urn:ngsi-ld:Bus:{n}"} for n in (8, 9)]
    seen = [ask("GET", f"/entities?type=Bus&limit=1&offset={n}").json()[0]["id"][-1] for n in range(3)]
    assert seen == ["7", "8", "9"]


WRITES = [
    ("inclusive", "speed line", "speed line"),
    ("exclusive", "speed", "line"),
    ("redirect", "speed", "line"),
]


@pytest.mark.req("F09")
@pytest.mark.parametrize(("mode", "away", "here"), WRITES)
def test_what_is_created_goes_where_it_is_kept(ask, company, register, mode, away, here):
    register(mode=mode, entity={"id": BUS}, attrs=None if mode == "inclusive" else "speed")
    assert ask("POST", "/entities", bus(speed=SPEED, line=LINE)).status_code == 201
    (sent,) = company.asked
    assert sorted(sent.body.keys() - {"id", "type"}) == sorted(away.split())
    assert sorted(ask("GET", f"{ONE}?local=true").json().keys() - {"id", "type"}) == sorted(here.split())


def test_what_is_kept_elsewhere_wholly_is_not_kept_here(ask, company, register):
    register(mode="redirect")
    assert ask("POST", "/entities", bus(line=LINE)).status_code == 201
    assert ask("GET", f"{ONE}?local=true").status_code == 404
    assert ask("DELETE", ONE).status_code == 204
    assert company.calls() == ["POST /entities", f"DELETE {ONE}"]


# what the company answers | here | the answer | statuses of the errors in it
OUTCOMES = [
    (204, True, 204, []),
    (404, True, 207, [404]),
    (204, False, 207, [404]),
    (404, False, 207, [404, 404]),
]


@pytest.mark.parametrize(("away", "here", "status", "errors"), OUTCOMES)
def test_a_deletion_tells_whose_part_failed(ask, company, register, away, here, status, errors):
    if here:
        ask("POST", "/entities", bus(line=LINE))
    register()
    company.answers[f"DELETE {ONE}"] = away
    answer = ask("DELETE", ONE)
    assert answer.status_code == status
    if errors:
        assert [one["error"]["status"] for one in answer.json()["errors"]] == errors


ALONE = [(404, 404), (409, 409), (403, 502), (500, 502)]


@pytest.mark.parametrize(("away", "status"), ALONE)
def test_the_answer_of_the_only_one_concerned_is_the_answer(ask, company, register, away, status):
    register(mode="redirect")
    company.answers["POST /entities"] = away
    assert ask("POST", "/entities", bus(line=LINE)).status_code == status


def test_an_attribute_is_written_where_it_is_kept(ask, company, register):
    ask("POST", "/entities", bus(line=LINE))
    register(mode="exclusive", entity={"id": BUS}, attrs="speed")
    assert ask("POST", f"{ONE}/attrs", {"speed": SPEED}).status_code == 204
    assert ask("PATCH", f"{ONE}/attrs/speed", {"value": 3}).status_code == 204
    assert ask("PATCH", f"{ONE}/attrs/line", {"value": "都01"}).status_code == 204
    assert ask("DELETE", f"{ONE}/attrs/speed").status_code == 204
    calls = [f"POST {ONE}/attrs", f"PATCH {ONE}/attrs/speed", f"DELETE {ONE}/attrs/speed"]
    assert company.calls() == calls
    assert ask("GET", f"{ONE}?local=true").json() == bus(line={**LINE, "value": "都01"})


def test_a_keeper_that_takes_no_orders_is_a_conflict(ask, register):
    register(mode="redirect", operations=["retrieveOps"])
    assert ask("POST", "/entities", bus(line=LINE)).status_code == 409


def test_a_batch_is_one_request_for_the_source(ask, company, register):
    register(entity={"idPattern": "Bus"})
    both = [bus(line=LINE), {**bus(line=LINE), "id": "urn:ngsi-ld:Bus:8"}]
    tram = {**bus(line=LINE), "id": "urn:ngsi-ld:Tram:1", "type": "Tram"}
    answer = ask("POST", "/entityOperations/create", [*both, tram])
    assert (answer.status_code, len(answer.json())) == (201, 3)
    (sent,) = company.asked
    assert (sent.path, [one["id"] for one in sent.body]) == (
        "/entityOperations/create",
        [one["id"] for one in both],
    )
    company.answers["POST /entityOperations/delete"] = 500
    told = ask("POST", "/entityOperations/delete", [BUS, "urn:ngsi-ld:Tram:1"])
    assert told.status_code == 207
    assert told.json()["success"] == ["urn:ngsi-ld:Tram:1"]
    assert told.json()["errors"][0]["entityId"] == BUS


def test_types_of_both_are_told(ask, company, register):
    ask("POST", "/entities", {**bus(line=LINE), "id": "urn:x:1", "type": "Tram"})
    register()
    company.answers["GET /types"] = {"id": "urn:x:2", "type": "EntityTypeList", "typeList": ["Bus", "Tram"]}
    assert ask("GET", "/types").json()["typeList"] == ["Bus", "Tram"]
    assert ask("GET", "/types?local=true").json()["typeList"] == ["Tram"]


def test_a_request_that_comes_back_is_not_sent_again(ask, company, register):
    register()
    ask("GET", ONE)
    via = company.asked[0].headers["via"]
    assert ask("POST", "/entities", bus(line=LINE), via=via).status_code == 508
    assert ask("GET", ONE, via=via).status_code == 404
    assert len(company.asked) == 1


def test_a_source_that_has_been_asked_already_is_left_out(ask, company, register):
    register(contextSourceAlias="bus-hub")
    assert ask("POST", "/entities", bus(line=LINE), via="1.1 bus-hub, 1.1 somebody").status_code == 201
    assert company.asked == []


CONFLICTS = [
    ("exclusive", "speed", "exclusive", "speed", 409),
    ("exclusive", "speed", "redirect", None, 409),
    ("exclusive", "speed", "exclusive", "line", 201),
    ("redirect", "speed", "exclusive", "speed", 409),
    ("redirect", None, "redirect", None, 201),
    ("exclusive", "speed", "inclusive", "speed", 201),
]


@pytest.mark.parametrize(("first", "its", "second", "theirs", "status"), CONFLICTS)
def test_two_cannot_keep_the_same_alone(ask, register, first, its, second, theirs, status):
    register(mode=first, entity={"id": BUS}, attrs=its)
    information = {"entities": [{"type": "Bus", "id": BUS}]}
    document = {
        "type": "ContextSourceRegistration",
        "information": [information | ({"attributeNames": [theirs]} if theirs else {})],
        "endpoint": "http://127.0.0.1:9",
        "mode": second,
    }
    assert ask("POST", REGISTRATIONS, document).status_code == status


@pytest.mark.parametrize(
    ("mode", "attrs", "status"),
    [
        ("redirect", None, 409),
        ("exclusive", "line", 409),
        ("exclusive", "speed", 201),
        ("inclusive", None, 201),
    ],
)
def test_nobody_else_keeps_what_is_here(ask, company, mode, attrs, status):
    ask("POST", "/entities", bus(line=LINE))
    information = {"entities": [{"type": "Bus", "id": BUS}]}
    document = {
        "type": "ContextSourceRegistration",
        "information": [information | ({"attributeNames": [attrs]} if attrs else {})],
        "endpoint": company.uri,
        "mode": mode,
    }
    assert ask("POST", REGISTRATIONS, document).status_code == status


def told(session):
    rows = session.all("SELECT body FROM live_notification ORDER BY id")
    return [(one["triggerReason"], len(one["data"])) for (body,) in rows for one in [orjson.loads(body)]]


def test_subscribers_hear_of_sources_that_come_change_and_go(ask, register):
    first = register()
    document = {
        "type": "Subscription",
        "entities": [{"type": "Bus"}],
        "notification": {"endpoint": {"uri": "http://127.0.0.1:9/notify"}},
    }
    answer = ask("POST", "/csourceSubscriptions", document)
    assert answer.status_code == 201
    second = register()
    ask("PATCH", f"{REGISTRATIONS}/{second}", {"description": "Trams soon"})
    ask("PATCH", f"{REGISTRATIONS}/{second}", {"information": [{"entities": [{"type": "Tram"}]}]})
    ask("DELETE", f"{REGISTRATIONS}/{first}")
    assert told(STORE.session()) == [
        ("newlyMatching", 1),
        ("newlyMatching", 1),
        ("updated", 1),
        ("noLongerMatching", 1),
        ("noLongerMatching", 1),
    ]
    place = answer.headers["location"].removeprefix("/ngsi-ld/v1")
    assert "notificationTrigger" not in ask("GET", place).json()
    assert ask("GET", "/subscriptions").json() == []  # these are others
    assert len(ask("GET", "/csourceSubscriptions").json()) == 1
    assert ask("PATCH", place, {"isActive": False}).status_code == 204
    assert ask("GET", place).json()["status"] == "paused"
    assert ask("DELETE", place).status_code == 204
