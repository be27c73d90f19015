"""Describes the catalogue, its datasets and their files as RDF, in the words of DCAT-AP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.api import naming
from tedori.services.datasets.api.dcat import vocabularies as words
from tedori.services.datasets.api.dcat.things import Things, terms
from tedori.services.datasets.api.dcat.times import span
from tedori.services.datasets.api.describing import publication_title
from tedori.services.datasets.pages.jsonld import MEDIA
from tedori.services.datasets.pages.links import download
from tedori.services.datasets.queries.catalogue import Record
from tedori.services.datasets.queries.extents import extent
from tedori.services.datasets.queries.places import OWN
from tedori.services.datasets.rules.words import Bilingual

TOKYO = Bilingual("東京都", "Tokyo")
TITLE = Bilingual("東京都・区市町村 標準データセット目録", "Catalogue of standard datasets of Tokyo")
TEXT = Bilingual(
    "東京都と区市町村が公開する標準データセットの目録",
    "Standard datasets published by the Tokyo Metropolis and its municipalities",
)
SERVICES = (
    (
        "/api/v1/",
        Bilingual("Tedori API", "Tedori API"),
        "https://spec.openapis.org/oas/v3.1.0",
        "/api/v1/openapi.json",
    ),
    (
        "/ogc/",
        Bilingual("OGC API Features", "OGC API Features"),
        "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0",
        "/ogc/api",
    ),
    (
        "/api/3/action/",
        Bilingual("CKAN API（読み出し）", "CKAN API (reading)"),
        "https://docs.ckan.org/en/latest/api/",
        "/api/3/action/help_show?name=help_show",
    ),
)


class Describer(Things):
    """Describes the catalogue and its datasets; `periods` says what time a version (by id) is about."""

    def __init__(self, site: str, periods: Mapping[int, str]) -> None:
        super().__init__(site)
        self.periods = periods

    @property
    def catalogue(self) -> URIRef:
        """The catalogue itself."""
        return self.at("/dcat/catalog")

    def describe_catalogue(self, updated: datetime | None) -> None:
        """The catalogue, who runs it, and its services."""
        self.say(
            self.catalogue,
            (RDF.type, DCAT.Catalog),
            (
                DCTERMS.title,
                Bilingual("東京都・区市町村 標準データセット目録", "Catalogue of standard datasets of Tokyo"),
            ),
            (
                DCTERMS.description,
                Bilingual(
                    "東京都と区市町村が公開する標準データセットの目録",
                    "Standard datasets published by the Tokyo Metropolis and its municipalities",
                ),
            ),
            (DCTERMS.publisher, self.agent(OWN, TOKYO)),
            (DCTERMS.language, [self.language(words.JAPANESE), self.language(words.ENGLISH)]),
            (DCTERMS.license, self.licence("CC-BY-4.0")),
            (DCTERMS.spatial, self.place(OWN, TOKYO)),
            (DCTERMS.modified, _moment(updated)),
            (FOAF.homepage, self.homepage("/datasets/")),
            (DCAT.themeTaxonomy, self.taxonomy()),
            (DCAT.service, [self.service(*one) for one in SERVICES]),
        )

    def service(self, path: str, title: Bilingual, standard_address: str, description: str) -> URIRef:
        """One interface."""
        here = self.at(path)
        self.say(
            here,
            (RDF.type, DCAT.DataService),
            (DCTERMS.title, title),
            (DCTERMS.description, title),
            (DCAT.endpointURL, self.typed(here, RDFS.Resource)),
            (DCAT.endpointDescription, self.typed(self.at(description), RDFS.Resource)),
            (DCTERMS.conformsTo, self.norm(URIRef(standard_address), title)),
            (DCTERMS.publisher, self.agent(OWN, TOKYO)),
            (DCTERMS.license, self.licence("CC-BY-4.0")),
            (DCTERMS.accessRights, self.public()),
            (DCAT.theme, self.theme("government")),
            (DCAT.contactPoint, self.contact("service", "Tedori", "")),
            (DCAT.keyword, Literal("API", lang="en")),
        )
        return here

    def describe_dataset(self, slug: str, found: list[Record]) -> URIRef:
        """One dataset over all publishers, with its files; its parts are the publishers' datasets."""
        here = self.at(f"/dcat/datasets/{slug}")
        versions = [record.version for record in found]
        codes = {version.licence for version in versions}
        self.say(
            here,
            (RDF.type, DCAT.Dataset),
            (DCTERMS.title, naming.title(slug)),
            (DCTERMS.description, naming.text(slug)),
            (DCTERMS.identifier, Literal(slug)),
            (DCTERMS.publisher, self.agent(OWN, TOKYO)),
            (DCTERMS.spatial, [self.place(OWN, TOKYO), self.country(), self.box(here, extent(versions))]),
            (DCTERMS.modified, _moment(max(version.published_at for version in versions))),
            (DCTERMS.issued, _moment(min(version.published_at for version in versions))),
            (DCTERMS.accrualPeriodicity, self.frequency("随時")),
            (DCAT.contactPoint, self.contact(slug, "Tedori", "")),
            (DCTERMS.hasPart, [self.part(record) for record in found]),
            *self._common(slug, keywords=()),
        )
        terms = codes.pop() if len(codes) == 1 else ""
        self._files(here, slug, code="", terms=terms, title=naming.title(slug))
        for path, *_ in SERVICES:
            self.say(self.at(path), (DCAT.servesDataset, here))
        self.say(self.catalogue, (DCAT.dataset, here))
        return here

    def part(self, record: Record) -> URIRef:
        """The address of one publisher's dataset."""
        return self.at(f"/dcat/datasets/{record.version.slug}/{record.version.organisation}")

    def describe_part(self, record: Record) -> URIRef:
        """One dataset of one publisher, with its files."""
        version, card, here = record.version, record.card, self.part(record)
        name = naming.named(record.place, version.organisation)
        title = publication_title(record)
        full = Bilingual(f"{name.ja} {title.ja}", f"{title.en}, {name.en}")
        text = (card.description, card.description_en) if card and card.description else ("", "")
        general = naming.text(version.slug)
        self.say(
            here,
            (RDF.type, DCAT.Dataset),
            (DCTERMS.title, full),
            (DCTERMS.description, Bilingual(text[0] or general.ja, text[1] or general.en)),
            (DCTERMS.identifier, Literal(f"{version.slug}/{version.organisation}")),
            (DCTERMS.publisher, self.agent(version.organisation, name)),
            (
                DCTERMS.spatial,
                [self.place(version.organisation, name), self.country(), self.box(here, extent([version]))],
            ),
            (DCTERMS.issued, _moment(version.published_at)),
            (DCTERMS.modified, _moment(version.published_at)),
            (DCTERMS.accrualPeriodicity, self.frequency(card.update_cycle if card else "")),
            (DCTERMS.temporal, self.period(self.periods.get(version.id, ""))),
            (words.VERSION, Literal(str(version.number))),
            (DCAT.contactPoint, self._steward(record)),
            (DCTERMS.isPartOf, self.at(f"/dcat/datasets/{version.slug}")),
            *self._common(version.slug, keywords=card.keywords if card else ()),
        )
        self._files(here, version.slug, code=version.organisation, terms=version.licence, title=full)
        self.say(self.catalogue, (DCAT.dataset, here))
        return here

    def period(self, text: str) -> URIRef | None:
        """A period of time, if the text is one."""
        days = span(text)
        if days is None:
            return None
        here = self.at(f"/dcat/periods/{text}")
        first, last = (Literal(day.isoformat(), datatype=XSD.date) for day in days)
        self.say(here, (RDF.type, DCTERMS.PeriodOfTime), (DCAT.startDate, first), (DCAT.endDate, last))
        return here

    def _steward(self, record: Record) -> URIRef:
        contact = record.card.steward_contact if record.card else ""
        identity = f"{record.version.slug}/{record.version.organisation}"
        return self.contact(identity, record.version.steward or record.place.name.ja, contact)

    def _common(self, slug: str, *, keywords: Iterable[str]) -> tuple[tuple, ...]:
        own = [Literal(word, lang="ja") for word in keywords]
        return (
            (DCAT.theme, self.theme(naming.theme(slug))),
            (DCAT.keyword, [*own, *terms(naming.title(slug))]),
            (DCTERMS.language, self.language(words.JAPANESE)),
            (DCTERMS.accessRights, self.public()),
            (DCTERMS.conformsTo, self.norm(self.at(f"/datasets/{slug}/items/"), _norm_title(slug))),
            (DCAT.landingPage, self.homepage(f"/datasets/{slug}/")),
        )

    def _files(self, dataset: URIRef, slug: str, *, code: str, terms: str, title: Bilingual) -> None:
        for kind, media in MEDIA.items():
            address = self.at(download(slug, kind, code=code))
            file = URIRef(f"{dataset}/{kind}")
            self.say(
                file,
                (RDF.type, DCAT.Distribution),
                (DCTERMS.title, Bilingual(f"{title.ja} ({kind})", f"{title.en} ({kind})")),
                (DCTERMS.description, Bilingual(f"{title.ja} ({kind})", f"{title.en} ({kind})")),
                (DCAT.accessURL, address),
                (DCAT.downloadURL, address),
                (DCAT.mediaType, self.typed(words.media_type(media), DCTERMS.MediaType)),
                (
                    DCTERMS["format"],
                    self.listed(self.typed(words.file_type(kind), DCTERMS.MediaTypeOrExtent)),
                ),
                (DCTERMS.license, self.licence(terms)),
                (DCTERMS.language, self.language(words.JAPANESE)),
                (words.DCATAP.availability, self.concept(words.AVAILABLE, "available")),
                (DCAT.accessService, self.at("/api/v1/")),
            )
            self.say(dataset, (DCAT.distribution, file))


def _moment(at: datetime | None) -> Literal | None:
    return Literal(at.isoformat(timespec="seconds"), datatype=XSD.dateTime) if at else None


def _norm_title(slug: str) -> Bilingual:
    known = standard().get(slug)
    number = f"No.{known.number} " if known else ""
    name = naming.title(slug)
    return Bilingual(f"標準データセット {number}{name.ja}", f"Standard dataset {number}{name.en}")
