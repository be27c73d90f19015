"""Exchanges files under a journal: whenever it is cut off, even by a power cut, what was there comes back."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tedori.kernel.operations.rules import HalfRestored

JOURNAL = ".restore-in-progress"


@dataclass(slots=True)
class Switch:
    """Moves files into place; each step stands in the journal before it is taken and again when it is done.

    The first line of the journal names the folder of the former data and what the database looked like
    (`mark`), so that whoever finds the journal can tell whether the database had been exchanged already.
    """

    home: Path
    former: Path
    mark: int | None = None
    steps: list[tuple[Path, Path]] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)

    def begin(self) -> None:
        """Write the note that a restore is under way."""
        self.former.mkdir(parents=True)
        self._note(former=str(self.former), mark=self.mark)

    def move(self, source: Path, target: Path) -> None:
        """Move a file or folder to a place that is free; raises FileExistsError when it is not."""
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise FileExistsError(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._note(move=[str(source), str(target)])
        self.steps.append((source, target))
        relocate(source, target)
        self._note(done=len(self.steps))

    def will_make(self, paths: Iterable[Path]) -> None:
        """Say which new files are about to be made in free places."""
        self.made += list(paths)
        self._note(made=[str(path) for path in self.made])

    def undo(self) -> None:
        """Remove what is new and move everything back."""
        for path in self.made:
            path.unlink(missing_ok=True)
        while self.steps:
            source, target = self.steps[-1]
            if source.exists():  # the step was not finished: what lies at its end is a part of a copy
                _remove(target)
            else:
                relocate(target, source)
            self.steps.pop()
        self._close()
        shutil.rmtree(self.former, ignore_errors=True)

    def end(self) -> None:
        """Take the note away, and the folder of former data if there were none."""
        self._close()
        if self.former.exists() and not any(self.former.iterdir()):
            self.former.rmdir()

    def _note(self, **what: object) -> None:
        with (self.home / JOURNAL).open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")
            file.flush()
            os.fsync(file.fileno())
        _sync(self.home)

    def _close(self) -> None:
        (self.home / JOURNAL).unlink(missing_ok=True)
        _sync(self.home)


def check_whole(home: Path) -> None:
    """Raise HalfRestored when a restore was cut off here."""
    if (home / JOURNAL).exists():
        raise HalfRestored(where=str(home))


def unfinished(home: Path) -> Switch | None:
    """The switch whose journal lies here, as far as it had come; None when there is none."""
    try:
        lines = (home / JOURNAL).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    notes = [note for line in lines if (note := _parsed(line))]
    if not notes:  # cut off while the first line was written: nothing had been moved
        (home / JOURNAL).unlink()
        return None
    switch = Switch(home, Path(notes[0]["former"]), notes[0]["mark"])
    for note in notes:
        if "move" in note:
            switch.steps.append((Path(note["move"][0]), Path(note["move"][1])))
        switch.made = [Path(path) for path in note.get("made", ())] or switch.made
    return switch


def _parsed(line: str) -> dict:
    try:
        return json.loads(line)
    except ValueError:  # the line that was being written when the power went
        return {}


def relocate(source: Path, target: Path) -> None:
    """Move at once, or between file systems by a copy that gets its name when it is whole."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_name(f".{target.name}.part")
        _remove(part)
        if source.is_dir():
            shutil.copytree(source, part)
        else:
            shutil.copy2(source, part)
        part.rename(target)
        _remove(source)
    _sync(target.parent)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
