"""The pure decisions: layouts, differences, periods, admission, scores, addresses, minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl
import pytest

from tedori.engines.tabular.values import Definition, Item
from tedori.services.datasets.rules import errors
from tedori.services.datasets.rules.addresses import check_address, check_numbers, name_of, wanted
from tedori.services.datasets.rules.admission import LICENCES, class_refusals, lacks
from tedori.services.datasets.rules.differences import confirmations, difference, first_difference
from tedori.services.datasets.rules.doubts import Doubt, checked, doubt_of, rival_doubt
from tedori.services.datasets.rules.frames import content_of, lake_frame
from tedori.services.datasets.rules.layouts import Answer, engine_decisions, fingerprint, withheld
from tedori.services.datasets.rules.minutes import saved
from tedori.services.datasets.rules.periods import period_of
from tedori.services.datasets.rules.publication import Candidate, check_eyes, refusal

TOILETS = Definition(
    slug="toilet", number="13", book="A", name="トイレ",
    items=(Item("名称", "text", "必須"), Item("緯度", "latitude", "推奨"), Item("経度", "longitude", "推奨")),
    editions=(), confidence="A", sources=(), key=("名称",),
)  # fmt: skip


def frame(text: str, *, first_row: int = 2) -> pl.DataFrame:
    """A frame from an ASCII table; "-" is an empty cell."""
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    columns = {
        name: [None if line[place] == "-" else line[place] for line in lines]
        for place, name in enumerate(head)
    }
    rows = list(range(first_row, first_row + len(lines)))
    return pl.DataFrame(columns, schema=dict.fromkeys(head, pl.String)).with_columns(_row=pl.Series(rows))


def lake(text: str, **options: object) -> pl.DataFrame:
    return lake_frame(frame(text), TOILETS, **options)


# --- layouts ---------------------------------------------------------------------------------------------


def test_width_and_blanks_do_not_make_another_layout_but_order_does():
    assert fingerprint(["名称 ", "ＩＤ"]) == fingerprint(["名 称", "ID"])
    assert fingerprint(["ID", "名称"]) != fingerprint(["名称", "ID"])


def test_answers_become_what_the_engine_understands():
    found = engine_decisions(
        [
            Answer("column", "ならび", "", "名称"),
            Answer("column", "メモ", "", ""),
            Answer("vocabulary", "分別区分", "燃やすごみ", "可燃ごみ"),
            Answer("privacy", "代表者", "", "withhold"),
            Answer("dataset", "", "", "aed"),
        ]
    )
    assert found.columns == {"ならび": "名称", "メモ": None}
    assert found.vocabulary == {"分別区分": {"燃やすごみ": "可燃ごみ"}}
    assert found.dataset == "aed"
    assert withheld(found) == {"代表者", "extra:代表者"}


# --- frames ----------------------------------------------------------------------------------------------


def test_a_lake_frame_has_all_items_in_order_then_extras_then_the_columns_of_the_house():
    found = lake("extra:備考 | 名称\nx | 駅前\n- | 公園")
    assert found.columns == ["名称", "緯度", "経度", "extra:備考", "_row", "_lat", "_lon", "_key"]
    assert found["_key"].to_list() == ["駅前", "公園"]
    assert found["_row"].to_list() == [2, 3]


@pytest.mark.parametrize(
    ("written", "meant"), [("35.5", 35.5), ("0", None), ("-", None), ("北緯", None), ("135.1", None)]
)
def test_degrees_are_numbers_or_nothing(written, meant):
    found = lake(f"名称 | 緯度 | 経度\n駅前 | {written} | 139.7")
    assert found["_lat"].to_list() == [meant]


def test_twins_and_nameless_rows_have_keys_of_their_own():
    found = lake("名称 | 緯度\n駅前 | 1\n駅前 | 2\n- | 3\n- | 4")
    assert found["_key"].n_unique() == 4
    assert found["_key"][1] == "駅前#2"
    assert found["_key"][2].startswith("~")


@pytest.mark.parametrize(
    "names",
    [
        "駅前 駅前 駅前#2",
        "駅前#2 駅前 駅前",
        "駅前 駅前#2 駅前 駅前#2 駅前",
        "駅前 駅前 駅前#2 駅前#2 駅前#3",
    ],
)
def test_a_name_that_looks_like_a_counted_twin_keeps_its_key_and_no_key_stands_twice(names):
    found = lake("\n".join(["名称", *names.split()]))
    assert found["_key"].n_unique() == found.height
    first = names.split().index("駅前#2")
    assert found["_key"][first] == "駅前#2"


def test_what_a_person_withheld_does_not_reach_the_lake():
    found = lake("名称 | extra:代表者\n田中 | 田中健", withheld=frozenset({"名称", "extra:代表者"}))
    assert "extra:代表者" not in found.columns
    assert found["名称"].to_list() == [None]


def test_content_does_not_depend_on_the_order_of_rows_or_where_they_stood():
    one, other = lake("名称\nA\nB"), lake("名称\nB\nA")
    assert content_of(one) == content_of(other)
    assert content_of(one) != content_of(lake("名称\nA\nC"))


# --- differences -----------------------------------------------------------------------------------------


@pytest.mark.req("O02")
def test_a_difference_counts_rows_by_key_and_shows_the_cells():
    before = lake("名称 | 緯度\nA | 35.1\nB | 35.2\nC | 35.3")
    after = lake("名称 | 緯度\nA | 35.1\nB | 35.9\nD | 35.4")
    found = difference(before, after, against=3)
    assert (found.added, found.removed, found.changed, found.kept) == (1, 1, 1, 1)
    assert [(cell.key, cell.item, cell.before, cell.after) for cell in found.cells] == [
        ("B", "緯度", "35.2", "35.9")
    ]
    assert found.against == 3


CHANGES = """
before | after   | period  | period_before | codes
AAAAAA | AAAAA   | 2026-04 | 2026-03       |
AAAAAA | AAAA    | 2026-04 | 2026-03       | shrinks
AB     | AC      | 2026-04 | 2026-04       | silent-replacement
AB     | AB      | 2026-04 | 2026-04       |
AB     | CD      | 2026-04 | 2026-03       | all-new
AB     | ABC     |         |               |
"""


@pytest.mark.parametrize("line", CHANGES.strip().splitlines()[1:])
def test_what_must_be_confirmed(line):
    before, after, period, period_before, codes = (cell.strip() for cell in line.split("|"))
    old = lake("名称\n" + "\n".join(f"{c}{before[:n].count(c)}" for n, c in enumerate(before)))
    new = lake("名称\n" + "\n".join(f"{c}{after[:n].count(c)}" for n, c in enumerate(after)))
    found = difference(old, new, against=1).as_dict()
    assert confirmations(found, period=period, period_before=period_before) == tuple(codes.split())


def test_a_first_or_restored_version_needs_no_confirmation():
    assert confirmations(first_difference(3).as_dict(), period="2026", period_before="2026") == ()
    gone = difference(lake("名称\nA\nB"), lake("名称\nC"), against=1).as_dict()
    assert confirmations(gone, period="", period_before="", restored=True) == ()


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("131016_aed_20250401.csv", "2025-04-01"),
        ("aed_202504.csv", "2025-04"),
        ("令和7年度AED一覧.xlsx", "2025"),
        ("R7.4_aed.csv", "2025-04"),
        ("AED（2024年度）.csv", "2024"),
        ("aed.csv", ""),
        ("131016.csv", ""),
    ],
)
def test_the_period_in_a_file_name(name, period):
    assert period_of(name) == period


def test_rows_know_their_period_better_than_the_file_name():
    rows = pl.DataFrame({"調査年月日": ["2025-01-01", "2025-04-01"]})
    assert period_of("人口2019.csv", rows) == "2025-04-01"


# --- admission -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rights:
    licence: str = "CC-BY-4.0"
    steward: str = "佐藤花子"
    data_class: str = "government"
    public_interest: str = ""
    agreement: str = ""
    copyright_by_government: bool = True
    copyright_holder: str = ""


@pytest.mark.req("F19", "F10")
def test_without_licence_or_named_steward_nothing_is_published():
    assert lacks(Rights()) == ()
    assert lacks(Rights(licence="")) == ("licence",)
    assert lacks(Rights(licence="mine")) == ("licence",)
    assert lacks(Rights(steward="  ")) == ("steward",)
    assert lacks(None) == ("licence", "steward")
    assert {"CC-BY-4.0", "CC0-1.0", "PDL-1.0"} <= {known.code for known in LICENCES}


@pytest.mark.req("F04")
def test_data_are_admitted_in_stages():
    private = Rights(data_class="private")
    assert class_refusals(Rights()) == ()
    assert class_refusals(private) == ("no-public-interest", "no-agreement")
    assert class_refusals(replace(private, public_interest="防災", agreement="覚書 2026-04-01")) == ()
    assert class_refusals(Rights(data_class="internal")) == ("internal",)


@pytest.mark.req("F19")
def test_foreign_copyright_names_its_holder():
    assert class_refusals(Rights(copyright_by_government=False)) == ("no-copyright-holder",)


REFUSALS = [
    (Candidate("draft"), None),
    (Candidate("published"), errors.WrongState),
    (Candidate("draft", doubts=("privacy", "column")), errors.PrivacyUndecided),
    (Candidate("draft", doubts=("column",)), errors.DoubtsOpen),
    (Candidate("draft", doubts=("vocabulary",)), None),
    (Candidate("draft", lacks=("licence", "steward")), errors.LicenceMissing),
    (Candidate("draft", lacks=("steward",)), errors.StewardMissing),
    (Candidate("draft", lacks=("internal",)), errors.NotAdmitted),
    (Candidate("draft", confirm=("shrinks",)), errors.ConfirmationNeeded),
    (Candidate("draft", confirm=("shrinks",), confirmed="廃止3件を確認"), None),
    (Candidate("draft", four_eyes=True), errors.NotApproved),
    (Candidate("approved", four_eyes=True), None),
]


@pytest.mark.parametrize(("candidate", "error"), REFUSALS)
def test_why_a_version_is_not_published(candidate, error):
    found = refusal(candidate)
    assert (type(found) if found else None) == error


def test_four_eyes_are_two_people():
    check_eyes(four_eyes=False, drafter="user:1", approver="user:1")
    check_eyes(four_eyes=True, drafter="user:1", approver="user:2")
    with pytest.raises(errors.FourEyes):
        check_eyes(four_eyes=True, drafter="user:1", approver="user:1")


# --- doubts ----------------------------------------------------------------------------------------------

COLUMN = Doubt("column", "ならび", choices=(("名称", 0.7), ("緯度", 0.2)), proposal="名称")
PRIVACY = Doubt("privacy", "代表者", choices=(("withhold", 1.0), ("publish", 0.0)), proposal="withhold")


def test_a_doubt_survives_the_database():
    assert doubt_of(COLUMN.as_dict()) == COLUMN
    assert COLUMN.id != PRIVACY.id


def test_a_privacy_stop_is_answered_by_a_person_or_stays():
    with pytest.raises(errors.AnswerMissing):
        checked({COLUMN.id: "名称"}, [COLUMN, PRIVACY], offered={})
    pairs = checked({PRIVACY.id: "publish"}, [PRIVACY], offered={})
    assert pairs == ((PRIVACY, "publish"),)


def test_only_what_is_offered_can_be_answered():
    with pytest.raises(errors.UnknownAnswer):
        checked({COLUMN.id: "経度"}, [COLUMN], offered={})
    assert checked({COLUMN.id: "経度"}, [COLUMN], offered={"column": frozenset({"経度"})})


def test_a_rival_is_asked_about_once_per_pair_of_contents():
    one = rival_doubt(number=1, name="a.csv", rows=3, content="c" * 64, other="d" * 64)
    assert one.written == f"{'c' * 16}:{'d' * 16}"


# --- minutes, addresses ----------------------------------------------------------------------------------


@pytest.mark.req("O06")
def test_minutes_saved_say_their_assumptions():
    found = saved(columns=10, repairs=40, findings=2, decisions=4)
    assert found.minutes == 10 * 2 + 40 * 0.25 + 2 * 0.5 - 4 * 0.5
    assert [count for _, count, _ in found.parts] == [10, 40, 2, 4]
    assert saved(columns=0, repairs=0, findings=0, decisions=5).minutes == 0


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.jp/a.csv", "file:///etc/passwd", "https://user:pw@example.jp/a.csv",
        "https://example.jp:22/a.csv", "http:///a.csv", "http://[::1",
    ],
)  # fmt: skip
def test_only_open_web_addresses_are_fetched(address):
    with pytest.raises(errors.AddressRefused):
        check_address(address)


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"])
def test_no_number_inside_a_network_is_reached(number):
    with pytest.raises(errors.AddressRefused):
        check_numbers(["203.0.114.1", number])
    assert check_numbers([number], inside=True) == number


def test_names_and_formats_of_addresses():
    assert name_of("https://example.jp/d/%E5%85%AC%E5%85%B1.csv?x=1") == "公共.csv"
    assert name_of("https://example.jp/") == "download"
    assert wanted("CSV", "https://example.jp/x")
    assert wanted("", "https://example.jp/x.xlsx")
    assert not wanted("PDF", "https://example.jp/x.pdf")
