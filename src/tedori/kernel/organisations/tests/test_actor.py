"""Who acts in a request."""

from datetime import UTC, datetime

import pytest

from tedori.kernel.organisations.models import Membership, Organisation
from tedori.kernel.organisations.queries import organisation, organisations, people_with, within
from tedori.kernel.organisations.values import PLATFORM, system_actor
from tests.people import JOINED

pytestmark = pytest.mark.django_db


def test_a_steward_acts_for_her_ward(sato, acting):
    actor = acting(sato)
    assert (actor.name, actor.organisation, actor.kind) == ("佐藤花子", "131016", "municipality")
    assert actor.roles == {"steward"}


def test_an_admin_of_the_steering_organisation_administers_the_platform(tanaka, acting):
    assert PLATFORM in acting(tanaka).roles


def test_an_admin_elsewhere_does_not(tanaka, chiyoda, acting):
    Membership.objects.create(user=tanaka, organisation=chiyoda, role="admin", added_at=JOINED)
    assert not acting(tanaka, organisation="131016").everywhere


def test_a_resident_acts_for_nobody(yamamoto, acting):
    assert acting(yamamoto).signed_in
    assert acting(yamamoto).organisation == ""


def test_who_is_no_longer_active_has_no_organisation(sato, acting):
    sato.is_active = False
    sato.save()
    assert acting(sato).organisation == ""


def test_an_organisation_of_which_one_is_no_member_cannot_be_chosen(sato, hachioji, acting):
    assert acting(sato, organisation="132012").organisation == "131016"


def test_walls_hide_the_rows_of_others(sato, tanaka, yamamoto, hachioji, acting):
    def seen(actor):
        rows = Organisation.objects.filter(within(actor, field="code"))
        return sorted(rows.values_list("code", flat=True))

    assert seen(acting(sato)) == ["131016"]
    assert seen(acting(yamamoto)) == []
    assert seen(acting(tanaka)) == seen(system_actor("worker")) == ["130001", "131016", "132012"]


def test_people_are_found_by_what_they_may_do(sato, suzuki, takahashi):
    assert [one.name for one in people_with("evidence.read", "131016")] == ["佐藤花子", "鈴木一郎"]
    assert people_with("organisations.members", "131016") == ()


def test_organisations_are_found_by_code_and_kind(bureau, chiyoda, hachioji):
    assert organisation("131016").name_en == "Chiyoda City"
    assert organisation("999999") is None
    assert [one.code for one in organisations("municipality")] == ["131016", "132012"]


def test_only_one_organisation_steers(bureau):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        Organisation.objects.create(code="x", name="x", kind="bureau", steward_of_platform=True)


def test_a_membership_says_when_it_began(sato):
    assert sato.memberships.get().added_at == datetime(2026, 4, 1, tzinfo=UTC)
