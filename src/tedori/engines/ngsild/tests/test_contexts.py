"""What names mean, and which name an IRI gets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tedori.engines.ngsild.contexts import CORE, ContextCache, compiled, is_core, remote_urls
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.tests.worlds import CITY, CITY_CONTEXT, CITY_URL, context_of, load

DEFAULT = "https://uri.etsi.org/ngsi-ld/default-context/"
NGSI = "https://uri.etsi.org/ngsi-ld/"


@pytest.mark.req("F09")
@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("occupancy", f"{CITY}occupancy"),
        ("避難所名", f"{CITY}name"),
        ("city:anything", f"{CITY}anything"),
        ("水位", f"{DEFAULT}水位"),
        ("location", f"{NGSI}location"),
        ("description", "http://purl.org/dc/terms/description"),
        ("ngsi-ld:location", f"{NGSI}location"),
        ("https://example.org/full", "https://example.org/full"),
        ("urn:some:name", "urn:some:name"),
        ("type", "@type"),
    ],
)
def test_a_name_is_expanded_by_the_context(name, iri):
    assert CITY_CONTEXT.expand(name) == iri


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (f"{CITY}occupancy", "occupancy"),
        (f"{CITY}openedOn", "openedOn"),
        (f"{CITY}unnamed", "city:unnamed"),
        (f"{DEFAULT}水位", "水位"),
        (f"{DEFAULT}occupancy", "ngsi-ld:default-context/occupancy"),  # the short name is taken
        ("https://example.com/other", "https://example.com/other"),
        (f"{NGSI}hasValue", "value"),
    ],
)
def test_an_iri_gets_a_name_that_leads_back_to_it(iri, name):
    assert CITY_CONTEXT.compact(iri) == name
    assert CITY_CONTEXT.expand(name) == iri


def test_the_core_context_wins_wherever_it_stands():
    stubborn = {"location": "https://example.org/elsewhere", "@vocab": "https://example.org/mine/"}
    for source in ([stubborn], [CORE_URL, stubborn], [stubborn, CORE_URL]):
        context = context_of(source)
        assert context.expand("location") == f"{NGSI}location"
        assert context.expand("anything") == f"{DEFAULT}anything"


CORE_URL = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"


@pytest.mark.parametrize(
    ("url", "known"),
    [
        (CORE_URL, True),
        ("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld", True),
        ("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.3.jsonld", True),
        ("http://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.1.jsonld", True),
        ("https://forge.etsi.org/rep/cim/NGSI-LD/-/raw/master/ngsi-ld-core-context.jsonld", True),
        ("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-non-existing.jsonld", False),
        ("https://example.org/ngsi-ld-core-context.jsonld", False),
    ],
)
def test_the_core_context_is_known_by_its_urls_and_never_fetched(url, known):
    assert is_core(url) is known
    if known:
        assert compiled(url, load=lambda _: pytest.fail("fetched")) is CORE


def test_no_context_means_the_core_context():
    assert compiled(None, load=load) is CORE


def test_a_vocabulary_holds_for_the_terms_beside_it():
    context = context_of(
        {"@vocab": "https://example.org/v/", "speed": {"@type": "@id"}, "rate": {"@id": "speed"}}
    )
    assert context.expand("speed") == "https://example.org/v/speed"
    assert context.expand("rate") == "https://example.org/v/speed"


def test_later_contexts_win_over_earlier_ones():
    context = context_of([CITY_URL, {"occupancy": "https://example.org/people"}])
    assert context.expand("occupancy") == "https://example.org/people"
    assert context.expand("Toilet") == f"{CITY}Toilet"


def test_null_forgets_what_was_before():
    context = context_of([CITY_URL, None, {"bench": "https://example.org/bench"}])
    assert context.expand("occupancy") == f"{DEFAULT}occupancy"
    assert context.expand("bench") == "https://example.org/bench"


def test_a_remote_context_may_name_others_by_relative_urls():
    documents = {
        "https://example.org/a/main.jsonld": {
            "@context": ["parts/one.jsonld", {"two": "https://example.org/2"}]
        },
        "https://example.org/a/parts/one.jsonld": {"@context": {"one": "https://example.org/1"}},
    }
    context = context_of("https://example.org/a/main.jsonld", documents)
    assert context.expand("one") == "https://example.org/1"
    assert context.urls == ("https://example.org/a/main.jsonld", "https://example.org/a/parts/one.jsonld")


def test_an_imported_context_is_overridden_by_the_importing_one():
    context = context_of({"@import": CITY_URL, "occupancy": "https://example.org/people"})
    assert context.expand("occupancy") == "https://example.org/people"
    assert context.expand("Toilet") == f"{CITY}Toilet"


def test_other_names_for_id_and_type_are_known():
    context = context_of({"identifier": "@id", "kind": "@type"})
    assert context.aliases["identifier"] == "@id"
    assert context.aliases["kind"] == "@type"
    assert context.aliases["@type"] == "@type"


def test_values_of_a_vocabulary_are_expanded_and_compacted():
    assert CITY_CONTEXT.expand_value(["Toilet", "unknown"]) == (f"{CITY}Toilet", f"{DEFAULT}unknown")
    assert CITY_CONTEXT.compact_value((f"{CITY}Toilet", f"{DEFAULT}unknown")) == ["Toilet", "unknown"]


@pytest.mark.parametrize(
    "name", ["", " ", "two words", "a;b", "<script>", "q==1", "-x", "1st", "a.b", "x" * 3000, "_:b"]
)
def test_names_outside_the_grammar_are_refused(name):
    with pytest.raises(NgsiLdError) as refused:
        CITY_CONTEXT.expand(name)
    assert refused.value.kind == "BadRequestData"


def test_a_name_that_is_switched_off_is_refused_not_lost():
    with pytest.raises(NgsiLdError):
        context_of({"secret": None}).expand("secret")


def test_the_urls_to_fetch_are_told_beforehand():
    assert remote_urls([CORE_URL, CITY_URL, {"a": "b:c"}, [CITY_URL, "https://example.org/x"]]) == (
        CITY_URL,
        "https://example.org/x",
    )


def test_a_context_is_compiled_once_until_its_document_changes():
    documents = {CITY_URL: {"@context": {"a": "https://example.org/1"}}}
    cache = ContextCache()
    first = compiled(CITY_URL, load=documents.get, cache=cache)
    assert compiled(CITY_URL, load=documents.get, cache=cache) is first
    documents[CITY_URL] = {"@context": {"a": "https://example.org/2"}}
    assert compiled(CITY_URL, load=documents.get, cache=cache).expand("a") == "https://example.org/2"


def test_the_cache_forgets_what_was_not_used_for_longest():
    cache = ContextCache(entries=2)
    sources = [{name: f"https://example.org/{name}"} for name in "abc"]
    first = compiled(sources[0], load=load, cache=cache)
    compiled(sources[1], load=load, cache=cache)
    assert compiled(sources[0], load=load, cache=cache) is first
    compiled(sources[2], load=load, cache=cache)
    assert len(cache) == 2
    assert compiled(sources[0], load=load, cache=cache) is first


def test_the_cache_is_bounded_by_the_number_of_terms_too():
    cache = ContextCache(terms=2 * len(CORE.terms) + 10)
    for number in range(5):
        compiled({f"a{number}": "https://example.org/a"}, load=load, cache=cache)
    assert len(cache) == 2


def test_threads_may_share_a_cache():
    cache = ContextCache(entries=3)
    sources = [{f"n{number}": f"https://example.org/{number}"} for number in range(9)]

    def work(turn: int) -> bool:
        number = turn % 9
        context = compiled(sources[number], load=load, cache=cache)
        return context.expand(f"n{number}") == f"https://example.org/{number}"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(400)))
    assert len(cache) <= 3


def test_what_a_context_remembers_does_not_grow_with_the_names_it_meets():
    context = context_of({"a": "https://example.org/a"})
    for number in range(20_000):
        context.expand(f"name{number}")
    assert len(context._expanded) <= 4_096
