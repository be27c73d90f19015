"""Law 4: every text exists in Japanese and in English, and no bare Japanese hides in a template."""

from __future__ import annotations

import pytest

from tedori.kernel.texts import catalogues, finding
from tests.house import SOURCE


@pytest.mark.parametrize("home", finding.homes(), ids=lambda home: str(home.relative_to(SOURCE)))
def test_every_text_has_its_english(home):
    assert [found.text for found in catalogues.missing(home)] == []


def test_every_japanese_text_in_a_template_can_be_translated():
    bare = {str(path): finding.untranslated(path) for path in finding.templates()}
    assert {name: lines for name, lines in bare.items() if lines} == {}
