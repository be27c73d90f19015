"""The steward's desk: doubts with their evidence, answers that are remembered, undone, and never crossed."""

from __future__ import annotations

import pytest

from tedori.kernel.cases.queries import cases
from tedori.kernel.evidence.models import Entry
from tedori.kernel.jobs.running import run_waiting
from tedori.kernel.lake.store import house_lake
from tedori.kernel.organisations.rules import Forbidden
from tedori.services.datasets.actions import publishing
from tedori.services.datasets.actions.deciding import correct, decide, proposals, undo
from tedori.services.datasets.models import Decision, Delivery, Part, Version
from tedori.services.datasets.queries import desk as desk_queries
from tedori.services.datasets.rules.errors import (
    AnswerMissing,
    ReasonMissing,
    StaleDecision,
    UnknownAnswer,
)
from tedori.services.datasets.tests.factories import (
    AED_HEADER,
    CHIYODA,
    HACHIOJI,
    NOW,
    aed_file,
    aed_rows,
    csv_of,
)

pytestmark = pytest.mark.django_db
NAMES = ("佐藤 花子", "鈴木 一郎", "高橋 美咲", "田中 健", "伊藤 蓮", "山本 さくら")


def with_column(heading: str, values: tuple[str, ...], *, count: int = 6) -> bytes:
    """An AED file with one more column."""
    rows = [(*row, values[place % len(values)]) for place, row in enumerate(aed_rows(count))]
    return csv_of((*AED_HEADER, heading), rows)


def private_file(count: int = 6) -> bytes:
    return with_column("責任者氏名", NAMES, count=count)


def words_file() -> bytes:
    rows = [(*row[:-1], "たぶん有り" if place < 2 else "有") for place, row in enumerate(aed_rows(6))]
    return csv_of(AED_HEADER, rows)


def only_part() -> Part:
    return Part.objects.get()


def doubt(part: Part, kind: str) -> dict:
    return next(data for data in part.doubts if data["kind"] == kind)


def answer(part: Part, people, by: str = "sato", **answers: str) -> int:
    """Answer the doubts of these kinds and let the worker run."""
    given = {doubt(part, kind)["id"]: said for kind, said in answers.items()}
    count = decide(part=part.pk, answers=given, by=people[by], at=NOW, seen=part.revision)
    run_waiting()
    part.refresh_from_db()
    return count


@pytest.mark.req("O03")
def test_a_privacy_stop_becomes_a_case_without_the_names_in_it(send):
    send(private_file())
    part = only_part()
    assert part.state == "review"
    assert doubt(part, "privacy")["subject"] == "責任者氏名"
    (case,) = cases(CHIYODA, kind="datasets.privacy")
    assert case.subject == f"datasets/part/{part.pk}"
    assert "花子" not in str(case.facts)
    assert not Version.objects.exists()


def test_a_privacy_stop_is_decided_by_a_person_or_stays(send, people):
    send(private_file())
    part = only_part()
    with pytest.raises(AnswerMissing):
        decide(part=part.pk, answers={"x": ""}, by=people["sato"], at=NOW, seen=part.revision)
    assert only_part().doubts


def test_what_is_withheld_never_reaches_the_lake(send, people):
    send(private_file())
    answer(only_part(), people, privacy="withhold")
    version = Version.objects.get(state="draft")
    rows = house_lake().open(version.path).collect()
    assert not [name for name in rows.columns if "責任者" in name]
    assert "花子" not in str(rows.to_dicts())


def test_what_a_person_releases_is_published_and_recorded(send, people):
    send(private_file())
    answer(only_part(), people, privacy="publish")
    rows = house_lake().open(Version.objects.get(state="draft").path).collect()
    assert rows["extra:責任者氏名"].to_list()[0] == NAMES[0]
    made = Entry.objects.get(action="datasets.decide")
    assert made.actor == people["sato"].reference
    assert cases(CHIYODA, kind="datasets.privacy") == ()


@pytest.mark.req("O03")
def test_a_decision_is_never_asked_again_for_the_same_layout(send, people):
    send(private_file())
    answer(only_part(), people, privacy="withhold")
    again = send(private_file(8), name="next.csv")
    part = Part.objects.get(delivery=again.delivery)
    assert not [data for data in part.doubts if data["kind"] == "privacy"]
    assert Decision.objects.count() == 1


def test_another_organisation_is_asked_itself(send, people):
    send(private_file())
    answer(only_part(), people, privacy="publish")
    rows = [(*row, NAMES[0]) for row in aed_rows(6, code=HACHIOJI)]
    data = csv_of((*AED_HEADER, "責任者氏名"), rows)
    other = send(data, name="h.csv", by="takahashi", organisation=HACHIOJI)
    part = Part.objects.get(delivery=other.delivery)
    assert doubt(part, "privacy")


@pytest.mark.req("O03")
def test_undoing_asks_again_and_needs_a_reason(send, people):
    send(private_file())
    answer(only_part(), people, privacy="withhold")
    made = Decision.objects.get()
    with pytest.raises(ReasonMissing):
        undo(decision=made.pk, reason="", by=people["sato"], at=NOW)
    undo(decision=made.pk, reason="確認し直す", by=people["sato"], at=NOW)
    run_waiting()
    assert doubt(only_part(), "privacy")
    assert len(cases(CHIYODA, kind="datasets.privacy")) == 1
    with pytest.raises(StaleDecision):
        undo(decision=made.pk, reason="もう一度", by=people["sato"], at=NOW)


def test_two_stewards_at_once_do_not_overwrite_each_other(send, people):
    send(private_file())
    seen = only_part()
    answer(only_part(), people, privacy="withhold")
    given = {doubt(seen, "privacy")["id"]: "publish"}
    with pytest.raises(StaleDecision):
        decide(part=seen.pk, answers=given, by=people["tanaka"], at=NOW, seen=seen.revision)
    assert Decision.objects.get().answer == "withhold"


def test_only_what_is_offered_can_be_answered(send, people):
    send(private_file())
    with pytest.raises(UnknownAnswer):
        answer(only_part(), people, privacy="sell")
    assert not Decision.objects.exists()


def test_nobody_decides_for_another_organisation(send, people):
    send(private_file())
    for name in ("takahashi", "yamamoto", "suzuki"):
        with pytest.raises(Forbidden):
            answer(only_part(), people, by=name, privacy="publish")


def test_an_unknown_word_does_not_block_but_can_be_settled(send, people):
    send(words_file())
    part = only_part()
    assert part.state == "ready"
    assert doubt(part, "vocabulary")["written"] == "たぶん有り"
    assert len(cases(CHIYODA, kind="datasets.vocabulary")) == 1
    answer(part, people, vocabulary="有")
    rows = house_lake().open(Version.objects.get(state="draft").path).collect()
    assert rows["小児対応設備の有無"].to_list() == ["有"] * 6
    assert [v.state for v in Version.objects.order_by("number")] == ["discarded", "draft"]
    assert cases(CHIYODA, kind="datasets.vocabulary") == ()


def test_rival_copies_are_a_question_with_the_other_copy_beside_it(send, people):
    send(aed_file(12), name="aed_a.csv")
    rival = send(aed_file(11), name="aed_b.csv")
    part = Part.objects.get(delivery=rival.delivery)
    found = doubt(part, "rival")
    assert found["samples"] == ["aed_a.csv"]
    assert found["count"] == 12
    answer(part, people, rival="this")
    assert [(v.number, v.state, v.rows) for v in Version.objects.order_by("number")] == [
        (1, "discarded", 12), (2, "draft", 11),
    ]  # fmt: skip


def test_the_rival_that_was_not_chosen_steps_aside(send, people):
    send(aed_file(12), name="aed_a.csv")
    rival = send(aed_file(11), name="aed_b.csv")
    part = Part.objects.get(delivery=rival.delivery)
    answer(part, people, rival="other")
    assert part.state == "aside"
    assert Version.objects.get(state="draft").rows == 12


def test_a_file_that_is_no_dataset_asks_which_one_it_is(send, people):
    data = csv_of(("あれ", "これ"), [("1", "x"), ("2", "y"), ("3", "z")])
    send(data, name="unknown.csv")
    assert doubt(only_part(), "dataset")
    assert not Version.objects.exists()


def test_a_file_of_another_municipality_asks_whose_data_they_are(send, people):
    send(of_hachioji())
    found = doubt(only_part(), "municipality")
    assert [choice for choice, _ in found["choices"]] == [CHIYODA, HACHIOJI]


def of_hachioji(count: int = 8) -> bytes:
    """AED of 八王子市, as its codes, names and addresses say."""
    rows = [(*row[:2], "東京都八王子市", *row[3:4], "東京都八王子市元本郷町3丁目24-1", *row[5:])
            for row in aed_rows(count, code=HACHIOJI)]  # fmt: skip
    return csv_of(AED_HEADER, rows)


@pytest.mark.req("O03")
def test_data_of_another_municipality_are_not_published_under_their_sender(send, people):
    receipt = send(of_hachioji())
    part = only_part()
    assert [case.kind for case in cases(CHIYODA, kind="datasets.municipality")] == ["datasets.municipality"]
    answer(part, people, municipality=HACHIOJI)
    assert (part.state, part.refusal_code) == ("refused", "anothers-data")
    assert part.refusal_ja.startswith("八王子市のデータと判断されたため")
    assert part.refusal_en.startswith("It was decided that these are data of Hachioji")
    assert not part.cases
    assert Delivery.objects.get(pk=receipt.delivery).state == "refused"
    assert not Version.objects.exists()


def test_the_bureau_may_send_them_for_the_municipality_that_they_are_of(send, people):
    send(of_hachioji(), by="tanaka", organisation=HACHIOJI)
    assert Version.objects.get().organisation == HACHIOJI


def test_an_answer_about_another_municipality_does_not_hold_for_ones_own_file(send, people):
    send(of_hachioji(), name="theirs.csv")
    answer(only_part(), people, municipality=HACHIOJI)
    send(aed_file(), name="ours.csv")
    assert Version.objects.get().organisation == CHIYODA
    assert Version.objects.get().part.municipality == CHIYODA


def test_a_mistaken_engine_is_overruled_once_for_the_same_pair(send, people):
    send(of_hachioji(), name="first.csv")
    answer(only_part(), people, municipality=CHIYODA)
    assert Version.objects.get().organisation == CHIYODA
    send(of_hachioji(9), name="second.csv")
    assert {doubt["kind"] for part in Part.objects.all() for doubt in part.doubts} == {"rival"}


def status(browser, path: str) -> int:
    """The status of a page; a file that comes with it is closed again."""
    answer = browser.get(path)
    answer.close()
    return answer.status_code


# --- pages -----------------------------------------------------------------------------------------------


@pytest.mark.req("O03")
def test_everything_about_a_file_is_decided_in_one_form(send, desk):
    receipt = send(private_file())
    page = f"/desk/deliveries/{receipt.delivery}/"
    browser = desk("sato")
    text = browser.get(page).content.decode()
    part = only_part()
    name = f"doubt-{doubt(part, 'privacy')['id']}"
    assert name in text
    sent = {"part": part.pk, "seen": part.revision, name: "withhold", "reason": "氏名のため"}
    assert browser.post(page, sent).status_code == 302
    run_waiting()
    assert "氏名のため" in browser.get(page).content.decode()
    assert browser.post(page, sent).status_code == 409
    assert Delivery.objects.get().state == "ready"
    assert browser.get("/desk/decisions/").status_code == 200
    assert (
        browser.post(
            "/desk/decisions/", {"decision": Decision.objects.get().pk, "reason": "再確認"}
        ).status_code
        == 302
    )


def test_the_desk_shows_only_what_lies_inside_the_walls(send, desk, people):
    receipt = send(private_file())
    part = only_part()
    for path in ("", "original", "progress"):
        page = f"/desk/deliveries/{receipt.delivery}/{path}"
        assert status(desk("takahashi"), page) == 404
        assert status(desk("sato"), page) == 200
        assert status(desk("tanaka"), page) == 200
    assert desk("yamamoto").get("/desk/").status_code == 403
    assert "aed.csv" not in desk("takahashi").get("/desk/").content.decode()
    assert "aed.csv" in desk("sato").get("/en/desk/").content.decode()
    assert desk_queries.part(part.pk, actor=people["takahashi"]) is None


def test_a_case_leads_to_the_file_that_it_asks_about(send, desk):
    receipt = send(private_file())
    (case,) = cases(CHIYODA, kind="datasets.privacy")
    answer = desk("sato").get(f"/desk/cases/{case.id}/")
    assert answer.headers["Location"] == f"/desk/deliveries/{receipt.delivery}/"
    assert desk("takahashi").get(f"/desk/cases/{case.id}/").status_code == 404


@pytest.mark.req("O06")
def test_the_municipality_gets_its_own_file_back_with_a_list_of_fixes(send, carded, desk, people):
    data = csv_of(AED_HEADER, [(*row[:8], row[8].replace("-", "－"), row[9]) for row in aed_rows(6)])
    send(data, name="AED設置場所.csv")
    version = Version.objects.get(state="draft")
    assert version.repairs
    browser = desk("sato")
    assert browser.get(f"/desk/versions/{version.pk}/").status_code == 200
    browser.post(f"/desk/versions/{version.pk}/return/")
    run_waiting()
    text = browser.get(f"/desk/versions/{version.pk}/").content.decode()
    assert "約 " in text
    mended = browser.get(f"/desk/versions/{version.pk}/return/feedback.csv")
    body = b"".join(mended.streaming_content).decode("cp932")
    assert body.splitlines()[0].split(",") == list(AED_HEADER)
    assert "03-3212-0001" in body
    fixes = browser.get(f"/desk/versions/{version.pk}/return/fixes.ja.csv")
    assert "電話番号" in b"".join(fixes.streaming_content).decode("utf-8-sig")
    assert status(desk("takahashi"), f"/desk/versions/{version.pk}/return/feedback.csv") == 404


def test_proposals_are_what_a_person_would_send_who_agrees(send, people):
    send(private_file())
    part = only_part()
    decide(part=part.pk, answers=proposals(part.pk), by=people["sato"], at=NOW, seen=part.revision)
    run_waiting()
    assert Version.objects.get().state == "draft"
    assert publishing.publish_many([], by=people["tanaka"], at=NOW).published == ()


@pytest.mark.req("O03")
def test_a_person_can_overrule_what_the_engine_was_sure_of(send, desk, people):
    receipt = send(aed_file())
    part = only_part()
    browser = desk("sato")
    page = f"/desk/deliveries/{receipt.delivery}/"
    assert "読み取り方を訂正する" in browser.get(page).content.decode()
    place = AED_HEADER.index("設置位置")
    sent = {
        "part": part.pk,
        "seen": part.revision,
        "correct": "yes",
        "dataset": "aed",
        f"column-{place}": "備考",
    }
    browser.post(page, sent)
    run_waiting()
    rows = house_lake().open(Version.objects.get(state="draft").path).collect()
    assert rows["備考"].to_list()[0] == "1階受付"
    assert rows["設置位置"].null_count() == rows.height
    assert [(made.kind, made.subject, made.answer) for made in Decision.objects.all()] == [
        ("column", "設置位置", "備考")
    ]


def test_the_dataset_itself_can_be_corrected(send, people):
    send(aed_file())
    part = only_part()
    correct(part=part.pk, dataset="public_facility", by=people["sato"], at=NOW, seen=part.revision)
    run_waiting()
    part.refresh_from_db()
    assert part.dataset == "public_facility"
    with pytest.raises(UnknownAnswer):
        correct(part=part.pk, dataset="weather", by=people["sato"], at=NOW, seen=part.revision)
    assert not Version.objects.filter(state="draft", dataset="aed").exists()
