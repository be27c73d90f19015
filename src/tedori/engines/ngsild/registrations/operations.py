"""The names of operations and of their groups, as registrations list them (GS CIM 009, clause 4.20)."""

from __future__ import annotations

from collections.abc import Iterable


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


PROVISION = _names(
    "createEntity updateEntity appendAttrs updateAttrs deleteAttrs deleteEntity createBatch upsertBatch "
    "updateBatch deleteBatch upsertTemporal appendAttrsTemporal deleteAttrsTemporal "
    "updateAttrInstanceTemporal deleteAttrInstanceTemporal deleteTemporal mergeEntity replaceEntity "
    "replaceAttrs mergeBatch purgeEntity"
)
DISCOVERY = _names(
    "retrieveEntityTypes retrieveEntityTypeDetails retrieveEntityTypeInfo retrieveAttrTypes "
    "retrieveAttrTypeDetails retrieveAttrTypeInfo"
)
CONSUMPTION = DISCOVERY | _names("retrieveEntity queryEntity queryBatch retrieveTemporal queryTemporal")
SUBSCRIPTION = _names(
    "createSubscription updateSubscription retrieveSubscription querySubscription deleteSubscription"
)
MAPS = _names("retrieveEntityMap updateEntityMap deleteEntityMap createEntityMapQueryEntity")
SUPPORT = MAPS | _names("createEntityMapQueryTemporal retrieveContextSourceIdentity")

RETRIEVE = _names("retrieveEntity queryEntity")
ASSOCIATION = RETRIEVE | DISCOVERY | SUBSCRIPTION | _names("queryBatch retrieveContextSourceIdentity")
REDIRECTION = _names(
    "createEntity updateEntity appendAttrs updateAttrs deleteAttrs deleteEntity mergeEntity replaceEntity "
    "replaceAttrs purgeEntity retrieveContextSourceIdentity"
)
GROUPS = {
    "retrieveOps": RETRIEVE,
    "updateOps": _names("updateEntity updateAttrs replaceEntity replaceAttrs"),
    "associationOps": ASSOCIATION,
    "federationOps": ASSOCIATION | MAPS,
    "redirectionOps": REDIRECTION | RETRIEVE | DISCOVERY | MAPS,
}
DEFAULT = ("federationOps",)
NAMES = PROVISION | CONSUMPTION | SUBSCRIPTION | SUPPORT | GROUPS.keys()
AUXILIARY = frozenset(("retrieveOps", *RETRIEVE))
"""What an auxiliary source may list (clause 5.9.2.4)."""


def operations_of(names: Iterable[str]) -> frozenset[str]:
    """The single operations behind names of operations and of groups."""
    return frozenset(one for name in names for one in GROUPS.get(name, (name,)))
