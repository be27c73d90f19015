"""People see their jobs, how far they are, and can call them off."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tedori.kernel.jobs import actions, queries, running
from tedori.kernel.jobs.models import JobRow
from tedori.kernel.jobs.tests.test_running import note  # noqa: F401 - declares the job
from tedori.kernel.organisations.queries import person_actor

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def asked(sato):
    return actions.enqueue("tests.note", {"what": "a"}, by=person_actor(sato), organisation="131016", at=NOW)


def test_a_job_is_shown_to_its_organisation_only(asked, sato, suzuki, takahashi, tanaka, browser_of):
    for person, status in ((sato, 200), (suzuki, 200), (takahashi, 404), (tanaka, 200)):
        assert browser_of(person).get(f"/jobs/{asked.id}/").status_code == status
    assert f"/jobs/{asked.id}/" in browser_of(suzuki).get("/jobs/?state=waiting&page=1").content.decode()
    assert f"/jobs/{asked.id}/" not in browser_of(takahashi).get("/jobs/").content.decode()
    assert Client().get(f"/jobs/{asked.id}/").status_code == 302


def test_a_resident_sees_the_own_job_and_no_list(yamamoto, sato, browser_of):
    mine = actions.enqueue("tests.note", {"what": "a"}, by=person_actor(yamamoto), organisation="", at=NOW)
    assert browser_of(yamamoto).get(f"/jobs/{mine.id}/").status_code == 200
    assert browser_of(yamamoto).get("/jobs/").status_code == 403
    assert browser_of(sato).get(f"/jobs/{mine.id}/").status_code == 404


def test_progress_is_asked_for_until_the_end_and_without_script_by_a_link(asked, sato, browser_of):
    person = browser_of(sato)
    JobRow.objects.update(state="running", step=3, steps=10, say_ja="読み込み中")
    text = person.get(f"/jobs/{asked.id}/").content.decode()
    assert f'hx-get="/jobs/{asked.id}/progress/"' in text and "<noscript>" in text
    assert "http-equiv" not in text
    part = person.get(f"/jobs/{asked.id}/progress/", headers={"HX-Request": "true"}).content.decode()
    assert "読み込み中" in part and "30%" in part and "<html" not in part
    assert person.get(f"/jobs/{asked.id}/progress/").status_code == 302
    JobRow.objects.update(state="waiting")
    running.run_waiting()
    ended = person.get(f"/jobs/{asked.id}/progress/", headers={"HX-Request": "true"})
    assert ended["HX-Refresh"] == "true"
    assert "hx-get" not in person.get(f"/jobs/{asked.id}/").content.decode()


def test_a_job_is_cancelled_and_asked_for_again(asked, sato, takahashi, browser_of):
    assert browser_of(takahashi).post(f"/jobs/{asked.id}/cancel/").status_code == 404
    person = browser_of(sato)
    assert person.get(f"/jobs/{asked.id}/cancel/").status_code == 405
    person.post(f"/jobs/{asked.id}/cancel/")
    assert queries.job(asked.id).state == "cancelled"
    assert person.post(f"/jobs/{asked.id}/cancel/").status_code == 409
    again = person.post(f"/jobs/{asked.id}/again/")
    assert again.url == f"/jobs/{asked.id + 1}/"


def test_a_failed_job_says_why(asked, sato, browser_of):
    JobRow.objects.update(
        state="failed",
        error_ja="この表は読めません。",
        error_en="This table cannot be read.",
        reference="AB12",
    )
    text = browser_of(sato).get(f"/jobs/{asked.id}/").content.decode()
    assert "この表は読めません。" in text and "AB12" in text
    assert "This table cannot be read." in browser_of(sato).get(f"/en/jobs/{asked.id}/").content.decode()
