"""The doors under /ngsi-ld/ and /v2: plain ASGI handlers and the modules whose routes they gather."""

from tedori.services.live.actions.contexts import KEPT
from tedori.services.live.actions.counting import USES
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.beside import joined
from tedori.services.live.api.lines import PATH as LINES
from tedori.services.live.api.lines import lines
from tedori.services.live.api.ngsiv2.door import PREFIX as V2
from tedori.services.live.api.ngsiv2.door import ngsiv2
from tedori.services.live.api.router import PREFIX, hub
from tedori.services.live.api.snapshots import PREFIX as LIVE
from tedori.services.live.api.snapshots import snapshot
from tedori.services.live.api.stream import PATH, stream

HOT = (
    (PREFIX, hub, "public"),
    (PATH, stream, "public"),
    (LIVE, snapshot, "public"),
    (LIVE, joined, "public"),
    (V2, ngsiv2, "public"),
    (LINES, lines, "public"),
)
CLOSING = (USES.keep, KEPT.keep, WRITER.close)  # what waits to be written is written before the server stops
