"""The engine over a slice of the demo world, held against the truth with the targets of the first issue."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tedori.engines.tabular import pipeline
from tedori.services.datasets.demo.generator import UNSEEN_SEED, drafts
from tedori.services.datasets.demo.measuring import Tally, measure, share

# A busy machine may take minutes for these 135 files.
pytestmark = pytest.mark.timeout(900)
CODES = ("131024", "131199", "132039", "133051", "133817")
TODAY = date(2026, 11, 20)


@cache
def tally() -> Tally:
    total = Tally()
    with TemporaryDirectory() as folder:
        for code in CODES:
            for made in drafts(UNSEEN_SEED, code):
                path = Path(folder) / Path(made.name).name
                path.write_bytes(made.data)
                total.add(measure(made, pipeline.standardise(path, today=TODAY)))
    return total


@pytest.mark.req("O02")
def test_dataset_and_edition_are_recognised():
    found = tally()
    assert share(found.edition, found.files) >= 0.95, found.examples.get("edition")


@pytest.mark.req("O02")
def test_header_row_and_encoding_are_always_right():
    found = tally()
    assert found.form == found.files, found.examples.get("header row or encoding")


@pytest.mark.req("O03")
def test_columns_are_accepted_rightly_and_mostly_without_a_person():
    found = tally()
    assert share(found.accepted_right, found.accepted) >= 0.99, found.examples.get("column wrong")
    assert share(found.mapped, found.mappable) >= 0.92, found.examples.get("column review")


@pytest.mark.req("O03")
def test_what_can_be_proved_is_repaired_and_hardly_anything_is_harmed():
    found = tally()
    assert share(found.restored, found.certain) >= 0.97, found.failures.most_common(8)
    assert share(found.wrong, found.repairs) <= 0.001, found.failures.most_common(8)


def test_names_of_persons_are_noticed():
    found = tally()
    assert found.personal > 0
    assert found.stopped == found.personal
