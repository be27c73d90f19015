"""What is wrong with a query is told by position and expectation; what would cost too much is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.scopes import parse_scope
from tedori.engines.ngsild.queries.sql import where
from tedori.engines.ngsild.queries.sqlite import SQLITE
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.queries.types import parse_types
from tedori.engines.ngsild.tests.queries_tables import sqlite_tables


@pytest.mark.parametrize(
    ("q", "detail"),
    [
        ("a=1", "at position 2: found '=1', expected one of: "),
        ("a==", "at position 4: found the end, expected one of: "),
        ("a==1;", "at position 6: found the end"),
        ("(a==1", "at position 6: found the end, expected one of: )"),
        ("a==1)", "at position 5: found ')'"),
        ("a==1;;b", "at position 6: found ';b'"),
        ("a,b", "at position 2: found ',b'"),
        ("a[b", "found the end"),
        ("a..b", "at position 3"),
        ("a==5..", "found the end"),
        ("a>1,2", "at position 4"),
        ("a>1..2", "at position 4"),
        ("'; DROP TABLE live_entity; --", "at position 1"),
        ('a=="x', "at position 4"),
        ("a~=(b", "at position 4"),
    ],
)
def test_a_query_that_cannot_be_read_tells_where_and_what_was_expected(q, detail):
    with pytest.raises(NgsiLdError, match="BadRequestData") as error:
        parse_q(q, CORE)
    assert detail in error.value.detail
    assert error.value.where == "q"


@pytest.mark.parametrize(
    "q",
    [
        "",
        "   ",
        "a==Paris",  # a text without quotes
        "a>true",
        "a>urn:x:y",
        'a==1.."b"',
        "a==true..false",
        "a==2026-02-30T25:00:00Z",
        'a=="\\x"',
        "a.observedAt[b]==1",
        "a{b,c}>1",
        'a=="\\u0000"',
        "a==\x00",
        'a=="\\ud800"',
        "a==\ud800:x",
    ],
)
def test_a_query_that_means_nothing_is_refused(q):
    with pytest.raises(NgsiLdError, match="BadRequestData"):
        parse_q(q, CORE)


@pytest.mark.parametrize(
    "q",
    [
        "a" * 10_000,
        "(" * 1000 + "a" + ")" * 1000,
        ";".join(["a"] * 500),
        "|".join(["a==1"] * 500),
        "a==" + ",".join(map(str, range(1000))),
        ".".join(["a"] * 50),
        "a[" + ".".join(["b"] * 50) + "]",
        "a{" * 50 + "b" + "}" * 50,
        "a~=" + "b" * 600,
        "a~=((b{100}){100}){100}",
    ],
)
def test_a_query_that_would_cost_too_much_is_refused(q):
    with pytest.raises(NgsiLdError, match="TooComplexQuery"):
        parse_q(q, CORE)


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet='ab1.,;|()[]{}!=<>~"\\:*T-Z 0é体\x00', max_size=30))
def test_any_text_is_read_or_refused_and_what_is_read_can_be_asked(text):
    store = sqlite_tables()
    for read, part in ((parse_q, "q"), (parse_types, "types"), (lambda text, _: parse_scope(text), "scopes")):
        try:
            selection = Selection(**{part: read(text, CORE)})
        except NgsiLdError as error:
            assert error.kind in ("BadRequestData", "TooComplexQuery")
        else:
            assert store.find(selection) == []


INJECTIONS = (
    'a=="\' OR 1=1 --"',
    'a=="\'); DROP TABLE live_entity; --"',
    'a=="%s" ; a=="%(x)s"'.replace(" ", ""),
    "a==urn:x:'||(SELECT/**/1)||'",
    "a['||x||']==\"?\"",
    'a[")]==1',
    'a[$.x]=="?"',
    "a~=\"'||'\"",
    'a{b\'c}=="x"',
)


@pytest.mark.parametrize("q", INJECTIONS)
def test_what_a_caller_writes_is_bound_and_never_part_of_the_sql(q):
    store = sqlite_tables()
    try:
        selection = Selection(q=parse_q(q, CORE))
    except NgsiLdError:
        return  # refused while reading is as good
    sql = where(selection, dialect=SQLITE, tenant=1)
    assert "'||" not in sql.text
    assert "DROP" not in sql.text
    assert store.find(selection) == []
    assert store.run("SELECT count(*) FROM live_entity", ()) == [(0,)]


def test_types_scopes_and_ids_are_bound_too():
    evil = "x') OR 1=1 --"
    selection = Selection(ids=(evil,), types=((evil,),), attrs=(evil,), scopes=((evil,),), id_pattern=evil)
    sql = where(selection, dialect=SQLITE, tenant=1)
    assert evil not in sql.text
    assert sql.params.count(evil) >= 4
