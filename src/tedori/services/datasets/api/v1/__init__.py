"""`/api/v1`: our own interface, described by itself in OpenAPI."""

from tedori.services.datasets.api.v1 import changes, datasets, downloads, entry, quality, rows
from tedori.services.datasets.api.v1.house import API, doors_of

for router in (
    entry.router,
    datasets.router,
    rows.router,
    downloads.router,
    changes.router,
    quality.router,
):
    API.add_router("", router)

doors = doors_of("api/v1/")
