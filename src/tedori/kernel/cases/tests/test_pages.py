"""Staff work on cases behind their wall; a reporter sees the own report and nothing internal."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tedori.kernel.cases import actions, files, queries, rules
from tedori.kernel.cases.tests.conftest import LEAK, NOW
from tedori.kernel.organisations.queries import person_actor
from tedori.kernel.organisations.values import ANONYMOUS

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def leak(sato):
    return actions.open_case(
        "tests.leak",
        organisation="131016",
        title="公園の水",
        subject="park:1",
        facts={"量": "3リットル <b>"},
        by=person_actor(sato),
        at=NOW,
        reporter=ANONYMOUS,
    )


def page(case):
    return f"/cases/{case.id}/"


def now(case):
    return queries.case(case.id)


def test_the_queue_shows_own_cases_and_can_be_narrowed(leak, sato, takahashi, browser_of):
    text = browser_of(sato).get("/cases/").content.decode()
    assert "公園の水" in text and "期限超過" in text and "回答待ち" in text
    for query in ("?kind=tests.leak&state=new", "?overdue=1", "?kind=nothing.known&page=x"):
        assert browser_of(sato).get(f"/cases/{query}").status_code == 200
    assert "公園の水" not in browser_of(sato).get("/cases/?mine=1").content.decode()
    assert "公園の水" not in browser_of(takahashi).get("/cases/").content.decode()


@pytest.mark.parametrize("path", ["/cases/", "/cases/1/", "/cases/1/files/1/"])
def test_residents_do_not_come_in_and_strangers_are_sent_to_sign_in(path, yamamoto, browser_of):
    assert browser_of(yamamoto).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_another_organisations_case_does_not_exist(leak, takahashi, browser_of):
    assert browser_of(takahashi).get(page(leak)).status_code == 404
    assert browser_of(takahashi).post(page(leak), {"do": "comment", "comment": "x"}).status_code == 404


def test_a_case_shows_its_facts_escaped_and_only_the_moves_one_may_make(leak, sato, suzuki, browser_of):
    text = browser_of(sato).get(page(leak)).content.decode()
    assert "3リットル &lt;b&gt;" in text
    assert 'value="checking"' in text and 'value="fixed"' not in text
    person = browser_of(suzuki)
    person.post(page(leak), {"do": "move", "to": "checking", "version": now(leak).version})
    assert 'value="fixed"' in person.get(page(leak)).content.decode()


def test_everything_can_be_done_through_forms(leak, sato, suzuki, browser_of):
    person = browser_of(suzuki)
    for form in (
        {"do": "move", "to": "checking"},
        {"do": "assign", "owner": sato.pk},
        {"do": "comment", "comment": "内部の話"},
        {"do": "answer", "answer": "見に行きます"},
        {"do": "move", "to": "fixed"},
    ):
        answer = person.post(page(leak), {**form, "version": now(leak).version})
        assert answer.status_code == 302, answer.content.decode()
    assert now(leak).final and now(leak).owner_name == "佐藤花子"
    assert "内部の話" in person.get(page(leak)).content.decode()


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"do": "move", "to": "fixed"}, 409, "進められません"),
        ({"do": "move", "to": "checking", "version": "77"}, 409, "更新しました"),
        ({"do": "move", "to": "checking", "version": "x"}, 409, "更新しました"),
        ({"do": "comment", "comment": " "}, 400, "本文がありません"),
        ({"do": "attach"}, 400, "ファイルが選ばれていません"),
        ({"do": "explode"}, 400, "この操作は行えません"),
        ({}, 400, "この操作は行えません"),
    ],
)
def test_what_cannot_be_done_is_said_above_the_form_with_what_was_typed(
    leak, suzuki, browser_of, form, status, says
):
    answer = browser_of(suzuki).post(page(leak), {"version": "1", "reason": "長い理由", **form})
    assert answer.status_code == status
    text = answer.content.decode()
    assert says in text and "長い理由" in text


def test_the_law_of_the_answer_holds_in_the_form_too(leak, suzuki, browser_of):
    person = browser_of(suzuki)
    person.post(page(leak), {"do": "move", "to": "checking", "version": now(leak).version})
    form = {"do": "move", "to": "fixed", "version": now(leak).version}
    assert "回答がまだ" in person.post(page(leak), form).content.decode()
    person.post(page(leak), {**form, "answer": "直しました"})
    assert now(leak).final


def test_files_are_attached_and_saved_again(leak, sato, browser_of):
    person = browser_of(sato)
    sent = {"do": "attach", "file": SimpleUploadedFile("写真.png", PNG)}
    assert person.post(page(leak), sent).status_code == 302
    (kept,) = queries.attachments(leak.id)
    answer = person.get(f"/cases/{leak.id}/files/{kept.id}/")
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert person.get(f"/cases/{leak.id}/files/{kept.id + 1}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"<script>"),
        ("a.png", b"<svg onload=x>"),
        ("a.csv", b"a\x00b"),
        ("a", b"x"),
        ("a.svg", b"<svg"),
    ],
)
def test_files_of_other_types_are_refused_and_leave_nothing(leak, sato, browser_of, home, name, content):
    sent = {"do": "attach", "file": SimpleUploadedFile(name, content)}
    assert browser_of(sato).post(page(leak), sent).status_code == 415
    assert [path for path in (home / "attachments").rglob("*") if path.is_file()] == []


def test_a_file_too_large_is_refused_and_leaves_nothing(leak, sato, home, monkeypatch):
    monkeypatch.setattr(files, "LIMIT_MB", 0)
    with pytest.raises(rules.FileTooLarge):
        actions.attach(leak.id, name="a.png", chunks=[PNG], by=person_actor(sato), at=NOW)
    assert [path for path in (home / "attachments").rglob("*") if path.is_file()] == []


def test_lost_and_changed_attachments_are_found(leak, sato):
    kept = actions.attach(leak.id, name="../a.png", chunks=[PNG], by=person_actor(sato), at=NOW)
    assert kept.name == "a.png" and files.damaged() == []
    files.place(kept.sha256).write_bytes(b"x")
    assert files.damaged() == [kept.sha256]


def test_a_reporter_follows_the_secret_link_and_sees_nothing_internal(leak, sato):
    by = person_actor(sato)
    actions.comment(leak.id, text="内部の話", by=by, at=NOW)
    actions.answer_reporter(leak.id, text="見に行きます", by=by, at=NOW)
    inside = actions.attach(leak.id, name="in.png", chunks=[PNG], by=by, at=NOW)
    shown = actions.attach(leak.id, name="out.png", chunks=[PNG], by=by, at=NOW, for_reporter=True)
    link = f"/reports/link/{leak.secret}/"
    answer = Client().get(link)
    text = answer.content.decode()
    assert "見に行きます" in text and "out.png" in text
    assert not any(hidden in text for hidden in ("内部の話", "in.png", "佐藤花子", "3リットル"))
    assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
    saved = Client().get(f"{link}files/{shown.id}/")
    assert b"".join(saved.streaming_content) == PNG
    assert Client().get(f"{link}files/{inside.id}/").status_code == 404


def test_a_reporter_can_add_something(leak):
    link = f"/reports/link/{leak.secret}/"
    assert Client().post(link, {"text": "まだ漏れています"}).status_code == 302
    assert Client().post(link, {"text": ""}).status_code == 400
    assert queries.history(leak.id)[-1].text == "まだ漏れています"


def test_a_wrong_link_leads_nowhere(leak):
    assert Client().get("/reports/link/guess/").status_code == 404


def test_a_signed_in_reporter_has_a_list_and_nobody_elses(sato, yamamoto, ito, browser_of):
    mine = actions.open_case(
        "tests.leak",
        organisation="131016",
        title="公園の水",
        subject="",
        facts={},
        by=person_actor(yamamoto),
        at=NOW,
        reporter=person_actor(yamamoto),
    )
    assert "公園の水" in browser_of(yamamoto).get("/reports/").content.decode()
    assert browser_of(yamamoto).get(f"/reports/{mine.id}/").status_code == 200
    assert browser_of(yamamoto).post(f"/reports/{mine.id}/", {"text": "急いで"}).status_code == 302
    assert "公園の水" not in browser_of(ito).get("/reports/").content.decode()
    assert browser_of(ito).get(f"/reports/{mine.id}/").status_code == 404


def test_a_kind_with_a_desk_of_its_own_leads_there(leak, sato, browser_of, monkeypatch):
    from dataclasses import replace

    desk = replace(LEAK, page="jobs:job")
    monkeypatch.setattr(rules, "kinds", lambda: {LEAK.name: desk})
    person = browser_of(sato)
    assert f'href="/jobs/{leak.id}/"' in person.get("/cases/").content.decode()
    text = person.get(page(leak)).content.decode()
    assert f'href="/jobs/{leak.id}/"' in text and 'name="to"' not in text


@pytest.mark.parametrize("path", ["/en/cases/", "/en/reports/"])
def test_pages_exist_in_english(path, sato, browser_of):
    assert 'lang="en"' in browser_of(sato).get(path).content.decode()
