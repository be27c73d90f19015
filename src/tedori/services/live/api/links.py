"""`POST /ngsi-ld/links/{id}`: where partners tell of changes, known by the key of their link."""

from __future__ import annotations

from collections.abc import Iterator
from hmac import compare_digest
from typing import Any

from django.conf import settings

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.values import Entity
from tedori.kernel.organisations.rules import TokenRefused
from tedori.services.live.actions.delivery.lanes import clock
from tedori.services.live.actions.linking import progress
from tedori.services.live.actions.linking.partners import KEY, Refused, read, timed
from tedori.services.live.actions.linking.taking import taking
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.distributing.planning import looped
from tedori.services.live.api.forms import parsed
from tedori.services.live.queries import links as queries
from tedori.services.live.queries.store import STORE, ask
from tedori.services.live.rules.links import HUBS, Link
from tedori.services.live.rules.locking import opened

MOST = 10_000


async def hear(call: Call) -> Answer:
    """POST: a notification, in the dialect of the link."""
    link = await _known(call)
    if looped(call):
        return Answer(204)  # what comes back to us is no news
    payload = parsed(call.body)
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, list) or len(data) > MOST:
        raise bad_request("A notification with data is wanted.", where="$.data")
    entities = list(_read(link, data))
    command = taking(link, entities)
    outcomes = await WRITER.write(command) if command.takes else []
    received = sum(one is True for one in outcomes)
    refused = sum(isinstance(one, Exception) for one in outcomes) + len(data) - len(entities)
    if received or refused:
        await ask(_note, link, received, refused)
    return Answer(204)


async def _known(call: Call) -> Link:
    """The link, when its key was shown; nothing is told of what is wrong."""
    given, number = call.headers.get(KEY.lower(), ""), call.path["id"]
    short = number.isascii() and number.isdigit() and len(number) < 12
    link = await ask(lambda: queries.link(STORE.session(), int(number))) if short else None
    known = opened(link.hook, key=settings.SECRET_KEY) if link else ""
    if link is None or not known or not compare_digest(given.encode(), known.encode()):
        raise TokenRefused
    if not (link.active and link.takes and link.protocol in HUBS):
        # What comes while a link is paused is asked for when it goes on.
        raise NgsiLdError("ResourceNotFound", "This link does not take anything in now.")
    return link


def _read(link: Link, data: list[Any]) -> Iterator[Entity]:
    """The entities that can be read; another one must not make the partner send all of them again."""
    for one in data:
        try:
            yield timed(one) if link.protocol == "ngsiv2" else read(one)
        except (NgsiLdError, Refused):
            continue


def _note(link: Link, received: int, refused: int) -> None:
    progress.came_in(STORE.session(), link, received=received, refused=refused, at=clock())


ROUTES = (Route("POST", "/ngsi-ld/links/{id}", hear),)
