"""The English of each home: written in locale/en/LC_MESSAGES/django.po, compiled beside it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import polib

from tedori.kernel.texts.finding import Found, homes, texts

PLACE = Path("locale") / "en" / "LC_MESSAGES" / "django.po"
HEAD = {
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def opened(home: Path) -> polib.POFile:
    """The catalogue of a home; an empty one when there is none yet."""
    path = home / PLACE
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    made = polib.POFile(wrapwidth=110)
    made.metadata = dict(HEAD)
    made.fpath = str(path)
    return made


def missing(home: Path) -> tuple[Found, ...]:
    """The texts of a home without English in its own catalogue, each once.

    Another home's English does not count: that home may be removed.
    """
    known = {
        (entry.msgctxt or "", entry.msgid)
        for entry in opened(home)
        if entry.translated() and not entry.obsolete
    }
    once = {found.key: found for found in texts(home) if found.key not in known}
    return tuple(once.values())


def unused(home: Path) -> tuple[str, ...]:
    """The texts in a home's catalogue that its code does not hold any more."""
    used = {found.key for found in texts(home)}
    return tuple(entry.msgid for entry in opened(home) if (entry.msgctxt or "", entry.msgid) not in used)


def extract(home: Path) -> int:
    """Bring a home's catalogue up to its code: new texts in, gone texts out; gives how many lack English.

    A new text that another home has already put into English starts with that English.
    """
    used = {found.key: found for found in texts(home)}
    catalogue = opened(home)
    kept = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}
    elsewhere = _known_english()
    catalogue[:] = [kept.get(key) or _entry(found, elsewhere) for key, found in used.items()]
    if used:
        Path(catalogue.fpath).parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(catalogue.fpath)
    return sum(not entry.translated() for entry in catalogue)


def _known_english() -> dict[str, str]:
    """The English of every text that some home has put into English."""
    return {entry.msgid: entry.msgstr for place in homes() for entry in opened(place) if entry.msgstr}


def _entry(found: Found, elsewhere: dict[str, str]) -> polib.POEntry:
    entry = polib.POEntry(msgid=found.text, msgctxt=found.context or None)
    entry.msgstr = "" if found.plural or found.context else elsewhere.get(found.text, "")
    if found.plural:
        entry.msgid_plural = found.plural
        entry.msgstr_plural = {0: "", 1: ""}
    return entry


def compile_stale() -> int:
    """Compile every catalogue whose compiled form is missing or older; gives how many."""
    stale = 0
    for home in homes():
        source = home / PLACE
        compiled = source.with_suffix(".mo")
        if source.exists() and not _fresh(source, compiled):
            _compile(source, compiled)
            stale += 1
    return stale


def _fresh(source: Path, compiled: Path) -> bool:
    return compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns


def _compile(source: Path, compiled: Path) -> None:
    # Several processes may start at once: each writes its own file and puts it in place whole.
    handle, name = tempfile.mkstemp(dir=source.parent, suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        file.write(polib.pofile(str(source)).to_binary())
    Path(name).chmod(0o644)
    Path(name).replace(compiled)
