"""What a reader wants to see of entities, and how (GS CIM 009, clauses 4.5, 4.21 and 6.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from tedori.engines.ngsild.contexts import NGSI_LD
from tedori.engines.ngsild.kinds import NO_DATASET
from tedori.engines.ngsild.projections import Projection
from tedori.engines.ngsild.values import Attribute

LOCATION_IRI = f"{NGSI_LD}location"


@dataclass(frozen=True, slots=True)
class Form:
    """How entities are to be written.

    `attrs` (IRIs), `pick` and `omit` choose members; `dataset_ids` chooses instances, `@none` being the
    default one; `languages` is a list in order of preference such as `fr-CH,fr;q=0.9,*`; `sys_attrs` shows
    the system's times; `geojson` makes features with the geometry of `geometry_property` (an IRI); `join`
    puts linked entities into relationships ("inline") or behind the others ("flat"), up to `join_level`.
    """

    format: Literal["normalized", "concise", "simplified"] = "normalized"
    sys_attrs: bool = False
    languages: str | None = None
    attrs: frozenset[str] | None = None
    pick: Projection | None = None
    omit: Projection | None = None
    dataset_ids: frozenset[str] | None = None
    geojson: bool = False
    geometry_property: str = LOCATION_IRI
    join: Literal["inline", "flat"] | None = None
    join_level: int = 1

    @property
    def whole(self) -> bool:
        """Whether every attribute is shown, with all its instances."""
        return self.attrs is None and self.pick is None and self.omit is None and self.dataset_ids is None

    def shows(self, name: str) -> bool:
        """Whether a member (an IRI, or the plain name of what every entity has) is shown."""
        if self.pick is not None and name not in self.pick:
            return False
        # What stands in braces is left out of the linked entity, not of this one.
        return self.omit is None or name not in self.omit or self.omit[name] is not None

    def shows_attribute(self, iri: str) -> bool:
        """Whether an attribute is shown."""
        return (self.attrs is None or iri in self.attrs) and self.shows(iri)

    def shows_instance(self, attribute: Attribute) -> bool:
        """Whether an instance of an attribute is shown."""
        return self.dataset_ids is None or (attribute.dataset_id or NO_DATASET) in self.dataset_ids

    def inside(self, iri: str) -> Form:
        """The form of entities linked through an attribute: one level less, and what its braces say."""
        return replace(
            self,
            pick=self.pick.get(iri) if self.pick else None,
            omit=self.omit.get(iri) if self.omit else None,
            attrs=None,
            join_level=self.join_level - 1,
        )


NORMALIZED = Form()
CONCISE = Form("concise")
SIMPLIFIED = Form("simplified")
