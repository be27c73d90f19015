"""Contexts that are wrong or mean harm are refused with a clear error."""

from __future__ import annotations

import pytest

from tedori.engines.ngsild.contexts import ContextCache, compiled
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.terms import Limits
from tedori.engines.ngsild.tests.worlds import context_of

A, B = "https://example.org/a.jsonld", "https://example.org/b.jsonld"


def refused(source, documents=None) -> NgsiLdError:
    with pytest.raises(NgsiLdError) as caught:
        context_of(source, documents)
    return caught.value


def nested(depth: int):
    return [nested(depth - 1)] if depth else {"a": "https://example.org/a"}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({"a": "b", "b": "c", "c": "a"}, "circle"),
        ({"a": "a:b"}, "circle"),
        ({"a": 5}, "text, a map or null"),
        ({"a": {"@id": 5}}, "@id of a term"),
        ({"a": "relative"}, "does not lead to an IRI"),
        ({"": "https://example.org/"}, "empty"),
        ({"a": {"@id": "https://example.org/a", "@context": {}}}, "context of its own"),
        ({"a": {"@id": "https://example.org/a", "@container": "@sett"}}, "@container"),
        ({"a": {"@id": "https://example.org/a", "@type": 5}}, "@type"),
        ({"@vocab": 5}, "@vocab"),
        ({"@version": 1.0}, "1.1"),
        (5, "URL, a map or an array"),
        ("not-absolute.jsonld", "absolute URL"),
        ("file:///etc/passwd", "absolute URL"),
        (nested(40), "nested too deeply"),
        ([{"@protected": True, "a": "https://example.org/a"}, {"a": "https://example.org/b"}], "protected"),
        ([{"@protected": True, "a": "https://example.org/a"}, None], "protected"),
        ({f"t{n}": "https://example.org/t" for n in range(60_000)}, "too large"),
        ({"a" * 5000: "https://example.org/t"}, "too long"),
        ({f"t{n}": f"t{n + 1}:x" for n in range(3_000)}, "too deeply"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_context_that_makes_no_sense_is_bad_data(source, says):
    error = refused(source)
    assert error.kind == "BadRequestData"
    assert says in error.title


def test_a_context_that_includes_itself_is_refused():
    error = refused(A, {A: {"@context": [B]}, B: {"@context": [A]}})
    assert error.kind == "BadRequestData"
    assert A in error.detail


def test_a_chain_of_documents_has_an_end():
    chain = {f"https://example.org/{n}": {"@context": f"https://example.org/{n + 1}"} for n in range(100)}
    assert refused("https://example.org/0", chain).kind == "BadRequestData"


def test_a_context_cannot_send_us_to_countless_documents():
    asked = []

    def load(url):
        asked.append(url)
        return {"@context": {}}

    with pytest.raises(NgsiLdError):
        compiled([f"https://example.org/{n}" for n in range(1000)], load=load, cache=ContextCache())
    assert len(asked) <= Limits().remotes


def test_documents_that_double_each_other_are_stopped():
    documents = {
        f"https://example.org/{n}": {"@context": [f"https://example.org/{n + 1}"] * 30} for n in range(9)
    }
    documents["https://example.org/9"] = {"@context": {"a": "https://example.org/a"}}
    assert "too large" in refused("https://example.org/0", documents).title


@pytest.mark.parametrize("document", [{}, [], "text", None, {"context": {}}])
def test_a_document_without_a_context_is_not_available(document):
    assert refused(A, {A: document}).kind == "LdContextNotAvailable"


def test_the_error_of_the_loader_is_passed_on():
    assert refused("https://example.org/nowhere.jsonld").kind == "LdContextNotAvailable"


def test_a_refused_context_is_not_remembered():
    cache = ContextCache()
    for _ in range(2):
        with pytest.raises(NgsiLdError):
            compiled({"a": "b", "b": "a"}, load=dict, cache=cache)
    assert len(cache) == 0
