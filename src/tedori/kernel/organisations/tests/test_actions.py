"""Organisations, members and people, with evidence of each act."""

from datetime import UTC, datetime

import pytest

from tedori.kernel.evidence.models import Entry
from tedori.kernel.organisations import actions, rules
from tedori.kernel.organisations.models import Membership, User
from tedori.kernel.organisations.queries import members, organisation
from tests.people import JOINED, make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def head_of_chiyoda(chiyoda, acting):
    return acting(make_person("kobayashi", "小林誠", organisation=chiyoda, role="admin"))


def test_the_platform_registers_an_organisation(tanaka, acting):
    made = actions.create_organisation(
        code="acme", name="株式会社アクメ", kind="company", parent="130001", by=acting(tanaka), at=NOW
    )
    assert made == organisation("acme")
    assert (made.parent, made.name_en) == ("130001", "株式会社アクメ")
    assert Entry.objects.get().action == "organisations.organisation_created"


def test_nobody_else_does(head_of_chiyoda):
    with pytest.raises(rules.Forbidden):
        actions.create_organisation(code="131016", name="x", kind="civic", by=head_of_chiyoda, at=NOW)


def test_a_code_is_given_once(tanaka, chiyoda, acting):
    with pytest.raises(rules.Taken):
        actions.create_organisation(code="131016", name="x", kind="civic", by=acting(tanaka), at=NOW)


def test_a_person_registered_here_can_sign_in_and_stays_unnamed_in_the_evidence(tanaka, acting, client):
    person = actions.register_person(
        username="watanabe", name="渡辺直子", password="forest-river-91", by=acting(tanaka), at=NOW
    )
    assert client.login(username="watanabe", password="forest-river-91")
    fact = Entry.objects.get()
    assert fact.subject == f"user:{person}"
    assert "渡辺" not in str(fact.__dict__)
    assert "watanabe" not in str(fact.__dict__)


def test_a_weak_password_is_refused_with_the_reason(tanaka, acting):
    with pytest.raises(rules.WeakPassword) as refusal:
        actions.register_person(username="w", name="w", password="12345", by=acting(tanaka), at=NOW)
    assert refusal.value.fields["why"]
    assert not User.objects.filter(username="w").exists()


def test_an_admin_takes_people_in_changes_their_role_and_lets_them_go(head_of_chiyoda, yamamoto):
    by = head_of_chiyoda
    actions.add_member(organisation="131016", username="yamamoto", role="steward", by=by, at=NOW)
    actions.change_role(organisation="131016", user_id=yamamoto.pk, role="publisher", by=by, at=NOW)
    assert [one.role for one in members("131016")] == ["admin", "publisher"]
    actions.remove_member(organisation="131016", user_id=yamamoto.pk, by=by, at=NOW)
    assert len(members("131016")) == 1
    told = list(Entry.objects.order_by("number").values_list("action", "organisation", "grounds"))
    assert told == [
        ("organisations.member_added", "131016", '{"role":"steward"}'),
        ("organisations.member_role_changed", "131016", '{"before":"steward","role":"publisher"}'),
        ("organisations.member_removed", "131016", '{"role":"publisher"}'),
    ]


def test_the_same_role_again_is_not_an_act(head_of_chiyoda, sato):
    actions.change_role(organisation="131016", user_id=sato.pk, role="steward", by=head_of_chiyoda, at=NOW)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", ["platform", "system", "king", ""])
def test_no_role_can_be_invented(head_of_chiyoda, yamamoto, role):
    with pytest.raises(rules.UnknownRole):
        actions.add_member(organisation="131016", username="yamamoto", role=role, by=head_of_chiyoda, at=NOW)


def test_a_member_is_not_added_twice(head_of_chiyoda, sato):
    with pytest.raises(rules.AlreadyMember):
        actions.add_member(organisation="131016", username="sato", role="admin", by=head_of_chiyoda, at=NOW)


def test_who_is_unknown_cannot_be_added(head_of_chiyoda):
    with pytest.raises(rules.UnknownPerson, match="nobody"):
        actions.add_member(organisation="131016", username="nobody", role="admin", by=head_of_chiyoda, at=NOW)


def test_the_last_admin_stays_until_there_is_another(head_of_chiyoda, sato):
    by, mine = head_of_chiyoda, {"organisation": "131016", "user_id": head_of_chiyoda.user_id}
    with pytest.raises(rules.LastAdmin):
        actions.remove_member(**mine, by=by, at=NOW)
    with pytest.raises(rules.LastAdmin):
        actions.change_role(**mine, role="member", by=by, at=NOW)
    actions.change_role(organisation="131016", user_id=sato.pk, role="admin", by=by, at=NOW)
    actions.remove_member(**mine, by=by, at=NOW)
    assert [one.username for one in members("131016")] == ["sato"]


def test_an_admin_has_no_say_behind_another_wall(head_of_chiyoda, takahashi, yamamoto):
    with pytest.raises(rules.Forbidden):
        actions.add_member(
            organisation="132012", username="yamamoto", role="member", by=head_of_chiyoda, at=NOW
        )
    with pytest.raises(rules.Forbidden):
        actions.remove_member(organisation="132012", user_id=takahashi.pk, by=head_of_chiyoda, at=NOW)


def test_a_steward_manages_nobody(sato, suzuki, acting):
    with pytest.raises(rules.Forbidden):
        actions.remove_member(organisation="131016", user_id=suzuki.pk, by=acting(sato), at=NOW)


def test_what_fails_halfway_leaves_neither_member_nor_evidence(head_of_chiyoda, yamamoto, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        actions.add_member(
            organisation="131016", username="yamamoto", role="member", by=head_of_chiyoda, at=NOW
        )
    assert not Membership.objects.filter(user=yamamoto).exists()


def test_several_organisations_are_possible(sato, hachioji, acting):
    Membership.objects.create(user=sato, organisation=hachioji, role="member", added_at=JOINED)
    assert acting(sato, organisation="132012").roles == {"member"}


def test_a_language_that_the_house_does_not_speak_is_refused(sato):
    with pytest.raises(rules.UnknownLanguage):
        actions.set_language(user_id=sato.pk, language="tlh")
