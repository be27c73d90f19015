"""Strange but readable files come to an end that a person can act on; real files come through whole."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tedori.kernel.jobs.queries import jobs
from tedori.kernel.jobs.running import run_waiting
from tedori.kernel.lake.store import house_lake
from tedori.services.datasets import queries
from tedori.services.datasets.actions import standardising
from tedori.services.datasets.models import Delivery, Part, Version
from tedori.services.datasets.tests.factories import (
    AED_HEADER,
    CHIYODA,
    aed_file,
    aed_rows,
    changed,
    csv_of,
)

pytestmark = pytest.mark.django_db


def ragged() -> bytes:
    lines = aed_file(6).split(b"\r\n")
    return b"\r\n".join([lines[0], lines[1] + b",x,y", lines[2].rsplit(b",", 2)[0], *lines[3:]])


def doubled() -> bytes:
    return csv_of((*AED_HEADER, "備考", "備考"), [(*row, "x", "y") for row in aed_rows(6)])


def wide() -> bytes:
    names = tuple(f"列{number}" for number in range(2000))
    return csv_of((*AED_HEADER, *names), [(*row, *names) for row in aed_rows(2)])


STRANGE = {
    "ragged rows": ragged(),
    "doubled headings": doubled(),
    "thousands of columns": wide(),
    "lost characters": aed_file(6, encoding="utf-8").replace("受付".encode(), "\ufffd".encode()),
    "formulas": changed(aed_file(6), "1階受付", "=HYPERLINK(A1)"),
    "coordinates abroad": changed(aed_file(6), "35.68", "5.68"),
    "a code that nobody knows": changed(aed_file(6), CHIYODA, "999999"),
    "utf-16": aed_file(6, encoding="utf-8").decode().replace(",", "\t").encode("utf-16"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_file_comes_to_an_end(send, desk, name):
    receipt = send(STRANGE[name], name="strange.csv")
    (job,) = jobs(name="datasets.standardise")
    assert job.state == "done", job.error
    delivery = Delivery.objects.get(pk=receipt.delivery)
    assert delivery.state in {"ready", "review"}
    part = Part.objects.filter(delivery=delivery).first()
    assert bool(part.doubts) or Version.objects.filter(state="draft").exists()
    assert desk("sato").get(f"/desk/deliveries/{delivery.pk}/").status_code == 200


def test_an_unexpected_failure_is_told_with_a_number_and_can_be_tried_again(send, desk, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(standardising, "prepare", lambda work: {}["bug"])
        receipt = send(aed_file())
    page = f"/desk/deliveries/{receipt.delivery}/"
    (job,) = jobs(name="datasets.standardise")
    assert job.state == "failed"
    assert job.reference in desk("sato").get(page).content.decode()
    desk("sato").post(f"{page}again")
    run_waiting()
    assert Delivery.objects.get().state == "ready"


@pytest.mark.req("O02", "O03")
def test_a_real_file_goes_from_the_desk_to_the_public(shared, carded, desk, people):
    path = next((shared / "data/municipal/ichikawa").rglob("122033_108_aed.csv"))
    browser = desk("sato")
    sent = {"files": [SimpleUploadedFile(path.name, path.read_bytes())], "organisation": CHIYODA}
    browser.post("/desk/intake/", sent)
    run_waiting()
    for _round in range(3):
        part = Part.objects.get()
        if not part.doubts:
            break
        answers = {f"doubt-{data['id']}": data["proposal"] for data in part.doubts}
        page = f"/desk/deliveries/{part.delivery_id}/"
        assert browser.post(page, answers | {"part": part.pk, "seen": part.revision}).status_code == 302
        run_waiting()
    version = Version.objects.get(state="draft")
    page = f"/desk/versions/{version.pk}/"
    assert desk("suzuki").post(page, {"step": "publish", "seen": version.revision}).status_code == 302
    (public,) = queries.published("aed")
    rows = house_lake().open(public.path).collect()
    assert rows.height == public.rows > 100
    assert rows["名称"].null_count() == 0
    assert set(rows["全国地方公共団体コード"].drop_nulls()) == {"122033"}
