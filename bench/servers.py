"""Starts servers for a while: ours and the peers', each as one process with the same table."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from bench.figure import CannotMeasure
from bench.peers import peer

Rows = Sequence[dict[str, object]]
WAIT = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def serving(command: list[str], port: int, *, log: Path, ready: str, **env: str) -> Iterator[int]:
    """Run a server until the block ends; yields its port once `ready` answers."""
    with log.open("wb") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **env})
        try:
            _await(child, f"http://127.0.0.1:{port}{ready}", log)
            yield port
        finally:
            child.terminate()
            child.wait(timeout=20)


def _await(child: subprocess.Popen, address: str, log: Path) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until and child.poll() is None:
        try:
            with urlopen(address, timeout=30):
                return
        except OSError:
            time.sleep(0.2)
    raise CannotMeasure(f"a server did not start: {log.read_text(errors='replace')[-300:]}")


@contextmanager
def ours(home: Path, log: Path) -> Iterator[int]:
    """Tedori as `tedori serve` runs it, without its worker and without a limit per caller."""
    port = free_port()
    command = [sys.executable, "-m", "tedori.site.cli", "serve", "--port", str(port), "--no-worker"]
    with serving(
        command, port, log=log, ready="/api/v1/", TEDORI_HOME=str(home), TEDORI_RATE_PUBLIC=""
    ) as at:
        yield at


@contextmanager
def datasette(rows: Rows, folder: Path) -> Iterator[int]:
    """Datasette over SQLite with indexes on what is asked."""
    program, port, path = peer("datasette") / "datasette", free_port(), folder / "rows.db"
    path.unlink(missing_ok=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with sqlite3.connect(path) as base:
        columns = ", ".join(f'"{name}" {"REAL" if name in ("_lat", "_lon") else "TEXT"}' for name in names)
        base.execute(f"CREATE TABLE rows (_number INTEGER PRIMARY KEY, {columns})")
        marks = ", ".join("?" for _ in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        base.executemany(
            f"INSERT INTO rows ({quoted}) VALUES ({marks})",
            [tuple(row.get(name) for name in names) for row in rows],
        )
        base.execute("CREATE INDEX by_organisation ON rows (_organisation)")
        base.execute("CREATE INDEX by_place ON rows (_lat, _lon)")
        base.execute("ANALYZE")
    base.close()
    command = [
        str(program),
        "serve",
        "-i",
        str(path),
        "-p",
        str(port),
        "--setting",
        "max_returned_rows",
        "1000",
        "--setting",
        "suggest_facets",  # else it proposes facets with every answer, ten times slower
        "off",
    ]
    with serving(command, port, log=folder / "datasette.log", ready="/rows.json") as at:
        yield at


def _geoparquet(rows: Rows, path: Path) -> None:
    """The rows as GeoParquet, which is the fastest source of pygeoapi that needs no other server."""
    placed = [row for row in rows if None not in (row["_lat"], row["_lon"])]
    names = dict.fromkeys(name for row in placed for name in row)
    table = pa.Table.from_pylist([{name: row.get(name) for name in names} for row in placed])
    points = shapely.to_wkb(shapely.points([[row["_lon"], row["_lat"]] for row in placed]))
    table = table.append_column("geometry", pa.array(list(points), pa.binary()))
    table = table.append_column("fid", pa.array(range(table.num_rows), pa.int64()))
    column = {"encoding": "WKB", "geometry_types": ["Point"]}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    kept = {**(table.schema.metadata or {}), b"geo": json.dumps(geo).encode()}
    pq.write_table(table.replace_schema_metadata(kept), path)


def _configuration(port: int, source: Path) -> dict[str, object]:
    """The least that pygeoapi asks to be told."""
    address = f"http://127.0.0.1:{port}"
    words = {"title": "rows", "description": "rows", "keywords": ["rows"]}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": address, "mimetype": "application/json",
            "encoding": "utf-8", "language": "en-US", "gzip": False, "limits": {"max_items": 1000,
            "default_items": 100}, "map": {"url": "https://tile.example/{z}/{x}/{y}", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": words | {"terms_of_service": "none", "url": address, "keywords_type": "theme"},
            "license": {"name": "CC BY 4.0", "url": address},
            "provider": {"name": "bench", "url": address},
            "contact": {"name": "bench", "position": "", "address": "", "city": "", "stateorprovince": "",
                        "postalcode": "", "country": "", "phone": "", "fax": "", "email": "", "url": "",
                        "hours": "", "instructions": "", "role": ""},
        },
        "resources": {
            "rows": {
                "type": "collection", **words, "links": [],
                "extents": {"spatial": {"bbox": [122, 20, 154, 46],
                                        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "providers": [{"type": "feature", "name": "Parquet", "data": {"source": str(source)},
                               "id_field": "fid", "x_field": "_lon", "y_field": "_lat"}],
            }
        },
    }  # fmt: skip


@contextmanager
def pygeoapi(rows: Rows, folder: Path) -> Iterator[int]:
    """pygeoapi behind gunicorn, one process with threads."""
    programs, port = peer("pygeoapi"), free_port()
    source, settings, openapi = folder / "rows.parquet", folder / "pygeoapi.yml", folder / "openapi.yml"
    _geoparquet(rows, source)
    settings.write_text(json.dumps(_configuration(port, source)))
    env = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(openapi)}
    made = subprocess.run(
        [str(programs / "pygeoapi"), "openapi", "generate", str(settings), "--output-file", str(openapi)],
        env={**os.environ, **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise CannotMeasure(f"pygeoapi refuses its configuration: {made.stderr.strip()[-300:]}")
    command = [str(programs / "gunicorn"), "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", "4",
               "-w", "1", "pygeoapi.flask_app:APP"]  # fmt: skip
    with serving(command, port, log=folder / "pygeoapi.log", ready="/collections/rows?f=json", **env) as at:
        yield at
