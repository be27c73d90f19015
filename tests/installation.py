"""A real installation to walk through: data folder, server, worker and Chromium, as a pytest plugin."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tedori.site.people import DEMO_PASSWORD

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("TEDORI_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MUNICIPALITIES = "131016,132012"
PATIENCE = 60  # seconds that a start may take on a slow machine


@dataclass
class Installation:
    """A running `tedori serve` with the demo world of two municipalities."""

    home: Path
    port: int
    process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "TEDORI_HOME": str(self.home),
            "TEDORI_RATE_PUBLIC": "",
            "TEDORI_PUBLIC_URL": self.address,
            "DJANGO_SETTINGS_MODULE": "tedori.site.settings",
        }

    def tedori(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `tedori …` on this installation; with `check` it must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "tedori.site.cli", *arguments],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done

    def start(self) -> None:
        """Serve, and wait until the front page answers."""
        command = [sys.executable, "-m", "tedori.site.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(self.address, timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError):
                assert self.process.poll() is None, "the server ended at once"
                time.sleep(0.2)
        raise TimeoutError("the server did not start")

    def stop(self) -> None:
        """Stop the server and its worker, politely."""
        self.process.terminate()
        self.process.wait(30)

    def kill(self) -> None:
        """Pull the plug: server and worker die at once."""
        os.killpg(self.process.pid, 9)
        self.process.wait(30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory) -> Path:
    """The demo world of two municipalities, built once; copy it before you change it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    Installation(home, 0).tedori("demo", "--only", MUNICIPALITIES)
    return home


@pytest.fixture(scope="module")
def installation(demo_home, tmp_path_factory) -> Iterator[Installation]:
    """A running installation of its own for each module."""
    home = tmp_path_factory.mktemp("installation") / "home"
    shutil.copytree(demo_home, home)
    running = Installation(home, free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium, or a skip that says what to install; ends with the module, since its loop
    would keep the tests after it from the database."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium fonts-noto-cjk, or set TEDORI_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def queries_beside_chromium() -> Iterator[None]:
    """Let a module's own tests ask the database: Playwright keeps an event loop in their thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@dataclass
class Visits:
    """Opens pages in fresh browsers, hears what their consoles say, and closes them all."""

    browser: Browser
    address: str
    said: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, path: str = "/", *, as_: str = "", width: int = 1280, **options: object) -> Page:
        """A page in a fresh browser, signed in if asked."""
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": 900}, locale="ja-JP", **options
        )
        self.contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("console", lambda one: one.type in {"error", "warning"} and self.said.append(one.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        if as_:
            sign_in(page, as_)
        page.goto(path)
        return page

    def close(self) -> None:
        """Close every browser."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def visit(chromium, installation) -> Iterator[Visits]:
    """`visit("/desk/", as_="sato")`: a page in a fresh browser, signed in if asked."""
    visits = Visits(chromium, installation.address)
    yield visits
    visits.close()


def sign_in(page: Page, username: str) -> None:
    """Sign in with the demo world's password."""
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.click("main form button")
    page.wait_for_url(lambda address: "login" not in address)


def complaints(page: Page) -> list[str]:
    """What axe has to say about a page, and how far it is wider than its window."""
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]
    ]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} {one}" for one in (*found, *([f"{wider} px too wide"] if wider else []))]
