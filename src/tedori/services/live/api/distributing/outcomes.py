"""One answer out of how an operation went here and at the sources (GS CIM 009, clauses 5.2.16 and 6.3.17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from tedori.engines.ngsild.errors import PREFIX, NgsiLdError
from tedori.kernel.errors import UserError
from tedori.services.live.actions.partners import Reply
from tedori.services.live.api.answers import Refused, failed
from tedori.services.live.api.calls import Answer, Call
from tedori.services.live.api.distributing.planning import Leg, Local

KINDS = {400: "BadRequestData", 404: "ResourceNotFound", 409: "Conflict"}
TITLES = {
    502: "A context source could not do its part.",
    504: "A context source did not answer in time.",
    508: "The request has come through here before.",
}
UNCHANGED = frozenset((400, 404, 409))  # what a single source answers is the answer


async def tried(local: Local, call: Call) -> Answer:
    """The answer of a local door, its errors among them."""
    try:
        return await local(call)
    except (NgsiLdError, UserError, Refused) as error:
        return failed(error, call.headers.get("accept-language", ""))


def problem(status: int, detail: str = "") -> dict[str, Any]:
    """Problem details for a status."""
    kind = KINDS.get(status)
    body = {
        "type": PREFIX + kind if kind else "about:blank",
        "title": TITLES.get(status, "A context source refused its part."),
        "status": status,
    }
    return {**body, "detail": detail} if detail else body


def loop_detected() -> Answer:
    """The answer to a request that comes back."""
    return Answer(508, orjson.dumps(problem(508, "The Via header holds the name of this hub.")))


def refused(leg: Leg) -> dict[str, Any]:
    """Why a source's part was not done, as problem details."""
    reply = leg.reply
    return _told(reply) or problem(reply.status, reply.lost)


def _told(reply: Reply) -> dict[str, Any] | None:
    """The problem details that a source has sent, in the words of the standard and no others."""
    try:
        body = orjson.loads(reply.body) if reply.body else None
    except orjson.JSONDecodeError:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("title"), str):
        return None
    kept = {name: str(body[name])[:500] for name in ("type", "title", "detail") if name in body}
    return {**kept, "status": reply.status}


def combined(urn: str, here: Answer | None, legs: Sequence[Leg], done: Answer) -> Answer:
    """The answer to an operation on one entity; `done` is what is said when all went well.

    One single part that failed is the answer; of several parts with a failure the answer is 207.
    """
    failures = [leg for leg in legs if not leg.reply.fine]
    fine_here = here is None or (200 <= here.status < 300 and here.status != 207)
    if fine_here and not failures:
        return here or done
    if here is not None and not legs:
        return here
    if here is None and len(legs) == 1:
        return _alone(legs[0])
    return Answer(207, orjson.dumps(_multi(urn, here, legs, failures)))


def _alone(leg: Leg) -> Answer:
    status = leg.reply.status
    if status == 207:
        return Answer(207, leg.reply.body)
    if status not in UNCHANGED and status not in (504, 508):
        return Answer(502, orjson.dumps(problem(502, leg.reply.lost or f"It answered {status}.")))
    return Answer(status, orjson.dumps(refused(leg)))


def _multi(urn: str, here: Answer | None, legs: Sequence[Leg], failures: Iterable[Leg]) -> dict[str, Any]:
    errors = [{"entityId": urn, "registrationId": leg.source.urn, "error": refused(leg)} for leg in failures]
    told: dict[str, Any] = {}
    if here is not None and here.status >= 400:
        errors.insert(
            0, {"entityId": urn, "error": orjson.loads(here.body) if here.body else problem(here.status)}
        )
    elif here is not None and here.status == 207:
        told = orjson.loads(here.body)
    worked = len(legs) + (here is not None) > len(errors)
    return {**told, "success": [urn] if worked else [], "errors": [*told.get("errors", ()), *errors]}


def warnings(legs: Iterable[Leg], broken: Iterable[Leg] = ()) -> tuple[tuple[str, str], ...]:
    """The NGSILD-Warning headers of a read: who did not answer, refused, or answered what cannot be read."""
    texts = [f'111 - "{leg.source.urn} answered what cannot be read"' for leg in broken]
    for leg in legs:
        if leg.reply.lost:
            texts.append(f'199 - "{leg.source.urn} {leg.reply.lost}"')
        elif leg.reply.status >= 300 and leg.reply.status != 404:
            texts.append(f'299 - "{leg.source.urn} answered {leg.reply.status}"')
    return tuple(("NGSILD-Warning", text.replace("\n", " ")) for text in texts)


def refusal(partner: Any) -> Leg:
    """The leg of a source that keeps what is concerned and does not take this operation."""
    told = problem(409, "The source that keeps this does not offer the operation.")
    return Leg(partner, Reply(409, orjson.dumps(told)))
