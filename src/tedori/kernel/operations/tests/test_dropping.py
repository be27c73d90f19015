"""A package that goes leaves no work behind in the kernel, and closes what people waited for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from tedori.kernel.cases import queries, rules
from tedori.kernel.cases.actions import open_case
from tedori.kernel.cases.models import CaseRow
from tedori.kernel.events.actions import publish
from tedori.kernel.events.models import Begun, Offset, OutboxEvent, UndeliveredLetter
from tedori.kernel.events.rules import Consumer
from tedori.kernel.evidence.models import Entry
from tedori.kernel.jobs.models import JobRow
from tedori.kernel.jobs.rules import Trade
from tedori.kernel.operations import dropping
from tedori.kernel.operations.dropping import Cleared, clear_away
from tedori.kernel.operations.models import Chore
from tedori.kernel.organisations.values import system_actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
BY = system_actor("drop")
HERE = __name__.rpartition(".")[0]
STATES = (rules.State("open", "受付"), rules.State("closed", "終了", final=True))
GOING = rules.CaseKind("going.wish", "要望", STATES, (rules.Move("open", "closed", "x"),))
STAYING = rules.CaseKind("staying.wish", "要望", STATES, (rules.Move("open", "closed", "x"),))


def ours(*_):
    """What the package does with events and jobs."""


@pytest.fixture
def package(monkeypatch):
    """A package that listens, works and judges, beside one that does the same and stays."""
    theirs = publish  # something of another package
    monkeypatch.setattr(
        dropping, "consumers",
        lambda: (Consumer("going", {"a.told": ours}), Consumer("staying", {"a.told": theirs})),
    )  # fmt: skip
    monkeypatch.setattr(
        dropping, "trades",
        lambda: (Trade("going.work", "", ours, 1, ()), Trade("staying.work", "", theirs, 1, ())),
    )  # fmt: skip
    monkeypatch.setattr(dropping, "_kinds", lambda _package: [GOING.name])
    monkeypatch.setattr(rules, "kinds", lambda: {kind.name: kind for kind in (GOING, STAYING)})
    return HERE


@pytest.fixture
def rows(package, yamamoto, acting):
    """What both packages have in the kernel's tables."""
    with transaction.atomic():
        event = OutboxEvent.objects.get(pk=publish("a.told", {}, key="k", organisation="", at=NOW))
    for name in ("going", "staying"):
        Offset.objects.create(consumer=name, position=3)
        Begun.objects.create(consumer=name, event=event)
        UndeliveredLetter.objects.create(consumer=name, event=event, key="k", next_at=NOW)
        JobRow.objects.create(name=f"{name}.work", args={}, by={}, by_name="", created_at=NOW, not_before=NOW)
        open_case(
            f"{name}.wish", organisation="131016", title="遊具", subject="", facts={}, by=BY, at=NOW,
            reporter=acting(yamamoto),
        )  # fmt: skip
    Chore.objects.create(name=f"{HERE}.pruning.prune", begun_at=NOW)
    Chore.objects.create(name="other.pruning.prune", begun_at=NOW)


def test_what_the_package_had_goes_and_what_others_have_stays(rows, package):
    assert clear_away(package, by=BY, at=NOW) == Cleared(consumers=1, jobs=1, cases=1)
    for table in (Offset, Begun, UndeliveredLetter):
        assert list(table.objects.values_list("consumer", flat=True)) == ["staying"]
    assert JobRow.objects.get().name == "staying.work"
    assert Chore.objects.get().name == "other.pruning.prune"
    assert CaseRow.objects.get(closed_at=None).kind == "staying.wish"


def test_who_reported_hears_why_and_the_record_stays_readable(rows, package, monkeypatch):
    clear_away(package, by=BY, at=NOW)
    monkeypatch.setattr(rules, "kinds", lambda: {STAYING.name: STAYING})  # the package is gone
    row = CaseRow.objects.get(kind="going.wish")
    found = queries.case(row.pk)
    assert (found.final, found.state_label) == (True, "サービスの終了により終了")
    told = [line.text for line in queries.history(row.pk, for_reporter=True)]
    assert told.count("この案件を扱うサービスが終了しました。") == 2, "as the answer, and as the reason"
    assert Entry.objects.filter(action="cases.moved", subject=f"case:{row.pk}").exists()
