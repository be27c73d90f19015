"""Subscribers for tests: small servers on loopback that answer as they are told and remember what came."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson


@dataclass
class Receiver:
    """`answers` are used in turn, the last one for ever; bytes are sent as they are, None hangs up."""

    answers: list = field(default_factory=lambda: [200])
    bodies: list = field(default_factory=list)
    heads: list = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def uri(self):
        return f"http://127.0.0.1:{self.port}/notify"

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
                )
                body = await reader.readexactly(int(length.split(b":")[1]))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if answer is None:
                    return
                self.heads.append(head.decode())
                self.bodies.append(orjson.loads(body))
                if isinstance(answer, bytes):
                    writer.write(answer)
                    return
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def have(self, count, seconds=20):
        """Wait until so many have come."""
        async with asyncio.timeout(seconds):
            while len(self.bodies) < count:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def receiving(*answers):
    """A receiver that works while the block lasts."""
    receiver = Receiver(list(answers) or [200])
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
