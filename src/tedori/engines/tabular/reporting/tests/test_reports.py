"""The reports: the JSON contract, the page, the text, the verdict and the score."""

import json
import re
from datetime import date
from html.parser import HTMLParser

import jsonschema
import polars as pl
import pytest

from tedori.engines.tabular import reporting
from tedori.engines.tabular.pipeline import standardise
from tedori.engines.tabular.repairing.cells import REPAIRS
from tedori.engines.tabular.reporting.document import as_json
from tedori.engines.tabular.values import (
    Alternative,
    ColumnMatch,
    Completeness,
    Message,
    PlaceGuess,
    Recognition,
    Refusal,
    Report,
    Source,
)
from tedori.engines.tabular.wording import finding

pytestmark = pytest.mark.req("O04")
SCHEMA = json.loads(reporting.SCHEMA.read_text(encoding="utf-8"))


def report(**changes):
    repairs = pl.DataFrame(
        [
            (3, "電話番号", "（03）1234-5678", "03-1234-5678", "width+phone-layout"),
            (4, "法人名", " 佐藤 花子", "佐藤 花子", "space"),
        ],
        schema=REPAIRS,
        orient="row",
    )
    facts = {
        "source": Source("AED<一覧>.csv", "0" * 64, "csv", "cp932", ",", None, 1),
        "recognition": Recognition("aed", "current", 0.98, (Alternative("public_facility", 0.1),)),
        "place": PlaceGuess("131016", "千代田区", 0.99),
        "columns": (
            ColumnMatch(0, "名称", ("名称",), "accepted", 0.99, ("見出しが同じ",)),
            ColumnMatch(
                1, "住所", ("所在地_都道府県", "所在地_市区町村"), "accepted", 0.98, how="split-address"
            ),
            ColumnMatch(2, "列3", (), "unmapped", 0.0),
        ),
        "rows_read": 10,
        "rows_written": 9,
        "rows_aside": 1,
        "repairs": repairs,
        "findings": (finding("phone-unreadable", row=5, item="電話番号", value="<x>"),),
        "completeness": (Completeness("名称", "必須", 9, 9), Completeness("備考", "任意", 3, 9)),
    }
    return Report(**facts | changes)


REFUSED = report(
    refusal=Refusal("empty", Message("空のファイルです。", "The file is empty.")),
    columns=(), rows_read=0, rows_written=0, rows_aside=0, repairs=None, findings=(), completeness=(),
    recognition=Recognition(None, None, 0.0), place=PlaceGuess(None, None, 0.0),
)  # fmt: skip
STOPPED = report(findings=(finding("privacy-name", row=4, item="法人名", value="佐…", count=1),))


@pytest.mark.parametrize("told", [report(), REFUSED, STOPPED, report(columns=())])
def test_the_json_keeps_its_schema(told):
    document = json.loads(json.dumps(as_json(told, others=[report()])))
    jsonschema.validate(document, SCHEMA)


def test_the_json_holds_what_the_contract_names():
    document = as_json(report())
    assert document["source"]["header_row"] == 1
    assert document["columns"][1]["item"] == "所在地_都道府県"
    assert document["columns"][1]["items"] == ["所在地_都道府県", "所在地_市区町村"]
    assert document["rows"] == {"read": 10, "written": 9, "set_aside": 1}
    assert document["repairs"]["total"] == 2
    assert set(document["findings"][0]) == {"row", "item", "code", "severity", "message"}
    assert document["completeness"][0] == {"item": "名称", "class": "必須", "filled": 9, "rows": 9}


def test_a_long_list_of_repairs_is_cut_but_counted():
    assert len(as_json(report(), repairs=1)["repairs"]["items"]) == 1
    assert as_json(report(), repairs=1)["repairs"]["total"] == 2


def test_repairs_of_items_that_wait_for_privacy_are_not_shown_in_full():
    assert "花子" not in json.dumps(as_json(STOPPED), ensure_ascii=False)
    assert "花子" not in reporting.as_html(STOPPED)
    assert "花子" not in reporting.as_text(STOPPED)


def test_the_exit_code_says_what_to_do():
    undecided = report(columns=(ColumnMatch(0, "列", (), "review", 0.5),))
    codes = {
        "usable": reporting.exit_code(report()),
        "privacy": reporting.exit_code(STOPPED),
        "column": reporting.exit_code(undecided),
        "unknown place": reporting.exit_code(report(place=PlaceGuess(None, None, 0.0))),
        "unknown dataset": reporting.exit_code(report(recognition=Recognition(None, None, 0.0))),
        "refused": reporting.exit_code(REFUSED),
        "no rows": reporting.exit_code(report(rows_read=0)),
    }
    assert list(codes.values()) == [0, 1, 1, 1, 1, 2, 2], codes
    assert reporting.reasons(STOPPED) == ("privacy", "finding")


def test_the_score_is_the_sum_of_its_parts():
    rated = reporting.score(report())
    assert rated.value == pytest.approx(sum(part.value * part.weight for part in rated.parts), abs=0.05)
    assert sum(part.weight for part in rated.parts) == 100
    assert reporting.score(report(findings=())).value > rated.value


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.headings, self.attributes = [], [], {}

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.setdefault(tag, []).append(dict(attrs))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_stands_alone_and_can_be_read_by_ear(language):
    text = reporting.as_html(report(), language)
    page = Page()
    page.feed(text)
    assert page.attributes["html"] == [{"lang": language}]
    assert page.tags.count("h1") == 1
    assert page.tags.count("caption") == page.tags.count("table") > 3
    assert all("scope" in attributes for attributes in page.attributes["th"])
    assert not {"script", "img", "iframe"} & set(page.tags)
    assert not re.search(r'(?:src|href)="(?!#)', text)
    assert "AED&lt;一覧&gt;.csv" in text
    assert "「<x>」" not in text


def test_a_refused_file_says_why_in_every_form():
    assert "空のファイルです。" in reporting.as_html(REFUSED)
    assert "The file is empty." in reporting.as_text(REFUSED, "en")
    assert "空のファイルです。" in reporting.as_line(REFUSED)


def test_causes_group_rows_and_count_what_was_left_out():
    many = [finding("url-unreadable", row=n, item="URL", value="x") for n in range(2, 22)]
    more = finding("more", item="URL", count=80, about="url-unreadable", value="url-unreadable 80")
    (cause,) = reporting.causes([*many, more])
    assert (cause.code, cause.count, cause.rows[:3]) == ("url-unreadable", 100, (2, 3, 4))
    assert cause.todo.ja.startswith("ページのアドレス")


def test_the_text_names_rows_and_rules_in_both_languages():
    assert "電話番号の書き方" in reporting.as_text(report())
    assert "layout of telephone numbers" in reporting.as_text(report(), "en")


BILINGUAL = re.compile(r".*[ぁ-ゖァ-ヺ一-鿿].* ?\(.*[A-Za-z].*\).*", re.S)
FILES = {
    "utf-8": "名称,住所,電話番号\nさくら保育園,千代田区本町1-2,03-1234-5678\nもも保育園,,\n",
    "cp932": "名前;TEL\n中央図書館;03-1234-5678\n※出典 千代田区;\n",
    "utf-16": "1\t2\n3\t4\n",
}


@pytest.mark.req("O10")
@pytest.mark.parametrize("encoding", FILES)
def test_every_because_is_a_list_of_texts_in_both_languages(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(FILES[encoding].encode(encoding))
    report = as_json(standardise(path, today=date(2026, 4, 1))[0].report)
    found = [report["source"], report["dataset"], report["municipality"], *report["columns"]]
    texts = [text for part in found for text in part["because"]]
    assert texts
    assert [text for text in texts if not BILINGUAL.fullmatch(text)] == []
