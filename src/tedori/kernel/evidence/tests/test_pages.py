"""The staff's view of the evidence."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps

from tedori.kernel.evidence.actions import record_many
from tedori.kernel.evidence.values import Fact
from tedori.kernel.evidence.words import acts
from tedori.kernel.organisations.values import system_actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def written(chiyoda, hachioji):
    house = system_actor("t")
    record_many(
        [Fact("test.decided", house, NOW, "131016", f"thing:{n}", {"note": "<b>重要</b>"}) for n in range(60)]
        + [Fact("test.published", house, NOW, "132012", "secret-thing", {})]
    )


def test_a_steward_reads_her_own_wards_evidence_and_no_other(written, sato, browser_of):
    page = browser_of(sato).get("/evidence/").content.decode()
    assert "thing:59" in page
    assert "secret-thing" not in page
    assert "test.published" not in page


def test_asking_for_another_organisation_does_not_open_the_wall(written, sato, browser_of):
    page = browser_of(sato).get("/evidence/?organisation=132012").content.decode()
    assert "secret-thing" not in page
    assert browser_of(sato).get("/evidence/61/").status_code == 404


def test_the_platform_reads_all_and_filters(written, tanaka, browser_of):
    client = browser_of(tanaka)
    assert "secret-thing" in client.get("/evidence/").content.decode()
    narrowed = client.get(
        "/evidence/?organisation=132012&action=test.published&subject=secret"
    ).content.decode()
    assert "secret-thing" in narrowed
    assert "thing:59" not in narrowed
    assert "secret-thing" not in client.get("/evidence/?subject=thing:5").content.decode()


def test_older_records_are_on_the_next_page(written, sato, browser_of):
    client = browser_of(sato)
    assert "thing:9<" in client.get("/evidence/?page=2").content.decode()
    assert "thing:9<" not in client.get("/evidence/").content.decode()
    assert client.get("/evidence/?page=999").status_code == 200
    assert client.get("/evidence/?page=-1").status_code == 200


def test_one_record_is_shown_whole_and_escaped(written, sato, browser_of):
    page = browser_of(sato).get("/evidence/1/").content.decode()
    assert "&lt;b&gt;重要" in page
    assert "0" * 64 in page


def test_a_mere_member_is_refused_and_a_visitor_is_sent_to_sign_in(written, ito, client, browser_of):
    assert browser_of(ito).get("/evidence/").status_code == 403
    answer = client.get("/evidence/")
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/?next=/evidence/")


def test_codes_are_told_in_words_with_the_code_beside_them(sato, chiyoda, acting, browser_of):
    record_many([Fact("cases.moved", acting(sato), NOW, "131016", "case:7", {})])
    page = browser_of(sato).get("/evidence/").content.decode()
    assert '案件の状態を変えた<br><small class="quiet">cases.moved' in page
    assert '案件 7<br><small class="quiet">case:7' in page
    assert f'佐藤花子<br><small class="quiet">user:{sato.pk}' in page
    assert "<td>千代田区</td>" in page
    english = browser_of(sato).get("/en/evidence/1/").content.decode()
    assert "Chiyoda City" in english and "cases.moved" in english


def test_a_resident_stays_without_a_name(yamamoto, tanaka, acting, browser_of):
    record_many([Fact("cases.opened", acting(yamamoto), NOW, "131016", "case:7", {})])
    page = browser_of(tanaka).get("/evidence/").content.decode()
    assert f"<td>user:{yamamoto.pk}</td>" in page
    assert "山本" not in page


WRITTEN = re.compile(r'(?:\brecord|\bFact|\bfact)\(\s*"([a-z]+\.[a-z_]+)"')


@pytest.mark.parametrize("app", [app for app in apps.get_app_configs() if app.name.startswith("tedori.")])
def test_every_act_that_is_written_down_has_words(app):
    sources = [path for path in Path(app.path).rglob("*.py") if "tests" not in path.parts]
    found = {act for path in sources for act in WRITTEN.findall(path.read_text(encoding="utf-8"))}
    assert found - set(acts()) == set()
