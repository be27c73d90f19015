"""A stream of entities, line by line, each with its answer."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from tedori.services.live.api.lines import TOGETHER, lines


def send(*chunks, headers=(), method="POST", media="application/x-ndjson"):
    """The status and the answers to a body that comes in chunks."""

    async def one():
        waiting = [
            {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
            for number, chunk in enumerate(chunks, 1)
        ]
        told = []

        async def receive():
            return waiting.pop(0)

        async def answer(message):
            told.append((message, len(waiting)))

        scope = {
            "type": "http", "method": method, "path": "/ngsi-ld/lines", "query_string": b"",
            "headers": [(b"content-type", media.encode()), *headers], "client": ("127.0.0.1", 1),
        }  # fmt: skip
        assert await lines(scope, receive, answer)
        return told

    told = asyncio.run(one())
    body = b"".join(message.get("body", b"") for message, _ in told)
    return told[0][0]["status"], [orjson.loads(line) for line in body.splitlines()], told


def line(number, **more):
    return orjson.dumps(
        {"id": f"urn:t:{number}", "type": "T", "x": {"type": "Property", "value": number}} | more
    )


@pytest.mark.req("F09")
def test_each_line_has_its_answer_in_order(ask):
    status, told, _ = send(line(1) + b"\n\n{\n" + line(2)[:20], line(2)[20:] + b"\n" + line(1), b"\n3")
    assert status == 200
    assert [(one["line"], one.get("done") or one["error"]) for one in told] == [
        (1, "created"), (3, "InvalidRequest"), (4, "created"), (5, "updated"), (6, "BadRequestData"),
    ]  # fmt: skip
    assert ask("GET", "/entities/urn:t:2").json()["x"]["value"] == 2


def test_no_more_is_read_before_what_came_is_written(ask):
    chunk = b"\n".join(line(number) for number in range(TOGETHER + 1)) + b"\n"
    _, told, steps = send(chunk, line("last"))
    assert len(told) == TOGETHER + 2
    # Two answers had gone out while the second chunk still waited to be read.
    assert [left for _, left in steps[1:3]] == [1, 1]


def test_a_line_without_an_end_is_not_kept_in_memory_for_ever(ask):
    status, told, _ = send(b"x" * (2**20 + 1), b"y\n")
    assert status == 200
    assert {one["error"] for one in told} <= {"BadRequestData", "InvalidRequest"}


@pytest.mark.parametrize(
    ("change", "status"), [({"method": "GET"}, 405), ({"media": "application/json"}, 415)]
)
def test_other_requests_are_refused(ask, change, status):
    assert send(line(1), **change)[0] == status


def test_nobody_streams_without_a_token(ask, settings):
    settings.TEDORI_LIVE_TRIAL = "no"
    assert send(line(1))[0] == 401
