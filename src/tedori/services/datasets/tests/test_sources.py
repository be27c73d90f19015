"""Addresses and catalogues: polite, conditional, resumed, dead links noted; a stub CKAN on loopback."""

from __future__ import annotations

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tedori.kernel.jobs.queries import jobs
from tedori.kernel.jobs.running import run_waiting
from tedori.kernel.organisations.rules import Forbidden
from tedori.services.datasets.actions import walking
from tedori.services.datasets.actions.sources import add_source, files_below, import_files, visit_soon
from tedori.services.datasets.models import Delivery, Link, Source
from tedori.services.datasets.queries import desk as desk_queries
from tedori.services.datasets.rules.errors import AddressRefused
from tedori.services.datasets.tests.factories import CHIYODA, HACHIOJI, NOW, TOKYO, aed_file

pytestmark = pytest.mark.django_db


class Catalogue(ThreadingHTTPServer):
    """A CKAN of three packages; what was asked is counted, `broken` answers 500 to the catalogue."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: Counter[str] = Counter()
        self.conditional = 0
        self.broken_after: int | None = None
        self.files = {"/aed.csv": aed_file(5), "/aed2.csv": aed_file(6, start=50)}
        self.robots = "User-agent: *\nCrawl-delay: 7\nDisallow: /private/\n"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def packages(self) -> list[dict]:
        links = ["/aed.csv", "/gone.csv", "/private/x.csv", "/aed2.csv", "/map.pdf"]
        owners = {"/aed2.csv": "八王子市"}
        return [
            {
                "title": f"データ{link}", "license_id": "cc-by",
                "organization": {"title": owners.get(link, "千代田区")},
                "resources": [
                    {"url": self.address + link, "format": link.rsplit(".")[-1].upper(), "name": link}
                ],
            }
            for link in links
        ]  # fmt: skip


class _Answers(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Be silent."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked[parts.path] += 1
        if parts.path == "/robots.txt":
            return self._send(200, self.server.robots.encode())
        if parts.path == "/inward":
            return self._send(302, b"", Location="http://169.254.169.254/latest")
        if parts.path.endswith("/package_search"):
            return self._search(parse_qs(parts.query))
        data = self.server.files.get(parts.path)
        if data is None:
            return self._send(404, b"<html>not here</html>")
        if self.headers.get("If-None-Match") == '"v1"':
            self.server.conditional += 1
            return self._send(304, b"")
        return self._send(200, data, ETag='"v1"')

    def _search(self, asked: dict[str, list[str]]) -> None:
        start, rows = int(asked["start"][0]), int(asked["rows"][0])
        if self.server.broken_after is not None and start >= self.server.broken_after:
            return self._send(500, b"down")
        found = self.server.packages()
        result = {"count": len(found), "results": found[start : start + rows]}
        return self._send(200, json.dumps({"success": True, "result": result}).encode())

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def catalogue(settings, monkeypatch):
    """The stub, with fetching inside the own network allowed and naps counted instead of slept."""
    settings.TEDORI_FETCH_PRIVATE = "yes"
    naps: list[float] = []
    monkeypatch.setattr(
        walking.visit, "__kwdefaults__", walking.visit.__kwdefaults__ | {"sleep": naps.append}
    )
    with Catalogue() as server:
        server.naps = naps
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def states() -> dict[str, str]:
    return {urlsplit(link.address).path: link.state for link in Link.objects.all()}


def test_a_catalogue_is_walked_politely_and_dead_links_are_noted(catalogue, people):
    add_source(kind="ckan", address=catalogue.address, organisation=TOKYO, by=people["tanaka"], at=NOW)
    run_waiting()
    assert states() == {
        "/aed.csv": "fetched", "/aed2.csv": "fetched", "/gone.csv": "dead", "/private/x.csv": "refused",
    }  # fmt: skip
    assert catalogue.asked["/private/x.csv"] == 0
    assert catalogue.naps
    assert set(catalogue.naps) == {7.0}
    owners = dict(Delivery.objects.values_list("name", "organisation"))
    assert owners == {"aed.csv": CHIYODA, "aed2.csv": HACHIOJI}
    dead = Link.objects.get(state="dead")
    assert (dead.status, dead.reason) == (404, "HTTP 404")


def test_what_has_not_changed_is_not_fetched_again(catalogue, people):
    source = add_source(
        kind="ckan", address=catalogue.address, organisation=TOKYO, by=people["tanaka"], at=NOW
    )
    run_waiting()
    visit_soon(source=source, by=people["tanaka"], at=NOW)
    run_waiting()
    assert catalogue.conditional == 2
    assert states()["/aed.csv"] == "unchanged"
    assert Delivery.objects.count() == 2


def test_a_walk_that_stopped_goes_on_from_there(catalogue, people, monkeypatch):
    monkeypatch.setattr(walking, "PAGE", 2)
    catalogue.broken_after = 2
    source = add_source(
        kind="ckan", address=catalogue.address, organisation=TOKYO, by=people["tanaka"], at=NOW
    )
    run_waiting()
    (failed,) = jobs(name="datasets.visit")
    assert (failed.state, failed.error_code) == ("failed", "fetch-failed")
    assert Source.objects.get().cursor == 2
    catalogue.broken_after = None
    before = catalogue.asked["/api/3/action/package_search"]
    visit_soon(source=source, by=people["tanaka"], at=NOW)
    run_waiting()
    assert catalogue.asked["/api/3/action/package_search"] - before == 2
    assert states()["/aed2.csv"] == "fetched"
    assert Source.objects.get().walk_started_at is None


def test_an_address_is_fetched_once_and_then_only_when_it_changes(catalogue, people):
    address = f"{catalogue.address}/aed.csv"
    source = add_source(kind="url", address=address, organisation=CHIYODA, by=people["sato"], at=NOW)
    run_waiting()
    assert Delivery.objects.get().origin == address
    catalogue.files["/aed.csv"] = aed_file(7)
    Link.objects.update(etag="")
    visit_soon(source=source, by=people["sato"], at=NOW)
    run_waiting()
    assert Delivery.objects.count() == 2


def test_a_file_that_is_too_large_is_refused_with_its_reason(catalogue, people, settings):
    settings.TEDORI_MAX_UPLOAD = 100
    add_source(
        kind="url", address=f"{catalogue.address}/aed.csv", organisation=CHIYODA, by=people["sato"], at=NOW
    )
    run_waiting()
    link = Link.objects.get()
    assert link.state == "refused"
    assert "大きすぎます" in link.reason
    assert not Delivery.objects.exists()


def test_addresses_inside_the_network_are_refused_unless_allowed(catalogue, people, settings):
    settings.TEDORI_FETCH_PRIVATE = "no"
    with pytest.raises(AddressRefused):
        add_source(kind="url", address=catalogue.address, organisation=CHIYODA, by=people["sato"], at=NOW)
    open_port = "http://127.0.0.1:8000/aed.csv"
    add_source(kind="url", address=open_port, organisation=CHIYODA, by=people["sato"], at=NOW)
    run_waiting()
    assert Link.objects.get().state == "refused"
    assert "内部ネットワーク" in Link.objects.get().reason
    assert not catalogue.asked


def test_sources_lie_behind_walls(catalogue, people, desk):
    source = add_source(
        kind="url", address=f"{catalogue.address}/aed.csv", organisation=CHIYODA, by=people["sato"], at=NOW
    )
    with pytest.raises(Forbidden):
        visit_soon(source=source, by=people["takahashi"], at=NOW)
    assert desk_queries.sources(people["takahashi"]) == ()
    assert desk("takahashi").get(f"/desk/sources/{source}/").status_code == 404
    assert desk("sato").get(f"/desk/sources/{source}/").status_code == 200
    assert desk("sato").get("/desk/intake/").status_code == 200


def test_a_folder_is_imported_file_by_file(people, tmp_path: Path, settings):
    settings.TEDORI_MAX_UPLOAD = 5000
    folder = tmp_path / "files"
    (folder / "inner").mkdir(parents=True)
    (folder / "aed.csv").write_bytes(aed_file(5))
    (folder / "inner" / "more.csv").write_bytes(aed_file(6))
    (folder / "large.csv").write_bytes(b"x" * 6000)
    (folder / ".hidden.csv").write_bytes(b"x")
    (tmp_path / "outside.csv").write_bytes(aed_file(7))
    (folder / "link.csv").symlink_to(tmp_path / "outside.csv")
    told = {
        path.name: getattr(result, "code", "received")
        for path, result in import_files(files_below(folder), organisation=CHIYODA, by=people["sato"], at=NOW)
    }
    assert told == {"aed.csv": "received", "more.csv": "received", "large.csv": "too-large"}
    again = import_files(files_below(folder), organisation=CHIYODA, by=people["sato"], at=NOW)
    assert [result.new for _, result in again if hasattr(result, "new")] == [False, False]
