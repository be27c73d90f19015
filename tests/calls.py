"""One request through the application that is served, as a caller on the network would make it."""

from __future__ import annotations

import asyncio

from asgiref.sync import async_to_sync

from tedori.kernel.pages.bodies import CUT, held
from tedori.site.asgi import application


class Call:
    """One request with a body of so many pieces; what is answered stands in `sent`."""

    def __init__(self, path: str, *, pieces: int = 0, size: int = 500, method: str = "POST", **headers: str):
        named = {"host": "localhost", "accept": "application/json", **headers}
        self.scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()],
            "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
        }  # fmt: skip
        self.left, self.size, self.taken, self.sent = pieces, size, False, []
        async_to_sync(application)(self.scope, self._receive, self._send)

    async def _receive(self) -> dict:
        if self.left == 0 and self.taken:
            await asyncio.Event().wait()  # the caller stays until it has its answer
        self.left, self.taken = max(self.left - 1, 0), True
        return {"type": "http.request", "body": b"x" * self.size, "more_body": self.left > 0}

    async def _send(self, message: dict) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def headers(self) -> dict[bytes, bytes]:
        return {name.lower(): value for name, value in self.sent[0]["headers"]}

    @property
    def bodies(self) -> list[bytes]:
        return [message["body"] for message in self.sent[1:] if message.get("body")]


def body_kept(call: Call) -> bytes:
    """What Django would keep of the same body."""

    async def keep() -> bytes:
        bodies, sent = held(call.scope, endless), b""
        while (message := await bodies())["type"] == "http.request" and message.get("more_body"):
            sent += message["body"]
        return sent

    async def endless() -> dict:
        return {"type": "http.request", "body": b"x" * call.size, "more_body": True}

    call.scope.pop(CUT)
    return async_to_sync(keep)()
