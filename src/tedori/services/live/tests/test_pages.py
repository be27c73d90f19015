"""What people see: types, entities with the age of their readings, one with its past, and who decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tedori.kernel.evidence.models import Entry
from tedori.kernel.evidence.words import act, subject
from tedori.services.live.actions.counting import USES
from tedori.services.live.models import Publication
from tedori.services.live.queries.entities import fetch
from tedori.services.live.tests.hubs import HACHIOJI, Hub

pytestmark = pytest.mark.req("F09")
ONE, TWO = "urn:ngsi-ld:Toilet:131016:1", "urn:ngsi-ld:Toilet:132012:1"


def minutes_ago(number):
    return f"{datetime.now(UTC) - timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}"


def reading(value, ago=1):
    return {"type": "Property", "value": value, "observedAt": minutes_ago(ago)}


def point(longitude, latitude):
    return {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [longitude, latitude]}}


@pytest.fixture
def hub(here, chiyoda, hachioji):
    """Two public toilets, one of them silent for hours, and a guard whom only Chiyoda may see."""
    hub = Hub()
    hub.publish("public", kind="Toilet")
    hub.create(
        urn=ONE,
        kind="Toilet",
        name={"type": "Property", "value": "九段公園トイレ"},
        status=reading("open", 3),
        vacantCount=reading(2, 3) | {"unitCode": "C62"},
        location=point(139.75, 35.69),
    )
    hub.create(
        HACHIOJI, urn=TWO, kind="Toilet", name={"type": "Property", "value": "高尾山トイレ"},
        status=reading("cleaning", 300),
    )  # fmt: skip
    hub.create(urn="urn:ngsi-ld:Guard:1", kind="Guard", name={"type": "Property", "value": "夜間警備"})
    return hub


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_types_are_listed_with_their_number_their_readers_and_their_age(hub, client):
    page = text(client, "/live/")
    assert "トイレ" in page and "2 件" in page and "誰でも" in page and "3分前" in page
    assert "Guard" not in page
    assert "3 min ago" in text(client, "/en/live/") and "Toilet" in text(client, "/en/live/")


def test_an_owner_sees_what_others_do_not(hub, client, sato, takahashi, browser_of):
    assert "Guard" in text(browser_of(sato), "/live/")
    assert "Guard" not in text(browser_of(takahashi), "/live/")
    assert text(browser_of(sato), "/live/types/Guard/").count("夜間警備") > 0
    for path in ("/live/types/Guard/", "/live/entities/urn:ngsi-ld:Guard:1/"):
        text(client, path, 404)
        text(browser_of(takahashi), path, 404)


def test_a_list_shows_every_reading_with_its_age_and_marks_the_old_ones(hub, client):
    page = text(client, "/live/types/Toilet/")
    assert "九段公園トイレ" in page and "使えます" in page and "3分前" in page
    assert "清掃中" in page and "5時間前" in page
    assert page.count('data-lat="35.69') == 1
    silent = page[page.index(TWO) :]
    assert "data-old>" in silent[: silent.index("</tr>")].replace(" hidden", "-hidden").replace(
        "data-old-hidden", "x"
    )


FILTERS = """
 query              | found
                    | 九段公園トイレ 高尾山トイレ
 q=高尾             | 高尾山トイレ
 q=九段%20トイレ    | 九段公園トイレ
 q=%25              |
 q=131016           | 九段公園トイレ
 place=132012       | 高尾山トイレ
 place=131016       | 九段公園トイレ
 stale=1            | 高尾山トイレ
 stale=1&place=131016 |
 page=99            |
 page=nonsense      | 九段公園トイレ 高尾山トイレ
"""


@pytest.mark.parametrize(
    ("query", "found"),
    [[cell.strip() for cell in line.split("|")] for line in FILTERS.strip().splitlines()[1:]],
)
def test_a_list_is_narrowed(hub, client, query, found):
    page = text(client, f"/live/types/Toilet/?{query}")
    assert {name for name in ("九段公園トイレ", "高尾山トイレ") if f">{name}<" in page} == set(found.split())


def test_a_long_list_has_pages(hub, client):
    for number in range(60):
        hub.create(urn=f"urn:ngsi-ld:Toilet:131016:n{number}", kind="Toilet", status=reading("open"))
    first, second = (text(client, f"/live/types/Toilet/?page={page}") for page in (1, 2))
    assert first.count("<tr data-urn") == 50
    assert second.count("<tr data-urn") == 12
    assert "62 件のうち 51–62 件目" in second


def test_an_entity_tells_all_that_is_known_and_its_past(hub, client):
    hub.update(urn=ONE, vacantCount=reading(1, 2) | {"unitCode": "C62"})
    page = text(client, f"/live/entities/{ONE}/")
    for said in ("九段公園トイレ", "千代田区", "空いている個室", "使えます", "2分前", "35.69000, 139.75000"):
        assert said in page, said
    assert f"curl 'http://testserver/ngsi-ld/v1/entities/{ONE}'" in page
    assert "<svg" in page
    rows = text(client, f"/live/entities/{ONE}/?attribute=vacantCount&format=csv").splitlines()
    assert [line.split(",")[1] for line in rows[1:]] == ["1", "2"]
    states = text(client, f"/live/entities/{ONE}/?attribute=status&format=csv").splitlines()
    assert [line.split(",")[1] for line in states[1:]] == ["使えます"]


def test_the_past_begins_with_the_present_owner(hub, client):
    hub.update(urn=ONE, vacantCount=reading(7))
    hub.session.run("UPDATE live_history SET owner = '132012' WHERE urn = ? AND number = 7", (ONE,))
    rows = text(client, f"/live/entities/{ONE}/?attribute=vacantCount&format=csv").splitlines()
    assert [line.split(",")[1] for line in rows[1:]] == ["2"]


def test_values_are_text_and_never_markup(hub, client):
    nasty = "<script>alert(1)</script>"
    hub.create(
        urn="urn:ngsi-ld:Toilet:131016:x", kind="Toilet", name={"type": "Property", "value": nasty},
        status=reading(nasty), other={"type": "Property", "value": {"a": nasty}},
    )  # fmt: skip
    for path in ("/live/types/Toilet/", "/live/entities/urn:ngsi-ld:Toilet:131016:x/"):
        assert nasty not in text(client, path)


STRANGE = {
    "nested": {"type": "Property", "value": {"a": [1, {"b": None}]}},
    "names": {"type": "LanguageProperty", "languageMap": {"ja": "水", "en": "water"}},
    "grade": {"type": "VocabProperty", "vocab": "Good"},
    "links": {"type": "Relationship", "object": ["urn:a:1", "urn:a:2"]},
    "twice": [
        {"type": "Property", "value": 1, "datasetId": "urn:d:1"},
        {"type": "Property", "value": 2, "datasetId": "urn:d:2"},
    ],
    "area": {"type": "GeoProperty", "value": {"type": "LineString", "coordinates": [[139, 35], [140, 36]]}},
    "free": {"type": "JsonProperty", "json": {"x": [1, 2]}},
    "row": {"type": "ListProperty", "valueList": [1, 2, 3]},
    "huge": {"type": "Property", "value": 1e300},
}


def test_whatever_an_entity_holds_is_shown(hub, client):
    hub.create(urn="urn:x:1", kind="Toilet", **STRANGE)
    text(client, "/live/types/Toilet/")
    page = text(client, "/live/entities/urn:x:1/")
    assert "水" in page and "urn:d:2" in page and "Good" in page
    for name in STRANGE:
        text(client, f"/live/entities/urn:x:1/?attribute={name}")
        text(client, f"/en/live/entities/urn:x:1/?attribute={name}&format=csv")


@pytest.mark.parametrize(
    "path", ["types/Nothing/", "types/a%20b/", "types/<x>/", "entities/urn:a:9/", "models/X/"]
)
def test_what_is_not_there_is_not_found(hub, client, path):
    text(client, f"/live/{path}", 404)


def test_an_empty_hub_says_what_to_do(here, client):
    assert "まだ何も届いていません" in text(client, "/live/")
    for path in ("/live/models/", "/live/models/Toilet/", "/live/connect/", "/en/live/connect/"):
        text(client, path)
    assert "jsonldContexts/tedori" in text(client, "/live/models/")


def test_a_publisher_decides_who_reads_a_type_and_says_why(hub, client, suzuki, browser_of):
    browser = browser_of(suzuki)
    assert "Guard" in text(browser, "/live/publication/")
    sent = {"level": "public", "reason": "住民が知りたいため", "fresh_minutes": "2", "relayed": "on"}
    assert browser.post("/live/publication/Guard/", sent).status_code == 302
    assert "夜間警備" in text(client, "/live/types/Guard/")
    rule = Publication.objects.get(owner="131016")
    assert (rule.level, rule.fresh_minutes, rule.relayed, rule.reason) == (
        "public",
        2,
        True,
        "住民が知りたいため",
    )
    entry = Entry.objects.get(action="live.publish")
    assert "住民が知りたいため" in entry.grounds
    assert act("live.publish") != "live.publish"
    assert subject(entry.subject).startswith("ライブ情報の型")
    assert "住民が知りたいため" in text(browser, "/live/publication/")


def test_an_owner_may_hide_what_is_public_in_general(hub, client, suzuki, browser_of):
    sent = {"level": "internal", "reason": "工事中のため"}
    browser_of(suzuki).post("/live/publication/Toilet/", sent)
    page = text(client, "/live/types/Toilet/")
    assert "高尾山トイレ" in page and "九段公園トイレ" not in page


def test_a_freshness_limit_of_an_owner_marks_its_own_readings(hub, client, suzuki, browser_of):
    assert "九段公園トイレ" not in text(client, "/live/types/Toilet/?stale=1")
    sent = {"level": "public", "reason": "速さが大切", "fresh_minutes": "1"}
    browser_of(suzuki).post("/live/publication/Toilet/", sent)
    assert "九段公園トイレ" in text(client, "/live/types/Toilet/?stale=1")


@pytest.mark.parametrize("sent", [{}, {"level": "everybody", "reason": "x"}, {"level": "public"}])
def test_a_rule_without_a_level_or_a_reason_is_refused(hub, suzuki, browser_of, sent):
    assert browser_of(suzuki).post("/live/publication/Guard/", sent).status_code == 400
    assert not Publication.objects.filter(owner="131016").exists()


def test_only_a_publisher_decides_and_only_of_his_own(hub, sato, suzuki, takahashi, tanaka, browser_of):
    sent = {"level": "public", "reason": "x"}
    assert browser_of(sato).post("/live/publication/Guard/", sent).status_code == 403
    assert browser_of(takahashi).post("/live/publication/Guard/", sent).status_code == 403
    assert browser_of(suzuki).post("/live/publication/Nothing/", sent).status_code == 404
    assert browser_of(tanaka).post("/live/publication/Guard/", sent).status_code == 302
    assert Publication.objects.get(name__endswith="Guard").owner == ""


def test_reads_and_writes_are_counted_by_day_and_organisation(hub, sato, takahashi, yamamoto, browser_of):
    USES.read(hub.tenant, HACHIOJI, [fetch(hub.tenant, ONE, None).entity] * 3)
    hub.update(urn=ONE, vacantCount=reading(1))
    rows = text(browser_of(sato), "/live/uses/?format=csv").splitlines()[1:]
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert f"{today},トイレ,八王子市,読み,3" in rows
    assert f"{today},トイレ,千代田区,書き,2" in rows
    assert any("Guard" in row for row in rows)
    assert not any(
        "Guard" in row for row in text(browser_of(takahashi), "/live/uses/?format=csv").splitlines()
    )
    assert browser_of(yamamoto).get("/live/uses/").status_code == 403
    again = text(browser_of(sato), "/live/uses/?format=csv").splitlines()[1:]
    assert sorted(again) == sorted(rows), "nothing is counted twice"
