"""What the doctor says about the hub."""

from __future__ import annotations

import pytest

from tedori.services.live.queries import checks


def levels(findings):
    return [(one.code, one.level) for one in findings]


@pytest.mark.parametrize(("setting", "level"), [("yes", "warning"), ("no", "ok"), ("", "ok")])
def test_trial_mode_is_warned_of(settings, setting, level):
    settings.TEDORI_LIVE_TRIAL = setting
    assert levels(checks.trial()) == [("live-trial", level)]


MIRRORS = {
    '{"http://a/c": "good.jsonld"}': "ok",
    '{"http://a/c": "http://b/c"}': "ok",
    '{"http://a/c": "none.jsonld"}': "error",
    '{"http://a/c": "bad.jsonld"}': "error",
    '{"http://a/c": 5}': "error",
    "[]": "error",
    "{": "error",
}


@pytest.mark.parametrize(("text", "level"), MIRRORS.items())
def test_a_mirror_that_cannot_be_read_is_an_error(settings, tmp_path, text, level):
    (tmp_path / "good.jsonld").write_text('{"@context": {}}')
    (tmp_path / "bad.jsonld").write_text("[]")
    (tmp_path / "mirror.json").write_text(text)
    settings.TEDORI_LIVE_CONTEXTS = str(tmp_path / "mirror.json")
    assert levels(checks.contexts()) == [("live-contexts", level)]


def test_a_mirror_that_is_not_there_is_an_error(settings, tmp_path):
    settings.TEDORI_LIVE_CONTEXTS = str(tmp_path / "none.json")
    assert levels(checks.contexts()) == [("live-contexts", "error")]
