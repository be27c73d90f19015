"""Real files, labelled by hand: all of them must be read as a person reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tedori.engines.tabular.reading import read

LABELS = yaml.safe_load((Path(__file__).parent / "labels.yaml").read_text(encoding="utf-8"))


def seen(reading, label: dict) -> dict:
    """What the reading says about the things that the label names."""
    if reading.refusal is not None:
        return {"refusal": reading.refusal.code}
    first = reading.tables[0]
    known = {
        "format": first.source.format,
        "encoding": first.source.encoding,
        "delimiter": first.source.delimiter,
        "sheet": first.source.sheet,
        "header_row": first.source.header_row,
        "rows": first.frame.height,
        "members": {table.source.path.rpartition("!/")[2]: table.frame.height for table in reading.tables},
    }
    return {key: known.get(key) for key in label}


@pytest.mark.req("O02")
def test_every_labelled_file_is_read_as_labelled(shared):
    folder = shared / "data" / "municipal"
    present = {name: label for name, label in LABELS.items() if (folder / name).is_file()}
    if not present:
        pytest.skip("none of the labelled files is here")
    wrong = {}
    for name, label in present.items():
        got = seen(read(folder / name), label)
        if got != label:
            wrong[name] = (label, got)
    assert not wrong
    assert len(present) >= 150


def test_labels_cover_what_matters():
    kinds = {label.get("format", "refused") for label in LABELS.values()}
    assert {"csv", "xlsx", "xls", "zip", "geojson", "refused"} <= kinds
    assert {"cp932", "utf-8", "utf-8-sig"} <= {label.get("encoding") for label in LABELS.values()}
    assert len({label.get("header_row") for label in LABELS.values()}) >= 4
