"""What descriptions have in common: publishers, contacts, places, licences, words of lists."""

from __future__ import annotations

import re

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

from tedori.services.datasets.api import naming
from tedori.services.datasets.api.dcat import vocabularies as words
from tedori.services.datasets.api.dcat.vocabularies import PREFIXES, VCARD
from tedori.services.datasets.queries.extents import Extent
from tedori.services.datasets.rules.admission import licence
from tedori.services.datasets.rules.words import Bilingual


class Things:
    """Writes things into one graph; `site` is the address of this house without a slash at its end."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.graph = Graph()
        for prefix, space in PREFIXES.items():
            self.graph.bind(prefix, space)

    def at(self, path: str) -> URIRef:
        """An address of this house."""
        return URIRef(f"{self.site}{path}")

    def say(self, subject: URIRef | BNode, *pairs: tuple) -> None:
        """State several things about a subject; None is left out, a Bilingual is said in both languages."""
        for predicate, value in pairs:
            for one in terms(value):
                self.graph.add((subject, predicate, one))

    def taxonomy(self) -> URIRef:
        """The list of themes."""
        themes = URIRef(f"{words.EU}data-theme")
        self.say(themes, (RDF.type, SKOS.ConceptScheme), (DCTERMS.title, Literal("data-theme", lang="en")))
        return themes

    def agent(self, code: str, name: Bilingual) -> URIRef:
        """A publisher."""
        here = self.at(f"/dcat/publishers/{code}")
        kind = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
        self.say(
            here,
            (RDF.type, FOAF.Agent),
            (FOAF.name, name),
            (DCTERMS.identifier, Literal(code)),
            (DCTERMS.type, self.concept(kind, "local authority")),
        )
        return here

    def contact(self, identity: str, name: str, how: str) -> URIRef:
        """Whom to ask."""
        here = self.at(f"/dcat/contacts/{identity}")
        number = re.sub(r"[^0-9+]", "", how)
        mail = URIRef(f"mailto:{how.strip()}") if re.fullmatch(r"[\w.+-]+@[\w.-]+", how.strip()) else None
        telephone = URIRef(f"tel:{number}") if not mail and len(number) >= 9 else None
        self.say(
            here,
            (RDF.type, VCARD.Kind),
            (VCARD.fn, Literal(name, lang="ja")),
            (VCARD.hasEmail, mail),
            (VCARD.hasTelephone, telephone),
            (VCARD.hasURL, self.at("/datasets/")),
        )
        return here

    def place(self, code: str, name: Bilingual) -> URIRef:
        """A place that data are about."""
        here = self.at(f"/dcat/places/{code}")
        area = words.area(code)
        self.say(
            here,
            (RDF.type, DCTERMS.Location),
            (SKOS.prefLabel, name),
            (DCTERMS.identifier, Literal(code)),
            (SKOS.exactMatch, area),
        )
        return here

    def country(self) -> URIRef:
        """Japan."""
        return self.listed(self.typed(words.JAPAN, DCTERMS.Location))

    def box(self, about: URIRef, around: Extent | None) -> URIRef | None:
        """The box around the rows of a dataset."""
        if around is None:
            return None
        here = URIRef(f"{about}/extent")
        kind = (RDF.type, DCTERMS.Location)
        self.say(here, kind, (DCAT.bbox, Literal(_box(around), datatype=words.WKT)))
        return here

    def licence(self, code: str) -> URIRef | None:
        """A licence."""
        known = licence(code)
        if known is None:
            return None
        here = URIRef(known.address)
        kind = self.concept(URIRef("http://purl.org/adms/licencetype/Attribution"), "attribution")
        self.say(here, (RDF.type, DCTERMS.LicenseDocument), (DCTERMS.title, naming.both(known.label)))
        self.say(here, (DCTERMS.type, kind if code != "CC0-1.0" else None))
        return here

    def norm(self, here: URIRef, title: Bilingual) -> URIRef:
        """A standard that something follows."""
        self.say(here, (RDF.type, DCTERMS.Standard), (DCTERMS.title, title))
        return here

    def theme(self, code: str) -> URIRef:
        """A theme, with its name."""
        here = words.theme(code)
        self.say(
            here,
            (RDF.type, SKOS.Concept),
            (SKOS.prefLabel, naming.theme_name(code)),
            (SKOS.inScheme, self.taxonomy()),
        )
        return here

    def frequency(self, cycle: str) -> URIRef:
        """How often something is updated."""
        return self.listed(self.typed(words.frequency(cycle), DCTERMS.Frequency))

    def public(self) -> URIRef:
        """Open to everyone."""
        return self.listed(self.typed(words.PUBLIC, DCTERMS.RightsStatement))

    def concept(self, here: URIRef, label: str) -> URIRef:
        """A word of a list, with its name."""
        self.say(here, (RDF.type, SKOS.Concept), (SKOS.prefLabel, Literal(label, lang="en")))
        return self.listed(here)

    def listed(self, here: URIRef) -> URIRef:
        """A word of a list, and which list that is, so that nobody must fetch it to know."""
        scheme = words.scheme(here)
        self.say(
            scheme, (RDF.type, SKOS.ConceptScheme), (DCTERMS.title, Literal(words.last(scheme), lang="en"))
        )
        self.say(here, (SKOS.inScheme, scheme))
        return here

    def language(self, here: URIRef) -> URIRef:
        """A language."""
        return self.listed(self.typed(here, DCTERMS.LinguisticSystem))

    def homepage(self, path: str) -> URIRef:
        """A page for people."""
        return self.typed(self.at(path), FOAF.Document)

    def typed(self, here: URIRef, kind: URIRef) -> URIRef:
        """Something with its kind."""
        self.say(here, (RDF.type, kind))
        return here


def terms(value: object) -> list:
    """The RDF terms of a value: none, one, several, or one per language."""
    if value is None:
        return []
    if isinstance(value, Bilingual):
        english = [Literal(value.en, lang="en")] if value.en and value.en != value.ja else []
        return [Literal(value.ja, lang="ja"), *english]
    return [one for one in value if one is not None] if isinstance(value, list | tuple) else [value]


def _box(around: Extent) -> str:
    west, south, east, north = around.corners
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
