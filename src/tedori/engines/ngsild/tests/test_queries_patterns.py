"""Regular expressions: one language for all engines, and none that can be made to hang."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.queries.patterns import checked, found
from tedori.engines.ngsild.tests.queries_tables import postgresql_tables


@pytest.mark.parametrize(
    ("pattern", "text", "held"),
    [
        ("Tower", "Eiffel Tower", True),
        ("^Tower", "Eiffel Tower", False),
        ("(Eiffel|Pisa) Tower$", "Pisa Tower", True),
        (".*downtown$", "urn:ngsi-ld:OffStreetParking:downtown", True),
        ("a.c", "a\nc", True),
        ("[0-9]{2,3}", "room 12", True),
        ("[^0-9]", "12", False),
        (r"\d\s\w", "1 a", True),
        (r"\D", "12", False),
        (r"[\d-]+$", "12-34", True),
        ("[]x]", "]", True),
        ("[^]x]", "]x", False),
        (r"[a\]]", "]", True),
        ("[[:alpha:]]", "体", False),
        (r"\d", "１", False),  # full-width digits are no ASCII digits
        ("体.館", "体育館", True),
        ("a+?b*?", "a", True),
        (r"\.", "a", False),
        ("a{0}b", "b", True),
        ("x|", "", True),
        (r"1\.5", "1.5", True),
        ("a}", "a}", True),
        (r"\(a\|b\)", "(a|b)", True),
    ],
)
def test_a_pattern_is_found_anywhere_in_a_text(pattern, text, held):
    assert found(checked(pattern), text) is held


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a)\1",
        "(?=a)",
        "(?!a)",
        "(?i)a",
        "(?P<n>a)",
        "a**",
        "*a",
        "+",
        "a{2",
        "a{3,2}",
        "a{1,999}",
        "[a",
        "(a",
        "a)",
    ]
    + [r"\b", r"\x41", r"\p{L}", "[z-a]", "[[:nothing:]]x", "^*", "a\\", r"[a-\d]", "\x00", "\ud800"],
)
def test_what_the_engines_would_read_differently_is_refused(pattern):
    try:
        checked(pattern)
    except NgsiLdError as error:
        assert error.kind == "BadRequestData"  # noqa: PT017
    else:
        assert pattern == "[[:nothing:]]x"  # a set of letters and brackets, then a bracket: odd but plain


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){12}$", "(a*)*b", "([a-z]+)*[0-9]"])
def test_a_hostile_pattern_costs_no_more_than_the_text_is_long(pattern):
    started = time.process_time()
    found(checked(pattern), "a" * 20_000 + "!")
    assert time.process_time() - started < 2  # a backtracking engine needs ages


@pytest.fixture(scope="module")
def database():
    yield from postgresql_tables()


PIECES = st.sampled_from(
    (
        "a",
        "b",
        "1",
        "体",
        ".",
        "^",
        "$",
        "|",
        "(",
        ")",
        "(?:",
        "[",
        "[^",
        "]",
        "-",
        "*",
        "+",
        "?",
        "{2}",
        "{1,3}",
    )
    + (
        r"\d",
        r"\W",
        r"\.",
        "\\",
        "[[:alpha:]]",
        "[a-b]",
        "[^1]",
        r"[\s-]",
        "_",
        "{",
        "}",
        ",",
        " ",
        "\n",
        '"',
        "'",
    )
)
SUBJECTS = st.text(alphabet="ab1体_- \n.'", max_size=6)


@settings(max_examples=500, deadline=None)
@given(pattern=st.lists(PIECES, max_size=8).map("".join), texts=st.lists(SUBJECTS, min_size=3, max_size=3))
def test_both_engines_find_the_same(database, pattern, texts):
    try:
        accepted = checked(pattern)
    except NgsiLdError:
        return
    for text in texts:
        ((held,),) = database.run('SELECT (%s COLLATE "C") ~ %s', (text, accepted))
        assert held == found(accepted, text), accepted
