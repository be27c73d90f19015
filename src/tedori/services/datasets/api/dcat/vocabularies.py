"""The words that other catalogues understand: themes, frequencies, formats, languages, rights."""

from __future__ import annotations

import re
import unicodedata

from rdflib import Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, XSD

EU = "http://publications.europa.eu/resource/authority/"
ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
VERSION = URIRef(f"{DCAT}version")  # of DCAT 3, which rdflib does not know yet
PREFIXES = {
    "dcat": DCAT, "dcterms": DCTERMS, "foaf": FOAF, "skos": SKOS, "vcard": VCARD, "hydra": HYDRA,
    "adms": ADMS, "dcatap": DCATAP, "owl": OWL, "xsd": XSD, "rdf": RDF,
}  # fmt: skip

THEMES = {
    "safety": "JUST",
    "welfare": "HEAL",
    "children": "EDUC",
    "town": "REGI",
    "living": "ENVI",
    "visit": "EDUC",
    "government": "GOVE",
}
FILE_TYPES = {"csv": "CSV", "xlsx": "XLSX", "geojson": "GEOJSON", "parquet": "PARQUET"}
JAPANESE, ENGLISH = URIRef(f"{EU}language/JPN"), URIRef(f"{EU}language/ENG")
PUBLIC = URIRef(f"{EU}access-right/PUBLIC")
AVAILABLE = URIRef("http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE")
ADMS_LISTS = "http://purl.org/adms/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
AREA = "http://data.e-stat.go.jp/lod/sac/C"
JAPAN = URIRef(f"{EU}country/JPN")
WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")

# How people write how often they update; the first that fits decides.
_CYCLES = (
    (r"随時|不定|必要|都度|irregular", "IRREG"),
    (r"毎日|日次|daily", "DAILY"),
    (r"毎週|週1|週次|weekly", "WEEKLY"),
    (r"四半期|3[かヶケカ箇]月|年4回|quarter", "QUARTERLY"),
    (r"半年|年2回|6[かヶケカ箇]月", "ANNUAL_2"),
    (r"毎月|月1|月次|monthly", "MONTHLY"),
    (r"毎年|年1|年次|年度|1年|annual|yearly", "ANNUAL"),
    (r"なし|しない|never", "NEVER"),
)


def scheme(word: URIRef) -> URIRef:
    """The list that a word belongs to; the lists of purl.org/adms carry a version."""
    folder = str(word).rpartition("/")[0]
    return URIRef(f"{folder}/1.0" if folder.startswith(ADMS_LISTS) else folder)


def last(address: URIRef) -> str:
    """The last telling part of an address."""
    return str(address).removesuffix("/1.0").rpartition("/")[2]


def frequency(cycle: str) -> URIRef:
    """The frequency that an update cycle in words stands for."""
    text = unicodedata.normalize("NFKC", cycle).lower()
    code = next((code for pattern, code in _CYCLES if re.search(pattern, text)), "UNKNOWN")
    return URIRef(f"{EU}frequency/{code}")


def theme(code: str) -> URIRef:
    """The theme in the European vocabulary."""
    return URIRef(f"{EU}data-theme/{THEMES.get(code, 'GOVE')}")


def file_type(kind: str) -> URIRef:
    """The file type in the European vocabulary."""
    return URIRef(f"{EU}file-type/{FILE_TYPES[kind]}")


def media_type(name: str) -> URIRef:
    """The media type in IANA's list."""
    return URIRef(f"{MEDIA_TYPES}{name}")


def area(code: str) -> URIRef | None:
    """A municipality among the standard area codes of the statistics bureau; None for other publishers."""
    return URIRef(f"{AREA}{code[:5]}") if re.fullmatch(r"\d{6}", code) else None
