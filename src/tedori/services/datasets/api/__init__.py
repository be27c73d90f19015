"""The JSON doors: our own API, OGC API Features, CKAN's reading actions, DCAT."""

from tedori.services.datasets.api.hot import PREFIX, rows
from tedori.services.datasets.api.usage import write

HOT = ((PREFIX, rows, "public"),)
CLOSING = (write,)  # called when the server stops
