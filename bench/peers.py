"""Peers live in environments of their own, made on demand from pinned lists."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from bench.figure import CannotMeasure

HERE = Path(__file__).parent
HOMES = HERE / ".peers"


def peer(name: str) -> Path:
    """The folder with the programs of a peer; made when missing or when its list changed.

    Raises CannotMeasure when it cannot be had, for instance without a network.
    """
    pinned = HERE / "peers" / f"{name}.txt"
    home = HOMES / name
    mark, digest = home / "made-from", hashlib.sha256(pinned.read_bytes()).hexdigest()
    if not (mark.exists() and mark.read_text() == digest):
        shutil.rmtree(home, ignore_errors=True)
        _make(home, pinned)
        mark.write_text(digest)
    return home / "bin"


def _make(home: Path, pinned: Path) -> None:
    print(f"installing the peer {pinned.stem} …", file=sys.stderr, flush=True)
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--no-deps", "-r", str(pinned)], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(home, ignore_errors=True)
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise CannotMeasure(f"{pinned.stem} cannot be installed here ({reason[0][:200]})")
