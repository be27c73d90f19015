"""Files are exchanged as a whole: whenever the power goes, what was there comes back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tedori.kernel.operations import switching
from tedori.kernel.operations.rules import HalfRestored
from tedori.kernel.operations.switching import Switch, check_whole, unfinished

OLD = {"lake/a": "old a", "lake/b": "old b", "db": "old db"}
NEW = {"lake/a": "new a", "lake/c": "new c", "db": "new db"}


class PowerCut(BaseException):
    """Nothing of ours runs any more."""


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def found(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): file.read_text()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.relative_to(folder).parts[0].startswith(".")
    }


def exchange(home: Path) -> None:
    """Put what lies in .new in place of what is there, and make one file more."""
    switch = Switch(home, home / ".former")
    switch.begin()
    for name in ("lake", "db"):
        switch.move(home / name, switch.former / name)
    for name in ("lake", "db"):
        switch.move(home / ".new" / name, home / name)
    switch.will_make([home / "made"])
    (home / "made").write_text("made")
    switch.end()


def cut_off(monkeypatch, line: int) -> None:
    """Let the power go after so many lines of the journal; the line after them is cut in the middle."""
    note, lines = Switch._note, iter(range(line))

    def written(self: Switch, **what: object) -> None:
        if next(lines, None) is None:
            with (self.home / switching.JOURNAL).open("a") as file:
                file.write('{"half')
            raise PowerCut
        note(self, **what)

    monkeypatch.setattr(Switch, "_note", written)


@pytest.fixture
def home(tmp_path) -> Path:
    home = lay(tmp_path / "home", OLD)
    lay(home / ".new", NEW)
    return home


def test_everything_is_exchanged_and_the_former_kept(home):
    exchange(home)
    assert found(home) == NEW | {"made": "made"}
    assert found(home / ".former") == OLD
    assert unfinished(home) is None
    check_whole(home)


@pytest.mark.parametrize("copying", [False, True])
@pytest.mark.parametrize("line", range(10))
def test_whenever_the_power_goes_the_old_comes_back(home, monkeypatch, line, copying):
    if copying:
        refuse_renames(monkeypatch)
    cut_off(monkeypatch, line)
    with pytest.raises(PowerCut):
        exchange(home)
    with pytest.raises(HalfRestored):
        check_whole(home)
    left = unfinished(home)
    if left is not None:
        left.undo()
    assert found(home) == OLD
    assert found(home / ".new") == NEW
    assert not (home / ".former").exists() or line == 0
    check_whole(home)


def refuse_renames(monkeypatch) -> None:
    """As if every folder lay on a file system of its own."""
    rename = Path.rename

    def across(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            return rename(self, target)
        raise OSError(switching.errno.EXDEV, os.strerror(switching.errno.EXDEV))

    monkeypatch.setattr(Path, "rename", across)


def test_a_copy_that_was_cut_off_is_removed_and_its_source_stays(home):
    switch = Switch(home, home / ".former")
    switch.begin()
    switch._note(move=[str(home / "db"), str(home / ".former" / "db")])
    (home / ".former" / "db").write_text("old")  # a part of the copy
    unfinished(home).undo()
    assert found(home) == OLD


def test_a_place_that_is_taken_is_refused_before_anything_moves(home):
    switch = Switch(home, home / ".former")
    switch.begin()
    with pytest.raises(FileExistsError):
        switch.move(home / ".new" / "db", home / "db")
    switch.undo()
    assert found(home) == OLD
