"""A hub that ends suddenly keeps what it acknowledged, and nothing by halves (often: figure `live-kill`)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import httpx
import orjson
import pytest

from tedori.services.live.tests.instances import Instance

SHELTERS = {
    writer: [f"urn:ngsi-ld:EvacuationShelter:{name}-{number}" for number in range(5)]
    for writer, name in enumerate(("chiyoda", "hachioji", "tachikawa"))
}
LEVEL = "https://uri.etsi.org/ngsi-ld/default-context/occupancy"
UPSERT = "/ngsi-ld/v1/entityOperations/upsert"


def write_on(hub, kept, writer):
    """Send the writer's shelters again and again until the hub is gone; notes what was acknowledged."""
    for turn in count(max((kept.get(urn, 0) for urn in SHELTERS[writer]), default=0) + 1000):
        shelters = [
            {"id": urn, "type": "EvacuationShelter", "occupancy": {"type": "Property", "value": turn}}
            for urn in SHELTERS[writer]
        ]
        try:
            answer = hub.call("POST", UPSERT, shelters)
        except httpx.HTTPError:
            return
        assert answer.status_code in {201, 204}, answer.text
        kept.update(dict.fromkeys(SHELTERS[writer], turn))


def newest(rows):
    """By entity the last of its rows."""
    return {urn: orjson.loads(text) for urn, text in rows}


def check(session, kept):
    documents = newest(session.all(f"SELECT e.urn, {session.doc} FROM live_entity e ORDER BY e.id"))
    levels = {urn: document["attributes"][LEVEL][0]["value"] for urn, document in documents.items()}
    assert {urn for urn, turn in kept.items() if levels.get(urn, 0) < turn} == set()
    for urns in SHELTERS.values():
        assert len({levels.get(urn) for urn in urns}) == 1, "a batch is there as a whole"
    rows = session.all("SELECT e.urn, v.number FROM live_value v JOIN live_entity e ON e.id = v.entity_id")
    assert sorted(rows) == sorted(levels.items())
    assert newest(session.all("SELECT urn, value FROM live_history ORDER BY id")) == levels
    assert newest(session.all("SELECT urn, doc FROM live_change ORDER BY seq")) == documents


@pytest.mark.req("F09")
def test_what_was_acknowledged_survives_sudden_ends(place, store, tmp_path):
    hub = Instance(tmp_path, more={"TEDORI_DATABASE": place, "TEDORI_LIVE_TRIAL": "yes"})
    kept = {}
    for acknowledged in (3, 8, 21):  # batches after which it is killed, others being on their way
        hub.begin("web")
        before = dict(kept)
        with ThreadPoolExecutor(len(SHELTERS)) as pool:
            writers = [pool.submit(write_on, hub, kept, writer) for writer in SHELTERS]
            hub.until(lambda: sum(kept.values()) > sum(before.values()) + 5 * acknowledged)  # noqa: B023
            hub.kill("web")
        for writer in writers:
            writer.result()
        check(store.session(), kept)
