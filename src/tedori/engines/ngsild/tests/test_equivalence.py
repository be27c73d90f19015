"""Names are expanded and compacted as PyLD does it, which follows the whole of JSON-LD 1.1."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from tedori.engines.ngsild.contexts import CORE, DEFAULT_VOCABULARY
from tedori.engines.ngsild.tests.worlds import context_of


def core_document() -> dict[str, Any]:
    """Our facts of the core context as the JSON-LD document that they stand for."""
    document: dict[str, Any] = {"@vocab": DEFAULT_VOCABULARY}
    for name, term in CORE.terms.items():
        plain = term.type is None and not term.containers
        document[name] = term.iri if plain else {"@id": term.iri}
        if term.type is not None:
            document[name]["@type"] = term.type
        if term.containers:
            document[name]["@container"] = term.containers[0]
    return document


CORE_DOCUMENT = core_document()
WORDS = st.sampled_from(
    ["alpha", "beta", "gamma", "delta", "Speed", "水位", "location", "value", "name", "ex", "my"]
)
BASES = st.sampled_from(
    ["https://ex.org/a#", "https://ex.org/", "https://ex.org/a#b/", "urn:x:", "http://o.jp/v?"]
)
TARGETS = st.one_of(
    st.builds(str.__add__, BASES, WORDS),
    BASES,
    st.builds("{}:{}".format, st.sampled_from(["ex", "my", "none"]), WORDS),
)
DEFINITIONS = st.one_of(
    TARGETS,
    st.builds(lambda iri: {"@id": iri}, TARGETS),
    st.builds(lambda iri, flag: {"@id": iri, "@prefix": flag}, TARGETS, st.booleans()),
)
PREFIXES = st.dictionaries(st.sampled_from(["ex", "my"]), BASES, max_size=2)
TERMS = st.dictionaries(WORDS.filter(lambda word: word not in ("ex", "my")), DEFINITIONS, max_size=5)
MAPS = st.builds(
    lambda prefixes, terms, vocab: {**({"@vocab": vocab} if vocab else {}), **prefixes, **terms},
    PREFIXES,
    TERMS,
    st.none() | BASES,
)
CONTEXTS = st.lists(MAPS, min_size=1, max_size=3)
NAMES = st.one_of(WORDS, st.builds("{}:{}".format, st.sampled_from(["ex", "my", "ngsi-ld"]), WORDS))
IRIS = st.one_of(
    st.builds(str.__add__, BASES, WORDS), st.builds(str.__add__, st.just(DEFAULT_VOCABULARY), WORDS)
)


def local(source: str, options: Any) -> Any:
    raise AssertionError(f"no network: {source}")


def expand_with_pyld(context: Any, name: str) -> str:
    document = {"@context": [*context, CORE_DOCUMENT], "@id": "urn:x", "@type": name}
    (node,) = jsonld.expand(document, {"documentLoader": local})
    return node["@type"][0]


def compact_with_pyld(context: Any, iri: str) -> str:
    node = {"@id": "urn:x", "@type": iri}
    return jsonld.compact(node, [*context, CORE_DOCUMENT], {"documentLoader": local})["type"]


@settings(max_examples=300, deadline=None)
@given(CONTEXTS, NAMES)
def test_names_lead_to_the_iris_to_which_pyld_leads_them(context, name):
    assert context_of(context).expand(name) == expand_with_pyld(context, name)


@settings(max_examples=300, deadline=None)
@given(CONTEXTS, IRIS)
def test_iris_get_the_names_that_pyld_gives_them(context, iri):
    ours = context_of(context)
    assert ours.compact(iri) == compact_with_pyld(context, iri)
    assert ours.iri(ours.compact(iri)) == iri


def test_every_name_of_the_core_context_leads_where_pyld_leads_it():
    for name, term in CORE.terms.items():
        if term.iri[0] != "@":
            assert expand_with_pyld([], name) == CORE.expand(name) == term.iri
