"""A kept subscription made ready for work, and the message that one change gives it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from tedori.engines.ngsild.contexts import CORE_CONTEXT_URL, Context, compiled
from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.ngsiv2 import subscriptions as ngsiv2
from tedori.engines.ngsild.subscriptions.bodies import (
    GEO_JSON,
    JSON,
    LD_JSON,
    Telling,
    entity_told,
    link,
    mqtt_message,
    notification,
)
from tedori.engines.ngsild.subscriptions.documents import projection
from tedori.engines.ngsild.subscriptions.watching import Change, Watch, watch_of
from tedori.engines.ngsild.values import Entity
from tedori.engines.ngsild.writing import Form, Linked, feature, objects_of, write_entity
from tedori.services.live.rules.endpoints import LONGEST_TIMEOUT, TIMEOUT
from tedori.services.live.rules.letters import OWN, Kept, Letter

MOST_LINKED = 100  # linked entities in one notification
FORMATS = {"keyValues": "simplified"}
VIA = "1.1 tedori-{}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to notify; times in seconds; `info` is the notifierInfo, `headers` go with each one."""

    uri: str
    accept: str
    headers: Mapping[str, str]
    info: Mapping[str, str]
    timeout: float
    cooldown: float
    method: str = "POST"

    def headers_for(self, via: str) -> Mapping[str, str]:
        """The headers of a message about what has come through these hubs."""
        return {**self.headers, "Via": f"{via}, {self.headers['Via']}"} if via else self.headers


@dataclass(frozen=True, slots=True)
class Ready:
    """A subscription ready for work."""

    kept: Kept
    watch: Watch
    form: Form
    telling: Telling
    context: Context
    endpoint: Endpoint
    interval: float
    throttling: float
    expires_at: str

    def active(self, at: str) -> bool:
        """Whether it hears of changes at that moment."""
        return self.kept.document.get("isActive", True) and at < self.expires_at


def ready(kept: Kept, *, load: Callable[[str], Any], hub: str) -> Ready:
    """Compile a kept subscription; raises NgsiLdError when its contexts or conditions cannot be read.

    `hub` is the name of this hub in the Via header of its notifications.
    """
    document = kept.document
    wanted = document["notification"]
    context = compiled(kept.contexts["notify"], load=load)
    return Ready(
        kept,
        watch_of(kept.id, document, compiled(kept.contexts["q"], load=load)),
        form_of(document),
        Telling(wanted.get("showChanges", False), wanted.get("sysAttrs", False)),
        context,
        endpoint_of(kept, context, hub=hub),
        float(document.get("timeInterval", 0)),
        float(document.get("throttling", 0)),
        sortable(document["expiresAt"]) if "expiresAt" in document else "9",
    )


def form_of(document: Mapping[str, Any]) -> Form:
    """How entities are written in the notifications of a subscription."""
    wanted = document["notification"]
    given = wanted.get("format", "normalized")
    datasets = document.get("datasetId")
    return Form(
        format=FORMATS.get(given, given),
        sys_attrs=wanted.get("sysAttrs", False),
        languages=document.get("lang"),
        attrs=frozenset(wanted["attributes"]) if "attributes" in wanted else None,
        pick=projection(wanted.get("pick")),
        omit=projection(wanted.get("omit")),
        dataset_ids=frozenset(datasets) if datasets else None,
        geojson=wanted["endpoint"].get("accept") == GEO_JSON,
        join=wanted.get("join") if wanted.get("join") in ("inline", "flat") else None,
        join_level=wanted.get("joinLevel", 1),
    )


def endpoint_of(kept: Kept, context: Context, *, hub: str) -> Endpoint:
    """The endpoint of a subscription with the headers that every message to it carries."""
    given = kept.document["notification"]["endpoint"]
    if OWN in kept.contexts:
        return _ngsiv2_endpoint(kept, given, hub=hub)
    accept = given.get("accept", JSON)
    receiver = {pair["key"]: pair["value"] for pair in given.get("receiverInfo", ())}
    named = _inside(accept, receiver) is False
    headers = {
        "Content-Type": accept,
        **({"Link": link(context_url(kept))} if named else {}),
        **({"NGSILD-Tenant": kept.tenant} if kept.tenant else {}),
        **receiver,
        "Via": VIA.format(hub),
    }
    return Endpoint(
        given["uri"],
        accept,
        headers,
        {pair["key"]: pair["value"] for pair in given.get("notifierInfo", ())},
        min(given["timeout"] / 1000, LONGEST_TIMEOUT) if "timeout" in given else TIMEOUT,
        given.get("cooldown", 0) / 1000,
    )


def _ngsiv2_endpoint(kept: Kept, given: Mapping[str, Any], *, hub: str) -> Endpoint:
    """The endpoint of a subscription that was made through the NGSIv2 door."""
    wanted = kept.contexts[OWN]["notification"]
    custom = wanted.get("httpCustom", {})
    plain = "payload" in custom
    headers = {
        "Content-Type": "text/plain" if plain else JSON,
        **({} if plain else {"Ngsiv2-AttrsFormat": wanted.get("attrsFormat", "normalized")}),
        **kept.contexts.get("headers", {}),
        **{pair["key"]: pair["value"] for pair in given.get("receiverInfo", ())},
        "Via": VIA.format(hub),
    }
    info = {pair["key"]: pair["value"] for pair in given.get("notifierInfo", ())}
    timeout = min(given["timeout"] / 1000, LONGEST_TIMEOUT) if "timeout" in given else TIMEOUT
    return Endpoint(given["uri"], JSON, headers, info, timeout, 0.0, custom.get("method", "POST"))


def _inside(accept: str, receiver: Mapping[str, str]) -> bool:
    """Whether the @context goes into the body (clause 6.3.8)."""
    return accept == LD_JSON or (accept == GEO_JSON and receiver.get("Prefer") != "body=json")


def context_url(kept: Kept) -> str:
    """The one address of the @context of its notifications; doors see to it that there is one."""
    source = kept.contexts["notify"]
    while isinstance(source, list) and len(source) == 1:
        source = source[0]
    return source if isinstance(source, str) else CORE_CONTEXT_URL


def key_of(kept: Kept, occasion: object) -> str:
    """The id of a notification: the same whenever the same occasion is told again."""
    return f"urn:ngsi-ld:Notification:{uuid5(NAMESPACE_URL, f'{kept.id} {kept.urn} {occasion}')}"


def told(subscription: Ready, change: Change, *, linked: Linked | None) -> list[dict[str, Any]]:
    """What a change is to this subscription: the entity, and those linked to it where they are asked for."""
    if OWN in subscription.kept.contexts:
        return written(subscription, change.entity, linked=linked)
    return written(subscription, entity_told(change, subscription.watch, subscription.telling), linked=linked)


def written(subscription: Ready, entity: Entity, *, linked: Linked | None) -> list[dict[str, Any]]:
    """An entity in the form of the subscription's notifications."""
    if OWN in subscription.kept.contexts:
        return [ngsiv2.written(entity, subscription.kept.contexts[OWN])]
    form, context = subscription.form, subscription.context
    write = feature if form.geojson else write_entity
    inner = linked if form.join == "inline" else None
    first = write(entity, context, form, linked=inner)
    if form.join != "flat" or linked is None:
        return [first]
    around = (write(one, context, _around(form)) for one in neighbours(entity, form, linked))
    return [first, *around]


def _around(form: Form) -> Form:
    """Linked entities are shown whole."""
    return Form(format=form.format, sys_attrs=form.sys_attrs, languages=form.languages, geojson=form.geojson)


def neighbours(entity: Entity, form: Form, linked: Linked) -> Iterable[Entity]:
    """The entities to which relationships lead in `join_level` steps, each once."""
    seen, edge = {entity.id: entity}, [entity]
    for _ in range(form.join_level):
        uris = dict.fromkeys(uri for one in edge for uri in _pointed(one, form) if uri not in seen)
        edge = [found for uri in list(uris)[: MOST_LINKED - len(seen)] if (found := linked(uri)) is not None]
        seen |= {one.id: one for one in edge}
    return list(seen.values())[1:]


def _pointed(entity: Entity, form: Form) -> Iterable[str]:
    chosen = form.attrs
    return (
        uri
        for name, instances in entity.attributes.items()
        if chosen is None or name in chosen
        for one in instances
        for uri in objects_of(one)
    )


def letter(subscription: Ready, key: str, data: list[dict[str, Any]], *, at: str) -> Letter:
    """The notification with this id about these entities, as it will be sent."""
    kept, endpoint = subscription.kept, subscription.endpoint
    if OWN in kept.contexts:
        told_in_v2 = ngsiv2.notification(kept.urn, kept.contexts[OWN], data)
        return Letter(key, kept.id, endpoint.uri, told_in_v2, 0, at)
    within = kept.contexts["notify"] or CORE_CONTEXT_URL if "Link" not in endpoint.headers else None
    body: dict[str, Any]
    if endpoint.accept == GEO_JSON:
        features: dict[str, Any] = {"type": "FeatureCollection", "features": data}
        if within is not None:
            features["@context"] = within
        body = notification(key, kept.urn, features, at=at)
    else:
        shown = data if within is None else [{**one, "@context": within} for one in data]
        body = notification(key, kept.urn, shown, at=at, context=within)
    if endpoint.uri.lower().startswith("mqtt"):
        body = mqtt_message(body, endpoint.headers)
    return Letter(key, kept.id, endpoint.uri, orjson.dumps(body), 0, at)
