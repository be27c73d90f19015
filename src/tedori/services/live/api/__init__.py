"""The doors under /ngsi-ld/: a plain ASGI handler and the modules whose routes it gathers."""

from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.router import PREFIX, hub
from tedori.services.live.api.stream import PATH, stream

HOT = ((PREFIX, hub, "public"), (PATH, stream, "public"))
CLOSING = (WRITER.close,)  # what waits to be written is written before the server stops
