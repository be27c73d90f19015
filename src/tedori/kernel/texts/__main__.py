"""`python -m tedori.kernel.texts extract|check|compile`: the tools of the texts."""

from __future__ import annotations

import sys

from django.conf import settings

from tedori.kernel.texts.catalogues import compile_stale, extract, missing
from tedori.kernel.texts.finding import PACKAGE, homes, templates, untranslated


def run_extract() -> int:
    """Write new texts into every catalogue, empty, and say how many wait for English."""
    for home in homes():
        waiting = extract(home)
        print(f"{home.relative_to(PACKAGE)}: {waiting} without English")
    return 0


def run_check() -> int:
    """Print every text without English and every Japanese line outside translate tags; 1 if any."""
    lines = [
        f"{found.file.relative_to(PACKAGE)}:{found.line}: no English: {found.text}"
        for home in homes()
        for found in missing(home)
    ]
    lines += [
        f"{path.relative_to(PACKAGE)}:{number}: outside translate: {text}"
        for path in templates()
        for number, text in untranslated(path)
    ]
    print("\n".join(lines))
    return 1 if lines else 0


def run_compile() -> int:
    """Compile what changed."""
    print(f"{compile_stale()} compiled")
    return 0


COMMANDS = {"extract": run_extract, "check": run_check, "compile": run_compile}


def main(arguments: list[str]) -> int:
    """Run one command; without a known one, say which there are."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print("use one of: " + ", ".join(COMMANDS), file=sys.stderr)
        return 2
    if not settings.configured:
        settings.configure()  # reading templates asks Django for its (default) settings, nothing more
    return COMMANDS[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
