"""Takes the README's pictures from the demo world: docs/images/*.png, each at most 250 kB."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

REPOSITORY = Path(__file__).parent.parent
sys.path.insert(0, str(REPOSITORY))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tedori.site.settings")
django.setup()

from tedori.services.datasets.tests.journeys import messy_file  # noqa: E402
from tests.installation import CHROMIUM, FLAGS, MUNICIPALITIES, Installation, Visits, free_port  # noqa: E402

IMAGES = REPOSITORY / "docs" / "images"
LARGEST = 250_000  # bytes
PATIENCE = 120_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, the page, the window, who looks, and what is done before."""

    name: str
    path: str
    width: int = 1280
    height: int = 960
    as_: str = ""
    before: Callable[[Page], None] | None = None


def _send(page: Page) -> None:
    """Send a messy file, and wait until its doubts are there."""
    sent = {"name": "公共施設一覧_R7.csv", "mimeType": "text/csv", "buffer": messy_file()}
    page.set_input_files("input[name=files]", sent)
    page.get_by_role("button", name="送る").click()
    page.get_by_text("判断してください").wait_for(timeout=PATIENCE)


PICTURES = (
    Picture("catalogue", "/datasets/"),
    Picture("desk", "/desk/intake/", as_="sato", height=1180, before=_send),
    Picture("matrix", "/datasets/quality/", height=1100),
    Picture("dataset", "/datasets/aed/", height=1100),
    Picture("phone", "/datasets/aed/131016/", width=390, height=844),
)


def take(visits: Visits, picture: Picture) -> Path:
    """Take one picture; raises ValueError when it is too large for a repository."""
    page = visits(picture.path, as_=picture.as_, width=picture.width)
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    if picture.before:
        picture.before(page)
    page.wait_for_load_state("networkidle")
    place = IMAGES / f"{picture.name}.png"
    page.screenshot(path=place)
    if place.stat().st_size > LARGEST:
        raise ValueError(f"{place.name} has {place.stat().st_size} bytes, more than {LARGEST}")
    return place


def world(folder: Path) -> Installation:
    """A copy of the demo world in TEDORI_HOME, or a small one built anew when there is none."""
    home = Path(os.environ.get("TEDORI_HOME", REPOSITORY / "var"))
    found = Installation(folder / "home", free_port())
    if (home / "demo-finished").exists():
        shutil.copytree(home, found.home)
    else:
        print(f"no demo world in {home}: building one of two municipalities")
        found.tedori("demo", "--only", MUNICIPALITIES)
    return found


def main() -> None:
    """Serve a copy of the demo world and take every picture."""
    if CHROMIUM is None:
        sys.exit("no Chromium on this machine: apt-get install chromium fonts-noto-cjk")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        installation = world(Path(folder))
        installation.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            visits = Visits(browser, installation.address)
            for picture in PICTURES:
                place = take(visits, picture)
                print(f"{place.relative_to(REPOSITORY)}: {place.stat().st_size / 1000:.0f} kB")
        finally:
            browser.close()
            installation.stop()


if __name__ == "__main__":
    main()
