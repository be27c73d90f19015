"""A person sets up a link in the browser: only administrators, with evidence, and no secret is ever shown."""

# ruff: noqa: E501 - tables keep a case on one line
from __future__ import annotations

import pytest

from tedori.kernel.evidence.models import Entry
from tedori.services.live.models import Link
from tedori.services.live.queries import links as queries
from tedori.services.live.rules.locking import opened
from tedori.services.live.tests.hubs import Hub
from tests.people import make_person

GIVEN = {
    "name": "県の都市OS", "protocol": "ngsi-ld", "address": "https://orion.example.jp/", "direction": "both",
    "types": "EvacuationShelter, Toilet", "every": "60", "header": "Authorization", "secret": "Bearer geheim",
}  # fmt: skip


@pytest.fixture
def admin(chiyoda):
    return make_person("kato", "加藤", organisation=chiyoda, role="admin")


@pytest.fixture
def browser(transactional_db, client, admin, settings):
    settings.SECURE_SSL_REDIRECT = False
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def link(browser):
    answer = browser.post("/live/links/new/", GIVEN)
    assert answer.status_code == 302, answer.content.decode()
    return Link.objects.get()


def page(browser, path, status=200):
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.req("F09")
def test_a_link_is_set_up_and_its_secret_never_shown(browser, link, settings):
    assert link.owner == "131016"
    assert link.address == "https://orion.example.jp"
    assert "geheim" not in link.secret
    assert opened(link.secret, key=settings.SECRET_KEY) == "Bearer geheim"
    for path in ("", f"{link.pk}/", f"{link.pk}/change/", f"{link.pk}/mapping/", f"{link.pk}/end/"):
        assert "geheim" not in page(browser, f"/live/links/{path}")
    (entry,) = Entry.objects.filter(action="live.link_made")
    assert "geheim" not in entry.grounds
    assert entry.organisation == "131016"


WRONG = [
    {"address": "ftp://x.example"},
    {"address": "https://user:secret@x.example"},
    {"address": "http://127.0.0.1:1026"},
    {"address": "http://192.168.1.1"},
    {"types": ""},
    {"types": "a b"},
    {"direction": "out", "protocol": "csv"},
    {"protocol": "csv", "direction": "in", "mapping": ""},
    {"every": "1"},
    {"header": "Host"},
    {"protocol": "ngsiv2", "service": "../x"},
    {"protocol": "ngsiv2", "path": "/a/#"},
]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_what_cannot_work_is_said_at_once(browser, change):
    assert browser.post("/live/links/new/", GIVEN | change).status_code == 400
    assert not Link.objects.exists()


def test_a_name_is_given_once(browser, link):
    assert browser.post("/live/links/new/", GIVEN).status_code == 400


def test_a_link_is_changed_paused_and_ended_with_evidence(browser, link):
    assert (
        browser.post(f"/live/links/{link.pk}/change/", GIVEN | {"name": "B", "secret": ""}).status_code == 302
    )
    browser.post(f"/live/links/{link.pk}/switch/", {"active": "no"})
    after = Link.objects.get()
    assert (after.name, after.active, after.version, after.secret) == ("B", False, 3, link.secret)
    browser.post(f"/live/links/{link.pk}/end/")
    assert not Link.objects.exists()
    acts = list(Entry.objects.filter(action__startswith="live.link").values_list("action", flat=True))
    assert acts == ["live.link_made", "live.link_changed", "live.link_paused", "live.link_ended"]


def test_a_mapping_is_tried_on_a_sample_before_it_is_saved(browser, link):
    path = f"/live/links/{link.pk}/mapping/"
    mapping = "types: {避難所: {type: EvacuationShelter, attributes: {開設: {name: status, values: {開設中: open}}}}}"
    sample = '{"id": "urn:a:b", "type": "避難所", "開設": {"type": "Property", "value": "開設中"}}'
    answer = browser.post(path, {"mapping": mapping, "sample": sample, "check": "yes"})
    assert "&quot;open&quot;" in answer.content.decode()
    assert Link.objects.get().mapping == ""
    assert browser.post(path, {"mapping": "types: [", "save": "yes"}).status_code == 400
    assert browser.post(path, {"mapping": mapping, "save": "yes"}).status_code == 302
    assert Link.objects.get().mapping == mapping


def test_others_see_and_change_nothing(browser, link, client, sato, takahashi, hachioji):
    make_person("mori", "森", organisation=hachioji, role="admin")
    for person, status in ((sato, 403), (takahashi, 403)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/live/links/").status_code == status
    client.force_login(
        type(sato).objects.get(username="mori"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert "県の都市OS" not in page(client, "/live/links/")
    for path in ("", "change/", "mapping/", "end/"):
        assert client.get(f"/live/links/{link.pk}/{path}").status_code == 404
    for path in ("end/", "switch/", "test/", "mapping/", "change/"):
        assert client.post(f"/live/links/{link.pk}/{path}", GIVEN | {"save": "yes"}).status_code in (400, 404)
    assert Link.objects.get().active
    client.logout()
    assert client.get("/live/links/").status_code == 302


def test_a_person_sets_a_value_and_lets_it_go(browser, link):
    hub = Hub()
    hub.create(free=5)
    given = {"urn": "urn:ngsi-ld:Shelter:1", "attribute": "free", "value": "0", "reason": "満員のため"}
    assert browser.post("/live/hold/", given | {"hold": "yes"}).status_code == 302
    doc = hub.session.one("SELECT doc FROM live_entity")[0]
    assert "setBy" in str(doc)
    assert browser.post("/live/hold/", given | {"release": "yes"}).status_code == 302
    assert "setBy" not in str(hub.session.one("SELECT doc FROM live_entity")[0])
    assert browser.post("/live/hold/", given | {"attribute": "nothing", "hold": "yes"}).status_code == 400
    assert queries.links(hub.session, owner="132012") == ()
