"""`tedori setup` and the people of the demo world."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from tedori.kernel.organisations.models import Organisation, User
from tedori.kernel.organisations.queries import person_actor
from tedori.site import demo, people

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_setup_registers_tokyo_and_its_62_municipalities_once(capsys):
    call_command("setup")
    call_command("setup")
    assert Organisation.objects.filter(kind="municipality").count() == 62
    assert Organisation.objects.get(code="130001").steward_of_platform
    assert "0 organisations registered" in capsys.readouterr().out


def test_the_first_administrator_administers_every_organisation():
    people.register_organisations(at=NOW)
    people.register_administrator(username="tanaka", name="田中健", password="naga-i aikotoba 9", at=NOW)
    assert person_actor(User.objects.get(username="tanaka")).everywhere


def test_every_demo_login_works_with_the_printed_password(client):
    people.register_organisations(at=NOW)
    people.register_demo_people(at=NOW)
    for person in people.DEMO_PEOPLE:
        assert client.login(username=person.username, password=people.DEMO_PASSWORD)
        assert person.username in demo.logins()


def test_the_demo_never_overwrites_real_data(home, tanaka):
    with pytest.raises(demo.NotADemo):
        demo.prepare(home)
    assert User.objects.filter(username="tanaka").exists()
