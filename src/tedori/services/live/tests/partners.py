"""Context sources for tests: small servers on loopback that answer as told and remember what came."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import orjson

DONE = {"GET": 404, "POST": 201, "PUT": 204, "PATCH": 204, "DELETE": 204}


@dataclass
class Asked:
    """One request that came."""

    method: str
    path: str
    query: dict
    headers: dict
    body: object


@dataclass
class PartnerHub:
    """`answers`: by "METHOD /path" a status, or a document, or a pair of both."""

    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    port: int = 0

    @property
    def uri(self):
        return f"http://127.0.0.1:{self.port}"

    def calls(self):
        """What came, as "METHOD /path"."""
        return [f"{one.method} {one.path}" for one in self.asked]

    def answer(self, method, path):
        told = self.answers.get(f"{method} {path}", DONE[method])
        if isinstance(told, tuple):
            return told
        return (told, None) if isinstance(told, int) else (200, told)


def serving(partner):
    """A running server for a partner; shut it down when done."""

    class Handler(BaseHTTPRequestHandler):
        def reply(self):
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/ngsi-ld/v1")
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            partner.asked.append(
                Asked(
                    self.command,
                    path,
                    dict(parse_qsl(parts.query)),
                    {name.lower(): value for name, value in self.headers.items()},
                    orjson.loads(body) if body else None,
                )
            )
            status, document = partner.answer(self.command, path)
            told = (
                document
                if isinstance(document, bytes)
                else orjson.dumps(document)
                if document is not None
                else b""
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = reply

        def log_message(self, *_):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    partner.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server
