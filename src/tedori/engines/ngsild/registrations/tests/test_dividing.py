"""Who is told of what is written: exclusive sources first, then redirect ones, then the others and we."""

import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.registrations.dividing import cut, divide, divide_whole, renamed
from tedori.engines.ngsild.registrations.tests.worlds import BUS, iris, names, source

SOURCES = {
    "all": source(1),
    "speed": source(2, attrs="speed"),
    "xspeed": source(3, "exclusive", attrs="speed", id=BUS),
    "rspeed": source(4, "redirect", attrs="speed"),
    "rall": source(5, "redirect"),
    "aux": source(6, "auxiliary", operations=["retrieveOps"]),
    "ask": source(7, "redirect", attrs="speed", operations=["retrieveOps"]),
    "other": source(8, id="urn:ngsi-ld:Bus:8"),
}

# sources that are registered | what each is told | what is done here (- nothing)
WRITES = """
                     |                                   | line speed
all                  | all: line speed                   | line speed
speed                | speed: speed                      | line speed
xspeed               | xspeed: speed                     | line
rspeed all           | rspeed: speed, all: line          | line
xspeed rall          | xspeed: speed, rall: line         | -
rall all             | rall: line speed                  | -
rall rspeed          | rall: line speed, rspeed: speed   | -
aux                  |                                   | line speed
ask                  | ask refuses                       | line
other                |                                   | line speed
"""


@pytest.mark.req("F09")
@pytest.mark.parametrize("line", WRITES.strip("\n").splitlines())
def test_attributes_go_to_who_keeps_them(line):
    registered, told, here = (part.strip() for part in line.split("|"))
    known = {name: SOURCES[name] for name in registered.split()}
    division = divide(known.values(), "createEntity", BUS, iris("Bus"), iris("speed line"))
    by_key = {one.key: name for name, one in known.items()}
    shares = ", ".join(
        f"{by_key[share.source.key]} refuses"
        if share.refused
        else f"{by_key[share.source.key]}: {names(share.names)}"
        for share in division.shares
    )
    assert shares == told
    assert (names(division.rest) if division.here else "-") == here


def test_an_attribute_that_is_kept_elsewhere_leaves_nothing_to_be_done_here():
    division = divide([SOURCES["xspeed"]], "updateAttrs", BUS, None, iris("speed"))
    assert not division.here


@pytest.mark.parametrize(
    ("name", "known", "here"), [("rall", False, False), ("rall", True, True), ("xspeed", False, True)]
)
def test_an_entity_is_deleted_here_too_unless_all_of_it_is_elsewhere(name, known, here):
    division = divide_whole([SOURCES[name]], "deleteEntity", BUS, None, known=known)
    assert len(division.shares) == 1
    assert division.here is here


def test_a_type_that_is_not_known_speaks_against_nobody():
    assert divide([SOURCES["all"]], "updateEntity", BUS, None, iris("speed")).shares
    assert not divide([SOURCES["all"]], "updateEntity", BUS, iris("Tram"), iris("speed")).shares


def test_a_document_is_cut_to_the_attributes_of_a_share():
    document = {"id": BUS, "type": "Bus", "@context": [], "speed": {"value": 1}, "line": {"value": "7"}}
    assert cut(document, iris("speed"), CORE).keys() == {"id", "type", "@context", "speed"}


def test_names_change_with_the_context_and_values_do_not():
    class Upper:
        @staticmethod
        def compact(iri):
            return CORE.compact(iri).upper()

    given = {
        "id": BUS,
        "type": "Bus",
        "speed": [{"type": "Property", "value": {"speed": 1}, "by": {"value": "x"}}],
    }
    assert renamed(given, CORE, Upper()) == {
        "id": BUS,
        "type": "BUS",
        "SPEED": [{"type": "Property", "value": {"speed": 1}, "BY": {"value": "x"}}],
    }
