"""The catalogue in RDF: read back, held against shapes, page by page."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from tedori.services.datasets.api.dcat import documents
from tedori.services.datasets.api.dcat.times import span
from tedori.services.datasets.api.dcat.vocabularies import EU, HYDRA, frequency
from tedori.services.datasets.tests.factories import CHIYODA
from tedori.services.datasets.tests.publications import publish_aed, publish_rows

SHAPES = Path(__file__).parent / "dcat_shapes.ttl"
SITE = "http://testserver"
# rdflib's own reader of JSON-LD stands on a class that rdflib calls old.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture(autouse=True)
def forgotten():
    """No document of another test is given out."""
    documents._catalogue.cache_clear()
    documents._dataset.cache_clear()


@pytest.fixture
def public(db):
    publish_aed()
    publish_rows([{"ID": "1", "名称": "中央公園"}], slug="public_toilet", period="2025-04")


@pytest.fixture
def read(public, client):
    def _read(path, kind="turtle"):
        answer = client.get(path)
        assert answer.status_code == 200, answer.content
        return Graph().parse(data=answer.content, format=kind)

    return _read


@pytest.mark.req("O04")
@pytest.mark.parametrize(("ending", "kind"), [("ttl", "turtle"), ("jsonld", "json-ld")])
def test_the_catalogue_conforms_to_the_shapes_in_both_forms(ending, kind, read):
    graph = read(f"/dcat/catalog.{ending}", kind)
    conforms, _, told = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none")
    assert conforms, told
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 5
    assert len(set(graph.subjects(RDF.type, DCAT.Distribution))) == 20


@pytest.mark.parametrize(
    "lost", [DCTERMS.title, DCTERMS.publisher, DCAT.contactPoint, DCAT.theme, FOAF.name, DCAT.accessURL]
)
def test_the_shapes_notice_what_is_missing(lost, read):
    graph = read("/dcat/catalog.ttl")
    graph.remove((None, lost, None))
    assert not pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none")[0]


def test_both_forms_say_the_same(read):
    assert set(read("/dcat/catalog.ttl")) ^ set(read("/dcat/catalog.jsonld", "json-ld")) <= set(
        _pages(read("/dcat/catalog.ttl")) + _pages(read("/dcat/catalog.jsonld", "json-ld"))
    )


def _pages(graph):
    """Each form names pages of its own form."""
    return [triple for triple in graph if "catalog." in f"{triple[0]} {triple[2]}"]


def test_a_dataset_tells_publisher_licence_place_period_and_files(read):
    graph = read(f"/dcat/datasets/public_toilet/{CHIYODA}.ttl")
    here = URIRef(f"{SITE}/dcat/datasets/public_toilet/{CHIYODA}")
    publisher = graph.value(here, DCTERMS.publisher)
    assert Literal("千代田区", lang="ja") in set(graph.objects(publisher, FOAF.name))
    assert graph.value(here, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}frequency/ANNUAL")
    period = graph.value(here, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.endDate)) == "2025-04-30"
    assert {str(graph.value(file, DCAT.downloadURL)) for file in graph.objects(here, DCAT.distribution)} >= {
        f"{SITE}/api/v1/datasets/public_toilet/download.csv?municipality={CHIYODA}"
    }
    for file in graph.objects(here, DCAT.distribution):
        assert str(graph.value(file, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"


def test_a_dataset_lists_its_parts(read):
    graph = read("/dcat/datasets/aed.ttl")
    assert len(set(graph.objects(URIRef(f"{SITE}/dcat/datasets/aed"), DCTERMS.hasPart))) == 2


def test_a_large_catalogue_comes_in_pages(public, client, monkeypatch):
    monkeypatch.setattr(documents, "PAGE", 2)
    seen, path = set(), "/dcat/catalog.ttl"
    while path:
        graph = Graph().parse(data=client.get(path).content, format="turtle")
        seen |= set(graph.subjects(RDF.type, DCAT.Dataset))
        following = (
            graph.value(predicate=HYDRA.next, any=False) if (None, HYDRA.next, None) in graph else None
        )
        path = next(iter(graph.objects(None, HYDRA.next)), "") if following is None else following
        path = str(path).removeprefix(SITE)
    assert len(seen) == 5
    assert client.get("/dcat/catalog.ttl?page=9").status_code == 404
    assert client.get("/dcat/catalog.ttl?page=x").status_code == 400


def test_the_form_follows_what_the_caller_accepts(public, client):
    assert client.get("/dcat/catalog", headers={"Accept": "application/ld+json"}).json()["@graph"]
    assert client.get("/dcat/datasets/aed").headers["Content-Type"].startswith("text/turtle")
    assert client.get("/dcat/datasets/nothing.ttl").status_code == 404


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("年1回", "ANNUAL"),
        ("随時", "IRREG"),
        ("毎月", "MONTHLY"),
        ("四半期ごと", "QUARTERLY"),
        ("", "UNKNOWN"),
    ],
)
def test_update_cycles_become_words_of_the_list(words, code):
    assert frequency(words) == URIRef(f"{EU}frequency/{code}")


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2025", ("2025-01-01", "2025-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2025-13", None),
        ("", None),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period, days):
    found = span(period)
    assert (tuple(map(str, found)) if found else None) == days
