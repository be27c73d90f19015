"""The finder sees every text and every Japanese line that escaped."""

from pathlib import Path

import polib

from tedori.kernel.texts import catalogues
from tedori.kernel.texts.finding import texts, untranslated

PAGE = """{% load i18n %}
<h1>{% translate "題" %}</h1>
<p>{% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件ある{% endblocktranslate %}</p>
<p>{{ name|default:_("名無し") }}</p>
{# 注 #}
<p>裸の文</p>
"""
CODE = """from django.utils.translation import gettext_lazy as _, pgettext
WORD = _("言葉")
MONTH = pgettext("暦", "月")
"""


def home(folder: Path) -> Path:
    (folder / "templates").mkdir(parents=True)
    (folder / "templates" / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "words.py").write_text(CODE, encoding="utf-8")
    return folder


def test_texts_of_templates_and_python_are_found(tmp_path):
    found = {(part.context, part.text, part.plural) for part in texts(home(tmp_path / "room"))}
    assert found == {
        ("", "題", ""),
        ("", "%(n)s 件", "%(n)s 件ある"),
        ("", "名無し", ""),
        ("", "言葉", ""),
        ("暦", "月", ""),
    }


def test_japanese_outside_translate_is_named_with_its_line(tmp_path):
    page = home(tmp_path / "room") / "templates" / "page.html"
    assert untranslated(page) == ((6, "<p>裸の文</p>"),)


def test_extracting_keeps_the_english_that_is_there_and_drops_what_is_gone(tmp_path):
    room = home(tmp_path / "room")
    assert catalogues.extract(room) == 5
    catalogue = catalogues.opened(room)
    catalogue.find("題").msgstr = "Title"
    catalogue.append(polib.POEntry(msgid="昔の文", msgstr="Old"))
    catalogue.save(catalogue.fpath)
    assert catalogues.unused(room) == ("昔の文",)
    assert catalogues.extract(room) == 4
    assert catalogues.opened(room).find("題").msgstr == "Title"
    assert catalogues.unused(room) == ()
