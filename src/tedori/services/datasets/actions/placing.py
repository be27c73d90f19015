"""Puts a file in place as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4


def put(data: bytes, target: Path) -> Path:
    """Write the bytes beside their place, see them on the disk, and replace what is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{uuid4().hex}.part")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
