"""The manual of `q`: what each expression finds in a small world, in memory and in both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tedori.engines.ngsild.contexts import compiled
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.tests.queries_tables import Memory, fill, postgresql_tables, sqlite_tables

CONTEXT = compiled(
    {
        name: f"https://example.org/{name}"
        for name in ("Toilet", "Shelter", "Station", "Camera", "male", "free")
    },
    load=lambda url: {},
)
AT = "2026-04-01T09:00:00Z"


def prop(value, **members):
    return {"type": "Property", "value": value, **members}


def link(*uris):
    return {"type": "Relationship", "object": uris[0] if len(uris) == 1 else list(uris)}


# One letter each, so that a row of a table below can say whom it finds.
WORLD = {
    "a": {
        "type": "Toilet",
        "seats": prop(4, observedAt=AT, unitCode="C62", confidence=prop(0.9, method=prop("camera"))),
        "name": prop("Ueno Park"),
        "open": prop(True),
        "near": link("urn:ngsi-ld:Station:1"),
        "address": prop({"city": "Taito", "street": {"number": 5}}),
    },
    "b": {
        "type": "Toilet",
        "seats": prop(12, observedAt="2026-04-01T09:30:00.5Z", unitCode="C62", confidence=prop(0.2)),
        "name": prop(["Hachioji Station", "West Exit"]),
        "open": prop(False),
        "near": link("urn:ngsi-ld:Station:1", "urn:ngsi-ld:Station:2"),
        "address": prop({"city": "Hachioji"}),
    },
    "c": {
        "type": "Shelter",
        "seats": [prop(4), {**prop(300), "datasetId": "urn:ngsi-ld:Dataset:plan"}],
        "name": {"type": "LanguageProperty", "languageMap": {"ja": "体育館", "en": ["Gym", "Sports Hall"]}},
        "since": prop({"@type": "DateTime", "@value": "2026-01-01T00:00:00Z"}),
        "day": prop("2026-01-01"),
        "clock": prop("08:30:00Z"),
    },
    "d": {
        "type": "Shelter",
        "seats": prop("4"),
        "name": prop('say "hi"; (a|b), c'),
        "since": prop("2026-02-01T00:00:00Z"),
        "state": {"type": "VocabProperty", "vocab": "free"},
        "raw": {"type": "JsonProperty", "json": {"value": "Overstay", "list": [1, 2]}},
    },
    "e": {
        "type": "Station",
        "levels": prop([1, 5, 9]),
        "empty": prop([]),
        "zero": prop(0),
        "clock": prop("21:15:00.250Z"),
        "day": prop("2026-03-01"),
    },
    "s": {"type": "Station", "id": "urn:ngsi-ld:Station:1", "line": prop("Yamanote"), "run": link("urn:x:f")},
    "f": {"type": "Camera", "id": "urn:x:f", "width": prop(1920), "since": prop("not a time")},
}
LETTERS = {fields.get("id", f"urn:x:{letter}"): letter for letter, fields in WORLD.items()}
CREATED = {"a": "2026-03-01T00:00:00Z", "b": "2026-03-02T00:00:00.5Z"}
ENTITIES = [
    replace(
        read_entity({"id": uri, **WORLD[letter]}, CONTEXT),
        created_at=CREATED.get(letter, AT),
        modified_at=AT,
    )
    for uri, letter in LETTERS.items()
]


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def store(request):
    if request.param == "postgresql":
        yield from map(_filled, postgresql_tables())
    else:
        yield _filled(Memory() if request.param == "memory" else sqlite_tables())


def _filled(store):
    fill(store, ENTITIES)
    return store


def found(store, q, **options):
    return "".join(sorted(LETTERS[uri] for uri in store.find(Selection(q=parse_q(q, CONTEXT, **options)))))


def table(text):
    """Rows `expression   who`, at least two spaces between; a line that starts with # is a heading."""
    rows = [line.strip() for line in text.strip().splitlines()]
    split = [row.rsplit("  ", 1) for row in rows if row and not row.startswith("#")]
    return [(q.strip(), who.strip().replace("-", "")) for q, who in split]


MANUAL = table(
    """
    # the attribute is there
    seats                                                   abcd
    levels                                                  e
    empty                                                   e
    nothing                                                 -
    # numbers; a text that looks like one is none; any instance of several counts
    seats==4                                                ac
    seats==4.0                                              ac
    seats=="4"                                              d
    seats>4                                                 bc
    seats>=4                                                abc
    seats<4                                                 -
    seats<=12                                               abc
    seats!=4                                                bcd
    zero==0                                                 e
    zero==-0                                                e
    seats==1.2e1                                            b
    # a list asks for any of its values, a range for what lies within, ends included
    seats==4,300                                            ac
    seats==5..20                                            b
    seats==4..12                                            abc
    seats!=4..12                                            cd
    seats!=4,12                                             cd
    seats!=4,12,"4"                                         c
    seats==1..2,12                                          b
    # an array holds each of its elements
    levels==5                                               e
    levels==6                                               -
    levels>8                                                e
    levels!=5                                               -
    levels!=6                                               e
    # texts, with escapes; capitals differ
    name=="Ueno Park"                                       a
    name=="ueno park"                                       -
    name=="West Exit"                                       b
    name=="say \\"hi\\"; (a|b), c"                          d
    name=="\\u0055eno Park"                                 a
    name>"T"                                                bcda
    name=="A".."I"                                          bc
    name!="Ueno Park"                                       bcd
    # yes and no
    open==true                                              a
    open!=true                                              b
    open==false,true                                        ab
    open=="true"                                            -
    # relationships: a URI with or without quotes; no order, no pattern
    near==urn:ngsi-ld:Station:2                             b
    near=="urn:ngsi-ld:Station:1"                           ab
    near!=urn:ngsi-ld:Station:2                             a
    near>"urn:a"                                            -
    near~="Station"                                         -
    # times compare as times, each sort with its own
    since>2025-12-31T23:59:59Z                              cd
    since==2026-01-01T00:00:00.000Z                         c
    since==2026-01-01T00:00:00Z..2026-01-31T00:00:00Z       c
    since<2026-02-01T00:00:00,5Z                            cd
    since!=2026-01-01T00:00:00Z                             df
    since=="not a time"                                     f
    day>=2026-01-01                                         ce
    day>2026-01-01                                          e
    day<2026-03-01                                          c
    clock<12:00:00Z                                         c
    clock>21:15:00Z                                         e
    day>2026-01-01T00:00:00Z                                -
    since>2026-01-01                                        -
    # patterns look anywhere in a text
    name~=Park                                              a
    name~=^Ueno.*k$                                         a
    name~="^(Ueno|Hachioji) "                               ab
    name~=[[:digit:]]                                       -
    name~=体育                                              c
    name!~=Park                                             bcd
    seats~=4                                                d
    seats!~=5                                               d
    open~=true                                              -
    # languages
    name=="体育館"                                          c
    name[ja]=="体育館"                                      c
    name[en]=="Sports Hall"                                 c
    name[fr]=="Gym"                                         -
    name[*]=="Gym"                                          c
    name[en]!="体育館"                                      c
    name[ja]!="体育館"                                      -
    name[en]                                                c
    # members of an attribute
    seats.observedAt>=2026-04-01T09:00:00Z                  ab
    seats.observedAt>2026-04-01T09:00:00Z                   b
    seats.observedAt==2026-04-01T09:30:00.500Z              b
    seats.observedAt!=2026-04-01T09:00:00Z                  b
    seats.unitCode=="C62"                                   ab
    seats.datasetId=="urn:ngsi-ld:Dataset:plan"             c
    # attributes of attributes
    seats.confidence>0.5                                    a
    seats.confidence                                        ab
    seats.confidence!=0.9                                   b
    seats.confidence.method=="camera"                       a
    seats.confidence.method!~=cam                           -
    # parts of a value
    address[city]=="Taito"                                  a
    address[city]!="Taito"                                  b
    address[city]~=^H                                       b
    address[street.number]==5                               a
    address[street.number]                                  a
    address[street]                                         a
    address[street]!=5                                      a
    raw[list]==2                                            d
    address=="Taito"                                        -
    # and comes before or; parentheses group
    seats==4;open==true                                     a
    seats==4;open==true|levels                              ae
    seats==4;(open==true|since)                             ac
    (seats==4;open==true)|(levels;zero==0)                  ae
    ((seats))                                               abcd
    # not, beyond the standard
    !seats                                                  esf
    !(seats|levels)                                         sf
    !seats.confidence>0.5;seats                             bcd
    # what linked entities say
    near{line}=="Yamanote"                                  ab
    near{Station:line}=="Yamanote"                          ab
    near{Camera:line}=="Yamanote"                           -
    near{Camera,Station:line}=="Yamanote"                   ab
    near{Station}.line=="Yamanote"                          ab
    near{run{width}}>1000                                   ab
    near{Station:run{Camera:width}}>1000                    ab
    near{line}!="Yamanote"                                  -
    run{width}                                              s
    near{address[city]}=="x"                                -
    """
)


@pytest.mark.req("F09")
@pytest.mark.parametrize(("q", "who"), MANUAL, ids=[q for q, _ in MANUAL])
def test_an_expression_finds_exactly_those(store, q, who):
    assert found(store, q) == "".join(sorted(who))


def test_a_term_is_expanded_only_where_expand_values_says_so(store):
    assert found(store, 'state=="https://example.org/free"') == "d"
    assert found(store, 'state=="free"') == ""
    assert found(store, "state==free", expand_values={"state"}) == "d"
    assert found(store, "state!=free", expand_values={"state"}) == ""


def test_json_keys_keep_the_names_of_the_parts(store):
    assert found(store, 'raw[value]=="Overstay"', json_keys={"raw"}) == "d"


def test_times_of_the_entity_itself_compare(store):
    assert found(store, "createdAt<=2026-03-02T00:00:00.500Z") == "ab"
    assert found(store, "createdAt!=2026-03-01T00:00:00Z;seats") == "bcd"
    assert found(store, "modifiedAt>2026-04-01T09:00:00Z") == ""
    assert found(store, "createdAt==2026-03-01T00:00:00Z|width") == "af"


def test_a_query_never_leaves_its_tenant(store):
    assert store.find(Selection(q=parse_q("seats|near{line}", CONTEXT)), tenant=2) == []
