"""A case moves as declared, by whom it may, and never past the person who raised it."""

from datetime import timedelta

import pytest

from tedori.kernel.cases import actions, queries, rules
from tedori.kernel.cases.queries import Wanted
from tedori.kernel.cases.rules import (
    CaseClosed,
    CaseKind,
    Move,
    NoReporter,
    NoSuchCase,
    NotAllowed,
    NotAMember,
    ReasonNeeded,
    ReporterUnanswered,
    StaleCase,
    State,
    TextNeeded,
)
from tedori.kernel.cases.tests.conftest import NOW
from tedori.kernel.events.queries import events
from tedori.kernel.evidence.models import Entry as EvidenceEntry
from tedori.kernel.organisations.rules import Forbidden, SignInNeeded
from tedori.kernel.organisations.values import ANONYMOUS, system_actor


def leak(by, **more):
    fields = {"organisation": "131016", "title": "公園の水", "subject": "park:1", "facts": {"litres": 3}}
    return actions.open_case("tests.leak", by=by, at=NOW, **{**fields, **more})


def go(case, to, by, **more):
    more.setdefault("seen_version", queries.case(case.id).version)
    return actions.move(case.id, to=to, by=by, at=NOW, **more)


def test_a_case_opens_in_the_first_state_with_a_deadline(people):
    case = leak(people["sato"])
    assert (case.state, case.state_label, case.kind_label) == ("new", "新着", "漏水の疑い")
    assert case.deadline == NOW + timedelta(days=3)
    assert not case.overdue(NOW) and case.overdue(NOW + timedelta(days=4))
    assert case.secret == ""


def test_the_same_key_is_the_same_open_case_and_a_new_one_after_closing(people):
    first = leak(people["sato"], key="park:1")
    assert leak(people["sato"], key="park:1").id == first.id
    go(first, "checking", people["sato"])
    go(first, "fixed", people["suzuki"])
    assert leak(people["sato"], key="park:1").id != first.id


def test_every_move_leaves_history_evidence_and_an_event(people):
    case = leak(people["sato"])
    go(case, "checking", people["sato"], reason=" 現地で見た ")
    line = queries.history(case.id)[-1]
    assert (line.what, line.frm, line.to, line.text, line.by_name) == (
        "moved",
        "new",
        "checking",
        "現地で見た",
        "佐藤花子",
    )
    told = events(key=f"case:{case.id}")
    assert [event.topic for event in told] == ["cases.moved", "cases.opened"]
    assert told[0].payload["facts"] == {"litres": 3}
    assert list(EvidenceEntry.objects.order_by("number").values_list("action", flat=True)) == [
        "cases.opened",
        "cases.moved",
    ]


@pytest.mark.parametrize(
    ("who", "why"),
    [("sato", Forbidden), ("takahashi", Forbidden), ("yamamoto", Forbidden), (None, SignInNeeded)],
)
def test_only_who_is_declared_may_close_and_only_inside_the_wall(people, who, why):
    case = leak(people["sato"])
    go(case, "checking", people["sato"])
    with pytest.raises(why):
        go(case, "fixed", people[who] if who else ANONYMOUS)
    assert queries.case(case.id).state == "checking"


@pytest.mark.parametrize("who", ["suzuki", "tanaka"])
def test_publisher_and_platform_administrator_may_close(people, who):
    case = leak(people["sato"])
    go(case, "checking", people["sato"])
    assert go(case, "fixed", people[who]).final


def test_a_move_that_is_not_declared_is_refused(people):
    with pytest.raises(NotAllowed) as caught:
        go(leak(people["sato"]), "fixed", people["suzuki"])
    assert "新着" in str(caught.value) and "解決" in str(caught.value)


def test_a_move_that_takes_a_reason_does_not_go_without(people):
    case = leak(people["sato"])
    go(case, "checking", people["sato"])
    with pytest.raises(ReasonNeeded):
        go(case, "new", people["sato"], reason="  ")


def test_a_stale_update_is_refused_and_says_who_changed_what(people):
    case = leak(people["sato"])
    go(case, "checking", people["sato"])
    with pytest.raises(StaleCase) as caught:
        go(case, "fixed", people["suzuki"], seen_version=case.version)
    assert "佐藤花子" in str(caught.value) and "確認中" in str(caught.value)


def test_a_case_cannot_end_while_its_reporter_is_unanswered(people):
    case = leak(people["sato"], reporter=people["yamamoto"])
    go(case, "checking", people["sato"])
    with pytest.raises(ReporterUnanswered):
        go(case, "fixed", people["suzuki"])
    actions.answer_reporter(case.id, text="直しました", by=people["suzuki"], at=NOW)
    assert go(case, "fixed", people["suzuki"]).final
    assert [event.topic for event in events(key=f"case:{case.id}")][1] == "cases.answered"


def test_answering_and_closing_go_in_one_step(people):
    case = leak(people["sato"], reporter=ANONYMOUS)
    go(case, "checking", people["sato"])
    assert go(case, "fixed", people["suzuki"], answer="直しました").answered_at == NOW


def test_a_refused_move_keeps_nothing_of_its_answer(people):
    case = leak(people["sato"], reporter=ANONYMOUS)
    with pytest.raises(NotAllowed):
        go(case, "fixed", people["suzuki"], answer="直しました")
    assert queries.case(case.id).owes_answer


def test_a_reporter_who_writes_again_is_owed_an_answer_again(people):
    case = leak(people["sato"], reporter=people["yamamoto"])
    go(case, "checking", people["sato"])
    actions.answer_reporter(case.id, text="見に行きます", by=people["sato"], at=NOW)
    seen = queries.case(case.id).version
    actions.reporter_says(case.id, text="まだ漏れています", by=people["yamamoto"], at=NOW)
    with pytest.raises(StaleCase):
        go(case, "fixed", people["suzuki"], seen_version=seen)
    with pytest.raises(ReporterUnanswered):
        go(case, "fixed", people["suzuki"])


def test_a_closed_case_takes_no_more_from_its_reporter(people):
    case = leak(people["sato"], reporter=people["yamamoto"])
    go(case, "checking", people["sato"])
    go(case, "fixed", people["suzuki"], answer="直しました")
    with pytest.raises(CaseClosed):
        actions.reporter_says(case.id, text="?", by=people["yamamoto"], at=NOW)


def test_nobody_to_answer_and_nothing_to_say_are_told(people):
    case = leak(people["sato"])
    with pytest.raises(NoReporter):
        actions.answer_reporter(case.id, text="?", by=people["sato"], at=NOW)
    with pytest.raises(TextNeeded):
        actions.comment(case.id, text=" ", by=people["sato"], at=NOW)


def test_the_secret_link_finds_the_case_and_is_kept_only_as_a_digest(people):
    case = leak(people["sato"], reporter=ANONYMOUS)
    assert queries.reported(case.secret).id == case.id
    assert queries.case(case.id).secret == ""
    with pytest.raises(NoSuchCase):
        queries.reported(case.secret[:-1])


def test_the_reporter_sees_no_internal_remarks(people):
    case = leak(people["sato"], reporter=ANONYMOUS)
    actions.comment(case.id, text="内部の話", by=people["sato"], at=NOW)
    actions.answer_reporter(case.id, text="確認します", by=people["sato"], at=NOW)
    assert [line.what for line in queries.history(case.id, for_reporter=True)] == ["opened", "answered"]


def test_owners_are_people_of_the_organisation(people):
    case = leak(people["sato"])
    owned = actions.assign(
        case.id, to=people["suzuki"].user_id, by=people["sato"], at=NOW, seen_version=case.version
    )
    assert owned.owner_name == "鈴木一郎"
    with pytest.raises(NotAMember):
        actions.assign(
            case.id,
            to=people["takahashi"].user_id,
            by=people["sato"],
            at=NOW,
            seen_version=owned.version,
        )
    with pytest.raises(Forbidden):
        actions.assign(case.id, to=None, by=people["yamamoto"], at=NOW, seen_version=owned.version)


def test_a_queue_shows_what_is_inside_the_wall_the_most_pressing_first(people):
    late = leak(people["sato"])
    elsewhere = leak(people["takahashi"], organisation="132012")
    early = actions.open_case(
        "tests.leak", organisation="131016", title="前", subject="", facts={}, by=system_actor("t"),
        at=NOW - timedelta(days=9),
    )  # fmt: skip
    seen, count = queries.queue(people["sato"], Wanted())
    assert [case.id for case in seen] == [early.id, late.id] and count == 2
    assert [case.id for case in queries.queue(people["sato"], Wanted(overdue_at=NOW))[0]] == [early.id]
    assert len(queries.queue(people["tanaka"], Wanted())[0]) == 3
    assert queries.queue(people["yamamoto"], Wanted()) == ((), 0)
    with pytest.raises(NoSuchCase):
        queries.case(elsewhere.id, seen_by=people["sato"])


def test_a_case_of_a_dropped_service_stays_readable(people, monkeypatch):
    case = leak(people["sato"])
    monkeypatch.setattr(rules, "kinds", dict)
    assert queries.case(case.id).state_label == "new"


@pytest.mark.parametrize(
    ("states", "moves"),
    [
        ((State("a", "A"),), ()),
        ((State("a", "A"), State("a", "B", final=True)), ()),
        ((State("a", "A", final=True),), (Move("a", "b", "p"),)),
    ],
)
def test_kinds_that_cannot_work_are_refused_when_they_are_declared(states, moves):
    with pytest.raises(rules.Wiring):
        CaseKind("x.y", "X", states, moves)
