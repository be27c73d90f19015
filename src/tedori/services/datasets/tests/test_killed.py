"""The plug is pulled on a real installation; and one is restored from its backup into an empty folder."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tedori.services.datasets.tests.factories import aed_file
from tests.installation import Installation, Visits, free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("installation"),
    pytest.mark.timeout(600),
    pytest.mark.req("O01"),
]
MANY = 60_000  # rows, so that the plug can be pulled while they are being standardised
PATIENCE = 180


def asked(installation: Installation, query: str) -> list[tuple]:
    """Rows of the installation's database, read from outside."""
    with sqlite3.connect(f"file:{installation.home}/tedori.sqlite3?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def until(condition: Callable[[], bool], *, every: float = 0.02) -> None:
    """Wait for something that another process does."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(every)


def catalogue(installation: Installation) -> dict[str, object]:
    """What a program sees of an installation: datasets, publishers, and the rows of one dataset."""
    with httpx.Client(base_url=installation.address, timeout=60) as client:
        listed = {
            name: client.get(f"/api/v1/{name}").raise_for_status().json()
            for name in ("datasets", "publishers")
        }
        rows = client.get("/api/v1/datasets/aed/download.csv").raise_for_status().text
    return listed | {"aed": rows}


def states(installation: Installation) -> list[str]:
    """The states of the jobs, in the order in which they were asked for."""
    return [state for (state,) in asked(installation, "select state from jobs_jobrow order by id")]


def sent(installation: Installation) -> tuple[str, Path]:
    """The state of the newest delivery and where its file lies."""
    ((state, path),) = asked(
        installation, "select state, path from datasets_delivery order by id desc limit 1"
    )
    return state, installation.home / path


def test_a_pulled_plug_loses_nothing_and_publishes_nothing_by_half(
    installation: Installation, visit: Visits, tmp_path
):
    before, jobs = catalogue(installation), len(states(installation))
    file = tmp_path / "aed.csv"
    file.write_bytes(aed_file(MANY))
    page = visit("/desk/intake/", as_="sato")
    page.set_input_files("input[name=files]", file)
    page.get_by_role("button", name="送る").click()
    page.wait_for_url("**/desk/deliveries/**")
    until(lambda: sent(installation)[0] == "running")
    installation.kill()
    assert states(installation)[jobs:] == ["running"], "the plug was pulled too late to tell anything"
    state, kept = sent(installation)
    assert (state, kept.read_bytes()) == ("running", file.read_bytes())

    installation.start()
    assert catalogue(installation) == before
    until(lambda: sent(installation)[0] not in {"waiting", "running"}, every=0.5)
    assert sent(installation)[0] == "ready"
    # The page that was open all the time has noticed by itself.
    page.get_by_role("link", name="下書きと差分を見る").click(timeout=60_000)
    assert f"{MANY} 行" in page.locator("main").inner_text()
    assert catalogue(installation) == before
    assert installation.tedori("evidence", "verify").returncode == 0
    assert installation.tedori("doctor", check=False).returncode == 0


def test_a_backup_restored_into_an_empty_folder_gives_the_same_catalogue(
    installation: Installation, tmp_path
):
    backup = tmp_path / "tedori.tar.gz"
    installation.tedori("backup", str(backup))
    other = Installation(tmp_path / "restored", free_port())
    other.tedori("restore", str(backup))
    other.start()
    try:
        mine, theirs = (catalogue(one) for one in (installation, other))
    finally:
        other.stop()
    assert str(theirs).replace(other.address, installation.address) == str(mine)
    assert other.tedori("evidence", "verify").returncode == 0


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_does_not_outlive_its_server(installation: Installation, ending):
    pid = f"/proc/{_worker(installation)}"
    os.kill(installation.process.pid, ending)
    installation.process.wait(60)
    until(lambda: not Path(pid).exists())
    installation.start()


def _worker(installation: Installation) -> int:
    """The process of the newest worker, once it has given a sign of life."""
    newest = "select pid from operations_workerbeat order by started_at desc limit 1"
    alive = lambda: [pid for (pid,) in asked(installation, newest) if Path(f"/proc/{pid}").exists()]  # noqa: E731
    until(lambda: bool(alive()))
    return alive()[0]
